"""Change detection: which stories of a poll are new, changed or as they were; a pure decision.

Dedup stands here, too: a story that comes under a new key is recognised as one that is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter

from bot.ingest.dedup import ARCHIVED, NEAR, other_keys, possible_ids
from bot.ingest.evidence import Evidence, compare
from bot.ingest.feed_habits import poll_habits, redates
from bot.ingest.fingerprints import fingerprint
from bot.ingest.matching import match_stories
from bot.ingest.results import Fingerprint, StoryRecord, clamp_date
from bot.ingest.same_story import is_reused
from bot.ingest.similarity import sketch
from bot.model import Story, story_id
from bot.threads import pace

_MISDATED = timedelta(days=1)  # before its source's date: only a clock that was behind does that


@dataclass(frozen=True, slots=True)
class Decision:
    """Stories of one poll, told apart by what they mean for the store.

    Attributes:
        new: Stories to add, oldest first.
        changed: Stories to write anew, under the ids that they have.
        unchanged: How many are as they were.
        news: Those of the new that channels are to hear of: none at the first poll of a source, and
            none that only came up from below.
        retitled: The ids of those changed stories that have another headline now.
    """

    new: tuple[StoryRecord, ...]
    changed: tuple[StoryRecord, ...]
    unchanged: int
    news: tuple[StoryRecord, ...] = ()
    retitled: frozenset[str] = frozenset()


def decide(
    known: Mapping[str, Fingerprint],
    fetched: Sequence[Story],
    *,
    first: bool = False,
    now: datetime | None = None,
    since: datetime | None = None,
) -> Decision:
    """Tells new stories from changed ones and from those that are as they were.

    A story is known by its key. One whose key is new is a known story all the same when
    `bot.ingest.same_story` or a renaming of the whole feed says so. Unless the source still gives
    that story under its old key.

    A story keeps its first date when it comes under a new key, or when its source dates all its
    stories anew. One whose date comes from a clock that was wrong has changed, too.

    Args:
        known: What the store remembers of the source's stories, by key: all of them, or those that
            `bot.ingest.dedup.fetch_known` finds for the fetched.
        fetched: What the source gives now; no key twice.
        first: True at the first poll of the source.
        now: The time, to detect wrong dates; None to trust all of them.
        since: When the source was last read; None when it was not, or when nobody knows.
    """
    given = _identify(known, fetched, since)
    poll = _Poll(known, given, now)
    for one in pace(given):
        poll.file(one)
    news = () if first else tuple(one for one in poll.new if Evidence.OLDER not in one.evidence)
    unchanged = len(fetched) - len(poll.new) - len(poll.changed)
    retitled = frozenset(poll.retitled)
    return Decision(tuple(poll.new), tuple(poll.changed), unchanged, news, retitled)


@dataclass(frozen=True, slots=True)
class _Given:
    """A story that is given now.

    Attributes:
        story: The story.
        before: What is known of it; None when it is new.
        evidence: Why it was taken for that, where its key is new.
    """

    story: Story
    before: Fingerprint | None
    evidence: tuple[Evidence, ...] = ()


class _Poll:
    """The stories of one poll, and what becomes of them."""

    def __init__(
        self,
        known: Mapping[str, Fingerprint],
        given: Sequence[_Given],
        now: datetime | None,
    ) -> None:
        self.new: list[StoryRecord] = []
        self.changed: list[StoryRecord] = []
        self.retitled: set[str] = set()
        self._now = now
        self._taken = {one.id for one in known.values()}
        pairs = [(one.before, one.story) for one in given if one.before]
        self._redates = redates(pairs)
        self._below = _stories_below(known, given, now)

    def file(self, given: _Given) -> None:
        """Puts a story where it belongs."""
        if given.before is None:
            self._add(given.story)
            return
        before, story = given.before, self._dated(given.story, given.before)
        after = fingerprint(story)
        is_same = (before.content, before.key) == (after.content, after.key)
        if not is_same or (self._now and _is_misdated(before, story, self._now)):
            record = _record(replace(story, id=before.id), after, given.evidence)
            if before.copied:
                record = replace(record, copied_by=story.source)
            elif before.title != after.title:
                self.retitled.add(before.id)
            self.changed.append(record)

    def _add(self, story: Story) -> None:
        evidence = (Evidence.OLDER,) if story.key in self._below else ()
        fresh = replace(story, undated=False)
        self.new.append(_record(_free_id(fresh, self._taken), fingerprint(fresh), evidence))

    def _dated(self, story: Story, before: Fingerprint) -> Story:
        """Returns a known story with its date: the first, where the source has none, or many.

        Unless the first one has not come yet: the clock was ahead.
        """
        if story.undated:
            return replace(story, published=min(before.published, story.published), undated=False)
        has_come = self._now is None or before.published <= self._now
        if self._redates and has_come and before.published < story.published:
            return replace(story, published=before.published)
        return story


def _identify(
    known: Mapping[str, Fingerprint], fetched: Sequence[Story], since: datetime | None
) -> list[_Given]:
    """Finds what is known of each story: by its key, or else by what it has in common."""
    named = [_by_key(one, known, alone=len(fetched) == 1) for one in pace(fetched)]
    still = {one.before.key: one.before for one in named if one.before}
    fresh = [one.story for one in named if not one.before]
    gone = [one for key, one in known.items() if key not in still]
    if not fresh or not gone:
        return named
    habits = poll_habits(known, [one.story for one in named], still, fresh)
    matches = match_stories(gone, fresh, habits, still=len(still), since=since)
    return [
        _Given(one.story, found.known, found.evidence)
        if not one.before and (found := matches.get(one.story.key))
        else one
        for one in named
    ]


def _by_key(story: Story, known: Mapping[str, Fingerprint], *, alone: bool) -> _Given:
    """Finds what is known of a story by its key, unless that has another story's now."""
    before = known.get(story.key)
    if before and not is_reused(before, story, compare(before, story), alone=alone):
        return _Given(story, before)
    others = other_keys(story)
    key = next((key for key in others if key in known), others[-1])
    if before or key in known:
        own = replace(story, id=story_id(story.source, key), key=key)
        shown = known.get(key) or (_shown_last(story, known) if alone else None)
        return _Given(own, shown)
    return _Given(story, None)


