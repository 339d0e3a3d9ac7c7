"""The right to post on a platform, which PostgreSQL takes from whoever is dead or cut off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import psycopg
import pytest
from outboxes import MINUTE, NOW, PLATFORM, at_once, claim_next, comes, fate, follow, next_keys
from relay import Relay

from bot.errors import PlatformLostError
from bot.model import Story
from bot.posting.model import Deferral, Delivery, Failure, Outcome, Pause, Retry, State
from store.postgres.platform_session import SILENCE
from store.postgres.store import PostgresStore

pytestmark = pytest.mark.server

_END = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 2 AND granted
"""


@asynccontextmanager
async def opened(*urls: str) -> AsyncIterator[list[PostgresStore]]:
    stores: list[PostgresStore] = []
    try:
        for one in urls:
            store = await PostgresStore.open(one)
            stores.append(store)
        yield stores
    finally:
        for store in stores:
            await store.aclose()


def end_holders(url: str) -> int:
    """Ends every session that has the right to post somewhere; returns how many these were."""
    with psycopg.connect(url, autocommit=True) as connection:
        return len(connection.execute(_END).fetchall())


async def takes_over(store: PostgresStore, platform: str = PLATFORM) -> None:
    """Waits until the lock of a platform is free, and takes it."""
    while not await store.outbox.lock_platform(platform):
        await asyncio.sleep(0.05)


async def being_sent(store: PostgresStore) -> tuple[Story, int]:
    """A story that is being sent by whoever has the right to."""
    one = await follow(store)
    story = await comes(store, "A", at_once(one))
    assert await store.outbox.lock_platform(PLATFORM)
    return story, (await claim_next(store)).id


async def test_who_lost_the_right_claims_nothing(postgres_url: str) -> None:
    async with opened(postgres_url, postgres_url) as (one, other):
        routed = at_once(await follow(one))
        story = await comes(one, "A", routed)
        assert await one.outbox.lock_platform(PLATFORM)
        assert one.outbox.holds_platform(PLATFORM)
        (post,) = await one.outbox.due(PLATFORM, NOW, 5)
        assert end_holders(postgres_url) == 1
        await takes_over(other)
        with pytest.raises(PlatformLostError, match=PLATFORM):
            await one.outbox.claim(PLATFORM, [post.id], NOW)
        assert not one.outbox.holds_platform(PLATFORM)
        with pytest.raises(PlatformLostError, match=PLATFORM):
            await one.outbox.recover(PLATFORM, NOW, dead=True)
        assert not await one.outbox.lock_platform(PLATFORM)
        with pytest.raises(PlatformLostError):
            await one.outbox.claim(PLATFORM, [post.id], NOW)
        assert await next_keys(other) == [story.id]


async def test_what_has_arrived_is_marked_by_whoever_sent_it(postgres_url: str) -> None:
    async with opened(postgres_url, postgres_url) as (one, other):
        story, row = await being_sent(one)
        end_holders(postgres_url)
        await takes_over(other)
        assert await other.outbox.recover(PLATFORM, NOW, dead=True) == 1
        await one.outbox.mark([Delivery(row, "7")], NOW)
        assert await fate(other, story) == (State.SENT, "")
        assert await next_keys(other) == []


@pytest.mark.parametrize(
    "outcome",
    [
        lambda row: Retry(row, NOW + MINUTE, "busy"),
        lambda row: Failure(row, "too odd"),
        lambda row: Pause(row, "blocked"),
        lambda row: Deferral(row, NOW + MINUTE, "old"),
    ],
)
async def test_any_other_outcome_is_left_to_whoever_has_the_right(
    postgres_url: str, outcome: Callable[[int], Outcome]
) -> None:
    async with opened(postgres_url, postgres_url) as (one, other):
        story, row = await being_sent(one)
        end_holders(postgres_url)
        await takes_over(other)
        with pytest.raises(PlatformLostError, match=PLATFORM):
            await one.outbox.mark([outcome(row)], NOW)
        assert await fate(other, story) == (State.SENDING, "")
        assert await other.outbox.recover(PLATFORM, NOW, dead=True) == 1
        assert await next_keys(other) == [story.id]


