"""Ports of monitoring: the parts of the store that it needs, as protocols."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.ingest.ports import SourceStore
from bot.model import Chat
from bot.monitoring.alerts.model import Known
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


class AlertStore(Protocol):
    """Keeps what the operator was told. Every method may raise StoreError."""

    async def known(self) -> Known:
        """Returns the troubles that were told and are not known to be over."""
        ...

    async def tell(self, known: Known, text: str, chats: Sequence[Chat], now: datetime) -> None:
        """Puts a notice for each chat into the outbox, and keeps what is known with it.

        Both or neither: nothing is told twice, whatever happens to the process.

        Args:
            known: The troubles that are known from now on.
            text: What the notice says; empty for no notice.
            chats: The chats.
            now: The time.
        """
        ...


class MonitoredStore(Protocol):
    """The parts of the store that monitoring needs."""

    @property
    def sources(self) -> SourceStore:
        """The state of each source."""
        ...

    @property
    def chats(self) -> NoteStore:
        """Notes."""
        ...

    @property
    def status(self) -> StatusStore:
        """The counts of what is in the store."""
        ...

    @property
    def alerts(self) -> AlertStore:
        """The alerts that the operator has had."""
        ...
