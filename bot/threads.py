"""Threads: what computes in one must not keep the event loop waiting."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.work_counter import WorkCounter

_INTERVAL = 0.001  # seconds; Python's own is five times that
_LONGEST_PAUSE = 0.05  # seconds: what nobody waits for must come even so
_STINT = 0.005  # seconds of computing between two pauses: many pieces are far smaller than a story

_T = TypeVar("_T")


class GiveWay(Protocol):
    """Waits, in a thread, until nobody waits for anything: `Foreground.give_way`, or `go_on`."""

    def __call__(self, longest: float = _LONGEST_PAUSE) -> bool:
        """Waits for so many seconds at most; returns False if something is still waited for."""
        ...


def go_on(longest: float = 0.0) -> bool:  # noqa: ARG001 - a `GiveWay`
    """Waits for nobody, where nobody is served."""
    return True


@dataclass(frozen=True, slots=True)
class _Background:
    """Work that nobody waits for: how it gives way, and the thread that never does."""

    give_way: GiveWay
    loop_thread: int


class _Stint(threading.local):
    """For each thread, what `time.thread_time` says when it has computed enough at once."""

    end = 0.0


_BACKGROUND: ContextVar[_Background | None] = ContextVar("background", default=None)
_STINTS = _Stint()


@contextmanager
def background(give_way: GiveWay) -> Iterator[None]:
    """Makes the block, a part of a task on the event loop, work that nobody waits for.

    Threads that it starts by `asyncio.to_thread` give way wherever they call `pause`, however deep
    in pure functions that is: the context goes with them.
    """
    token = _BACKGROUND.set(_Background(give_way, threading.get_ident()))
    try:
        yield
    finally:
        _BACKGROUND.reset(token)


def pause() -> None:
    """Gives way in a thread of work that nobody waits for, once it has computed for some time.

    Anywhere else, on the event loop too, it does nothing.
    """
    behind = _BACKGROUND.get()
    if behind is None or behind.loop_thread == threading.get_ident():
        return
    if time.thread_time() >= _STINTS.end:
        behind.give_way()
        _STINTS.end = time.thread_time() + _STINT


def pace(items: Iterable[_T]) -> Iterator[_T]:
    """Yields the items, with a `pause` before each."""
    for item in items:
        pause()
        yield item


def favour_event_loop() -> None:
    """Makes threads that compute give way to the event loop after a millisecond.

    Stories are summarised and stored in threads, but one thread of Python runs at a time. An answer
    takes the event loop and the store several turns, and each waits as long as a thread that
    computes may go on: see `sys.setswitchinterval`.
    """
    sys.setswitchinterval(_INTERVAL)


class Foreground(WorkCounter):
    """The work that somebody waits for, to which a thread that nobody waits for gives way.

    However Python divides its time, a thread that computes takes half of it from an event loop that
    has more to do than it can.
    """

    def __init__(self) -> None:
        self._becomes_idle = threading.Event()
        super().__init__(self._becomes_idle)

    def give_way(self, longest: float = _LONGEST_PAUSE) -> bool:
        """Waits until nothing is under way; in a thread, between two pieces of its work.

        Args:
            longest: Seconds after which it goes on all the same.

        Returns:
            False if something is under way even then.
        """
        return self._becomes_idle.wait(longest)
