"""Workers over one PostgreSQL: who loses the right to post sends nothing more, and stands by."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import cast

import psycopg
import pytest
from posting import ROOM, Posting, opened, running
from stories import NOW, story

from bot.chat.settings import ChatSettings
from bot.i18n import Translations, load
from bot.model import Chat, Story
from bot.posting.context import DeliveryContext, PostingTiming
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.languages import LanguageOf
from bot.posting.router import FloodLimits
from bot.posting.worker import PostingWorkers
from store.postgres.store import PostgresStore
from store.sqlite import SqliteStore

pytestmark = [pytest.mark.server, pytest.mark.slow]

_END = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 2 AND granted
"""


def news(title: str) -> Story:
    return story(title, f"{title} it is.", published=NOW)


@asynccontextmanager
async def desks(url: str) -> AsyncIterator[tuple[Posting, PostgresStore]]:
    """A desk that follows the wire, and another process over the same store."""
    async with await PostgresStore.open(url) as store, await PostgresStore.open(url) as other:
        parts = opened(cast(SqliteStore, store))  # it does all that it is asked for here
        await parts.brings()
        await parts.follow(ROOM)
        yield parts, other


async def lose_right(url: str, other: PostgresStore) -> None:
    """Ends the session of whoever has the right to post, so that another process has it."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(_END)
    while not await other.outbox.lock_platform(ROOM.platform):
        await asyncio.sleep(0.02)


async def test_a_worker_stands_by_while_another_process_has_its_right(postgres_url: str) -> None:
    async with desks(postgres_url) as (parts, other):
        async with running(parts):
            await parts.brings(news("A"))
            await parts.until(lambda: parts.posted == [("room", "A")])
            await lose_right(postgres_url, other)
            await parts.brings(news("B"))
            await parts.passes(15)
            assert parts.posted == [("room", "A")]
            await other.outbox.aclose()
            await parts.until(lambda: parts.posted == [("room", "A"), ("room", "B")])
        assert (await other.outbox.counts(ROOM.platform))["sent"] == 2


async def test_what_was_claimed_before_the_right_was_lost_is_not_sent(postgres_url: str) -> None:
    async with desks(postgres_url) as (parts, other):
        lost = asyncio.Event()

        async def lose(_: Chat) -> Translations:
            """Loses the right between the claim and the message."""
            await lose_right(postgres_url, other)
            lost.set()
            return load("en")

        slow = replace(parts, posting_workers=_workers(parts, lose))
        async with running(slow):
            await slow.brings(news("A"))
            await slow.until(lost.is_set)
            await slow.passes(15)
            assert slow.posted == []
        assert await other.outbox.recover(ROOM.platform, NOW, dead=True) == 1
        assert len(await other.outbox.due(ROOM.platform, NOW, 5)) == 1


def _workers(parts: Posting, language_of: LanguageOf) -> PostingWorkers:
    context = DeliveryContext(
        parts.store,
        parts.clock,
        PostComposer(DisplayNames(load("en"), {})),
        FloodLimits(),
        ChatSettings(parts.store.chats).move,
        language_of=language_of,
    )
    return PostingWorkers(context, PostingTiming(parts.clock.sleep, lambda: 0.5))
