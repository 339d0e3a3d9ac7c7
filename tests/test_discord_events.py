"""An event on Discord: posted once, its message edited as others tell it, and followed up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from discord_desk import serving, until
from discord_posting import chat_of, newsroom
from event_stories import FLOOD, ONCE, QUAKE, TITLES, brings, has_event
from newsdesk import TestDesk
from servers.discord.people import Person
from servers.discord.server import Server, server
from servers.discord.world import Channel, Guild
from stories import NOW

from bot.chat.settings import ChatSettings
from bot.posting.context import DeliveryContext
from bot.posting.digest import PostComposer
from bot.posting.worker import PostingWorkers
from bot.subscriptions.model import Subscription, TargetKind

__all__ = ["newsroom", "server"]  # fixtures


@pytest.fixture
def mo(server: Server, newsroom: Guild) -> Person:
    return server.person("Mo", newsroom, manages=True)


def posting_workers(desk: TestDesk) -> PostingWorkers:
    composer = PostComposer(desk.dispatcher.services.names)
    move = ChatSettings(desk.store.chats).move
    return PostingWorkers(DeliveryContext(desk.store, desk.clock, composer, ONCE, move))


@asynccontextmanager
async def posts_everything(
    server: Server, desk: TestDesk, channel: Channel, owner: Person
) -> AsyncIterator[PostingWorkers]:
    """Serves while a channel follows everything, and yields who posts there."""
    await desk.store.subscriptions.put(
        Subscription(chat_of(channel), TargetKind.EVERYTHING, "", owner=str(owner.id), made=NOW)
    )
    worker = posting_workers(desk)
    async with serving(server, desk, post=worker.run):
        yield worker


async def test_an_event_is_one_message_that_names_all_and_leads_to_what_came_of_it(
    server: Server, newsroom: Guild, desk: TestDesk, mo: Person
) -> None:
    news = newsroom.channel
    async with posts_everything(server, desk, news, mo) as worker:
        await brings(desk, worker, QUAKE[0])
        await until(lambda: len(news.seen) == 1)
        (shown,) = news.seen
        assert TITLES[0] in str(shown.body)
        assert "How it went on" not in shown.labels
        await brings(desk, worker, *QUAKE[1:])
        await until(lambda: "also in Other News, third" in str(news.seen[0].body))
        assert len(news.seen) == 1
        page = await mo.presses(news.seen[0], "How it went on")
        assert f"How it went on: {TITLES[0]}" in str(page.shown.body)
        assert "Houses shook in Iquique, wire reports." in str(page.shown.body)


async def test_a_first_message_that_somebody_deleted_keeps_nothing_from_going(
    server: Server, newsroom: Guild, desk: TestDesk, mo: Person
) -> None:
    news = newsroom.channel
    async with posts_everything(server, desk, news, mo) as worker:
        await brings(desk, worker, QUAKE[0])
        await until(lambda: len(news.seen) == 1)
        (shown,) = news.seen
        shown.deleted = True
        del news.messages[shown.id]
        await brings(desk, worker, QUAKE[1])
        edits = f"/channels/{news.id}/messages/{shown.id}"
        await until(lambda: len(server.called("PATCH", edits)) == 1)
        await brings(desk, worker, FLOOD)
        await until(lambda: FLOOD.title in str([one.body for one in news.seen]))
        await brings(desk, worker, QUAKE[2])
        await until(lambda: len(server.called("PATCH", edits)) == 2)
        assert len(news.seen) == 1
        (kept,) = await desk.store.subscriptions.of(chat_of(news))
        assert not kept.paused


async def test_a_timeline_is_asked_for_and_an_event_corrected(
    server: Server, newsroom: Guild, desk: TestDesk, mo: Person
) -> None:
    await has_event(desk)
    async with serving(server, desk):
        page = await mo.command(newsroom.channel, "latest")
        assert TITLES[0] in str(page.shown.body)
        assert TITLES[1] not in str(page.shown.body)
        page = await mo.command(newsroom.channel, "story", story="2")
        assert "The warning ended at noon." in str(page.shown.body)
        done = await mo.presses(page, "Not of this event")
        assert "is no longer part of this event" in str(done.shown.body)
        event = await desk.store.events.of_story(QUAKE[1].id)
        assert event is not None
        assert QUAKE[0].id not in {one.id for one in event.stories}
