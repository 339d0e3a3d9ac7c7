"""Matching: which stories under new keys are known ones, each known story but once."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.ingest.dedup import NEAR, text_digest
from bot.ingest.evidence import Comparison, Evidence, compare
from bot.ingest.feed_habits import PollHabits
from bot.ingest.results import Fingerprint
from bot.ingest.same_story import is_same
from bot.ingest.similarity import TitleLikeness, title_words
from bot.model import Story
from bot.text.canonical_urls import canonical_url
from bot.threads import pace

_FEW_KEPT = 4  # of so many stories given, at most one is known by its key where all were renamed
_SHIFT = timedelta(hours=14)  # the largest between two time zones that people live in
_SHIFT_STEP = timedelta(minutes=15)  # all time zones are whole steps apart
_DAY = timedelta(days=1)
_NEAREST = 200  # known stories of about the same time that a story is compared with


@dataclass(frozen=True, slots=True)
class Match:
    """A decision that a story under a new key is a known one.

    Attributes:
        known: The known story.
        evidence: Why.
    """

    known: Fingerprint
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    known: Fingerprint
    story: Story
    found: Comparison

    @property
    def strength(self) -> tuple[object, ...]:
        """Orders pairs, the strongest first."""
        found = self.found
        gap = timedelta() if found.gap is None else abs(found.gap)
        return not found.moment, not found.page, -found.title, -found.text, gap

    def match(self, *more: Evidence) -> Match:
        return Match(self.known, (*more, *self.found.evidence))


@dataclass(slots=True)
class _Matches:
    """Matches made so far."""

    by_key: dict[str, Match] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def add(self, pairs: Iterable[_Pair], *more: Evidence) -> None:
        """Adds the strongest pairs of stories that have none yet."""
        for pair in sorted(pairs, key=lambda pair: pair.strength):
            if pair.story.key not in self.by_key and pair.known.id not in self.taken:
                self.by_key[pair.story.key] = pair.match(*more)
                self.taken.add(pair.known.id)


def match_stories(
    gone: Sequence[Fingerprint],
    fresh: Sequence[Story],
    habits: PollHabits,
    *,
    still: int = 0,
    since: datetime | None = None,
) -> Mapping[str, Match]:
    """Tells which stories under new keys are known ones, by their new keys.

    Args:
        gone: Known stories that their source no longer gives under their keys.
        fresh: The stories with new keys.
        habits: What tells stories of the source apart.
        still: How many stories the source gives under the keys that they had.
        since: When the source was last read, if that is known: what was published later cannot
            have been given then.
    """
    matches = _Matches()
    candidates = _Candidates(gone)
    pairs = [
        _Pair(known, story, compare(known, story))
        for story in pace(fresh)
        for known in candidates.like(story)
    ]
    matches.add(one for one in pairs if is_same(one.known, one.story, one.found, habits))
    if len(fresh) > 1 and still * _FEW_KEPT <= len(fresh) + still:
        renamed = _renamed(pairs, habits, since)
        both = matches.by_key.keys() | {one.story.key for one in renamed}
        near = {one.known.id for one in pairs if one.found.is_near}
        if len(both) > 1 and 2 * len(both) >= min(len(fresh), len(near)):
            matches.add(renamed, Evidence.RENAMED)
    return matches.by_key


class _Candidates:
    """Known stories, to find those that another may be."""

    def __init__(self, gone: Sequence[Fingerprint]) -> None:
        self._by_sign: dict[object, list[Fingerprint]] = defaultdict(list)
        for one in pace(gone):
            for sign in _signs(one.link, one.body, one.title):
                self._by_sign[sign].append(one)
        self._by_time = sorted(gone, key=_published)

    def like(self, story: Story) -> Iterable[Fingerprint]:
        """Returns those with its page, its text or its title, and those published near it."""
        found = [
            one
            for sign in _signs(story.url, text_digest(story), story.title)
            for one in self._by_sign.get(sign, ())
        ]
        start = bisect_left(self._by_time, story.published - NEAR, key=_published)
        near = self._by_time[start : start + _NEAREST]
        found += (one for one in near if one.published - story.published <= NEAR)
        return {one.id: one for one in found}.values()


def _published(one: Fingerprint) -> datetime:
    return one.published


def _signs(url: str | None, body: str, title: str) -> Iterator[object]:
    """Yields what stories that are the same may share."""
    if page := canonical_url(url or ""):
        yield page.location
    if body:
        yield "text", body
    yield title_words(title)


def _renamed(pairs: Sequence[_Pair], habits: PollHabits, since: datetime | None) -> Sequence[_Pair]:
    """Returns the pairs that are one story if the whole feed was renamed at once.

    Its titles or its pages are the same then, and its dates, too, but for the hours of another time
    zone, or for the time of day.
    """
    alike = [one for one in pairs if _is_alike(one, habits)]
    shifts = Counter(one.found.gap for one in alike if _is_shift(one, since))
    shift = max(shifts, key=lambda gap: (shifts[gap], -abs(gap or _DAY)), default=None)
    shifted = shift if shift is not None and shifts[shift] > 1 else None
    are_cut = len({one.story.published.timetz() for one in alike}) == 1
    were_cut = len({one.known.published.timetz() for one in alike}) == 1
    return [
        one
        for one in alike
        if one.found.moment
        or (one.found.gap is not None and one.found.gap == shifted)
        or (are_cut and _is_within_day(one.story.published, one.known.published))
        or (were_cut and _is_within_day(one.known.published, one.story.published, since))
    ]


def _is_alike(one: _Pair, habits: PollHabits) -> bool:
    """Returns True when title or page are the same, and tell the story from others."""
    found = one.found
    if found.title >= TitleLikeness.CORRECTED:
        return found.moment or not habits.recurs(one.story.title)
    if found.title is TitleLikeness.REWORDED and found.moment and found.is_exact:
        return True
    return found.page and not habits.is_shared(one.known.link)


def _is_shift(one: _Pair, since: datetime | None) -> bool:
    """Returns True when a date is off by what lies between two time zones."""
    gap = one.found.gap
    if not gap or abs(gap) > _SHIFT or gap % _SHIFT_STEP:
        return False
    return since is None or one.story.published <= since


def _is_within_day(day: datetime, moment: datetime, since: datetime | None = None) -> bool:
    """Returns True when a moment lies in the day that begins at `day`, and not after `since`."""
    return timedelta() <= moment - day < _DAY and (since is None or moment <= since)
