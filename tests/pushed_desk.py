"""A desk whose feeds are pushed by a hub: real feeds, listener, poller, store and hub."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from feed_server import Answer, FeedServer
from servers.websub_hub import Hub
from stories import HandClock
from typing_extensions import override

from adapters.sources.feed.factory import open_feed_sources
from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness
from adapters.sources.websub.hub_client import HubClient
from adapters.sources.websub.service import WebSubService, open_websub
from bot.config.platforms import TelegramConfig
from bot.config.schema import Config, FeedsConfig, SourceConfig
from bot.config.store import StoreConfig
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poll_share import SoleLeases
from bot.ingest.poller import Poller
from bot.ingest.ports import IngestStore, NewsSource, PollLeases, SourceStore
from bot.ingest.results import LoadReport, SourceState
from bot.ingest.websub.model import HubSubscription, Phase
from bot.search.query import Filter
from store.sqlite import SqliteStore

PUBLIC = "https://news.example.org/bot"
WIRE = "wire"
EVERY = timedelta(minutes=15)
OTHER = "other"
_TICK = 0.005  # seconds that stand for any sleep
_AT_ONCE = Politeness(pause=0.0)


async def _tick(_seconds: float) -> None:
    await asyncio.sleep(_TICK)


def rss(*titles: str, hub: str = "", topic: str = "") -> Answer:
    """A feed of stories that names a hub, the newest first."""
    links = "".join(
        f'<link xmlns="http://www.w3.org/2005/Atom" rel="{relation}" href="{url}"/>'
        for relation, url in (("hub", hub), ("self", topic))
        if url
    )
    items = "".join(
        f"<item><title>{title}</title><guid>{title}</guid>"
        f"<description>What {title} is about.</description></item>"
        for title in titles
    )
    body = f"<rss version='2.0'><channel><title>t</title>{links}{items}</channel></rss>"
    return Answer(body.encode(), headers={"Content-Type": "application/rss+xml"})


class _CountingSources(SourceStore):
    """Counts the polls that have ended, which is when their reports are kept."""

    def __init__(self, sources: SourceStore, ended: int) -> None:
        self._sources = sources
        self.ended = ended

    @override
    async def finish_load(self, report: LoadReport, signature: str) -> None:
        await self._sources.finish_load(report, signature)
        self.ended += 1

    @override
    async def states(self, *, rates: bool = True) -> Mapping[str, SourceState]:
        return await self._sources.states(rates=rates)

    @override
    async def state(self, source: str) -> SourceState | None:
        return await self._sources.state(source)


@dataclass
class _CountingStore:
    """The parts of a store that a poller needs, and how many of its polls have ended."""

    ingest: IngestStore
    sources: _CountingSources
    leases: PollLeases = field(default_factory=SoleLeases)


@dataclass
class PushedDesk:
    """What runs, and what stands around it.

    Attributes:
        path: The store's file.
        port: Where the bot listens.
        hub: The hub that feeds name.
        site: Where the feeds are.
        clock: The bot's.
    """

    path: Path
    port: int
    hub: Hub
    site: FeedServer
    clock: HandClock = field(default_factory=HandClock)
    sources: tuple[str, ...] = (WIRE,)
    public: str = PUBLIC
    websub: bool = True
    store: SqliteStore = field(init=False)
    poller: Poller = field(init=False)
    service: WebSubService = field(init=False)
    watched: dict[str, NewsSource] = field(init=False)
    allowed: dict[str, AllowedHosts] = field(init=False)
    _counting: _CountingStore = field(init=False)

    def __post_init__(self) -> None:
        self.allow(self.hub)

    def allow(self, *hubs: Hub) -> None:
        """Allows private hubs to any source, even to one that is not in the configuration."""
        hosts = AllowedHosts(hub.host for hub in hubs)
        self.allowed = {WIRE: hosts, OTHER: hosts}

    def gives(self, *titles: str, name: str = WIRE, hub: str | None = None) -> str:
        """Scripts the feed of a source; returns its URL."""
        named = self.hub.url if hub is None else hub
        return self.site.answers(f"/{name}", rss(*titles, hub=named, topic=self.topic(name)))

    def topic(self, name: str = WIRE) -> str:
        return self.site.url(f"/{name}")

    @property
    def polls(self) -> int:
        """How often the feeds were asked for."""
        return len(self.site.asked)

    @property
    def every(self) -> timedelta:
        """The interval of the source's polls now."""
        return self.watched[WIRE].source.every

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits until something is true."""
        while not holds():
            await asyncio.sleep(_TICK)

    async def polled(self, times: int) -> None:
        """Waits until the feed was polled so many times, and the last of the polls has ended."""
        await self.until(lambda: self.polls >= times)
        assert self.polls == times
        await self.ended()

    async def ended(self) -> None:
        """Waits until no poll is under way: the clock must not pass before a poll's end is kept."""
        await self.until(lambda: self._counting.sources.ended >= self.polls)

    async def listening(self) -> None:
        """Waits until the bot's port takes connections."""
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except ConnectionRefusedError:
                await asyncio.sleep(_TICK)
            else:
                writer.close()
                await writer.wait_closed()
                return

    async def settled(self) -> None:
        """Gives everything time to do what it should not do."""
        await asyncio.sleep(40 * _TICK)

    async def titles(self) -> set[str]:
        return {one.title for one in (await self.store.stories.latest(Filter(), 99)).stories}

    async def has(self, *titles: str) -> None:
        """Waits until the store holds just these stories, and no poll is under way."""
        while await self.titles() != set(titles):
            await asyncio.sleep(_TICK)
        await self.ended()

    async def kept(self, phase: Phase | None = None) -> list[HubSubscription]:
        """The subscriptions in the store."""
        found = await self.store.websub.subscriptions()
        return [one for one in found if phase in {None, one.phase}]

    async def subscribed(self, phase: Phase = Phase.ACTIVE) -> HubSubscription:
        """Waits until there is one subscription, in a phase, and no poll is under way."""
        while [one.phase for one in await self.kept()] != [phase]:
            await asyncio.sleep(_TICK)
        await self.ended()
        return (await self.kept())[0]

    def config(self) -> Config:
        return Config(
            store=StoreConfig(path=self.path),
            sources=tuple(
                SourceConfig(
                    id=name,
                    kind="feed",
                    url=self.topic(name),
                    allow_hosts=frozenset({self.hub.host}),
                    every=EVERY,
                )
                for name in self.sources
            ),
            feeds=FeedsConfig(allow_hosts=frozenset({self.site.host}), websub=self.websub),
            telegram=TelegramConfig(
                webhook_url=self.public, webhook_listen=f"127.0.0.1:{self.port}"
            ),
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[PushedDesk]:
        """Runs the bot as long as the block lasts; it may be run again, as after a restart."""
        config = self.config()
        self.hub.routes[PUBLIC] = f"http://127.0.0.1:{self.port}"
        async with AsyncExitStack() as stack:
            self.store = await stack.enter_async_context(await SqliteStore.open(self.path))
            feeds = await stack.enter_async_context(open_feed_sources(config.feeds, self.clock))
            service = await stack.enter_async_context(
                open_websub(config, self.store.websub, self.clock)
            )
            assert service
            self.service = service
            service.subscriber.sleep = _tick
            fetcher = await stack.enter_async_context(Fetcher(_AT_ONCE))
            feeds = replace(feeds, fetcher=fetcher)
            hubs = service.subscriber.hubs = HubClient(_AT_ONCE, self.clock, self.allowed)
            stack.push_async_callback(hubs.aclose)
            made = [
                feeds.web_feed(one.source(), one.url, allow_hosts=one.allow_hosts)
                for one in config.sources
            ]
            watched = service.watch(made)
            self.watched = {one.source.id: one for one in watched}
            sources = _CountingSources(self.store.sources, self.polls)
            self._counting = _CountingStore(self.store.ingest, sources)
            self.poller = Poller(
                self._counting,
                self.clock,
                watched,
                StoryEnricher(),
                chance=lambda: 0.5,
                sleep=_tick,
            )
            tasks = [
                asyncio.create_task(self.poller.keep_polling()),
                asyncio.create_task(service.serve(self.poller.wake)),
            ]
            try:
                yield self
            finally:
                await _end(tasks)


async def _end(tasks: Iterable[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
