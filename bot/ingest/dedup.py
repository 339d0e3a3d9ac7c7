"""Dedup keys: what a story is recognised by when it comes under a new key.

The store is asked for what it knows of just the stories that a source gives now, not of all that
the source ever gave.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from bot.ingest.ports import IngestStore
from bot.ingest.results import Fingerprint
from bot.model import Story, story_id
from bot.text.canonical_urls import canonical_url
from bot.text.digests import digest

SAME_TEXT = timedelta(days=31)
"""How far the date of a long text may move that has a new title, too."""

_LONG = 200  # characters of a text that nobody would write twice
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_MORE_TURNS = 8  # times as many ids are asked for when all of a key's are taken


@dataclass(frozen=True, slots=True)
class DedupKeys:
    """The keys by which a story is recognised.

    A known story may be this one when its key is the same; when two of its title, text and moment
    are; when one of these is, and its page; or when its text is, and it is not too old or new.

    Attributes:
        key: What identifies it within its source.
        title: Its title, folded.
        place: Its page, without parameters; empty when it has none.
        page: Its page, with the parameters that choose what is shown; empty when it has none.
        body: A digest of its text; empty when it has none.
        published: When it was published.
        earliest: The first date of a known story that is the same when only the text is.
        latest: The last such date.
    """

    key: str
    title: str
    place: str
    page: str
    body: str
    published: datetime
    earliest: datetime
    latest: datetime


def dedup_keys(story: Story) -> DedupKeys:
    """Returns what a story is recognised by."""
    earliest = latest = story.published
    if has_long_text(story):
        earliest, latest = (_FIRST, _LAST) if story.undated else _around(story.published)
    body = text_digest(story)
    return DedupKeys(
        story.key,
        folded_title(story.title),
        page_place(story.url or ""),
        whole_page(story.url or ""),
        body,
        story.published,
        earliest,
        latest,
    )


def _around(moment: datetime) -> tuple[datetime, datetime]:
    earliest = moment - SAME_TEXT if moment - _FIRST > SAME_TEXT else _FIRST
    return earliest, moment + SAME_TEXT if _LAST - moment > SAME_TEXT else _LAST


def folded_title(title: str) -> str:
    """Returns a title without what tells capital letters and spaces apart."""
    return " ".join(title.casefold().split())


def page_place(url: str) -> str:
    """Returns the place of a link's page; empty for a link that leads to none."""
    found = canonical_url(url)
    return found.location if found else ""


def whole_page(url: str) -> str:
    """Returns a link's page with its parameters; empty for a link that leads to none."""
    found = canonical_url(url)
    return f"{found.location}?{sorted(found.parameters)}" if found else ""


def text_digest(story: Story) -> str:
    """Returns a digest of a story's text; empty when it has none."""
    return digest(story.text) if story.paragraphs else ""


def has_long_text(story: Story) -> bool:
    """Returns True for a text that nobody would write twice."""
    return len(story.text) >= _LONG


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