def _shown_last(story: Story, known: Mapping[str, Fingerprint]) -> Fingerprint | None:
    """Finds what a feed of one story showed last under its one key, if this is still that."""
    others = (
        one
        for key, one in known.items()
        if key.startswith(f"{story.key}\n") and abs(one.published - story.published) <= NEAR
    )
    last = max(others, key=attrgetter("published"), default=None)
    if last is None or is_reused(last, story, compare(last, story), alone=True):
        return None
    return last


def _stories_below(
    known: Mapping[str, Fingerprint], given: Sequence[_Given], now: datetime | None
) -> frozenset[str]:
    """Returns the keys of new stories that have come up from below, as old as they are.

    They are older than all that their feed still gives: one was deleted there, and an old one took
    its place, or the feed shows more of them than before.
    """
    still = {one.before.id: one.before for one in given if one.before}
    oldest = min((one.published for one in still.values()), default=None)
    if oldest is None:
        return frozenset()
    new = [one.story for one in given if not one.before and not one.story.undated]
    limit = min(oldest, (now or oldest) - NEAR)
    below = [one for one in new if one.published < limit]
    is_deleted = any(one.id not in still and oldest < one.published for one in known.values())
    if len(below) == 1 and not is_deleted and (now or oldest) - below[0].published <= ARCHIVED:
        return frozenset()
    return frozenset(one.key for one in below)


def _is_misdated(before: Fingerprint, story: Story, now: datetime) -> bool:
    """Returns True when the date of a known story was given or moved by a wrong clock."""
    known = replace(story, published=before.published)
    if clamp_date(known, now).published != before.published:
        return True
    has_come = clamp_date(story, now).published == story.published
    return has_come and story.published - before.published > _MISDATED


def _record(story: Story, now: Fingerprint, evidence: tuple[Evidence, ...] = ()) -> StoryRecord:
    return StoryRecord(story, replace(now, id=story.id, sketch=sketch(story.text)), evidence)


def _free_id(story: Story, taken: set[str]) -> Story:
    """Returns the story under an id that no other has.

    Its own is taken when a story that once had its key was retitled and kept the id.
    """
    free = next(one for one in possible_ids(story) if one not in taken)
    return replace(story, id=free)
