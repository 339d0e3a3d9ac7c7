"""The application: everything that runs, put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TextIO

import platformdirs

from adapters.console.conversation import TERMINAL
from adapters.console.lines import read_lines
from adapters.sources.feed.factory import FeedSourceFactory
from adapters.sources.websub.service import WebSubService
from bot.app.enrichment import make_assigner, make_summariser
from bot.app.following import ChangeFollower
from bot.app.memory import keep_trimmed, spare_long_lived
from bot.app.news_sources import open_past
from bot.app.operating import Operation
from bot.app.platforms import open_platforms, require_token
from bot.app.reloading import ConfigReloader
from bot.app.website import open_website
from bot.chat.dispatcher import Dispatcher
from bot.chat.ports import AdjustablePlatform, Platform, Store
from bot.chat.shards import DealtPlatform, ShardAllocator, ShardedPlatform
from bot.chat.standby import LedPlatform
from bot.chat.store_watch import report_on_start, watch_store
from bot.chat.supervisor import serve
from bot.config.schema import Config, SourceConfig
from bot.errors import SourceError, StoreError
from bot.ingest.backfill import Backfill
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.events.upkeep import keep_placed
from bot.ingest.poller import Poller
from bot.ingest.retention import StoryRetention
from bot.ingest.subjects.rebuild import report_outdated_subjects
from bot.ingest.summaries.rebuild import report_outdated
from bot.ingest.topics.rebuild import report_unnamed
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.ingest.websub.subscriptions import forget_subscriptions
from bot.leadership import UPKEEP, Leadership, SoleProcess
from bot.model import Person
from bot.monitoring.alerts.watcher import AlertWatcher
from bot.monitoring.connections import PlatformConnections
from bot.monitoring.loop_lag import LoopLag
from bot.posting.worker import PostingWorkers
from bot.reply import Reply
from bot.search.index_upkeep import keep_merged
from bot.search.meaning.ports import MeaningService
from bot.supervision import Work, keep_running, run_until_done

OPERATOR = Person(TERMINAL.platform, moderator=True, host=True, operator=True)
"""The person at the machine's terminal, who may do all that the bot can."""


