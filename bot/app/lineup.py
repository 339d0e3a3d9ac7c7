"""A lineup: all sources of one moment, configured and added, made but not necessarily in use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.app.enrichment import make_topics
from bot.config.schema import Config, SourceConfig
from bot.config.source_changes import SourceChanges, compare_sources
from bot.errors import ConfigError
from bot.i18n import load as load_translations
from bot.ingest.ports import NewsSource
from bot.ingest.retention import Keep
from bot.model import Topic

MakeSource = Callable[[SourceConfig], NewsSource]
"""Makes a source; raises ConfigError where it cannot."""


@dataclass(frozen=True, slots=True)
class Lineup:
    """The sources of one moment.

    Attributes:
        config: The configuration.
        added: Sources that people have added.
        paused: The ids of those that are not polled.
        opened: All sources, by id.
        changes: What differs from the lineup before.
    """

    config: Config
    added: tuple[SourceConfig, ...] = ()
    paused: frozenset[str] = frozenset()
    opened: Mapping[str, NewsSource] = field(default_factory=dict)
    changes: SourceChanges = field(default_factory=SourceChanges)

    @property
    def whole(self) -> Config:
        """The configuration as if the added sources stood in it."""
        return replace(self.config, sources=self.sources)

    @property
    def sources(self) -> tuple[SourceConfig, ...]:
        """All sources: those of the configuration first."""
        return (*self.config.sources, *self.added)

    def topics(self) -> tuple[Topic, ...]:
        """Returns the desk's own topics."""
        return make_topics(self.whole, load_translations(self.config.bot.language))

    def keeps(self) -> Mapping[str, Keep]:
        """Returns what is kept of each source's stories."""
        store = self.config.store
        return {
            one.id: Keep(one.keep or store.keep, one.keep_stories or store.keep_stories or None)
            for one in self.sources
        }

    def names(self) -> Sequence[str]:
        """Returns names that are no topics: the desk's and those of its sources."""
        return [self.config.desk.name, *(one.name or one.id for one in self.sources)]


async def line_up(wanted: Lineup, before: Lineup, make: MakeSource) -> Lineup:
    """Makes the sources of a lineup, but for those that another one has already.

    Raises:
        ConfigError: A source cannot be made, or an id is there twice.
    """
    sources, known = _by_id(wanted.sources), _by_id(before.sources)
    # Whoever may name private hosts is asked when a source is made.
    is_like_before = wanted.config.feeds.allow_hosts == before.config.feeds.allow_hosts
    opened = {
        id_: before.opened[id_]
        if is_like_before and known.get(id_) == one
        else await asyncio.to_thread(make, one)
        for id_, one in sources.items()
    }
    return replace(wanted, opened=opened, changes=compare_sources(known, sources))


def _by_id(sources: Iterable[SourceConfig]) -> dict[str, SourceConfig]:
    by_id: dict[str, SourceConfig] = {}
    for one in sources:
        if by_id.setdefault(one.id, one) is not one:
            raise ConfigError(
                f"there are two sources with the id {one.id}; one was added in a chat: remove that "
                "there, or give the other one another id"
            )
    return by_id
