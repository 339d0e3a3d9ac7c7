"""Raw and parsed feeds, and the error for what is no feed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypeVar

from bot.errors import SourceError
from bot.model import Enclosure, Paragraph

_Entry = TypeVar("_Entry")


RELATED = frozenset(("related", "via"))
"""Relations of links that lead to a page which an Atom entry is about (RFC 4287, 4.2.7.2)."""


_RELATIONS = "http://www.iana.org/assignments/relation/"

_COMMENTS = re.compile(
    r"comment|kommentar|comentari|comentári|commenti\b|reacties|komment|коммент|コメント|评论|評論|"
    r"댓글|تعليق|yorum",
    re.IGNORECASE,
)
_COMMENTS_URL = re.compile(r"/comments?(?:/|\.|$)|comments-rss|[?&]feed=comments")


def relation_of(written: str) -> str:
    """Returns a link's relation by its short name; RFC 4287, 4.2.7.2, lets it be a whole IRI."""
    return written.strip().lower().removeprefix(_RELATIONS) or "alternate"


class MarkupKind(StrEnum):
    """Kinds of text in a feed."""

    PLAIN = "plain"
    HTML = "html"
    LIKELY_HTML = "likely HTML"  # HTML by the format's rules, as RSS's descriptions are
    UNSPECIFIED = "unsaid"  # the format leaves it open, as RSS does for titles


class Markup(NamedTuple):
    """A text with its kind and its base.

    Attributes:
        text: As it is after the document's own entities are expanded.
        kind: Plain, HTML or unspecified.
        base: The base of URLs in it.
    """

    text: str
    kind: MarkupKind = MarkupKind.UNSPECIFIED
    base: str = ""


class Media(NamedTuple):
    """An image, recording or document of an item.

    Attributes:
        url: Absolute, unless its base is unknown.
        type: Its media type, or just `image`; empty when unknown.
        width: In pixels; 0 when unknown.
        height: In pixels; 0 when unknown.
        length: In bytes; 0 when unknown.
        duration: In seconds; 0 when unknown.
        alt: It in words, as written; empty when unknown.
    """

    url: str
    type: str = ""
    width: int = 0
    height: int = 0
    length: int = 0
    duration: int = 0
    alt: str = ""


@dataclass(slots=True)
class RawItem:
    """An item, as it stands in the feed.

    Attributes:
        guid: Its own id.
        link: Its page, absolute.
        permalink: Its guid, if that is the URL of its page.
        original_link: Its page before a service such as FeedBurner put its own URL there.
        related_link: A page that the item is about, for an item without a page of its own.
        titles: The first that is not empty is the item's.
        fallback_titles: Titles of its images and recordings, for an item without one.
        descriptions: In their order.
        fallback_descriptions: For an item without one.
        contents: In their order.
        captions: Descriptions of its images and recordings.
        published: Dates as written, the best first.
        updated: Dates as written, the best first.
        created: Dates as written, the best first.
        authors: As written.
        categories: As written.
        media: Images that stand for the item.
        enclosures: Recordings, documents and the like.
        artwork: Images of last resort, such as a show's cover.
        duration: Of its recording, in seconds; 0 when unknown.
        language: As written.
        bad_links: Links as written that lead to no page on the web.
        unreadable: How many of its fields could not be read.
    """

    guid: str = ""
    link: str = ""
    permalink: str = ""
    original_link: str = ""
    related_link: str = ""
    titles: list[Markup] = field(default_factory=list)
    fallback_titles: list[Markup] = field(default_factory=list)
    descriptions: list[Markup] = field(default_factory=list)
    fallback_descriptions: list[Markup] = field(default_factory=list)
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
    duration: int = 0
    language: str = ""
    bad_links: list[str] = field(default_factory=list)
    unreadable: int = 0

    def link_to(self, written: str, url: str) -> str:
        """Returns the URL that a link was resolved to, and notes one that was resolved to none."""
        if written.strip() and not url:
            self.bad_links.append(written)
        return url

    def fill_from(self, other: RawItem) -> None:
        """Takes what it lacks itself from another, whose lists come behind its own."""
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            if isinstance(mine, list):
                mine += theirs
            elif not mine:
                setattr(self, each.name, theirs)


def read_each(entries: Iterable[_Entry], read: Callable[[_Entry], RawItem]) -> list[RawItem]:
    """Reads items one by one; one that cannot be read at all is an empty one that says so."""
    return [_read_one(entry, read) for entry in entries]


