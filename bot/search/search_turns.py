"""Turns of searches: so few run at a time that none holds the others up for long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, nullcontext

from bot.errors import StoreBusyError
from bot.search.budget import LONG
from bot.search.query import Query
from bot.turns import Turns

_AT_ONCE = 3  # searches; more of them would only hold one another up
_PATIENCE = 10.0  # seconds in which none of them ends
_HEAD_START = 0.2  # seconds by which who has just come goes before who is searched further for


class SearchTurns:
    """Gives turns to searches: in the order in which they come, but for those that go on.

    Its methods may raise StoreBusyError: no search ends.
    """

    def __init__(self) -> None:
        self._turns = Turns(_AT_ONCE)
        self._long = asyncio.Lock()  # long questions wait for one another, and others for none

    @asynccontextmanager
    async def hold(self, query: Query) -> AsyncIterator[None]:
        """Holds a turn to search for a query."""
        async with self._long if len(query.words) > LONG else nullcontext():
            await _in_time(self._turns.take(_PATIENCE))
            try:
                yield
            finally:
                self._turns.end()

    async def give_way(self) -> None:
        """Lets others begin, before what is searched for already is searched for further."""
        await _in_time(self._turns.pass_on(_PATIENCE, _HEAD_START))


async def _in_time(turn: Awaitable[None]) -> None:
    try:
        await turn
    except TimeoutError as error:
        raise StoreBusyError("other searches are waiting for the store") from error
