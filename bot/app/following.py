"""Following of what other processes over the same store have changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from bot.app.reloading import ConfigReloader
from bot.changes import Change, ChangeFeed
from bot.chat.settings import ChatSettings
from bot.chat.source_edits import SourceEditor

_PAUSE = 1.0  # seconds between two readings of new words; who asks meanwhile reads them, too


@dataclass(frozen=True, slots=True)
class ChangeFollower:
    """Keeps what this process has in memory as the store, and the operator's file, have it.

    What carries a revision of its own (subscriptions, topics) is not among it.
    """

    feed: ChangeFeed
    settings: ChatSettings
    editor: SourceEditor
    reloader: ConfigReloader
    read_stories: Callable[[], Awaitable[None]]
    _stories: asyncio.Event = field(default_factory=asyncio.Event)  # set when some were written

    async def keep_following(self) -> None:
        """Follows the feed until it is cancelled.

        Raises:
            StoreError: The store cannot be read; whoever begins anew reads everything anew.
        """
        async with aclosing(self.feed.follow()) as changes:
            async for change in changes:
                await self.follow(change)

    async def follow(self, change: Change) -> None:
        """Follows one change.

        Raises:
            StoreError: The store cannot be read.
        """
        if change in {Change.SETTINGS, Change.ANYTHING}:
            self.settings.drop_all()
        if change in {Change.SOURCES, Change.ANYTHING}:
            await self.editor.refresh()
        if change in {Change.STORIES, Change.ANYTHING}:
            self._stories.set()
        if change in {Change.CONFIGURATION, Change.ANYTHING}:
            await self.reloader.reload_and_log(only_changes=change is Change.ANYTHING)

    async def keep_searchable(self) -> None:
        """Reads new words and titles as they come, so that nobody who asks waits for them.

        Raises:
            StoreError: The store cannot be read.
        """
        while True:
            await self._stories.wait()
            self._stories.clear()
            await self.read_stories()
            await asyncio.sleep(_PAUSE)
