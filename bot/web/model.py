"""The model of the website's pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.model import Paragraph, Story
from bot.reply import Card


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the site that a page leads to.

    Attributes:
        name: Its name, as readers see it.
        path: Its path, without the site's own address, its parameters encoded.
        count: How many stories it has; None where nobody counts.
        is_rising: True for a topic of which there is much at present.
    """

    name: str
    path: str
    count: int | None = None
    is_rising: bool = False


@dataclass(frozen=True, slots=True)
class PlaceList:
    """A page of a list of places.

    Attributes:
        places: The places.
        page: Which page it is, counted from 1.
        pages: How many there are.
    """

    places: Sequence[Place]
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class StoryList:
    """A page of a list of stories.

    Attributes:
        title: Its heading; empty for the front page.
        cards: The stories.
        page: Which page it is, counted from 1.
        pages: How many there are.
        notes: Remarks on how they were found, a sentence each.
        offers: Other searches, and places to go on from.
        feed: The path of its feeds, without their endings; empty for none.
        feed_query: The parameters of that path; empty for none.
        total: How many stories there are on all pages; None where nobody counts.
    """

    title: str
    cards: Sequence[Card]
    page: int = 1
    pages: int = 1
    notes: Sequence[str] = ()
    offers: Sequence[Place] = ()
    feed: str = ""
    feed_query: str = ""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A page of one story.

    Attributes:
        card: The story.
        body: A page of its text; empty where only its summary may be shown.
        timeline: What else was told of its event, the oldest first.
        related: Stories about the same.
        is_complete: False where finding these takes too long for now.
        page: Which page of the text it is, counted from 1.
        pages: How many there are.
    """

    card: Card
    body: Sequence[Paragraph]
    timeline: Sequence[Card] = ()
    related: Sequence[Card] = ()
    is_complete: bool = True
    page: int = 1
    pages: int = 1

    @property
    def story(self) -> Story:
        """The story itself."""
        return self.card.story


@dataclass(frozen=True, slots=True)
class ArchivePeriod:
    """A day, a month or a year of the archive.

    Attributes:
        first: Its first day.
        count: How many stories are of it.
    """

    first: date
    count: int


@dataclass(frozen=True, slots=True)
class TopicSection:
    """Topics under one heading.

    Attributes:
        title: The heading.
        places: The topics.
    """

    title: str
    places: Sequence[Place]
