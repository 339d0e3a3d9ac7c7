"""A feed's words as they stand in it: what each reader hands over for cleaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """How a text in a feed is meant."""

    PLAIN = "plain"
    HTML = "html"
    UNSAID = "unsaid"  # the format leaves it open, as RSS does for titles


@dataclass(frozen=True, slots=True)
class Markup:
    """A text, and what is needed to read it.

    Attributes:
        text: As it is after the document's own entities are read.
        kind: How it is meant.
        base: What addresses in it are relative to.
    """

    text: str
    kind: Kind = Kind.UNSAID
    base: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """Something that comes with an item.

    Attributes:
        url: Absolute, unless nothing is known that it is relative to.
        type: Its media type, or just `image`; empty when unknown.
        width: In pixels; 0 when unknown.
        height: In pixels; 0 when unknown.
    """

    url: str
    type: str = ""
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class RawItem:
    """An item, as it stands in the feed.

    Attributes:
        guid: Its own id.
        link: Its page, absolute.
        guid_link: Its page, absolute, if an id of it is one.
        original_link: Its page before a service put its own address there.
        titles: The first is the item's, as long as it says something.
        late_titles: What its pictures and recordings are called: a title for want of another.
        descriptions: In their order.
        late_descriptions: For want of another.
        contents: In their order.
        captions: What is said of its pictures and recordings.
        published: Dates as written, the best first.
        updated: Dates as written, the best first.
        created: Dates as written, the best first.
        authors: As written.
        categories: As written.
        media: Pictures that stand for the item.
        enclosures: What comes with it.
        artwork: Pictures of last resort, such as a show's cover.
        language: As written.
    """

    guid: str = ""
    link: str = ""
    guid_link: str = ""
    original_link: str = ""
    titles: list[Markup] = field(default_factory=list)
    late_titles: list[Markup] = field(default_factory=list)
    descriptions: list[Markup] = field(default_factory=list)
    late_descriptions: list[Markup] = field(default_factory=list)
    contents: list[Markup] = field(default_factory=list)
    captions: list[Markup] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    enclosures: list[Media] = field(default_factory=list)
    artwork: list[Media] = field(default_factory=list)
    language: str = ""


@dataclass(slots=True)
class RawFeed:
    """A feed, as it stands in the document.

    Attributes:
        title: What it calls itself.
        link: Its site, absolute.
        language: As written.
        items: In the document's order.
        problems: What is wrong with the document, each in one line.
    """

    title: Markup | None = None
    link: str = ""
    language: str = ""
    items: list[RawItem] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
