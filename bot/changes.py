"""Changes that other processes over the same store make, of what a process keeps in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from enum import Enum
from typing import Protocol

from typing_extensions import override


class Change(Enum):
    """Kinds of what has changed."""

    ANYTHING = ""
    """Nobody listened for a while."""

    SOURCES = "sources"
    """Sources were added, changed, removed, paused or resumed in a chat."""

    SETTINGS = "settings"
    """The settings of chats."""

    STORIES = "stories"
    """Stories were written, or words of them forgotten."""

    CONFIGURATION = "configuration"
    """The operator's file, which is to be read again."""


class ChangeFeed(Protocol):
    """Tells the processes over a store of one another's changes."""

    def follow(self) -> AsyncGenerator[Change, None]:
        """Yields changes as they come, for ever; it may yield this process's own, too."""
        ...

    async def announce(self, change: Change) -> None:
        """Tells all other processes of a change that the store does not tell of by itself.

        Raises:
            StoreError: They cannot be told.
        """
        ...


class NoOthers(ChangeFeed):
    """Stands for the feed where no other process can share the store."""

    @override
    async def follow(self) -> AsyncGenerator[Change, None]:
        await asyncio.Event().wait()
        yield Change.ANYTHING  # which is never reached, and makes it a generator

    @override
    async def announce(self, change: Change) -> None:
        del change
