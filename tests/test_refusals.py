"""Stories that a source gives and that are not kept: a few are remembered, with the reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from newsdesk import OTHER, ScriptedSource
from stores import open_store, store
from stories import NOW, HandClock, filed, story

from bot.chat.ports import Store
from bot.ingest.change_detection import Decision
from bot.ingest.daily_limits import DailyLimits
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.refusals import REMEMBERED, list_refusals
from bot.ingest.results import FetchResult, LoadReport, RefusalReason
from bot.model import Source, Story

__all__ = ["open_store", "store"]


def given(count: int) -> list[Story]:
    return [
        story(f"Story {n}", published=NOW + timedelta(minutes=n), url=f"https://e.org/{n}")
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("many", "admitted", "kept"), [(5, 5, 5), (5, 3, 3), (5, 5, 2), (60, 50, 9)]
)
def test_what_is_left_out_is_told_the_newest_first(many: int, admitted: int, kept: int) -> None:
    stories = given(many)
    fresh = stories[many - admitted :]
    whole = Decision(tuple(filed(fresh)), (), 0)
    rest = whole if kept == admitted else Decision(tuple(filed(fresh[:kept])), (), 0)
    found = list_refusals(stories, fresh, whole, rest)
    expected = [
        *((one.title, RefusalReason.MANY) for one in fresh[kept:][::-1]),
        *((one.title, RefusalReason.OLD) for one in stories[: many - admitted][::-1]),
    ]
    assert [(one.title, one.reason) for one in found] == expected[:REMEMBERED]


async def test_they_stay_in_the_report_while_the_source_is_as_it_was(store: Store) -> None:
    feed = Source("wire", "The Wire", "feed", OTHER.every)
    source, clock = ScriptedSource(feed), HandClock()
    limits = DailyLimits(stories=2)
    poller = Poller(store, clock, [source], StoryEnricher(()), chance=lambda: 0.5, limits=limits)
    await store.sources.finish_load(LoadReport("wire", NOW - timedelta(days=1)), "")
    source.gives += [FetchResult(tuple(given(5))), FetchResult(unchanged=True)]
    for _ in range(2):
        await poller.load(["wire"])
        state = (await store.sources.states())["wire"]
        assert state.report
        refused = [(one.title, one.url, one.reason) for one in state.report.refused]
        assert refused == [
            (f"Story {n}", f"https://e.org/{n}", RefusalReason.MANY) for n in (4, 3, 2)
        ]
        clock.pass_(60)
