"""Dedup keys: what a story is recognised by when it comes under a new key.

The store is asked for what it knows of just the stories that a source gives now, not of all that
the source ever gave.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice

from bot.ingest.ports import IngestStore
from bot.ingest.results import Fingerprint
from bot.model import Story, bounded_key, story_id
from bot.text.canonical_urls import canonical_url
from bot.text.digests import digest

NEAR = timedelta(days=2)
"""The most that may lie between the dates of one story that comes under a new key."""

ARCHIVED = timedelta(days=31)
"""The most by which the date of an archive's story may be corrected, when its text is the same."""

_UNDATED = timedelta(days=366)  # before now, of what a story without a date may be
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_MORE_TURNS = 8  # times as many ids are asked for when all of a key's are taken
_PAGES = 16  # links whose pages are at hand: several keys of a story are made of the same two
_WORD = re.compile(r"\w+")
_GLOBAL_GUID = re.compile(
    r"(?:tag|urn):[^:]+:.|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DedupKeys:
    """The keys by which a story is recognised that comes under a new key.

    A known story may be this one when its title, its page or its text is the same and it is of
    about the same time; or its title, and one of the two others.

    Attributes:
        title: Its title, folded.
        place: Its page, without parameters; empty when it has none.
        body: A digest of its text; empty when it has none.
        earliest: The first date of a known story that is of about the same time.
        latest: The last such date.
    """

    title: str
    place: str
    body: str
    earliest: datetime
    latest: datetime


def dedup_keys(story: Story) -> DedupKeys:
    """Returns what a story is recognised by."""
    return DedupKeys(
        folded_title(story.title),
        page_place(story.url or ""),
        text_digest(story),
        *_around(story.published, _before(story), ARCHIVED if story.date_only else NEAR),
    )


def _before(story: Story) -> timedelta:
    if story.undated:
        return _UNDATED
    return ARCHIVED if story.date_only else NEAR


def _around(moment: datetime, before: timedelta, after: timedelta) -> tuple[datetime, datetime]:
    earliest = moment - before if moment - _FIRST > before else _FIRST
    return earliest, moment + after if _LAST - moment > after else _LAST


def near_dates(stories: Sequence[Story]) -> tuple[datetime, datetime]:
    """Returns the first and the last date that is near the dates of some stories."""
    dates = [one.published for one in stories]
    return _around(min(dates), NEAR, NEAR)[0], _around(max(dates), NEAR, NEAR)[1]


def folded_title(title: str) -> str:
    """Returns a title without what tells capital letters and spaces apart."""
    return " ".join(title.casefold().split())


def page_place(url: str) -> str:
    """Returns the place of a link's page; empty for a link that leads to none."""
    found = canonical_url(url)
    return found.location if found else ""


@lru_cache(_PAGES)
def whole_page(url: str) -> str:
    """Returns a link's page with its parameters; empty for a link that leads to none."""
    found = canonical_url(url)
    return f"{found.location}?{sorted(found.parameters)}" if found else ""


def text_digest(story: Story) -> str:
    """Returns a digest of a story's text; empty when it has none."""
    return digest(story.text) if story.paragraphs else ""


def other_keys(story: Story) -> tuple[str, ...]:
    """Returns keys of a story whose own is another story's, too; the last is the one to give it.

    The others are those that a source may have given it while both stood there.
    """
    dated = "" if story.undated else story.published.isoformat()
    named = dict.fromkeys((story.url or "", dated or story.url or story.title))
    return tuple(bounded_key(f"{story.key}\n{one}") for one in named if one)


def guid_address(key: str) -> str:
    """Returns what a guid names whatever source gives it: a page, a tag URI, a UUID; else nothing.

    See RFC 4151 for tag URIs; a UUID may be given with `urn:uuid:` or without.
    """
    return whole_page(key) or (key if _GLOBAL_GUID.match(key) else "")


def unlinked_title(story: Story) -> str:
    """Returns the title by which another source may know a story that leads to no page.

    It is empty for a story with a page, or with a guid that names it whatever source gives it.
    """
    return "" if whole_page(story.url or "") or guid_address(story.key) else _words(story.title)


def _words(title: str) -> str:
    return " ".join(_WORD.findall(title.casefold()))


def possible_ids(story: Story) -> Iterator[str]:
    """Yields the ids that a new story may be given, the first that no other has."""
    yield story.id
    turn = 1
    while True:
        turn += 1
        yield story_id(story.source, f"{story.key}\n{turn}")


async def fetch_known(
    store: IngestStore, source: str, stories: Sequence[Story]
) -> Mapping[str, Fingerprint]:
    """Asks for all known stories of a source that matter for these, with the ids they take.

    Raises:
        StoreError: The store cannot be read.
    """
    turns = 1
    while True:
        known = await store.fingerprints(source, stories, turns)
        if _leaves_ids(known, stories, turns):
            return known
        turns *= _MORE_TURNS


def _leaves_ids(known: Mapping[str, Fingerprint], stories: Sequence[Story], turns: int) -> bool:
    """Returns True when each new story has an id that is free among those asked for."""
    taken = {one.id for one in known.values()}
    return all(
        any(one not in taken for one in islice(possible_ids(story), turns))
        for story in stories
        if story.key not in known and story.id in taken
    )
