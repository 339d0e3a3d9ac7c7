"""Virtual time for a whole event loop: whatever sleeps is woken at once, as soon as all else rests.

Servers and clients on 127.0.0.1 talk as ever; hours of waiting between them take no time.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from stories import NOW, HandClock
from typing_extensions import override

P = ParamSpec("P")
T = TypeVar("T")

_TASKS = Path("/proc/self/task")
_GRACE = 0.0005  # seconds in which threads begin what they were given, and get the interpreter


class _Selector(selectors.DefaultSelector):
    """Lets time pass when no file is ready and no other thread works."""

    loop: VirtualTimeLoop

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        while not (ready := super().select(_GRACE)) and _is_any_thread_busy():
            pass
        if ready := ready or super().select(0):
            return ready
        if timeout is None:
            return super().select(None)
        self.loop.pass_(timeout)
        return []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only while nothing is to be done."""

    def __init__(self) -> None:
        selector = _Selector()
        super().__init__(selector)
        selector.loop = self
        self._passed = 1_000.0

    @override
    def time(self) -> float:
        return self._passed

    def pass_(self, seconds: float) -> None:
        """Lets time pass."""
        self._passed += seconds


class LoopClock(HandClock):
    """A clock that goes by the time of the loop it is made in; other threads may ask it, too."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.get_running_loop()

    @override
    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.monotonic())

    @override
    def monotonic(self) -> float:
        return self._loop.time()


def run(main: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine in virtual time."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Makes a test that runs in virtual time; its fixtures are those that need no event loop."""

    @wraps(test)
    def run_test(*args: P.args, **kwargs: P.kwargs) -> None:
        run(test(*args, **kwargs))

    return run_test


def _is_any_thread_busy() -> bool:
    """Tells whether a thread other than this one runs, is about to, or waits for a disk."""
    own = threading.get_native_id()
    return any(state in "RD" for thread, state in _thread_states() if thread != own)


def _thread_states() -> Iterator[tuple[int, str]]:
    """Yields the threads with their states, as in proc_pid_stat(5); none without a /proc."""
    for task in _TASKS.iterdir() if _TASKS.exists() else ():
        try:
            stat = (task / "stat").read_text("ascii", "replace")
        except OSError:  # it has ended
            continue
        yield int(task.name), stat.rpartition(")")[2].split()[0]
