"""The memory of the process: what stays is not searched, what is free goes back to the system.

Python's objects are small and long-lived; what SQLite and large texts leave between them would stay
with the process for ever. See https://man7.org/linux/man-pages/man3/mallopt.3.html and
https://man7.org/linux/man-pages/man3/malloc_trim.3.html. Without glibc nothing goes back.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cache

from bot.errors import StoreError

_ARENA_MAX = -8  # of mallopt: how many arenas there may be
_ARENAS = 2  # glibc takes eight for each core, each with free room of its own
_EVERY = 60.0  # seconds; it takes a few milliseconds of a thread


def limit_arenas() -> None:
    """Has all threads allocate from a few arenas; call it before threads are begun."""
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_ARENA_MAX, _ARENAS)


def spare_long_lived() -> None:
    """Spares the garbage collector what there is by now, most of which stays.

    A search for cycles in all of it would stop the event loop for tens of milliseconds. Call it
    before there is something to do, and again when much has been loaded.
    """
    gc.freeze()


async def keep_trimmed(release: Callable[[], Awaitable[None]], every: float = _EVERY) -> None:
    """Gives free memory back again and again, until it is cancelled.

    Args:
        release: Frees what is kept only to be faster; else it would grow for hours.
        every: Seconds between two times.
    """
    libc = _glibc()
    while True:
        await asyncio.sleep(every)
        with suppress(StoreError):  # who needs the store tells of it
            await release()
        if libc is not None:
            await asyncio.to_thread(libc.malloc_trim, 0)


@cache
def _glibc() -> ctypes.CDLL | None:
    """Returns the C library, if it is glibc; others have no such calls, or mean nothing by them."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "gnu_get_libc_version") else None
