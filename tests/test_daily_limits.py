"""What a feed may bring in a day: the rule, and polls under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from newsdesk import TestDesk
from stores import listed
from stories import MODERATOR, NOW, HandClock, filed, story

from bot.ingest.change_detection import Decision
from bot.ingest.daily_limits import DailyLimits, DailyUsage, apply_limits
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.ports import PollMode
from bot.ingest.results import FetchResult, StoryRecord
from bot.model import Source, Story

TODAY = NOW.date()
WIRE = Source("wire", "The Wire", "feed", timedelta(minutes=15))


def _decision(changed: int, new: int) -> Decision:
    """Changed and new stories of 100 bytes each, all of them news."""
    old, fresh = (
        tuple(filed(story(f"{kind} {n:2}", "x" * 94) for n in range(count)))
        for kind, count in (("c", changed), ("n", new))
    )
    return Decision(fresh, old, 7, fresh, frozenset(one.story.id for one in old))


def _titles(records: Sequence[StoryRecord]) -> list[str]:
    return [one.story.title for one in records]


def test_what_fits_is_left_as_it_is() -> None:
    decision = _decision(2, 3)
    size = sum(
        len(one.story.title) + len(one.story.text) for one in (*decision.changed, *decision.new)
    )
    for limits in (DailyLimits(), DailyLimits(stories=3), DailyLimits(text=size)):
        assert apply_limits(decision, limits, DailyUsage(TODAY)) == (decision, 0)


def test_of_new_stories_the_oldest_come_up_to_the_limit() -> None:
    decision = _decision(2, 5)
    rest, left_out = apply_limits(decision, DailyLimits(stories=4), DailyUsage(TODAY, stories=1))

    assert _titles(rest.new) == _titles(rest.news) == ["n  0", "n  1", "n  2"]
    assert (rest.changed, rest.retitled, left_out) == (decision.changed, decision.retitled, 2)


def test_changed_stories_count_by_their_text() -> None:
    decision = _decision(3, 3)
    used = DailyUsage(TODAY, text=400)
    rest, left_out = apply_limits(decision, DailyLimits(text=600), used)

    assert _titles(rest.changed) == ["c  0", "c  1"]
    assert (rest.new, rest.news, left_out) == ((), (), 4)
    assert rest.retitled == {one.story.id for one in rest.changed}


def test_a_new_day_begins_anew() -> None:
    used = DailyUsage(TODAY).plus(filed([story("abc", "de"), story("old", "x")]), frozenset())
    assert used == DailyUsage(TODAY, 0, 9)
    assert used.on(TODAY) is used
    assert used.on(TODAY + timedelta(days=1)) == DailyUsage(TODAY + timedelta(days=1))


@dataclass
class _Feed:
    """A feed that gives what it is told to, and keeps its signature."""

    stories: list[Story] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    source: Source = WIRE

    async def fetch(self, signature: str = "", mode: PollMode = PollMode.SCHEDULED) -> FetchResult:
        self.asked.append(signature if mode is PollMode.SCHEDULED else "")
        return FetchResult(tuple(self.stories), signature="same")

    async def complete(self, records: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        return records


async def test_a_feed_of_endless_stories_fills_the_store_no_further(desk: TestDesk) -> None:
    feed, clock = _Feed([story(f"first {n}") for n in range(9)]), HandClock()
    poller = Poller(desk.store, clock, [feed], StoryEnricher(), limits=DailyLimits(stories=5))
    (report,) = await poller.load(again=False)
    assert (report.new, report.left_out) == (9, 0)  # the first look takes what there is

    feed.stories = [story(f"more {n}") for n in range(12)]
    clock.pass_(24 * 3_600)
    (report,) = await poller.load(again=False)
    assert (report.new, report.left_out) == (5, 7)
    told = await desk.ask("/sources", MODERATOR)
    assert "7 stories are waiting for another day" in told.entries[0].text

    (report,) = await poller.load(again=False)
    assert (report.new, report.unchanged, report.left_out) == (0, 5, 7)
    clock.pass_(24 * 3_600)
    await poller.load(again=False)
    clock.pass_(24 * 3_600)
    (report,) = await poller.load(again=False)
    assert (report.new, report.left_out) == (2, 0)
    assert feed.asked[1:] == ["same", "", "", ""]  # so that what was left out comes again
    assert set(await listed(desk.store)) >= {one.title for one in feed.stories}


async def test_an_archive_has_no_limit(desk: TestDesk) -> None:
    archive = _Feed([story("a")], source=Source("wire", "The Wire", "archive", timedelta(1)))
    poller = Poller(desk.store, HandClock(), [archive], StoryEnricher(), limits=DailyLimits(1, 1))
    await poller.load()
    archive.stories = [story(f"more {n}") for n in range(12)]
    (report,) = await poller.load()
    assert (report.new, report.left_out) == (12, 0)
