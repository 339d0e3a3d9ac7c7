"""Posting beside serving: begun and ended with it, and never in a reader's way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import WIRE, TestDesk, desk_over
from servers.telegram import chats as telegram_chats
from servers.telegram import faults
from servers.telegram.limits import Limits
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat, server
from stories import NOW, story, write_news
from telegram_bot import platform

from adapters.telegram.platform import Post
from bot.chat.settings import ChatSettings
from bot.errors import PlatformError
from bot.model import Chat
from bot.posting.context import DeliveryContext
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.messenger import Message, Messenger
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.posting.worker import PostingWorkers
from bot.reply import Reply
from bot.subscriptions.model import Subscription, TargetKind

__all__ = ["ada", "chat", "server"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        yield opened


@asynccontextmanager
async def posting(server: Server, desk: TestDesk, post: Post) -> AsyncIterator[asyncio.Task[None]]:
    """The bot, serving and posting as long as the block lasts."""
    task = asyncio.create_task(replace(platform(server, desk), post=post).serve())
    try:
        await server.called("getUpdates")
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})


def message(chat: telegram_chats.Chat, text: str = "News") -> Message:
    return Message(Chat("telegram", str(chat.id)), Reply("notice", text=(text,)), text)


async def test_posting_begins_and_ends_with_serving(
    server: Server, desk: TestDesk, chat: telegram_chats.Chat
) -> None:
    begun = asyncio.Event()

    async def post(messenger: Messenger) -> None:
        await messenger.send(message(chat, "Begun"))
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await messenger.send(message(chat, "Ended"))

    async with posting(server, desk, post):
        await begun.wait()
    assert [one.text for one in server.sent(chat)] == ["Begun", "Ended"]


async def test_where_posting_has_nothing_more_to_do_readers_are_served(
    server: Server, desk: TestDesk, ada: Person, chat: telegram_chats.Chat
) -> None:
    async def post(messenger: Messenger) -> None:
        await messenger.send(message(chat))

    async with posting(server, desk, post) as task:
        await server.next_message(chat)
        await ada.says(chat, "/topics")
        assert (await server.next_message(chat)).text.startswith("Topics")
        assert not task.done()


@pytest.mark.parametrize("error", [PlatformError("let in no more"), RuntimeError("a slip")])
async def test_trouble_with_posting_ends_serving_with_it(
    server: Server, desk: TestDesk, error: Exception
) -> None:
    async def post(_: Messenger) -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        await replace(platform(server, desk), post=post).serve()
    assert caught.value is error


async def test_a_token_that_is_refused_to_a_post_ends_serving(
    server: Server, desk: TestDesk, chat: telegram_chats.Chat
) -> None:
    async def post(messenger: Messenger) -> None:
        try:
            await messenger.send(message(chat))
        except PlatformError:
            await asyncio.Event().wait()  # that it is refused is noticed all the same

    server.fails("sendMessage", faults.Fault(status=401, description="Unauthorized"))
    with pytest.raises(PlatformError, match="restart Dateline"):
        await replace(platform(server, desk), post=post).serve()


async def test_posting_that_does_not_end_is_left_as_it_is(
    server: Server, desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    deaf: list[asyncio.Task[None]] = []
    may_end = asyncio.Event()

    async def post(_: Messenger) -> None:
        task = asyncio.current_task()
        assert task
        deaf.append(task)
        while not may_end.is_set():
            try:
                await may_end.wait()
            except asyncio.CancelledError:
                continue

    async with posting(server, desk, post):
        pass
    assert "posting did not finish within" in caplog.text
    may_end.set()
    await asyncio.wait(deaf)


async def test_no_reply_waits_for_a_post_that_takes_long(
    server: Server, desk: TestDesk, ada: Person, chat: telegram_chats.Chat
) -> None:
    crowd = server.crowd(80)

    async def post(messenger: Messenger) -> None:
        async with asyncio.TaskGroup() as sending:
            for each in crowd:
                sending.create_task(messenger.send(message(each)))

    for each in crowd:
        server.fails("sendMessage", faults.unanswered(), chat=each.id)
    async with posting(server, desk, post):
        await server.called("sendMessage", times=48)  # as many as there are connections for posts
        await ada.says(chat, "/topics")
        assert (await server.next_message(chat)).text.startswith("Topics")
        assert len(server.made("sendMessage")) == 48 + 1


def posting_workers(desk: TestDesk) -> PostingWorkers:
    """The core's own worker."""
    services = desk.dispatcher.services
    composer = PostComposer(DisplayNames(services.translations, {"wire": WIRE.name}))
    move = ChatSettings(desk.store.chats).move
    return PostingWorkers(DeliveryContext(desk.store, desk.clock, composer, FloodLimits(), move))


async def test_what_is_new_comes_to_those_who_follow_and_waits_for_who_blocks(
    server: Server,
    desk: TestDesk,
    ada: Person,
    chat: telegram_chats.Chat,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.limits = Limits()
    forum = server.forum("Readers", members=[ada])
    sports = forum.topic("Sports")
    chats = (Chat("telegram", str(chat.id)), Chat("telegram", str(forum.id), str(sports)))
    for place in chats:
        followed = Subscription(place, TargetKind.SOURCE, "wire", owner=str(ada.id), made=NOW)
        await desk.store.subscriptions.put(followed)
    worker = posting_workers(desk)
    router = SubscriptionRouter(desk.store.subscriptions, FloodLimits(), worker.wake)

    async def brings(*titles: str) -> None:
        new = [story(title, "It is.", published=NOW) for title in titles]
        await write_news(router, desk.store, new, now=desk.clock.now())
        worker.wake()

    async with posting(server, desk, worker.run):
        await brings("One")
        shown = [await server.next_message(chat), await server.next_message(forum)]
        assert [one.thread for one in shown] == [None, sports]
        assert [one.text.partition("\n")[0] for one in shown] == ["One", "One"]
        assert shown[0].button("Read").url.startswith("https://t.me/DatelineBot?start=read_")
        with caplog.at_level(logging.ERROR):
            await ada.blocks_bot()
            await brings("Two", "Three")
            for title in ("Two", "Three"):
                assert (await server.next_message(forum)).text.startswith(title)
            assert len(server.sent(chat)) == 1
            await ada.unblocks_bot()
            desk.clock.pass_(timedelta(minutes=1).total_seconds())
            worker.wake()
            assert (await server.next_message(chat)).text.startswith("2 new stories")
    assert server.too_many == 0
