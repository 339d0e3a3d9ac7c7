"""Counters of work that is under way, to which other work gives way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class WorkCounter:
    """Counts, on the event loop, the work that is under way."""

    def __init__(self, idle: asyncio.Event | threading.Event) -> None:
        """Makes one with nothing under way; `idle` is an event that is set while there is none."""
        self._under_way = 0
        self._idle = idle
        idle.set()

    @property
    def is_idle(self) -> bool:
        """True when nothing is under way."""
        return self._idle.is_set()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Counts the block as work that is under way."""
        self._under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()
