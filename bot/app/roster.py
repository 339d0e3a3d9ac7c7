"""The roster: the sources that run now; everything that knows sources follows its changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from typing_extensions import override

from adapters.sources.feed.factory import FeedSourceFactory
from adapters.sources.websub.service import WebSubService
from bot.app.enrichment import make_assigner, make_summariser
from bot.app.lineup import Lineup, MakeSource, line_up
from bot.app.news_sources import open_past, open_source
from bot.chat.ports import Store
from bot.chat.sources import RunningSources
from bot.config.schema import Config, SourceConfig
from bot.config.source_changes import SourceChanges
from bot.errors import StoreError
from bot.ingest.backfill import PastReader
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.ports import NewsSource
from bot.ingest.retention import StoryRetention
from bot.ingest.source_finder import SourceCandidate, SourceFinder
from bot.ingest.topics.catalogue import TopicCatalogue
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.live_mapping import LiveMapping
from bot.model import Source

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SourceUsers:
    """Everything that knows the sources, or what follows from them.

    Attributes:
        directory: All sources, by id, as readers meet them.
        poller: Polls them.
        retention: Forgets their old stories.
        enricher: Gives their stories summaries and topics.
        catalogue: Has all topics at hand.
        topic_upkeep: Finds topics; None where that is off.
        websub: Has hubs push what is new; None without a public address.
    """

    directory: LiveMapping[str, Source]
    poller: Poller
    retention: StoryRetention
    enricher: StoryEnricher
    catalogue: TopicCatalogue
    topic_upkeep: TopicUpkeep | None
    websub: WebSubService | None


class SourceRoster(RunningSources, SourceFinder):
    """The sources that run now. There are none until `apply` is first called."""

    def __init__(
        self, config: Config, store: Store, feeds: FeedSourceFactory, users: SourceUsers
    ) -> None:
        """Takes what makes sources, and who follows.

        Args:
            config: The configuration.
            store: Keeps the topics.
            feeds: Makes feeds.
            users: Everything that knows the sources.
        """
        self._lineup = Lineup(replace(config, sources=()))
        self._store = store
        self._feeds = feeds
        self._users = users
        self._applying = asyncio.Lock()

    @property
    def config(self) -> Config:
        """The configuration that is in force."""
        return self._lineup.config

    @property
    @override
    def configured(self) -> Sequence[SourceConfig]:
        return self._lineup.config.sources

    @property
    @override
    def added(self) -> Sequence[SourceConfig]:
        return self._lineup.added

    @property
    @override
    def paused(self) -> AbstractSet[str]:
        return self._lineup.paused

    @override
    def open(self, source: SourceConfig) -> NewsSource:
        return self._maker(self.config)(source)

    @override
    async def apply(
        self,
        *,
        added: Sequence[SourceConfig] | None = None,
        paused: Collection[str] | None = None,
        config: Config | None = None,
    ) -> SourceChanges:
        """Does what `RunningSources.apply` does, and changes the sources and topics of the file.

        Args:
            added: As there.
            paused: As there.
            config: The new configuration; None to leave it.
        """
        async with self._applying:
            before = self._lineup
            wanted = Lineup(
                config or before.config,
                before.added if added is None else tuple(added),
                before.paused if paused is None else frozenset(paused),
            )
            made = await line_up(wanted, before, self._maker(wanted.config))
            await self._follow(made, before)
            return made.changes

    @override
    def open_past(self, source: SourceConfig) -> PastReader:
        return open_past(source, self._feeds.allowing(self.config.feeds.allow_hosts))

    @override
    async def find(self, address: str) -> Sequence[SourceCandidate]:
        feeds = self._feeds.allowing(self.config.feeds.allow_hosts)
        return await feeds.finder().find(address)

    def _maker(self, config: Config) -> MakeSource:
        feeds = self._feeds.allowing(config.feeds.allow_hosts)
        return lambda source: open_source(source, feeds)

    async def _follow(self, lineup: Lineup, before: Lineup) -> None:
        """Has everything follow: the store first, which may fail, then all others at once.

        Raises:
            StoreError: The store cannot be written; all is as it was.
        """
        topics = self._store.topics
        # What is enriched with the old topics has to be written before there are new ones.
        async with self._users.poller.between_writes():
            revision = await topics.revision()
            await self._store.ingest.set_topics(lineup.topics())
            try:
                self._use(lineup, before)
            except Exception:
                self._use(before, lineup)
                await self._store.ingest.set_topics(before.topics())
                raise
            has_changed = revision != await topics.revision()
        await self._settle_topics(has_changed=has_changed)

    async def _settle_topics(self, *, has_changed: bool) -> None:
        upkeep = self._users.topic_upkeep
        if upkeep is None:
            return
        try:
            await upkeep.open(has_changed=has_changed)
        except StoreError as error:
            log.warning("topics are found anew only with the next stories: %s", error)

    def _use(self, lineup: Lineup, before: Lineup) -> None:
        """Puts all into use at once; nothing here waits."""
        users, topics = self._users, lineup.topics()
        if topics != before.topics() or lineup.config.bot != before.config.bot:
            users.catalogue.change_desk(topics)
            assigner = make_assigner(lineup.config, topics)
            users.enricher.change(topics, make_summariser(lineup.config), assigner)
        users.retention.change(lineup.keeps())
        if users.topic_upkeep:
            users.topic_upkeep.exclude(lineup.names())
        if users.websub:
            users.websub.change_sources(lineup.sources, lineup.config.feeds)
            watched = users.websub.watch(lineup.opened.values())
            lineup = replace(lineup, opened={one.source.id: one for one in watched})
        users.directory.put({id_: one.source for id_, one in lineup.opened.items()})
        anew = lineup.changes.reread
        if before.opened:  # else the process begins, and goes on where it ended
            anew |= {one.id for one in lineup.changes.added}
        users.poller.replace_sources(lineup.opened.values(), lineup.paused, anew)
        self._lineup = lineup
