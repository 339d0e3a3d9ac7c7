"""An event on Telegram: posted once, its message edited as others tell it, and followed up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from event_stories import FLOOD, LATER, ONCE, QUAKE, TITLES, brings, has_event
from newsdesk import TestDesk, desk_over
from servers.telegram import chats as telegram_chats
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat, server
from stories import NOW
from telegram_bot import assert_no_violations, platform, serving

from bot.chat.settings import ChatSettings
from bot.model import Chat
from bot.posting.context import DeliveryContext
from bot.posting.digest import PostComposer
from bot.posting.worker import PostingWorkers
from bot.subscriptions.model import Subscription, TargetKind

__all__ = ["ada", "chat", "server"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        yield opened


def posting_workers(desk: TestDesk) -> PostingWorkers:
    composer = PostComposer(desk.dispatcher.services.names)
    move = ChatSettings(desk.store.chats).move
    return PostingWorkers(DeliveryContext(desk.store, desk.clock, composer, ONCE, move))


def place_of(chat: telegram_chats.Chat) -> Chat:
    return Chat("telegram", str(chat.id))


@asynccontextmanager
async def posts_everything(
    server: Server, desk: TestDesk, chat: telegram_chats.Chat, owner: Person
) -> AsyncIterator[PostingWorkers]:
    """Serves while a chat follows everything, and yields who posts there."""
    await desk.store.subscriptions.put(
        Subscription(place_of(chat), TargetKind.EVERYTHING, "", owner=str(owner.id), made=NOW)
    )
    worker = posting_workers(desk)
    task = asyncio.create_task(replace(platform(server, desk), post=worker.run).serve())
    try:
        await server.called("getUpdates")
        yield worker
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_an_event_is_one_message_that_names_all_and_leads_to_what_came_of_it(
    server: Server, desk: TestDesk, ada: Person, chat: telegram_chats.Chat
) -> None:
    async with posts_everything(server, desk, chat, ada) as worker:
        await brings(desk, worker, QUAKE[0])
        shown = await server.next_message(chat)
        assert shown.text.startswith(TITLES[0])
        assert "also in" not in shown.text
        await brings(desk, worker, QUAKE[1])
        assert "also in Other News" in (await server.edited(shown)).text
        await brings(desk, worker, QUAKE[2])
        edited = await server.edited(shown, times=2)
        assert "also in Other News, third" in edited.text
        assert len(server.sent(chat)) == 1

        await brings(desk, worker, replace(LATER, source="fourth"))
        assert (await server.next_message(chat)).text.startswith(LATER.title)
        link = edited.button("How it went on").url
        assert link.startswith("https://t.me/DatelineBot?start=event_")
        asked = await ada.opens(link)
        (answer,) = await server.replies(chat, after=asked)
        assert answer.text.startswith(f"How it went on: {TITLES[0]}")
        assert "The warning ended at noon." in answer.text
    assert_no_violations(server)


async def test_a_first_message_that_somebody_deleted_keeps_nothing_from_going(
    server: Server, desk: TestDesk, ada: Person, chat: telegram_chats.Chat
) -> None:
    async with posts_everything(server, desk, chat, ada) as worker:
        await brings(desk, worker, QUAKE[0])
        shown = await server.next_message(chat)
        shown.deleted = True
        await brings(desk, worker, QUAKE[1])
        await server.called("editMessageText", status=400)
        await brings(desk, worker, FLOOD)
        assert (await server.next_message(chat)).text.startswith(FLOOD.title)
        await brings(desk, worker, QUAKE[2])
        await server.called("editMessageText", times=2, status=400)
        assert len(server.made("editMessageText")) == 2
        (kept,) = await desk.store.subscriptions.of(place_of(chat))
        assert not kept.paused


async def test_a_timeline_is_asked_for_and_an_event_corrected(
    server: Server, desk: TestDesk, ada: Person, chat: telegram_chats.Chat
) -> None:
    await has_event(desk)
    async with serving(server, desk, moderators=[ada.id]):
        asked = await ada.says(chat, "/latest")
        (listed,) = await server.replies(chat, after=asked)
        assert listed.text.count("earthquake strikes") == 1
        assert "also in Other News, third" in listed.text
        asked = await ada.says(chat, "/story 2")
        (shown,) = await server.replies(chat, after=asked)
        assert "November 23, 2026" in shown.text
        assert "Houses shook in Iquique, wire reports." in shown.text
        await ada.presses(shown, "Not of this event")
        done = await server.edited(shown)
        assert "is no longer part of this event" in done.text
        event = await desk.store.events.of_story(LATER.id)
        assert event is not None
        assert QUAKE[0].id not in {one.id for one in event.stories}
