"""Makes stories of a feed's items, each item once."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from itertools import chain, dropwhile, takewhile
from operator import attrgetter

from adapters.sources.feed.model import ParsedFeed, ParsedItem
from bot.model import EnclosureKind, Story, story_id
from bot.threads import pace

STORY_FORMAT = 3
"""Of the stories that are made of a feed; with another number, unchanged feeds are read again."""

_MAX_SUMMARY = 600  # characters; a longer one is the story itself
_MAX_TITLE = 100  # characters of one that is taken from the text
_LINKS = re.compile(r"(?:(?:^|\s)https?://\S{1,2000})+$")
_THINGS = {
    EnclosureKind.AUDIO: "Recording",
    EnclosureKind.VIDEO: "Video",
    EnclosureKind.PICTURE: "Picture",
    EnclosureKind.DOCUMENT: "File",
}


async def make_stories(
    feed: ParsedFeed, source: str, now: datetime, zone: tzinfo = UTC
) -> tuple[Story, ...]:
    """Makes the stories of a feed as `stories` does, without holding up the event loop."""
    return await asyncio.to_thread(lambda: tuple(pace(stories(feed, source, now, zone))))


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
        _dated(_story(item, key, source, now, feed), _published(item, zone))
        for key, item in _deduplicate(feed.items)
    ]
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
    if date is None or item.has_zone or item.date_only:
        return date
    return date.replace(tzinfo=zone).astimezone(UTC)


def _deduplicate(items: Iterable[ParsedItem]) -> Iterator[tuple[str, ParsedItem]]:
    """Yields the items that are not empty, each once, with the key that identifies it."""
    worth = [item for item in items if not item.is_empty]
    # Of two, the first is taken; with another date it is another alert of the same words.
    unique = {(_digest(item), _date(item)): item for item in reversed(worth)}
    named = [
        (_candidate_keys(item, digest, date), item)
        for (digest, date), item in reversed(unique.items())
    ]
    counts = Counter(key for keys, _ in named for key in keys)
    for keys, item in named:
        key = next((key for key in keys if counts[key] == 1), None)
        if key is not None:
            yield key, item


def _candidate_keys(item: ParsedItem, digest: str, date: str) -> Sequence[str]:
    """Returns what may identify an item within its feed, the best first, each once.

    Some feeds give several items one id. None of these has it as its key then, so that they stay
    what they are when they change places.
    """
    name = item.guid or item.url
    parts = [item.url if item.guid else "", date]
    named = [name, *(f"{name}\n{part}" for part in parts if part)] if name else []
    return tuple(dict.fromkeys([*named, digest, f"{digest}\n{date}"]))


def _date(item: ParsedItem) -> str:
    date = item.published or item.updated
    return date.isoformat() if date else ""


def _digest(item: ParsedItem) -> str:
    text = "\n".join(paragraph.text for paragraph in item.paragraphs) or item.summary
    content = "\0".join((item.title, item.url or "", text))
    return hashlib.blake2b(content.encode(errors="replace"), digest_size=16).hexdigest()


def _dated(story: Story, published: datetime | None) -> Story:
    return story if published is None else replace(story, published=published, undated=False)


def _story(item: ParsedItem, key: str, source: str, now: datetime, feed: ParsedFeed) -> Story:
    """Makes a story, which is undated so far."""
    return Story(
        id=story_id(source, key),
        source=source,
        key=key,
        title=item.title or _first_words(_text_of(item)) or _title_without_words(item, feed),
        published=now,
        paragraphs=item.paragraphs,
        # An episode may have no page of its own, but be one recording.
        url=item.url or next((each.url for each in item.enclosures), None),
        byline=", ".join(item.authors),
        summary=_summary(item),
        image=item.image,
        image_alt=item.image_alt,
        categories=item.categories,
        language=item.language or feed.language,
        enclosures=item.enclosures,
        date_only=item.date_only,
        undated=True,
    )


def _text_of(item: ParsedItem) -> str:
    """Returns the text of an item without a title, such as a short message."""
    return item.summary or next((p.text for p in item.paragraphs if p.text), "") or item.caption


def _first_words(text: str) -> str:
    """Returns a text's first words, as a title; no addresses at the end of other words."""
    return _shorten(_LINKS.sub("", text) or text)


def _shorten(text: str) -> str:
    """Returns a text's first words, as a title."""
    if len(text) <= _MAX_TITLE:
        return text
    cut = text[:_MAX_TITLE]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut else cut}…"


def _title_without_words(item: ParsedItem, feed: ParsedFeed) -> str:
    """Makes a title for an item that is only a picture, a recording or a link."""
    kinds = [each.kind for each in item.enclosures] or [EnclosureKind.PICTURE] * bool(item.image)
    if not kinds:
        return _shorten((item.url or "").partition("://")[2].partition("?")[0].rstrip("/"))
    thing = _THINGS[kinds[0]]
    maker = ", ".join(item.authors) or feed.title
    return _shorten(f"{thing} by {maker}" if maker else thing)


def _summary(item: ParsedItem) -> str:
    """Returns the feed's own summary; empty where that is the whole text."""
    text = " ".join(paragraph.text for paragraph in item.paragraphs)
    is_whole = item.summary == text and len(text) > _MAX_TITLE
    return "" if is_whole or len(item.summary) > _MAX_SUMMARY else item.summary
