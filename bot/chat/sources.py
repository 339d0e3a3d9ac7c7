"""The sources that run, as commands may change them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from bot.config.schema import SourceConfig
from bot.config.source_changes import SourceChanges
from bot.ingest.backfill import PastReader
from bot.ingest.ports import NewsSource


class RunningSources(Protocol):
    """The sources that are polled and shown now: those of the configuration, and those added.

    It keeps nothing on disk: whoever adds or pauses a source keeps that in the store, and says so
    here, at the start of the process, too.
    """

    @property
    def configured(self) -> Sequence[SourceConfig]:
        """The sources in the configuration's file."""
        ...

    @property
    def added(self) -> Sequence[SourceConfig]:
        """The sources that people have added in a chat; none has the id of a configured one."""
        ...

    @property
    def paused(self) -> AbstractSet[str]:
        """The ids of the sources that are not polled for now."""
        ...

    def open(self, source: SourceConfig) -> NewsSource:
        """Makes a source that is not polled, to look at what it gives.

        Raises:
            ConfigError: Its settings need something that is not installed.
        """
        ...

    def open_past(self, source: SourceConfig) -> PastReader:
        """Makes what reads the past stories of a source with an address; nothing is read yet."""
        ...

    async def apply(
        self,
        *,
        added: Sequence[SourceConfig] | None = None,
        paused: Collection[str] | None = None,
    ) -> SourceChanges:
        """Changes the sources that run: all of what is asked for or, on an error, nothing.

        New ones are polled at once, those gone no more; a poll that is under way ends as it would
        have ended. All others keep their timetables.

        Args:
            added: All added sources, in place of those before; None to leave them.
            paused: All paused ids, in place of those before; None to leave them.

        Raises:
            ConfigError: A source cannot be made, or an id is there twice.
            StoreError: The store cannot be written.
        """
        ...
