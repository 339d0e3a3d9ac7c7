"""The roster: all that knows sources follows a change of them, or nothing does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from stories import HandClock
from typing_extensions import override

from adapters.sources.feed.factory import open_feed_sources
from bot.app.roster import SourceRoster, SourceUsers
from bot.config.schema import Config, FeedsConfig, SourceConfig, TopicConfig
from bot.config.store import StoreConfig
from bot.errors import ConfigError, StoreError
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.retention import StoryRetention
from bot.ingest.topics.catalogue import TopicCatalogue
from bot.live_mapping import LiveMapping
from bot.model import Source, Topic
from store.ingest import SqlIngest
from store.sqlite import SqliteStore

DAY = timedelta(days=1)


class FaultyIngest(SqlIngest):
    """A part of a store that does not take topics while it is full."""

    is_full = False

    @override
    async def set_topics(self, topics: Sequence[Topic]) -> None:
        if self.is_full:
            raise StoreError("the disk is full")
        await super().set_topics(topics)


class FaultyDirectory(LiveMapping[str, Source]):
    """Names of sources that cannot be changed as long as there is a bug."""

    has_bug = False

    @override
    def put(self, content: Mapping[str, Source]) -> None:
        if self.has_bug:
            self.has_bug = False
            raise KeyError("a bug")
        super().put(content)


class Room:
    """A roster over a real store, and all who follow it."""

    def __init__(self, store: SqliteStore, folder: Path) -> None:
        self.store, self.folder, self.clock = store, folder, HandClock()
        self.ingest = store.ingest = FaultyIngest(store.ingest._connections)  # noqa: SLF001 - its own
        self.directory, self.catalogue = FaultyDirectory(), TopicCatalogue(())
        enricher = StoryEnricher()
        self.retention = StoryRetention(store.retention, self.clock, {})
        self.poller = Poller(store, self.clock, (), enricher, lambda: 0.5)
        self.users = SourceUsers(
            self.directory, self.poller, self.retention, enricher, self.catalogue, None, None
        )

    def archive(self, name: str, /, *topics: str, **given: object) -> SourceConfig:
        """A source with one story, which names the source."""
        text = f"About {name}\n\nOSAKA, Nov. 20, 2026—News of {name} and the expo.\n\n###\n"
        path = self.folder / f"{name}.txt"
        path.write_text(text, "utf-8")
        made = SourceConfig(id=name, kind="archive", paths=(str(path),), topics=topics)
        return replace(made, **given) if given else made  # type: ignore[arg-type] # a field each

    async def topics(self) -> tuple[str, ...]:
        """The topics that have stories, once all sources that are due were polled."""
        await self.poller.poll_due()
        counts = await self.store.stories.topic_counts()
        return tuple(sorted(topic for topic, count in counts.items() if count))

    async def polled(self) -> list[str]:
        """The sources whose stories are in the store, once all that are due were polled."""
        await self.poller.poll_due()
        states = await self.store.sources.states()
        return sorted(name for name, state in states.items() if state.stories)

    def forgets(self) -> bool:
        """Whether any story is ever forgotten."""
        return self.retention.is_on

    def seen(self) -> tuple[list[str], list[str]]:
        """The names of the sources and the topics, as readers meet them."""
        return [one.name for one in self.directory.values()], [one.name for one in self.catalogue]


@asynccontextmanager
async def _room(folder: Path, *sources: str) -> AsyncIterator[tuple[Room, SourceRoster]]:
    async with (
        await SqliteStore.open(folder / "d.db") as store,
        open_feed_sources(FeedsConfig(), HandClock()) as feeds,
    ):
        room = Room(store, folder)
        config = Config(
            sources=tuple(room.archive(name, name.title()) for name in sources),
            bot=replace(Config().bot, subjects=False),
        )
        roster = SourceRoster(config, store, feeds, room.users)
        await roster.apply(config=config)
        yield room, roster


async def test_all_follow_what_is_added_and_removed(tmp_path: Path) -> None:
    async with _room(tmp_path, "wire") as (room, roster):
        assert await room.polled() == ["wire"]
        harbour = room.archive("harbour", "Ships", name="The Harbour")
        changes = await roster.apply(added=[harbour])
        assert changes.added == (harbour,)
        assert room.seen() == (["wire", "The Harbour"], ["Wire", "Ships"])
        assert await room.polled() == ["harbour", "wire"]
        assert await room.topics() == ("Ships", "Wire")
        assert (await roster.apply(added=[])).removed == (harbour,)
        assert room.seen() == (["wire"], ["Wire"])
        assert (roster.added, [one.id for one in roster.configured]) == ((), ["wire"])


async def test_pauses_and_additions_outlast_each_other_and_a_new_file(tmp_path: Path) -> None:
    async with _room(tmp_path, "wire") as (room, roster):
        harbour = room.archive("harbour")
        await roster.apply(added=[harbour])
        await roster.apply(paused={"harbour", "wire"})
        await roster.apply(
            config=replace(roster.config, topics=(TopicConfig(name="Expo", query="expo"),))
        )
        assert (roster.added, roster.paused) == ((harbour,), {"harbour", "wire"})
        assert await room.polled() == []
        await roster.apply(paused=())
        assert await room.polled() == ["harbour", "wire"]
        assert await room.topics() == ("Expo", "Wire")


async def test_what_a_source_is_called_and_how_long_it_is_kept_change_at_once(
    tmp_path: Path,
) -> None:
    async with _room(tmp_path, "wire", "last") as (room, roster):
        await room.poller.load(["wire"])
        await room.polled()
        assert not room.forgets()
        wire, last = roster.configured
        renamed = replace(wire, name="The Wire", keep=7 * DAY)
        changes = await roster.apply(config=replace(roster.config, sources=(renamed, last)))
        assert changes.changed == {"wire": ("name", "keep")}
        assert room.seen() == (["The Wire", "last"], ["Wire", "Last"])
        assert room.forgets()
        room.clock.pass_(30 * DAY.total_seconds())
        assert await room.retention.forget() == 1
        of_the_store = replace(roster.config, sources=(wire,), store=StoreConfig(keep=9 * DAY))
        await roster.apply(config=of_the_store)
        assert room.forgets()


async def test_a_story_under_another_path_is_read_at_once(tmp_path: Path) -> None:
    async with _room(tmp_path, "wire") as (room, roster):
        await room.polled()
        moved = replace(roster.configured[0], paths=room.archive("other").paths)
        await roster.apply(config=replace(roster.config, sources=(moved,)))
        await room.polled()
        assert (await room.store.sources.states())["wire"].stories == 2


@pytest.mark.slow
@pytest.mark.parametrize("trouble", ["store", "bug", "two ids"])
async def test_what_fails_half_way_leaves_all_as_it_was(tmp_path: Path, trouble: str) -> None:
    async with _room(tmp_path, "wire") as (room, roster):
        await room.polled()
        before = roster.config
        wanted = [room.archive("wire" if trouble == "two ids" else "harbour", "Ships")]
        room.ingest.is_full, room.directory.has_bug = trouble == "store", trouble == "bug"
        with pytest.raises((StoreError, KeyError, ConfigError)):
            await roster.apply(added=wanted, config=replace(before, topics=()))
        room.ingest.is_full = False
        assert (roster.config, roster.added) == (before, ())
        assert room.seen() == (["wire"], ["Wire"])
        assert await room.polled() == ["wire"]
        assert await room.topics() == ("Wire",)
        (wire,) = roster.configured
        await roster.apply(added=[room.archive("harbour", "Ships")])  # nothing is stuck
        assert room.seen() == (["wire", "harbour"], ["Wire", "Ships"])
        assert wire in roster.configured


@pytest.mark.process
async def test_a_private_host_counts_from_the_moment_that_it_is_allowed(tmp_path: Path) -> None:
    async with _room(tmp_path) as (room, roster):
        feed = SourceConfig(id="inside", kind="feed", url="http://127.0.0.1:9/feed")
        await roster.apply(added=[feed])
        (refused,) = await room.poller.load()
        assert "127.0.0.1" in refused.error
        assert "private" in refused.error or "allow" in refused.error
        feeds = FeedsConfig(allow_hosts=frozenset({"127.0.0.1:9"}))
        await roster.apply(config=replace(roster.config, feeds=feeds))
        (asked,) = await room.poller.load()
        assert asked.error != refused.error


async def test_a_source_can_be_looked_at_without_being_polled(tmp_path: Path) -> None:
    async with _room(tmp_path) as (room, roster):
        made = roster.open(room.archive("harbour"))
        assert [one.title for one in (await made.fetch()).stories] == ["About harbour"]
        assert await room.polled() == []
