"""Turns: what many want to use and only a few can at a time, first come, first served."""

from __future__ import annotations

import asyncio


class Turns:
    """Gives turns, so many at a time; whoever has taken one must end it.

    Who waits gives up only where nobody gets on. While others' turns end, one's own will come, and
    an answer that is late is better than none: however many ask at once, none of them is refused.
    """

    def __init__(self, most: int) -> None:
        """Makes turns for so many at a time."""
        self._places = asyncio.Semaphore(most)
        self._ended = 0  # turns

    async def take(self, patience: float) -> None:
        """Takes a turn, once it has come.

        Args:
            patience: Seconds to wait in which nobody's turn ends.

        Raises:
            TimeoutError: In so many seconds nobody's turn has ended.
        """
        if not self._places.locked():
            await self._places.acquire()  # at once: to look whether others get on would cost more
            return
        # A task, since who stops waiting for a moment would lose their place in the row.
        turn = asyncio.ensure_future(self._places.acquire())
        try:
            await self._wait_for(turn, patience)
        except BaseException:
            if turn.done() and not turn.cancelled():
                self._places.release()
            turn.cancel()
            raise

    async def _wait_for(self, turn: asyncio.Task[bool], patience: float) -> None:
        while not turn.done():
            ended = self._ended
            await asyncio.wait((turn,), timeout=patience)
            if not turn.done() and self._ended == ended:
                raise TimeoutError

    def end(self) -> None:
        """Ends a turn, so that the next one may come."""
        self._ended += 1
        self._places.release()
