"""Keeps a store from being posted from while it is copied or replaced."""

from __future__ import annotations

from collections.abc import Iterable

from bot.errors import StoreBusyError
from bot.posting.ports import Outbox


async def stop_posting(outbox: Outbox, platforms: Iterable[str], name: str) -> None:
    """Keeps every process from posting what is in a store, as long as it is open.

    Args:
        outbox: The outbox of the store.
        platforms: The names of all platforms.
        name: What the operator calls the store.

    Raises:
        StoreBusyError: A process posts what is in it.
    """
    for platform in platforms:
        if not await outbox.lock_platform(platform):
            raise StoreBusyError(f"the store {name} is in use: stop Dateline first")
