"""Typeahead: what people are typing, searched fairly among them; the latest query of each wins.

A person who types sends a query with every key. Of each person at most one query is being answered
and at most one is pending: a newer one supersedes it before it has cost anything. For each, its
person owes a cooldown in proportion to what it took. Some may be owed, so nobody who types feels
it; who owes more waits, so nobody takes more than a share of the machine for long.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")

_CONCURRENT = 2  # queries, so that questions that were asked outright have the rest
_COOLDOWN = 3.0  # seconds that a person owes for each second of a query
_OWED = 3.0  # seconds of it that a person may owe when their next query starts
_MAX_COOLDOWN = 1.0  # seconds at a time
_REMEMBERED = 1_000  # people who owe some; those who owe none any more are forgotten then


@dataclass(frozen=True, slots=True)
class _Query:
    search: Callable[[], Awaitable[Any]]
    result: asyncio.Future[Any]


class Typeahead:
    """Runs queries, the people's in turn: of each the latest, and a cooldown after dear ones."""

    def __init__(
        self,
        concurrent: int = _CONCURRENT,
        cooldown: float = _COOLDOWN,
        owed: float = _OWED,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Makes an idle one.

        Args:
            concurrent: How many queries run at a time, of all people.
            cooldown: The seconds of waiting that a person owes for each second of a query.
            owed: How many of these a person may owe when their next query starts.
            sleep: Waits for a number of seconds.
            clock: Tells seconds, from any beginning.
        """
        self._slots = asyncio.Semaphore(concurrent)  # first come, first served
        self._cooldown, self._owed = cooldown, owed
        self._sleep = sleep
        self._clock = clock
        self._pending: dict[str, _Query] = {}
        self._typing: dict[str, asyncio.Task[None]] = {}
        self._rested: dict[str, float] = {}  # when each person will owe nothing

    async def run(self, person: str, search: Callable[[], Awaitable[T]]) -> T | None:
        """Runs a search in its turn, and returns its result.

        Returns:
            None if the same person typed on before its turn came: it is outdated, and not run.
        """
        query = _Query(search, asyncio.get_running_loop().create_future())
        outdated = self._pending.pop(person, None)
        if outdated and not outdated.result.done():
            outdated.result.set_result(None)
        self._pending[person] = query
        if person not in self._typing:
            self._typing[person] = asyncio.create_task(self._serve(person))
        result: T | None = await query.result
        return result

    async def _serve(self, person: str) -> None:
        """Runs a person's queries, one after the other, until none is pending."""
        try:
            while person in self._pending:
                async with self._slots:
                    start = self._clock()
                    await _run(self._pending.pop(person))
                if wait := self._charge(person, self._clock() - start):
                    await self._sleep(wait)
        finally:
            del self._typing[person]

    def _charge(self, person: str, took: float) -> float:
        """Adds what a person owes for a query, and returns the seconds that they wait for now."""
        now = self._clock()
        rested = max(now, self._rested.get(person, now)) + took * self._cooldown
        self._rested[person] = rested
        if len(self._rested) > _REMEMBERED:
            self._rested = {name: at for name, at in self._rested.items() if at > now}
        return min(max(0.0, rested - now - self._owed), _MAX_COOLDOWN)


async def _run(query: _Query) -> None:
    if query.result.done():  # whoever waited for it was cancelled
        return
    try:
        result = await query.search()
    except Exception as error:  # noqa: BLE001 - whoever waits is to have it
        if not query.result.done():
            query.result.set_exception(error)
    except BaseException:  # the process ends
        query.result.cancel()
        raise
    else:
        if not query.result.done():
            query.result.set_result(result)
