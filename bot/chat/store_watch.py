"""Watches that the store stays where it was opened, and reports a new one at the start."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.chat.ports import Store
from bot.errors import StoreGoneError

log = logging.getLogger(__name__)

_EVERY = 5.0  # seconds between two looks


async def report_on_start(store: Store, name: str) -> None:
    """Logs that nothing is followed, where that is so; `name` is what people call the store.

    Raises:
        StoreError: The subscriptions cannot be read.
    """
    if store.is_new:
        log.warning(
            "the store %s is new, so nothing is followed. If there was one before, stop Dateline, "
            "and put it back there or run `dateline restore` with a backup",
            name,
        )
        return
    if not await store.subscriptions.is_anything_followed():
        log.info("nothing is followed yet; `/subscribe` in a chat changes that")


@asynccontextmanager
async def watch_store(
    store: Store, stop: asyncio.Event, every: float = _EVERY
) -> AsyncIterator[None]:
    """Sets `stop` when the store was deleted or replaced, and raises that at the end.

    Raises:
        StoreGoneError: It was. From then on the store refuses every use.
    """
    watching = asyncio.create_task(_watch(store, stop, every))
    try:
        yield
    finally:
        watching.cancel()
        ended = await asyncio.gather(watching, return_exceptions=True)
    if isinstance(ended[0], StoreGoneError):
        raise ended[0]


async def _watch(store: Store, stop: asyncio.Event, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        try:
            await store.check_in_place()
        except StoreGoneError:
            stop.set()
            raise
