"""Threads: what computes in one must not keep the event loop waiting."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_INTERVAL = 0.001  # seconds; Python's own is five times that
_LONGEST_PAUSE = 0.05  # seconds: a story takes some milliseconds, and must come even so


def favour_event_loop() -> None:
    """Makes threads that compute give way to the event loop after a millisecond.

    Stories are summarised and stored in threads, but one thread of Python runs at a time. An answer
    takes the event loop and the store several turns, and each waits as long as a thread that
    computes may go on: see `sys.setswitchinterval`.
    """
    sys.setswitchinterval(_INTERVAL)


class Foreground:
    """The work that somebody waits for, to which a thread that nobody waits for gives way.

    However Python divides its time, a thread that computes takes half of it from an event loop that
    has more to do than it can.
    """

    def __init__(self) -> None:
        self._under_way = 0
        self._idle = threading.Event()
        self._idle.set()

    @property
    def is_idle(self) -> bool:
        """True when nothing is under way."""
        return self._idle.is_set()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Counts the block, which runs on the event loop, as work that somebody waits for."""
        self._under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    def give_way(self, longest: float = _LONGEST_PAUSE) -> None:
        """Waits until nothing is under way; in a thread, between two pieces of its work.

        Args:
            longest: Seconds after which it goes on all the same.
        """
        self._idle.wait(longest)
