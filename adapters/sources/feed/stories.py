"""Makes stories of a feed's items, each item once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from itertools import chain, dropwhile, takewhile
from operator import attrgetter

from adapters.sources.feed.model import ParsedFeed, ParsedItem
from bot.model import Story, story_id

STORY_FORMAT = 2
"""Of the stories that are made of a feed; with another number, unchanged feeds are read again."""

_MAX_SUMMARY = 600  # characters; a longer one is the story itself
_MAX_TITLE = 100  # characters of one that is taken from the text


def stories(feed: ParsedFeed, source: str, now: datetime, zone: tzinfo = UTC) -> Iterator[Story]:
    """Yields the stories of a feed, oldest first, without duplicates.

    Stories without a date stand where the feed has them, among its dated ones.

    Args:
        feed: As it was parsed.
        source: The id of the source.
        now: The date of stories that have none.
        zone: The zone of dates that name none.
    """
    found = [
        _story(item, key, source, _published(item, zone), now)
        for key, item in _deduplicate(feed.items)
    ]
    found = [replace(one, language=one.language or feed.language) for one in found]
    # Feeds list the newest first; of two of one time, the later listed is the older.
    found.reverse()
    yield from _sorted(found)


def _sorted(found: Sequence[Story]) -> Iterator[Story]:
    """Yields stories by their dates; one without stays behind that which is listed before it."""
    yield from takewhile(attrgetter("undated"), found)
    groups: list[list[Story]] = []
    for story in dropwhile(attrgetter("undated"), found):
        if story.undated:
            groups[-1].append(story)
        else:
            groups.append([story])
    groups.sort(key=lambda group: group[0].published)
    yield from chain(*groups)


def _published(item: ParsedItem, zone: tzinfo) -> datetime | None:
    date = item.published or item.updated
    return date if date is None or item.has_zone else date.replace(tzinfo=zone).astimezone(UTC)


def _deduplicate(items: Iterable[ParsedItem]) -> Iterator[tuple[str, ParsedItem]]:
    """Yields the items that are not empty, each once, with the key that identifies it."""
    worth = [item for item in items if item.title or item.paragraphs or item.summary]
    unique = {_digest(item): item for item in reversed(worth)}  # of two, the first is taken
    named = [(_candidate_keys(item, digest), item) for digest, item in reversed(unique.items())]
    counts = Counter(key for keys, _ in named for key in keys)
    for keys, item in named:
        key = next((key for key in keys if counts[key] == 1), None)
        if key is not None:
            yield key, item


def _candidate_keys(item: ParsedItem, digest: str) -> Sequence[str]:
    """Returns what may identify an item within its feed, the best first, each once.

    Some feeds give several items one id. None of these has it as its key then, so that they stay
    what they are when they change places.
    """
    name, date = item.guid or item.url, item.published or item.updated
    parts = [item.url if item.guid else "", date.isoformat() if date else ""]
    named = [name, *(f"{name}\n{part}" for part in parts if part)] if name else []
    return tuple(dict.fromkeys([*named, digest]))


def _digest(item: ParsedItem) -> str:
    text = "\n".join(paragraph.text for paragraph in item.paragraphs) or item.summary
    content = "\0".join((item.title, item.url or "", text))
    return hashlib.blake2b(content.encode(errors="replace"), digest_size=16).hexdigest()


def _story(
    item: ParsedItem, key: str, source: str, published: datetime | None, now: datetime
) -> Story:
    return Story(
        id=story_id(source, key),
        source=source,
        key=key,
        title=item.title or _title_from_text(item),
        published=published or now,
        paragraphs=item.paragraphs,
        url=item.url,
        byline=", ".join(item.authors),
        summary=_summary(item),
        image=item.image,
        categories=item.categories,
        language=item.language,
        undated=published is None,
    )


def _title_from_text(item: ParsedItem) -> str:
    """Makes a title for an item without one, such as a short message, of its first words."""
    text = item.summary or next((p.text for p in item.paragraphs if p.text), "")
    if len(text) <= _MAX_TITLE:
        return text
    cut = text[:_MAX_TITLE]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut else cut}…"


def _summary(item: ParsedItem) -> str:
    """Returns the feed's own summary; empty where that is the whole text."""
    text = " ".join(paragraph.text for paragraph in item.paragraphs)
    is_whole = item.summary == text and len(text) > _MAX_TITLE
    return "" if is_whole or len(item.summary) > _MAX_SUMMARY else item.summary
