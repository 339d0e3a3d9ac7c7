"""A task that waits for PostgreSQL can be cancelled, whatever becomes of the cancellation there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import psycopg
import pytest

from bot.errors import StoreError
from store.postgres.errors import map_errors

Wait = Callable[[], Awaitable[None]]


async def _lose_it() -> None:
    """Loses a cancellation, as `asyncio.wait_for` may."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        return


async def _fail_instead() -> None:
    """Fails because of a cancellation, as a statement does that the server has ended."""
    await _lose_it()
    raise psycopg.errors.QueryCanceled


@pytest.mark.parametrize("wait", [_lose_it, _fail_instead])
async def test_a_cancellation_that_was_lost_on_the_way_counts(wait: Wait) -> None:
    async def ask() -> None:
        with map_errors("here"):
            await wait()

    task = asyncio.create_task(ask())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()


async def test_who_was_cancelled_before_may_still_tidy_up() -> None:
    tidied = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            with map_errors("here"):
                await asyncio.sleep(0)
            tidied.append(True)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    assert tidied
    assert task.cancelled()


def test_errors_are_mapped_where_no_task_runs() -> None:
    with pytest.raises(StoreError, match="the store here"), map_errors("here"):
        raise psycopg.errors.SyntaxError
