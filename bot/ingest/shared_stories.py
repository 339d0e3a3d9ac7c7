"""Shared stories: one story that several sources give is kept once.

The first source that gave it owns its text, whatever the others give later. So what readers see
does not change back and forth between polls, and is what a chat was sent; a longer text that comes
later would be another text than the one that was posted and found by its words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.ingest.dedup import guid_address, unlinked_title
from bot.ingest.evidence import Comparison, compare
from bot.ingest.results import StoryRecord
from bot.ingest.similarity import TitleLikeness
from bot.model import Story
from bot.posting.model import State
from bot.posting.retention import RETENTION
from bot.text.canonical_urls import CanonicalUrl, canonical_url
from bot.threads import pace

_SAME_DAY = timedelta(hours=12)  # up to which one page and title are one story, whatever the text
_AT_ONCE = timedelta(hours=1)


def match_shared(
    records: Sequence[StoryRecord], kept: Sequence[StoryRecord]
) -> Mapping[str, StoryRecord]:
    """Tells which new stories other sources gave before, by the ids of the new ones.

    The same page is not enough: several stories may stand at one, and a blog may comment on what
    it links to. Each kept story is matched but once.

    Args:
        records: New stories of a source.
        kept: Stories of other sources at the same pages, with the same guids, or with the same
            titles and no page.
    """
    by_address = _by_address(kept)
    pairs = [
        (compare(other.fingerprint, one.story), one.story.id, other)
        for one in pace(records)
        for other in _named_alike(one.story, by_address)
        if _is_same(one.story, other)
    ]
    found: dict[str, StoryRecord] = {}
    taken: set[str] = set()
    for _, one, other in sorted(pairs, key=lambda pair: _strength(pair[0])):
        if one not in found and other.story.id not in taken:
            found[one] = other
            taken.add(other.story.id)
    return found


def _by_address(kept: Iterable[StoryRecord]) -> Mapping[object, list[StoryRecord]]:
    by_address: dict[object, list[StoryRecord]] = defaultdict(list)
    for one in kept:
        for address in _addresses(one.story):
            by_address[address].append(one)
    return by_address


def _named_alike(
    story: Story, by_address: Mapping[object, Sequence[StoryRecord]]
) -> Iterable[StoryRecord]:
    found = [one for at in _addresses(story) for one in by_address.get(at, ())]
    return {one.story.id: one for one in found}.values()


def _addresses(story: Story) -> set[CanonicalUrl | str | tuple[str, str]]:
    title = unlinked_title(story)
    named = canonical_url(story.url or ""), guid_address(story.key), ("title", title)
    return {one for one in (named if title else named[:2]) if one}


def _is_same(story: Story, other: StoryRecord) -> bool:
    found = compare(other.fingerprint, story)
    if not found.is_near:
        return False
    if guid_address(story.key) and guid_address(story.key) == guid_address(other.story.key):
        return bool(found.moment or found.page or found.title or found.has_text)
    if unlinked_title(story):
        return _is_same_unlinked(found, has_texts=bool(story.text and other.story.text))
    return found.page and _is_same_at_page(found, has_texts=bool(story.text and other.story.text))


def _is_same_at_page(found: Comparison, *, has_texts: bool) -> bool:
    gap = timedelta() if found.gap is None else abs(found.gap)
    if found.moment and (found.is_exact or found.title):
        return True
    if found.title >= TitleLikeness.CORRECTED:
        return found.has_text or not has_texts or gap < _SAME_DAY
    if found.title is TitleLikeness.REWORDED:
        return found.has_text or gap <= _AT_ONCE
    return found.text == 1 and found.is_long


def _is_same_unlinked(found: Comparison, *, has_texts: bool) -> bool:
    """Judges two stories of one title that lead to no page, as the feeds of a site may have them.

    Alerts come with the same words again and again: the moment, or a long text, is what tells.
    """
    if found.moment and (found.has_text or (found.is_exact and not has_texts)):
        return True
    gap = timedelta() if found.gap is None else abs(found.gap)
    return found.text == 1 and found.is_long and gap <= _SAME_DAY


def _strength(found: Comparison) -> tuple[object, ...]:
    """Orders pairs, the strongest first."""
    gap = timedelta() if found.gap is None else abs(found.gap)
    return not found.moment, -found.title, gap, -found.text


def share(record: StoryRecord, kept: StoryRecord) -> StoryRecord:
    """Returns a kept story, with the source of the new one among its own."""
    source, story = record.story.source, kept.story
    also = tuple(sorted({*story.also, source}))
    before = replace(record.fingerprint, id=story.id)
    return StoryRecord(replace(story, also=also), before, copied_by=source)


def is_remembered(story: Story, now: datetime) -> bool:
    """Returns True for a story of which the outbox still knows which chats had it."""
    return now - story.published < RETENTION[State.SENT]
