"""Progress of a slow question: interim replies, which an adapter shows in the place of the answer.

What shows them is a context variable, so that nothing between an adapter and a handler has to hand
it on. Where nothing does, as in a pipe, interim replies are not seen.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import ContextVar

from bot.reply import Reply

log = logging.getLogger(__name__)

_GRACE = 0.3  # seconds in which an answer needs no sign of life before it
_GROWTH, _LONGEST = 1.5, 10.0  # of the pause between two edits, and its limit in seconds

_taker: ContextVar[Callable[[Reply], None]] = ContextVar("taker", default=lambda _: None)


def show_progress(reply: Reply) -> None:
    """Shows an interim reply until the next one, or the answer; never waits."""
    _taker.get()(reply)


class InterimReplies:
    """Shows the interim replies to one question, each time the latest, and not too often.

    Args:
        show: Shows one, in the place of the one before; what it raises ends the showing only.
        pause: Seconds between two of them at first; it grows.
    """

    def __init__(self, show: Callable[[Reply], Awaitable[object]], pause: float = 1.0) -> None:
        self._show = show
        self._pause = pause
        self._latest: Reply | None = None
        self._came = asyncio.Event()
        self._answered = asyncio.Event()
        self._showing: asyncio.Task[None] | None = None

    async def reply_to(self, ask: Callable[[], Awaitable[Reply]]) -> Reply:
        """Returns the answer to a question; whatever was being shown has been shown by then."""
        token = _taker.set(self._take)
        try:
            return await ask()
        finally:
            _taker.reset(token)
            self._answered.set()
            self._came.set()
            if self._showing:
                await self._showing

    def _take(self, reply: Reply) -> None:
        self._latest = reply
        self._came.set()
        if self._showing is None:
            self._showing = asyncio.create_task(self._keep_showing())

    async def _keep_showing(self) -> None:
        pause = self._pause
        if await self._is_answered_within(_GRACE):
            return
        while reply := await self._next():
            try:
                await self._show(reply)
            except Exception:
                log.debug("an interim reply could not be shown", exc_info=True)
                return
            if await self._is_answered_within(pause):
                return
            pause = min(pause * _GROWTH, max(_LONGEST, self._pause))

    async def _next(self) -> Reply | None:
        """Returns the latest interim reply, when there is a new one; None after the answer."""
        await self._came.wait()
        self._came.clear()
        return None if self._answered.is_set() else self._latest

    async def _is_answered_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._answered.wait(), seconds)
        return self._answered.is_set()
