"""Upkeep of the index of words: its parts are merged now and then, so that searches stay fast."""

from __future__ import annotations

import asyncio
import time
from typing import NoReturn

from bot.search.ports import SearchStore

_PAUSE = 0.05  # seconds between two pieces of the work, for those who want to write
_EVERY = 600.0  # seconds between two looks
_SHARE = 500  # times as long as merging took until it may begin again: it rewrites the whole index


async def merge_index(store: SearchStore, pause: float = _PAUSE) -> None:
    """Merges the parts of a store's index, where there are many.

    Raises:
        StoreError: The store cannot be read or written.
    """
    is_left = True
    while is_left:
        is_left = await store.merge_index()
        await asyncio.sleep(pause)


async def keep_merged(store: SearchStore) -> NoReturn:
    """Merges the parts of a store's index whenever there are many, but seldom in a large store.

    Raises:
        StoreError: The store cannot be read or written.
    """
    while True:
        start = time.monotonic()
        await merge_index(store)
        await asyncio.sleep(max(_EVERY, _SHARE * (time.monotonic() - start)))
