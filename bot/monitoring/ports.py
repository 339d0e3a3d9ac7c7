"""What monitoring needs of the store, as protocols."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.ingest.ports import SourceStore
from bot.monitoring.model import StoreStatus


class StatusStore(Protocol):
    """Counts what is in the store. Every method may raise StoreError."""

    async def status(self, now: datetime) -> StoreStatus:
        """Returns what is in the store; reads only."""
        ...


class NoteStore(Protocol):
    """Keeps short texts by their names. Every method may raise StoreError."""

    async def note(self, name: str) -> str:
        """Returns what was noted under a name; an empty text for nothing."""
        ...

    async def set_note(self, name: str, value: str) -> None:
        """Stores a note, replacing the one before."""
        ...


class MonitoredStore(Protocol):
    """The parts of the store that monitoring needs."""

    @property
    def sources(self) -> SourceStore:
        """How each source fares."""
        ...

    @property
    def chats(self) -> NoteStore:
        """Notes."""
        ...

    @property
    def status(self) -> StatusStore:
        """What is in the store, counted."""
        ...