def _read_one(entry: _Entry, read: Callable[[_Entry], RawItem]) -> RawItem:
    try:
        return read(entry)
    except Exception:  # noqa: BLE001 - one odd item costs itself, not the feed
        return RawItem(unreadable=1)


@dataclass(slots=True)
class RawFeed:
    """A feed, as it stands in the document.

    Attributes:
        title: Its title.
        link: Its site, absolute.
        id_link: Its id, if that is a URL.
        language: As written.
        items: In the document's order.
        problems: One line for each problem of the document that cost something of it.
        warnings: One line for each problem in spite of which everything was read.
        update_interval: Seconds that it asks to leave between two polls; 0 for nothing.
        hubs: WebSub hubs, absolute.
        self_link: Its own URL, absolute.
        icons: Pictures of its site, absolute, by the elements that name them.
    """

    title: Markup | None = None
    link: str = ""
    id_link: str = ""
    language: str = ""
    items: list[RawItem] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    update_interval: float = 0.0
    hubs: list[str] = field(default_factory=list)
    self_link: str = ""
    icons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """One item of a feed.

    Attributes:
        guid: The feed's own id of the item; empty for none.
        url: The item's page (http or https), without tracking parameters; None for none.
        title: One clean line; empty when the item has none.
        summary: Its description as one clean line; empty for none.
        paragraphs: The whole text; that of the description when the feed gives no other.
        published: When it was published, or else last updated, in UTC; None for no date.
        updated: When it was last updated, in UTC; None for no date.
        authors: Names; an address where there is no name.
        categories: As the feed words them, each once.
        image: The URL of the best image (http or https); None for none.
        image_alt: That image in words; empty for none.
        caption: Descriptions of its images; empty for none.
        enclosures: Recordings, films, documents and images that come with it.
        language: Such as `en` or `pt-BR`; empty for none.
        has_zone: False when the dates name no time zone, and were taken for UTC.
        date_only: True when the date has no time; it is then midnight in UTC.
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
    image_alt: str = ""
    caption: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    language: str = ""
    has_zone: bool = True
    date_only: bool = False

    @property
    def is_empty(self) -> bool:
        """True when there is nothing in it to show or to link to."""
        shown = (self.title, self.summary, self.paragraphs, self.caption, self.image)
        return not (any(shown) or self.enclosures or self.url)


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed as it was read.

    Attributes:
        title: Its title; empty for none.
        link: The site that it belongs to (http or https); None for none.
        language: Such as `en` or `pt-BR`; empty for none.
        items: In the feed's own order.
        problems: One line for a moderator for each problem that cost something of the document.
        warnings: One line for each problem in spite of which everything was read.
        update_interval: Seconds that it asks to leave between two polls; 0 for nothing.
        hubs: URLs of the WebSub hubs that it names (http or https).
        self_url: Its own URL, as it gives it (http or https); None for none.
        icon: The picture of its site (http or https); None for none.
    """

    title: str = ""
    link: str | None = None
    language: str = ""
    items: tuple[ParsedItem, ...] = ()
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    update_interval: float = 0.0
    hubs: tuple[str, ...] = ()
    self_url: str | None = None
    icon: str | None = None


@dataclass(frozen=True, slots=True)
class NamedFeed:
    """A feed that a web page names.

    Attributes:
        url: Its URL (http or https).
        title: What the page calls it; empty for nothing.
        is_linked: True when it stands among the page's visible links, and is only probably a feed.
    """

    url: str
    title: str = ""
    is_linked: bool = False

    @property
    def has_comments(self) -> bool:
        """True when its title or URL says that it has readers' comments."""
        return bool(_COMMENTS.search(self.title) or _COMMENTS_URL.search(self.url))


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Facts that a web page tells of itself in its head, and the feeds that it names.

    Attributes:
        title: The site's name or else the page's title; empty for none.
        description: One clean line; empty for none.
        generator: The program that made it, such as `WordPress 6.5`; empty for none.
        feeds: In the page's order, comments last.
        api: The root of the site's WordPress REST API (http or https); empty for none.
    """

    title: str = ""
    description: str = ""
    generator: str = ""
    feeds: tuple[NamedFeed, ...] = ()
    api: str = ""


class NotAFeedError(SourceError):
    """The document is something else than a feed.

    Attributes:
        feeds: URLs of feeds that the page names as its own.
        page: What a web page says of itself; None for what is no page.
    """

    def __init__(
        self, reason: str, feeds: tuple[str, ...] = (), page: PageFacts | None = None
    ) -> None:
        super().__init__(reason)
        self.feeds = feeds
        self.page = page
