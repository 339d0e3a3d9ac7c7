"""Sessions of shards in PostgreSQL: kept by whoever has them, taken by whoever is next."""

from __future__ import annotations

from collections.abc import AsyncIterator

import psycopg
import pytest

from bot.shard_sessions import SessionChanges, ShardSession, ShardSessionStore
from store.postgres.store import PostgresStore

pytestmark = pytest.mark.server

SHARD = "discord 1 0/2"
_GROW_OLD = "UPDATE shard_sessions SET saved = saved - %s * interval '1 minute'"


@pytest.fixture
async def sessions(postgres_url: str) -> AsyncIterator[ShardSessionStore]:
    async with await PostgresStore.open(postgres_url) as store:
        yield store.shard_sessions


async def begin(sessions: ShardSessionStore, holder: str = "a", shard: str = SHARD) -> None:
    first = SessionChanges(1, f"begun by {holder}", {"10": "ten", "11": "eleven"})
    assert await sessions.save(shard, holder, first)


def grow_old(url: str, minutes: float) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_GROW_OLD, (minutes,))


async def test_a_session_is_taken_as_it_was_kept(sessions: ShardSessionStore) -> None:
    assert await sessions.take(SHARD, "b") is None
    await begin(sessions)
    changes = SessionChanges(7, None, {"10": "ten more", "11": None, "12": "twelve", "13": None})
    assert await sessions.save(SHARD, "a", changes)
    assert await sessions.servers(SHARD, ["10", "11", "13"]) == {"10": "ten more"}
    assert await sessions.servers(SHARD, []) == {}
    kept = ShardSession("begun by a", 7, {"10": "ten more", "12": "twelve"})
    assert await sessions.take(SHARD, "b") == kept
    assert await sessions.take("discord 1 1/2", "b") is None


async def test_whoever_had_it_keeps_nothing_more(sessions: ShardSessionStore) -> None:
    await begin(sessions)
    await sessions.take(SHARD, "b")
    assert not await sessions.save(SHARD, "a", SessionChanges(9, None, {"10": None}))
    await sessions.forget(SHARD, "a")
    assert await sessions.save(SHARD, "b", SessionChanges(8))
    kept = await sessions.take(SHARD, "c")
    assert kept == ShardSession("begun by a", 8, {"10": "ten", "11": "eleven"})


async def test_one_that_is_begun_takes_the_place_of_the_one_before(
    sessions: ShardSessionStore,
) -> None:
    await begin(sessions)
    assert await sessions.save(SHARD, "b", SessionChanges(1, "begun by b", {"20": "twenty"}))
    assert not await sessions.save(SHARD, "a", SessionChanges(2))
    assert await sessions.take(SHARD, "c") == ShardSession("begun by b", 1, {"20": "twenty"})


async def test_one_that_is_forgotten_is_gone_with_its_servers(
    sessions: ShardSessionStore,
) -> None:
    await begin(sessions)
    await sessions.forget(SHARD, "a")
    assert await sessions.take(SHARD, "b") is None
    assert await sessions.servers(SHARD, ["10"]) == {}
    assert not await sessions.save(SHARD, "a", SessionChanges(2, None, {"10": "ten"}))


async def test_an_old_one_is_not_taken_and_goes_after_a_day(
    sessions: ShardSessionStore, postgres_url: str
) -> None:
    await begin(sessions)
    grow_old(postgres_url, 4)
    assert await sessions.take(SHARD, "b") is None
    assert await sessions.save(SHARD, "a", SessionChanges(2))  # it lives after all
    assert await sessions.take(SHARD, "b") is not None
    grow_old(postgres_url, 25 * 60)
    await begin(sessions, "c", "discord 1 1/2")
    assert await sessions.servers(SHARD, ["10"]) == {}


async def test_any_name_is_kept(sessions: ShardSessionStore) -> None:
    """Keeps any text, since names of channels are people's own."""
    odd = '{"name": "\\u0000 \\ud800 \N{COLLISION SYMBOL}"}'
    assert await sessions.save(SHARD, "a", SessionChanges(1, odd, {"1": odd}))
    assert await sessions.take(SHARD, "b") == ShardSession(odd, 1, {"1": odd})
