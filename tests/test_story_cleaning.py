"""Cleaning of stories in polls: what is stored is clean, and nothing counts as changed for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from newsdesk import TestDesk
from stories import NOW
from typing_extensions import override

from adapters.sources.feed.parse import parse_feed
from adapters.sources.feed.stories import stories
from bot.ingest.change_detection import decide
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.fingerprints import fingerprint
from bot.ingest.poller import Poller
from bot.ingest.ports import NewsSource, PollMode
from bot.ingest.results import FetchResult, LoadReport, StoryRecord
from bot.ingest.story_cleaning import StoryCleaner
from bot.model import Source, Story
from bot.search.query import Filter

FEED = Source("bay", "Bay News", "feed", timedelta(minutes=15))
ENDING = "Follow Bay News on Facebook."


def item(number: int, ending: str = ENDING, title: str = "") -> str:
    title = title or f"Harbour story {number}"
    text = f"Ship {number} came in at noon. It brought {number} tons of salt. {ending}"
    return (
        f"<item><title>{title}</title><guid>g{number}</guid>"
        f"<link>http://bay.example/{number}</link><description>{text}</description>"
        f"<pubDate>Fri, 20 Nov 2026 10:{number:02}:00 GMT</pubDate></item>"
    )


class ScriptedFeed(NewsSource):
    """A feed that gives, poll by poll, the items that it is told."""

    def __init__(self, *polls: Sequence[str]) -> None:
        self._polls = list(polls)

    @property
    @override
    def source(self) -> Source:
        return FEED

    @override
    async def fetch(self, signature: str = "", mode: PollMode = PollMode.SCHEDULED) -> FetchResult:
        items = "".join(self._polls.pop(0))
        document = f'<rss version="2.0"><channel><title>Bay</title>{items}</channel></rss>'
        feed = parse_feed(document.encode(), "", "http://bay.example/feed")
        return FetchResult(tuple(stories(feed, FEED.id, NOW)))

    @override
    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        return filed


async def polled(desk: TestDesk, *polls: Sequence[str]) -> list[LoadReport]:
    """Polls a feed, each time by a poller that knows nothing but the store."""
    feed = ScriptedFeed(*polls)
    reports: list[LoadReport] = []
    for _ in polls:
        poller = Poller(desk.store, desk.clock, [feed], StoryEnricher(), chance=lambda: 0.5)
        reports += await poller.load()
        desk.clock.pass_(3_600)
    return reports


async def kept(desk: TestDesk) -> dict[str, Story]:
    found = await desk.store.stories.latest(Filter(source="bay"), 99)
    return {one.key: one for one in found.stories}


async def test_the_stories_of_a_first_poll_are_clean(desk: TestDesk) -> None:
    await polled(desk, [item(n) for n in range(9)])
    for number in range(9):
        one = (await kept(desk))[f"g{number}"]
        news = f"Ship {number} came in at noon. It brought {number} tons of salt."
        assert (one.summary, one.text) == (news, news)


async def test_a_feed_of_one_item_is_clean_once_its_source_is_known(desk: TestDesk) -> None:
    reports = await polled(desk, *([item(n)] for n in range(6)))
    assert [(one.new, one.changed) for one in reports] == [(1, 0)] * 6
    texts = [one.text for _, one in sorted((await kept(desk)).items())]
    assert [ENDING in text for text in texts] == [True, True, False, False, False, False]


async def test_what_is_learnt_later_makes_no_story_a_changed_one(desk: TestDesk) -> None:
    growing = [[item(n) for n in range(size)] for size in (1, 2, 3, 9, 9, 9)]
    reports = await polled(desk, *growing)
    assert [(one.new, one.changed) for one in reports] == [
        (1, 0),
        (1, 0),
        (1, 0),
        (6, 0),
        (0, 0),
        (0, 0),
    ]


async def test_a_story_that_was_edited_is_written_clean(desk: TestDesk) -> None:
    items = [item(n) for n in range(6)]
    edited = item(0).replace("noon", "midnight")
    reports = await polled(desk, items[:1], items, [edited, *items[1:]])
    assert [(one.new, one.changed) for one in reports] == [(1, 0), (5, 0), (0, 1)]
    text = (await kept(desk))["g0"].text
    assert text == "Ship 0 came in at midnight. It brought 0 tons of salt."


@pytest.mark.parametrize("learnt", range(0, 8, 2))
def test_a_decision_is_the_same_whatever_is_known_of_boilerplate(learnt: int) -> None:
    document = "".join(item(n) for n in range(8))
    body = f'<rss version="2.0"><channel><title>Bay</title>{document}</channel></rss>'.encode()
    fetched = list(stories(parse_feed(body, "", "http://bay.example/feed"), FEED.id, NOW))
    cleaner = StoryCleaner(FEED)
    cleaner.learn(fetched[:learnt])
    written = [StoryRecord(cleaner.clean(one), fingerprint(one)) for one in fetched]
    known = {one.fingerprint.key: one.fingerprint for one in written}
    decision = decide(known, fetched, now=NOW)
    assert (decision.new, decision.changed, decision.retitled) == ((), (), frozenset())
    renamed = [replace(one, key=f"new-{one.key}") for one in fetched]
    again = decide(known, renamed, now=NOW)
    assert (again.new, again.retitled) == ((), frozenset())