async def test_one_platform_is_lost_without_the_other(postgres_url: str) -> None:
    async with opened(postgres_url, postgres_url) as (one, other):
        assert await one.outbox.lock_platform("telegram")
        end_holders(postgres_url)
        assert await one.outbox.lock_platform("discord")
        await takes_over(other, "telegram")
        with pytest.raises(PlatformLostError, match="telegram"):
            await one.outbox.claim("telegram", [1], NOW)
        assert await one.outbox.claim("discord", [1], NOW) == []
        assert not await other.outbox.lock_platform("discord")


async def test_whoever_lost_the_right_may_have_it_again(postgres_url: str) -> None:
    async with opened(postgres_url) as (store,):
        story, _ = await being_sent(store)
        end_holders(postgres_url)
        with pytest.raises(PlatformLostError):
            await store.outbox.claim(PLATFORM, [1], NOW)
        assert await store.outbox.lock_platform(PLATFORM)
        assert store.outbox.holds_platform(PLATFORM)
        assert await store.outbox.recover(PLATFORM, NOW, dead=True) == 1
        assert await next_keys(store) == [story.id]


async def test_who_leads_again_has_whoever_posts_begin_anew(postgres_url: str) -> None:
    async with opened(postgres_url, postgres_url) as (one, other):
        leads = one.leader_locks.acquire
        assert await leads(PLATFORM)
        story, row = await being_sent(one)
        end_holders(postgres_url)
        # Another process has posted meanwhile, and died over it.
        await takes_over(other)
        await other.outbox.aclose()
        while not await leads(PLATFORM):
            await asyncio.sleep(0.05)
        assert not one.outbox.holds_platform(PLATFORM)
        for use in (
            one.outbox.claim(PLATFORM, [row], NOW),
            one.outbox.recover(PLATFORM, NOW, dead=False),
            one.outbox.mark([Retry(row, NOW + MINUTE, "busy")], NOW),
        ):
            with pytest.raises(PlatformLostError, match=PLATFORM):
                await use
        assert await one.outbox.lock_platform(PLATFORM)
        assert one.outbox.holds_platform(PLATFORM)
        assert await one.outbox.recover(PLATFORM, NOW, dead=True) == 1
        assert await next_keys(one) == [story.id]


async def test_an_office_that_is_given_up_is_anothers(postgres_url: str) -> None:
    async with opened(postgres_url, postgres_url) as (one, other):
        assert await one.leader_locks.acquire("discord/1")
        assert not await other.leader_locks.acquire("discord/1")
        await other.leader_locks.release("discord/1")
        assert not await other.leader_locks.acquire("discord/1")
        await one.leader_locks.release("discord/1")
        assert await other.leader_locks.acquire("discord/1")
        assert not await one.leader_locks.acquire("discord/1")


async def test_a_claim_waits_for_nobody_who_decides_about_a_post(postgres_url: str) -> None:
    async with opened(postgres_url) as (store,):
        await comes(store, "A", at_once(await follow(store)))
        assert await store.outbox.lock_platform(PLATFORM)
        (post,) = await store.outbox.due(PLATFORM, NOW, 5)
        async with await psycopg.AsyncConnection.connect(postgres_url) as deciding:
            await deciding.execute("SELECT row FROM outbox FOR UPDATE")
            assert await store.outbox.claim(PLATFORM, [post.id], NOW) == []
        assert await store.outbox.claim(PLATFORM, [post.id], NOW) == [post.id]


@pytest.mark.slow
@pytest.mark.parametrize("trouble", ["silence", "silence in a claim", "delay"])
async def test_a_silent_line_loses_the_right_before_another_has_it(
    postgres_url: str, trouble: str
) -> None:
    async with Relay(postgres_url) as line, opened(line.url, postgres_url) as (one, other):
        story, row = await being_sent(one)
        assert not await other.outbox.lock_platform(PLATFORM)
        if trouble == "delay":
            line.delay = 2 * SILENCE
        else:
            line.freeze()
        claims = (
            asyncio.create_task(one.outbox.claim(PLATFORM, [row], NOW))
            if trouble == "silence in a claim"
            else None
        )
        await takes_over(other)
        assert not one.outbox.holds_platform(PLATFORM)
        assert await other.outbox.recover(PLATFORM, NOW, dead=True) == 1
        if claims:
            with pytest.raises(PlatformLostError):
                await claims
        line.delay = 0
        line.thaw()
        with pytest.raises(PlatformLostError):
            await one.outbox.claim(PLATFORM, [row], NOW)
        assert await next_keys(other) == [story.id]
