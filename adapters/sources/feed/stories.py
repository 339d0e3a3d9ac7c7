"""Makes stories of a feed's items, each item once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from adapters.sources.feed.model import ParsedFeed, ParsedItem
from bot.model import EnclosureKind, Story, story_id

STORY_FORMAT = 2
"""Of the stories that are made of a feed; with another number, unchanged feeds are read again."""

_MAX_SUMMARY = 600  # characters; a longer one is the story itself
_MAX_TITLE = 100  # characters of one that is taken from the text
_THINGS = {
    EnclosureKind.AUDIO: "Recording",
    EnclosureKind.VIDEO: "Video",
    EnclosureKind.PICTURE: "Picture",
    EnclosureKind.DOCUMENT: "File",
}


async def make_stories(feed: ParsedFeed, source: str, now: datetime) -> tuple[Story, ...]:
    """Makes the stories of a feed as `stories` does, without holding up the event loop."""
    return await asyncio.to_thread(lambda: tuple(stories(feed, source, now)))


def stories(feed: ParsedFeed, source: str, now: datetime) -> Iterator[Story]:
    """Yields the stories of a feed, oldest first, without duplicates.

    Args:
        feed: As it was parsed.
        source: The id of the source.
        now: The date of stories that have none.
    """
    found = [_story(item, key, source, now, feed) for key, item in _deduplicate(feed.items)]
    # Feeds list the newest first; of two of one time, the later listed is the older.
    found.reverse()
    yield from sorted(found, key=lambda story: story.published)


def _deduplicate(items: Iterable[ParsedItem]) -> Iterator[tuple[str, ParsedItem]]:
    """Yields the items that are not empty, each once, with the key that identifies it."""
    used_keys: set[str] = set()
    for item in items:
        if not item.is_empty:
            # Some feeds give all their items one id.
            key = next((key for key in _candidate_keys(item) if key not in used_keys), None)
            if key is not None and not _is_duplicate(item, used_keys):
                used_keys.update({key, _digest(item)})
                yield key, item


def _is_duplicate(item: ParsedItem, used_keys: set[str]) -> bool:
    return _digest(item) in used_keys


def _candidate_keys(item: ParsedItem) -> Iterator[str]:
    yield from filter(None, (item.guid, item.url))
    yield _digest(item)


def _digest(item: ParsedItem) -> str:
    text = "\n".join(paragraph.text for paragraph in item.paragraphs) or item.summary
    content = "\0".join((item.title, item.url or "", text))
    return hashlib.blake2b(content.encode(errors="replace"), digest_size=16).hexdigest()


def _story(item: ParsedItem, key: str, source: str, now: datetime, feed: ParsedFeed) -> Story:
    published = item.published or item.updated
    return Story(
        id=story_id(source, key),
        source=source,
        key=key,
        title=item.title or _shorten(_text_of(item)) or _title_without_words(item, feed),
        published=published or now,
        paragraphs=item.paragraphs,
        # An episode may have no page of its own, but be one recording.
        url=item.url or next((each.url for each in item.enclosures), None),
        byline=", ".join(item.authors),
        summary=_summary(item),
        image=item.image,
        categories=item.categories,
        language=item.language or feed.language,
        enclosures=item.enclosures,
        undated=published is None,
    )


def _text_of(item: ParsedItem) -> str:
    """Returns the text of an item without a title, such as a short message."""
    return item.summary or next((p.text for p in item.paragraphs if p.text), "") or item.caption


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
