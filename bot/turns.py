"""Turns: what many want to use and only a few can at a time, first come, first served.

Who has a handicap counts as having come later.
"""

from __future__ import annotations

import asyncio
from heapq import heappop, heappush
from itertools import count


class Turns:
    """Gives turns, so many at a time; whoever has taken one must end it.

    Who waits gives up only where nobody gets on. While others' turns end, one's own will come, and
    an answer that is late is better than none: however many ask at once, none of them is refused.
    """

    def __init__(self, most: int) -> None:
        """Makes turns for so many at a time."""
        self._free = most
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []  # a heap
        self._comers = count()
        self._ended = 0  # turns

    async def take(self, patience: float, handicap: float = 0.0) -> None:
        """Takes a turn, once it has come.

        Args:
            patience: Seconds to wait in which nobody's turn ends.
            handicap: Seconds that are added to when one came: who comes so much later at most, and
                has none, goes first.

        Raises:
            TimeoutError: In so many seconds nobody's turn has ended.
        """
        if self._free > 0:
            self._free -= 1
            return
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        heappush(self._waiting, (loop.time() + handicap, next(self._comers), turn))
        watch = loop.call_later(patience, self._watch, turn, patience, self._ended)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it came at the same moment
                self._give()
            raise
        finally:
            watch.cancel()

    def _watch(self, turn: asyncio.Future[None], patience: float, ended: int) -> None:
        """Ends the wait for a turn where none has ended meanwhile."""
        if turn.done():
            return
        if self._ended == ended:
            turn.set_exception(TimeoutError())
        else:
            turn.get_loop().call_later(patience, self._watch, turn, patience, self._ended)

    async def pass_on(self, patience: float, handicap: float) -> None:
        """Passes one's turn on to who waits, and takes another one; at once where nobody does.

        Takes and raises what `take` does; one has a turn to end all the same.
        """
        if not self._waiting:
            return
        self.end()
        try:
            await self.take(patience, handicap)
        except BaseException:
            self._free -= 1  # until it is ended
            raise

    def end(self) -> None:
        """Ends a turn, so that the next one may come."""
        self._ended += 1
        self._give()

    def _give(self) -> None:
        """Gives a turn to who waits, but to nobody who has given up."""
        self._free += 1
        while self._free > 0 and self._waiting:
            _since, _comer, turn = heappop(self._waiting)
            if not turn.done():
                self._free -= 1
                turn.set_result(None)
