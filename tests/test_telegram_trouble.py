"""Trouble by script, seen through stock python-telegram-bot."""

from __future__ import annotations

import httpx
import pytest
from servers.telegram import faults
from servers.telegram.chats import Chat
from servers.telegram.faults import Fault
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat, server
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram_stock import bot, polling

__all__ = ["ada", "bot", "chat", "server"]


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")  # in the library's RetryAfter
@pytest.mark.parametrize(
    ("scripted", "error", "said"),
    [
        (faults.blocked(), Forbidden, "bot was blocked by the user"),
        (faults.kicked(), Forbidden, "bot was kicked from the group chat"),
        (faults.chat_not_found(), BadRequest, "Chat not found"),
        (faults.bad_request("wrong type of the web page content"), BadRequest, "Wrong type"),
        (faults.migrated(-1001), ChatMigrated, "-1001"),
        (faults.too_many(7), RetryAfter, "7"),
        (faults.broken(500), NetworkError, "500"),
        (faults.broken(), NetworkError, "Bad Gateway"),
        (faults.cut(), NetworkError, "disconnected|ReadError"),
    ],
)
async def test_a_call_fails_as_it_was_scripted_once_and_without_effect(
    server: Server, bot: Bot, chat: Chat, scripted: Fault, error: type[Exception], said: str
) -> None:
    other = server.private(server.person("Bob"))
    server.fails("sendMessage", scripted, chat=chat.id)
    await bot.send_message(other.id, "Hi")
    with pytest.raises(error, match=said):
        await bot.send_message(chat.id, "Hi")
    assert server.sent(chat) == []
    await bot.send_message(chat.id, "Hi")
    assert len(server.sent(chat)) == 1
    assert server.faults.remaining == []


@pytest.mark.parametrize(
    "scripted", [faults.cut(after=True), faults.broken(after=True)], ids=["cut", "broken"]
)
async def test_a_call_may_take_effect_and_its_answer_be_lost(
    server: Server, bot: Bot, chat: Chat, scripted: Fault
) -> None:
    server.fails("sendMessage", scripted)
    with pytest.raises(NetworkError):
        await bot.send_message(chat.id, "Hi")
    assert [message.text for message in server.sent(chat)] == ["Hi"]


@pytest.mark.parametrize("after", [False, True])
async def test_a_call_may_stay_unanswered(
    server: Server, bot: Bot, chat: Chat, after: bool
) -> None:
    server.fails("sendMessage", faults.unanswered(after=after))
    with pytest.raises(TimedOut) as caught:
        await bot.send_message(chat.id, "Hi", read_timeout=0.02)
    assert isinstance(caught.value.__cause__, httpx.ReadTimeout)
    assert len(server.sent(chat)) == after


async def test_trouble_may_last_until_it_is_lifted(server: Server, bot: Bot, chat: Chat) -> None:
    scripted = server.fails("*", faults.broken(), times=None)
    for _ in range(3):
        with pytest.raises(NetworkError):
            await bot.send_message(chat.id, "Hi")
    scripted.lift()
    await bot.send_message(chat.id, "Hi")
    assert [call.status for call in server.made("sendMessage", chat)] == [502, 502, 502, 200]


async def test_a_group_becomes_a_supergroup(server: Server, ada: Person, bot: Bot) -> None:
    group = server.group("Readers", admins=[ada])
    moved = server.migrate(group)
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.id, "Hi")
    assert caught.value.new_chat_id == moved.id
    await bot.send_message(caught.value.new_chat_id, "Hi")
    left, came = await bot.get_updates()
    assert left.message
    assert left.message.migrate_to_chat_id == moved.id
    assert came.message
    assert came.message.migrate_from_chat_id == group.id


async def test_the_server_goes_away_and_comes_back(server: Server, ada: Person, chat: Chat) -> None:
    async with polling(server, bootstrap_retries=-1) as stock:
        await ada.says(chat, "/latest")
        await server.next_message(chat)
        url = server.url
        await server.stop()
        assert isinstance(await stock.failed(), NetworkError)
        await server.start()
        assert server.url == url
        await ada.says(chat, "/latest")
        await server.next_message(chat)


async def test_a_poll_that_fails_is_tried_again(server: Server, ada: Person, chat: Chat) -> None:
    server.fails("getUpdates", faults.cut())
    async with polling(server) as stock:
        await ada.says(chat, "/latest")
        assert (await server.next_message(chat)).text == "Page 1"
        assert len(stock.errors) == 1


async def test_a_revoked_token_ends_the_polling(server: Server, ada: Person, chat: Chat) -> None:
    async with polling(server):
        server.revoked = True
        await ada.says(chat, "/latest")
        await server.called("getUpdates", status=401)
