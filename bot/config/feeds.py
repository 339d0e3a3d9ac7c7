"""Import of feeds: from a list to new sources, and to the TOML of their blocks."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import NamedTuple

from bot.config.addresses import feed_address
from bot.config.opml import Feed
from bot.config.schema import SourceConfig
from bot.config.values import MAX_NAME
from bot.text.urls import split_url

_LONGEST_ID = 32
_PORTS = {"http": 80, "https": 443}


class UnusableFeed(NamedTuple):
    """A feed that cannot become a source.

    Attributes:
        feed: The feed.
        reason: One line.
    """

    feed: Feed
    reason: str


@dataclass(frozen=True, slots=True)
class Additions:
    """The result of comparing a list of feeds with a configuration.

    Attributes:
        sources: Feeds that it does not have yet.
        known: The number of those that it has already.
        unusable: Those that cannot be sources.
    """

    sources: tuple[SourceConfig, ...]
    known: int
    unusable: tuple[UnusableFeed, ...]


def compare_feeds(feeds: Iterable[Feed], sources: Sequence[SourceConfig]) -> Additions:
    """Compares a list with the sources there are.

    A feed that is listed more than once counts once and has the topics of all its places: so feed
    readers write one that lies in several folders.
    """
    usable: dict[str, list[Feed]] = {}
    unusable: dict[UnusableFeed, None] = {}
    for feed in feeds:
        try:
            mended = replace(feed, url=feed_address(feed.url))
            usable.setdefault(feed_key(mended.url), []).append(mended)
        except ValueError as error:
            unusable[UnusableFeed(feed, str(error) if feed.url else "it has no address")] = None
    there = {feed_key(source.url) for source in sources if source.url}
    ids = SourceIds(source.id for source in sources)
    new = tuple(_source(places, ids) for key, places in usable.items() if key not in there)
    return Additions(new, len(usable) - len(new), tuple(unusable))


def feed_key(url: str) -> str:
    """Returns a key that is the same for all addresses of one feed (dedup).

    The scheme, `www.`, a slash at the path's end, the port that goes without saying and the case
    of the host make no difference.

    Args:
        url: An address as `bot.config.addresses.feed_address` returns it.

    Raises:
        ValueError: It is none.
    """
    parts = split_url(url)
    if parts is None:
        raise ValueError("expected an address")
    host = (parts.hostname or "").removeprefix("www.")
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    user = parts.netloc.rpartition("@")[0]
    rest = parts._replace(scheme="", netloc="", path=parts.path.removesuffix("/")).geturl()
    return f"{user}@{host}{port} {rest}"


def source_block(source: SourceConfig) -> str:
    """Writes a feed as a `[[sources]]` block, each of its lines with its end."""
    settings = {"id": source.id, "kind": source.kind, "name": source.name, "url": source.url}
    lines = [f"{key} = {toml_text(value)}" for key, value in settings.items() if value]
    if source.topics:
        lines.append(f"topics = [{', '.join(map(toml_text, source.topics))}]")
    return "".join(f"{line}\n" for line in ("[[sources]]", *lines))


def toml_text(text: str) -> str:
    """Quotes any text as TOML does."""
    # JSON's escapes are TOML's, too; only this control character may stand bare in JSON.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _source(places: Sequence[Feed], ids: SourceIds) -> SourceConfig:
    first = places[0]
    name = next(filter(None, (valid_name(feed.title) for feed in places)), "")
    topics: dict[str, str] = {}
    for topic in (valid_name(topic) for feed in places for topic in feed.topics):
        topics.setdefault(topic.casefold(), topic)
    return SourceConfig(
        id=ids.make(name, _host(first.url)),
        kind="feed",
        name=name,
        url=first.url,
        topics=tuple(filter(None, topics.values())),
    )


def _host(url: str) -> str:
    parts = split_url(url)
    return (parts and parts.hostname) or ""


def valid_name(text: str) -> str:
    """Turns a text into a valid name, leaving out or cutting what names cannot have."""
    seen = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    line = " ".join(seen.split())
    return line if len(line) <= MAX_NAME else line[: MAX_NAME - 1].rstrip() + "…"


class SourceIds:
    """Makes ids that none of the sources has."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._tries: dict[str, count[int]] = {}  # or a thousand feeds called "RSS" would take long

    def make(self, name: str, host: str) -> str:
        """Makes an id from the name or, without letters in that, from the host."""
        base = _slug(name) or _slug(host.removeprefix("www.")) or "feed"
        made = base
        while made in self._taken:
            number = f"-{next(self._tries.setdefault(base, count(2)))}"
            made = base[: _LONGEST_ID - len(number)].rstrip("-") + number
        self._taken.add(made)
        return made


def _slug(text: str) -> str:
    """Makes a slug of a text's letters and digits; empty when it has no letter."""
    plain = unicodedata.normalize("NFKD", re.sub("['’]", "", text).casefold())
    slug = re.sub("[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode())
    cut = slug.strip("-")[:_LONGEST_ID].rstrip("-")
    return cut if re.search("[a-z]", cut) else ""