@dataclass(frozen=True, slots=True)
class App:
    """Everything that runs, put together.

    Attributes:
        config: The operator's configuration.
        store: Keeps the stories.
        poller: Polls the sources.
        dispatcher: Answers questions.
        posting_workers: Posts what is new.
        enricher: Gives stories their summaries and topics.
        websub: Has hubs push new stories; None without a public address.
        meaning: Searches by meaning; None where that is off.
        topic_upkeep: Finds topics in the stories; None where that is off.
        watcher: Tells the operator of trouble, where chats are configured for that.
        retention: Forgets old stories.
        reloader: Reads the configuration again; None where it stays what it is.
        feeds: Makes sources on the web; None in an application that polls none.
        follower: Keeps up with what other processes over the same store change.
        leadership: Does what only one of the processes that share the store may do.
    """

    config: Config
    store: Store
    poller: Poller
    dispatcher: Dispatcher
    posting_workers: PostingWorkers
    enricher: StoryEnricher
    websub: WebSubService | None = None
    meaning: MeaningService | None = None
    topic_upkeep: TopicUpkeep | None = None
    watcher: AlertWatcher | None = None
    retention: StoryRetention | None = None
    reloader: ConfigReloader | None = None
    feeds: FeedSourceFactory | None = None
    follower: ChangeFollower | None = None
    leadership: Leadership = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "leadership", Leadership(self.store.leader_locks))

    @property
    def sources(self) -> Sequence[SourceConfig]:
        """All sources: those of the configuration, and those that were added in chats."""
        editor = self.dispatcher.services.source_editor
        return editor.sources if editor else self.config.sources

    def backfill(self, source: SourceConfig) -> Backfill:
        """Returns what fills in the past of a source, from its site's API.

        Raises:
            SourceError: It has no site.
        """
        if self.feeds is None or not source.url:
            raise SourceError("only a feed of a site has a past that can be read")
        reader = open_past(source, self.feeds)
        return Backfill(source.id, reader, self.poller, self.store.backfills)

    async def chat(self, stdin: TextIO | None = None, stdout: TextIO | None = None) -> None:
        """Chats in the terminal, and polls the sources meanwhile."""
        # Its libraries are imported only here: they are large, and `run` does without them.
        from adapters.console.chat import run_chat  # noqa: PLC0415 - as above

        polling = asyncio.create_task(self._keep_ready())
        try:
            await run_chat(
                self.dispatcher,
                translations=self.dispatcher.services.translations,
                zone=self.config.bot.timezone,
                history=platformdirs.user_state_path("dateline") / "history",
                stdin=stdin,
                stdout=stdout,
                languages=self.dispatcher.services.languages,
            )
        finally:
            polling.cancel()
            with suppress(asyncio.CancelledError, StoreError):
                await polling

    async def _keep_ready(self) -> None:
        """Keeps the search ready, and polls the sources until it is cancelled.

        Raises:
            StoreError: The store's file is no store of this Dateline any more.
        """
        spare_long_lived()
        beside = [
            asyncio.create_task(run_until_done("warming of the search", self._warm)),
            asyncio.create_task(keep_running("upkeep of the search", self._keep_merged)),
            asyncio.create_task(keep_running("upkeep of memory", self._keep_trimmed)),
            asyncio.create_task(keep_running("the polls' leases", self.poller.share.keep_renewing)),
        ]
        for name, work in self._upkeep():
            beside.append(asyncio.create_task(keep_running(name, partial(self._lead_upkeep, work))))
        try:
            await keep_running("polling", self.poller.keep_polling, fatal=(StoreError,))
        finally:
            for one in beside:
                one.cancel()
            await asyncio.wait(beside)  # none may ask the store once it is closed

    async def _keep_trimmed(self) -> None:
        await keep_trimmed(self.store.release_memory)

    def _upkeep(self) -> Iterator[tuple[str, Work]]:
        """Yields what one of the processes over a store does for all."""
        yield "events", self._keep_placed
        if self.retention:
            yield "retention", self.retention.keep_forgetting
        if self.meaning:
            yield "the search by meaning", self.meaning.upkeep.keep_up

    async def _lead_upkeep(self, work: Work) -> None:
        await self.leadership.lead(UPKEEP, work)

    async def _warm(self) -> None:
        with suppress(StoreError):  # a search will say so
            await self.dispatcher.services.search.warm()
        spare_long_lived()

    async def _keep_placed(self) -> None:
        await keep_placed(self.store.events)

    async def _keep_merged(self) -> None:
        await keep_merged(self.store.search)

    async def run(self, stop: asyncio.Event, reload: asyncio.Event | None = None) -> None:
        """Serves every chat platform that has a token.

        Args:
            stop: Ends it, once it is set.
            reload: Has the configuration read again, whenever it is set; None for never.

        Raises:
            ConfigError: None has a token.
            PlatformError: None can be served any more.
            StoreError: The store's file is no store of this Dateline any more; StoreGoneError when
                it was deleted or replaced.
        """
        require_token(self.config)
        listener = self.websub.listener if self.websub else None
        operation = self._operation()
        self.dispatcher.services.gauges = operation.gauges
        site = open_website(self.config, self.dispatcher, listener)
        allocator = self._allocator()
        platforms = open_platforms(
            self.config,
            self.dispatcher,
            self.posting_workers,
            listener,
            operation.connections.note,
            allocator,
        )
        operation.connections.expect(one.name.lower() for one in platforms)
        if self.reloader:
            self.reloader.serve(platforms)
        led = (self._led(one, allocator) for one in platforms)
        served: list[Platform] = [*led, *([site] if site else [])]
        await report_on_start(self.store, self.config.store.name)
        await report_outdated(self.store.summaries, make_summariser(self.config))
        if self.topic_upkeep:
            await report_unnamed(self.store.topics)
        if assigner := make_assigner(self.config, self.dispatcher.services.topics):
            await report_outdated_subjects(self.store.subjects, assigner)
        async with watch_store(self.store, stop):
            polling = asyncio.create_task(self._keep_ready())
            beside = [asyncio.create_task(one) for one in self._beside(reload)]
            try:
                async with operation.running():
                    await serve(served, stop, vital=[polling])
            finally:
                polling.cancel()
                for one in beside:
                    one.cancel()
                await asyncio.wait({polling, *beside})
                if site:
                    await site.aclose()

    def _allocator(self) -> ShardAllocator | None:
        """Returns what deals Discord's shards out; None where no other process can share them."""
        if isinstance(self.store.leader_locks, SoleProcess):
            return None
        store, share = self.store, self.poller.share
        return ShardAllocator("discord", self.leadership, store.chats, share, store.shard_sessions)

    def _led(self, platform: AdjustablePlatform, allocator: ShardAllocator | None) -> Platform:
        if not platform.is_exclusive:
            return platform
        led = LedPlatform(platform, self.leadership)
        if allocator and isinstance(platform, ShardedPlatform):
            return DealtPlatform(platform, allocator, led)
        return led

    def _beside(self, reload: asyncio.Event | None) -> Iterator[Coroutine[Any, Any, None]]:
        """Yields what runs beside the platforms and the polling."""
        yield self._keep_subscribed()
        if self.follower:
            yield keep_running("following of other processes", self.follower.keep_following)
            yield keep_running("following of the stories", self.follower.keep_searchable)
        if self.reloader and reload:
            reloading = partial(self.reloader.keep_reloading, reload)
            yield keep_running("reloading of the configuration", reloading)

    def _operation(self) -> Operation:
        return Operation(
            self.dispatcher,
            self.posting_workers,
            self.watcher,
            self.config.monitoring.listen,
            PlatformConnections(self.dispatcher.services.clock),
            LoopLag(),
            self.leadership,
        )

    async def _keep_subscribed(self) -> None:
        """Has hubs push new stories until it is cancelled; none can without a public address."""
        websub = self.websub
        if websub is None:
            await run_until_done(
                "forgetting of hubs", lambda: forget_subscriptions(self.store.websub)
            )
        else:
            await keep_running("WebSub", lambda: websub.serve(self.poller.wake))

    async def ask(self, line: str) -> Reply:
        """Answers one line from the terminal."""
        return await self.dispatcher.answer(line, OPERATOR, TERMINAL)

    def lines(self, stdin: TextIO) -> AsyncIterator[str]:
        """Yields the lines of an input as they come; an interrupt ends the wait for one."""
        return read_lines(stdin)

    def as_text(self, reply: Reply) -> str:
        """Renders a reply as plain text."""
        from adapters.console.render import render_plain  # noqa: PLC0415 - as in `chat`

        return render_plain(reply, self.dispatcher.services.translations, self.config.bot.timezone)
