"""Turns: who waits for one, how long, and in what order."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from virtual_time import in_virtual_time

from bot.errors import StoreBusyError
from bot.turns import Turns
from store.connection import READERS, SqliteConnections
from store.migrations import prepare
from store.ports import ANSWER_PATIENCE

PATIENCE = 1.0


class Readers:
    """Readers who take turns, and what became of each.

    Attributes:
        served: Those who had their turn, in order.
        refused: Those who gave up.
    """

    def __init__(self, most: int) -> None:
        self._turns = Turns(most)
        self.served: list[int] = []
        self.refused: list[int] = []

    async def read(self, number: int, seconds: float) -> None:
        """Waits for a turn, and takes so many seconds for it."""
        try:
            await self._turns.take(PATIENCE)
        except TimeoutError:
            self.refused.append(number)
            return
        self.served.append(number)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._turns.end()


@pytest.mark.parametrize(
    ("most", "readers", "seconds"),
    [(1, 2, 0.9), (1, 50, 0.6), (3, 16, 0.9), (3, 400, 0.1), (4, 4, 30.0)],
)
@in_virtual_time
async def test_nobody_is_refused_while_others_get_on(
    most: int, readers: int, seconds: float
) -> None:
    them = Readers(most)
    await asyncio.gather(*(them.read(one, seconds) for one in range(readers)))
    assert them.served == [*range(readers)]
    assert not them.refused


@pytest.mark.parametrize("waiting", [1, 7])
@in_virtual_time
async def test_where_nobody_gets_on_those_who_wait_are_refused(waiting: int) -> None:
    them = Readers(2)
    await asyncio.gather(*(them.read(one, 60.0) for one in range(2 + waiting)))
    assert sorted(them.refused) == [*range(2, 2 + waiting)]
    them.refused.clear()
    await them.read(99, 0.0)
    assert (them.served, them.refused) == ([0, 1, 99], [])


@pytest.mark.parametrize("after", [0.0, 0.5, 1.0, 1.5])
@in_virtual_time
async def test_who_goes_away_takes_no_turn_with_them(after: float) -> None:
    them = Readers(1)
    asked = [asyncio.create_task(them.read(one, 0.5)) for one in range(6)]
    await asyncio.sleep(after)
    for one in asked[1::2]:
        one.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    assert {0, 2, 4} <= {*them.served}
    await them.read(99, 0.0)
    assert them.served[-1] == 99


@in_virtual_time
async def test_who_has_no_handicap_goes_first_but_not_before_who_came_much_earlier() -> None:
    turns, served = Turns(1), list[str]()

    async def come(name: str, handicap: float) -> None:
        await turns.take(PATIENCE, handicap)
        served.append(name)
        await asyncio.sleep(0.3)
        turns.end()

    async with asyncio.TaskGroup() as group:
        for name, handicap in (("at once", 9.0), ("hard", 0.5), ("easy", 0.0), ("easy, too", 0.0)):
            group.create_task(come(name, handicap))
        await asyncio.sleep(0.6)
        group.create_task(come("late", 0.0))
    assert served == ["at once", "easy", "easy, too", "hard", "late"]


@in_virtual_time
async def test_who_passes_a_turn_on_goes_behind_who_waits_and_who_comes_soon() -> None:
    turns, served = Turns(1), list[str]()

    async def come(name: str, pieces: int = 1) -> None:
        await turns.take(PATIENCE)
        for piece in range(pieces):
            if piece:
                await turns.pass_on(PATIENCE, 0.5)
            served.append(name)
            await asyncio.sleep(0.3)
        turns.end()

    async with asyncio.TaskGroup() as group:
        group.create_task(come("long", 3))
        await asyncio.sleep(0)
        group.create_task(come("waits"))
        await asyncio.sleep(0.7)  # while the long one waits again
        group.create_task(come("soon"))
    assert served == ["long", "waits", "long", "soon", "long"]


@pytest.mark.parametrize("is_cancelled", [True, False])
@in_virtual_time
async def test_who_gets_no_turn_back_ends_no_turn_of_others(is_cancelled: bool) -> None:
    turns = Turns(2)

    async def work() -> None:
        await turns.take(PATIENCE)
        try:
            await asyncio.sleep(0.05)
            await turns.pass_on(PATIENCE, 0.5)
        finally:
            turns.end()

    await turns.take(PATIENCE)  # and never ends it
    working = asyncio.create_task(work())
    await asyncio.sleep(0)
    others = [asyncio.create_task(turns.take(9 * PATIENCE)) for _ in range(2)]
    await asyncio.sleep(0.1)
    if is_cancelled:
        working.cancel()
    with pytest.raises(asyncio.CancelledError if is_cancelled else TimeoutError):
        await working
    assert [one.done() for one in others] == [True, False], "two have turns, and no third one"
    turns.end()
    await asyncio.sleep(0.1)
    assert others[1].done()


@in_virtual_time
async def test_readers_of_a_file_wait_for_one_another_and_give_up_on_who_never_ends(
    tmp_path: Path,
) -> None:
    connections = SqliteConnections(tmp_path / "dateline.db")
    try:
        await prepare(connections)
        await connections.open_readers()

        async def read() -> None:
            async with connections.reading() as reader:
                await asyncio.sleep(ANSWER_PATIENCE * 0.9)
                await reader.execute_fetchall("SELECT 1")

        await asyncio.gather(*(read() for _ in range(16)))
        async with AsyncExitStack() as taken:
            for _ in range(READERS):
                await taken.enter_async_context(connections.reading())
            with pytest.raises(StoreBusyError, match="is busy"):
                await connections.rows("SELECT 1")
        assert await connections.rows("SELECT 1")
    finally:
        await connections.aclose()


@pytest.mark.parametrize(
    "slow",
    [
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    ],
)
async def test_a_statement_beyond_its_time_is_ended_and_its_turn_free(
    tmp_path: Path, slow: str
) -> None:
    connections = SqliteConnections(tmp_path / "dateline.db")
    try:
        await prepare(connections)
        await connections.open_readers()
        for _ in range(READERS + 1):
            with pytest.raises(TimeoutError):
                await connections.rows(slow, seconds=0.01)
        assert await connections.rows("SELECT 1", seconds=60.0)
    finally:
        await connections.aclose()
