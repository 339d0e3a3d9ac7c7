"""Ctrl-C while an answer is being looked for."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

T = TypeVar("T")

_SOON = 0.4  # seconds that need no sign of life


@contextmanager
def harmless() -> Iterator[None]:
    """Lets Ctrl-C do nothing but what is asked for within.

    Somebody who presses it twice means the answer that is slow, and the second time may come when
    that has ended and the next line is not yet asked for.
    """
    before = signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGINT, lambda _signal, _frame: None)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


async def unless_interrupted(
    work: Coroutine[object, object, T], waiting: AbstractContextManager[object]
) -> T | None:
    """What the work comes to; None when Ctrl-C ended it.

    Args:
        work: What to do.
        waiting: Entered when the work takes long, left when it is done.
    """
    task = asyncio.ensure_future(work)
    with _interrupting(task):
        try:
            await asyncio.wait({task}, timeout=_SOON)
            if not task.done():
                with waiting:
                    await asyncio.wait({task})
        finally:
            task.cancel()  # no effect when it is done; when the chat is ended, so is the work
        return None if task.cancelled() else task.result()


@contextmanager
def _interrupting(task: asyncio.Task[object]) -> Iterator[None]:
    """Cancels the task at Ctrl-C, and gives Ctrl-C back its meaning afterwards."""
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGINT)
    try:
        loop.add_signal_handler(signal.SIGINT, task.cancel)
    except (NotImplementedError, RuntimeError, ValueError):  # Windows; not the main thread
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)
