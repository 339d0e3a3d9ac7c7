"""What a feed says, as clean parts of stories; and how reading one can fail."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from bot.errors import SourceError
from bot.model import Paragraph


class MarkupKind(Enum):
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
    kind: MarkupKind = MarkupKind.UNSAID
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


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """One item of a feed.

    Attributes:
        guid: What the feed itself knows the item by; empty when it does not say.
        url: The item's page (http or https), without what only counts clicks; None for none.
        title: One clean line; empty when the item has none.
        summary: What the feed gives as a description: one clean line; empty for none.
        paragraphs: The whole text; that of the description when the feed gives no other.
        published: When it was published, or else last changed, in UTC; None when it does not say.
        updated: When it was last changed, in UTC; None when it does not say.
        authors: Names; an address where there is no name.
        categories: As the feed words them, each once.
        image: The best picture (http or https); None for none.
        caption: What the feed says of its pictures; empty for none.
        enclosures: Addresses of what comes with it: recordings, films, documents, pictures.
        language: Such as `en` or `pt-BR`; empty when it does not say.
    """

    guid: str = ""
    url: str | None = None
    title: str = ""
    summary: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    image: str | None = None
    caption: str = ""
    enclosures: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed as it was read.

    Attributes:
        title: What it calls itself; empty when it does not say.
        link: The site that it belongs to (http or https); None when it does not say.
        language: Such as `en` or `pt-BR`; empty when it does not say.
        items: In the feed's own order.
        problems: What is wrong with the document, each in one line for a moderator.
    """

    title: str = ""
    link: str | None = None
    language: str = ""
    items: tuple[ParsedItem, ...] = ()
    problems: tuple[str, ...] = ()


class NotAFeedError(SourceError):
    """The document is something else than a feed.

    Attributes:
        feeds: Addresses of feeds that the page names as its own.
    """

    def __init__(self, reason: str, feeds: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.feeds = feeds

    def __reduce__(self) -> tuple[type[NotAFeedError], tuple[str, tuple[str, ...]]]:
        return type(self), (str(self), self.feeds)
