"""The port by which an address becomes a source: `SourceFinder`, and what it finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.errors import SourceError
from bot.model import Story


class SourceKind(StrEnum):
    """Kinds of sources on the web, as the configuration names them."""

    FEED = "feed"
    PAGE = "page"  # without a feed: its stories are read from how it is built


class Discovery(StrEnum):
    """Ways in which a candidate was found."""

    GIVEN = "given"  # the address is the feed's own
    KNOWN = "known"  # its site is known: YouTube, Reddit, Mastodon …
    NAMED = "named"  # the page names it as a feed of its own
    USUAL = "usual"  # it stands where feeds usually do
    STRUCTURE = "structure"  # the page is built as a list of stories


@dataclass(frozen=True, slots=True)
class SourceCandidate:
    """A source that an address may mean.

    Attributes:
        url: What the source's `url` is to be (http or https).
        kind: What its `kind` is to be.
        discovery: How it was found.
        title: Its own title, one clean line; empty when it has none.
        description: What it says of itself, or the site's, one clean line; empty for nothing.
        service: The site or the program that it comes from, such as `YouTube` or `WordPress`;
            empty when that is not known.
        comments: True for readers' comments, which hardly anybody wants.
        stories: Its newest stories, the newest first, three at most; empty when it was not read:
            of many candidates only the best are.
        backfill: The root of the site's REST API, by which its older stories can be read; empty
            where there is none.
    """

    url: str
    kind: SourceKind
    discovery: Discovery
    title: str = ""
    description: str = ""
    service: str = ""
    comments: bool = False
    stories: tuple[Story, ...] = ()
    backfill: str = ""


class NoSourceError(SourceError):
    """An address can be read, but leads to no source."""


class SourceFinder(Protocol):
    """Finds the sources that an address means."""

    async def find(self, address: str) -> Sequence[SourceCandidate]:
        """Returns the candidates, the best first; at least one.

        It asks politely, a few requests at most, and takes some seconds therefore. Nothing is kept.

        Args:
            address: Of a feed, a page or a profile, as a person types it: `example.org/news`,
                `@name@social.example`, `r/space`.

        Raises:
            NoSourceError: What is there is no source.
            SourceError: It cannot be read, or must not; the message is for a person.
        """
        ...
