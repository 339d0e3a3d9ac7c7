"""Old stories are forgotten, never what waits to be posted, and they do not come again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsdesk import WIRE, ScriptedSource
from outboxes import ROOM, at_once, claim_next, fate, follow, later, posts_of, send_next
from stores import listed, open_store, store
from stories import NOW, HandClock, batch, story

from bot.chat.ports import Store
from bot.config.load import read_config
from bot.errors import ConfigError
from bot.ingest.batch import StoryBatch
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.results import FetchResult, StoryRecord, UnreadablePart
from bot.ingest.retention import Keep, StoryRetention, newest
from bot.model import Source, Story
from bot.posting.model import State
from bot.search.query import Filter, parse
from store.schema import STEPS
from store.schema_changes import RETENTION
from store.sqlite import SqliteStore

__all__ = ["open_store", "store"]

DAY = timedelta(days=1)
MONTH = Keep(age=30 * DAY)
OTHER = Source("other", "Other News", "feed", timedelta(minutes=15))


def retention(store: Store, clock: HandClock | None = None, **keeps: Keep) -> StoryRetention:
    return StoryRetention(store.retention, clock or HandClock(), keeps)


async def no_rest(_seconds: float) -> None:
    """Nobody waits in a test."""


def dated(*days: int) -> list[Story]:
    return [story(f"Day {n}", f"Text {n}.", published=NOW - n * DAY) for n in days]


async def test_stories_go_by_their_age(store: Store) -> None:
    await store.ingest.write(batch(dated(90, 31, 29, 0)))
    assert await retention(store, wire=MONTH).forget(no_rest) == 2
    assert await listed(store) == ["Day 0", "Day 29"]
    assert await retention(store, wire=MONTH).forget(no_rest) == 0


async def test_stories_go_by_their_number(store: Store) -> None:
    await store.ingest.write(batch(dated(*range(250, 0, -1), 0)))
    assert await retention(store, wire=Keep(number=101)).forget(no_rest) == 150
    assert await listed(store, limit=500) == [f"Day {n}" for n in range(101)]


async def test_others_sources_and_those_without_a_limit_are_left_alone(store: Store) -> None:
    other = replace(dated(90)[0], source="other", id="other1", key="other 1")
    await store.ingest.write(batch([*dated(90, 0), other]))
    assert await retention(store, wire=Keep(), other=Keep()).forget(no_rest) == 0
    assert await retention(store, wire=MONTH).forget(no_rest) == 1
    assert len(await listed(store)) == 2


async def test_what_waits_to_be_posted_stays_until_it_was(store: Store) -> None:
    subscription = await follow(store)
    ways = {
        "due": at_once(subscription),
        "sending": at_once(subscription),
        "waiting": later(subscription),
        "gathered one": later(subscription, due=NOW),
        "gathered two": later(subscription, due=NOW),
    }
    old = NOW - 90 * DAY
    sent = story("sent", published=old)
    await store.ingest.write(posts_of(sent, at_once(subscription)))
    await send_next(store)
    for title, way in ways.items():
        await store.ingest.write(posts_of(story(title, published=old), way))
        if title == "sending":
            await store.outbox.gather(ROOM.platform, NOW)
    await store.outbox.gather(ROOM.platform, NOW)
    await claim_next(store)
    await store.ingest.write(batch(dated(0)))
    assert await retention(store, wire=MONTH).forget(no_rest) == 1
    assert set(await listed(store)) == {*ways, "Day 0"}


async def test_what_is_paused_stays(store: Store) -> None:
    subscription = await follow(store)
    one = story("paused", published=NOW - 90 * DAY)
    await store.ingest.write(posts_of(one, at_once(subscription)))
    await store.subscriptions.pause(ROOM, "the bot was removed", NOW)
    assert (await fate(store, one))[0] is State.PAUSED
    await store.ingest.write(batch(dated(0)))
    assert await retention(store, wire=MONTH).forget(no_rest) == 0


async def test_a_story_of_two_sources_goes_when_both_let_it_go(store: Store) -> None:
    (old, new) = dated(90, 0)
    await store.ingest.write(batch([old, new]))
    copy = batch([replace(old, source="other", key="copy")]).stories[0]
    record = StoryRecord(old, copy.fingerprint, copied_by="other")
    await store.ingest.write(StoryBatch([record], NOW))
    assert await retention(store, wire=MONTH, other=Keep()).forget(no_rest) == 0
    assert await retention(store, wire=MONTH, other=Keep(age=100 * DAY)).forget(no_rest) == 0
    assert await retention(store, wire=MONTH, other=MONTH).forget(no_rest) == 1
    assert await store.retention.forgotten_keys("other") == {"copy"}
    assert await store.retention.forgotten_keys("wire") == {old.key}


async def test_a_story_of_a_source_that_is_no_longer_configured_holds_nothing_up(
    store: Store,
) -> None:
    (old, new) = dated(90, 0)
    await store.ingest.write(batch([old, new]))
    copy = batch([replace(old, source="gone", key="copy")]).stories[0]
    await store.ingest.write(
        StoryBatch([StoryRecord(old, copy.fingerprint, copied_by="gone")], NOW)
    )
    assert await retention(store, wire=MONTH).forget(no_rest) == 1


async def test_nothing_is_left_of_a_forgotten_story(store: Store) -> None:
    old = story("Xylophone parade", "Bagpipes everywhere.", published=NOW - 90 * DAY)
    await store.ingest.write(batch([old, *dated(0)]))
    await retention(store, wire=MONTH).forget(no_rest)
    query = parse("xylophone")
    assert query
    assert not await store.search.candidates(query, Filter(), 5)
    assert (await store.sources.states())["wire"].stories == 1
    assert not await store.stories.by_ids([old.id])
    assert await store.check() == []


class Polled:
    """A source that is polled, and whose stories are forgotten."""

    def __init__(self, store: Store, keep: Keep) -> None:
        self.clock = HandClock()
        self.source = ScriptedSource(WIRE)
        self.retention = retention(store, self.clock, wire=keep)
        self.poller = Poller(
            store, self.clock, [self.source], StoryEnricher(()), retention=self.retention
        )

    async def poll(self, stories: Sequence[Story], *, whole: bool = True) -> int:
        """Returns how many stories were new."""
        missing = () if whole else (UnreadablePart("x", 1, "broken"),)
        self.source.gives.append(FetchResult(tuple(stories), missing))
        (report,) = await self.poller.load(["wire"])
        assert not report.error
        return report.new


async def test_what_is_too_old_is_not_taken_in(store: Store) -> None:
    polled = Polled(store, MONTH)
    assert await polled.poll(dated(31, 29, 0)) == 2
    polled = Polled(store, Keep(number=100))
    assert await polled.poll(dated(*range(300))) == 98


async def test_what_was_forgotten_does_not_come_again_while_its_source_gives_it(
    store: Store,
) -> None:
    polled = Polled(store, MONTH)
    undated = [replace(one, undated=True) for one in dated(0, 1)]
    dates = dated(2, 3)
    assert await polled.poll([*undated, *dates]) == 4
    polled.clock.pass_(40 * 24 * 3600)
    fresh = story("Fresh", published=polled.clock.now())
    given = [*(replace(one, published=polled.clock.now()) for one in undated), *dates, fresh]
    assert await polled.poll(given) == 1
    assert await polled.retention.forget(no_rest) >= 3
    for _ in range(3):
        polled.clock.pass_(3_600)
        again = [replace(one, published=polled.clock.now()) for one in undated]
        assert await polled.poll([*again, fresh]) == 0
    assert await store.retention.forgotten_keys("wire") == {one.key for one in undated}
    await polled.poll([fresh], whole=False)  # who knows what could not be read
    assert len(await store.retention.forgotten_keys("wire")) == 2
    await polled.poll([fresh])
    assert await store.retention.forgotten_keys("wire") == set()


@pytest.mark.slow
async def test_the_file_shrinks(tmp_path: Path) -> None:
    path = tmp_path / "dateline.db"
    text = "\n".join(f"A long paragraph about the number {n}. " * 20 for n in range(20))
    async with await SqliteStore.open(path) as store:
        stories = [
            story(f"Old {n}", text, published=NOW - 90 * DAY - timedelta(minutes=n))
            for n in range(150)
        ]
        await store.ingest.write(batch([*stories, *dated(0)]))
    before = path.stat().st_size
    async with await SqliteStore.open(path) as store:
        assert await retention(store, wire=MONTH).forget(no_rest) == 150
    assert path.stat().st_size < before / 3
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA freelist_count").fetchone() == (0,)
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_an_older_store_learns_to_forget(tmp_path: Path) -> None:
    path = tmp_path / "dateline.db"
    before = tuple(step for step in STEPS if step is not RETENTION)
    async with await SqliteStore.open(path, before) as store:
        await store.ingest.write(batch(dated(90, 0)))
    async with await SqliteStore.open(path, (*before, RETENTION)) as store:
        assert await store.retention.forgotten_keys("wire") == set()
        assert await retention(store, wire=MONTH).forget(no_rest) == 1
        assert await store.retention.forgotten_keys("wire") == {"day 90"}


AGES = st.lists(st.integers(0, 60), max_size=30)


@given(AGES, st.integers(1, 40), st.integers(1, 40))
def test_the_newest_are_kept_in_their_order(ages: list[int], days: int, number: int) -> None:
    given_stories = dated(*ages)
    kept = newest(given_stories, Keep(days * DAY, number), NOW)
    within = [one for one in given_stories if NOW - one.published <= days * DAY]
    assert len(kept) == min(number, len(within))
    assert kept == [one for one in given_stories if any(one is each for each in kept)]
    left_out = [one for one in within if all(one is not each for each in kept)]
    assert all(one.published <= each.published for one in left_out for each in kept)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ('keep = "6d"', "at least 7d"),
        ('keep = "old"', "expected a time"),
        ("keep = 7", "expected a time"),
        ("keep_stories = 99", "100 to"),
        ("keep_stories = -1", "100 to"),
    ],
)
def test_what_would_forget_too_much_is_refused(tmp_path: Path, setting: str, told: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[store]\n{setting}\n", "utf-8")
    with pytest.raises(ConfigError, match=told):
        read_config(path, {})
