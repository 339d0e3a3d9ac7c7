"""Reloading of the configuration while the process runs: all of it, or nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from typing_extensions import override

from bot.app.roster import SourceRoster
from bot.app.settings import SettingUsers
from bot.changes import Change, ChangeFeed
from bot.chat.configuration import RunningConfiguration
from bot.chat.ports import AdjustablePlatform
from bot.chat.source_edits import SourceEditor
from bot.config.changes import ConfigChanges, compare_configs
from bot.config.permissions import permission_warnings
from bot.config.schema import Config
from bot.errors import ConfigError, StoreError

log = logging.getLogger(__name__)

ReadConfig = Callable[[], Config]
"""Reads the file that the process was begun with; raises ConfigError."""


class ConfigReloader(RunningConfiguration):
    """Reads the configuration again, and has everything follow that can."""

    def __init__(
        self,
        started: Config,
        read: ReadConfig,
        roster: SourceRoster,
        editor: SourceEditor,
        users: SettingUsers,
        feed: ChangeFeed,
    ) -> None:
        """Takes what is in force.

        Args:
            started: The configuration that the process was begun with.
            read: Reads it again.
            roster: Has the sources and topics follow.
            editor: Knows the sources that were added in chats.
            users: Has all other settings followed.
            feed: Tells other processes over the same store to read their files again, too.
        """
        self._started = started
        self._read = read
        self._roster = roster
        self._editor = editor
        self._users = users
        self._feed = feed
        self._reloading = asyncio.Lock()

    def serve(self, platforms: Sequence[AdjustablePlatform]) -> None:
        """Has platforms follow, too."""
        self._users.platforms = platforms

    @override
    async def reload(self) -> ConfigChanges:
        try:
            return await self._reload()
        finally:  # their files may be right where this one is wrong
            await self._announce()

    async def _announce(self) -> None:
        try:
            await self._feed.announce(Change.CONFIGURATION)
        except StoreError as error:
            log.warning("no other process was told to read its configuration again: %s", error)

    async def _reload(self) -> ConfigChanges:
        async with self._reloading:
            before = self._roster.config
            after = await asyncio.to_thread(self._read)
            changes = compare_configs(self._started, before, after)
            if after != before:
                await self._follow(after, before)
            return replace(changes, warnings=tuple(permission_warnings(after)))

    async def _follow(self, after: Config, before: Config) -> None:
        """Puts a configuration in force; if that fails half way, the one before."""
        async with self._editor.beside(after.sources) as added:
            added_before = self._roster.added
            await self._roster.apply(config=after, added=added)
            try:
                self._users.take_over(after)
            except Exception:
                self._users.take_over(before)
                await self._roster.apply(config=before, added=added_before)
                raise

    async def keep_reloading(self, asked: asyncio.Event) -> None:
        """Reloads whenever an event is set, and logs what came of it, until it is cancelled."""
        while True:
            await asked.wait()
            asked.clear()
            await self.reload_and_log()
            await self._announce()

    async def reload_and_log(self, *, only_changes: bool = False) -> None:
        """Reads the configuration again, as another process has, and logs what came of it.

        Args:
            only_changes: Log nothing where it is as it was.
        """
        try:
            changes = await self._reload()
            if not (only_changes and changes.is_empty):
                log_changes(changes)
        except (ConfigError, StoreError) as error:
            for line in ("the configuration stays as it was:", *str(error).splitlines()):
                log.error("%s", line)  # noqa: TRY400 - what the operator has to mend


def log_changes(changes: ConfigChanges) -> None:
    """Logs what a reload has changed, a line each."""
    if changes.is_empty:
        log.info("the configuration was read again; nothing has changed")
    sources, topics = changes.sources, changes.topics
    lists = (
        ("sources added", [one.id for one in sources.added]),
        ("sources removed", [one.id for one in sources.removed]),
        ("sources changed", [f"{id_} ({', '.join(of)})" for id_, of in sources.changed.items()]),
        ("topics added", topics.added),
        ("topics removed", topics.removed),
        ("topics changed", topics.changed),
        ("settings changed", [f"{one.name}: {one.text}" for one in changes.settings]),
    )
    for what, names in lists:
        if names:
            log.info("configuration: %s: %s", what, "; ".join(names))
    if changes.restart:
        log.warning("configuration: needs a restart: %s", ", ".join(changes.restart))
    for warning in changes.warnings:
        log.warning("configuration: %s", warning)
