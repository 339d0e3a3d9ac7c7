"""Placements of stories in events, and what moderators decided of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.model import Story


@dataclass(frozen=True, slots=True)
class Placement:
    """The place of a story among events.

    Attributes:
        event: The id of the event: that of its first story.
        development: The id of the development: that of its first story.
    """

    event: str
    development: str


Splits: TypeAlias = Mapping[str, frozenset[str]]
"""The splits that moderators made: for a story those that it is in no event with, by their ids."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the order in which stories were published.

    Attributes:
        published: When.
        row: Of several of one time, the store's number.
    """

    published: datetime
    row: int = 0


@dataclass(frozen=True, slots=True)
class PlaceableStory:
    """A kept story, with what is needed to place it.

    Attributes:
        position: Where it stands among all.
        id: Its id.
        source: Its source's id.
        title: Its title.
        lead: Its summary, or else how it begins.
        shingles: A sketch of its text; empty for none.
        place: Where it belongs; None where nobody has found out.
    """

    position: Position
    id: str
    source: str
    title: str
    lead: str
    shingles: bytes = b""
    place: Placement | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """The stories of an event.

    Attributes:
        id: Its id.
        stories: The stories, the oldest first.
    """

    id: str
    stories: Sequence[Story]
