"""What a feed says, as clean parts of stories; and how reading one can fail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import SourceError
from bot.model import Paragraph


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
