"""Delivery of updates to stock python-telegram-bot: long polling and a webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from servers.telegram.chats import Chat
from servers.telegram.people import Person
from servers.telegram.server import Server, ada, chat, server
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict
from telegram_stock import bot

__all__ = ["ada", "bot", "chat", "server"]

SECRET = "s-3_cret"  # noqa: S105 - opens nothing
HOOK = "https://news.example.org/hook"


@dataclass
class Hook:
    """Records requests to a webhook, and scripts its responses."""

    bot: Bot
    answers: list[int] = field(default_factory=list)
    told: asyncio.Queue[tuple[str, str]] = field(default_factory=asyncio.Queue)

    async def take(self, request: web.Request) -> web.Response:
        update = Update.de_json(await request.json(), self.bot)
        text = str(update.effective_message and update.effective_message.text)
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        self.told.put_nowait((text, secret))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


@asynccontextmanager
async def hooked(server: Server, bot: Bot, **how: Any) -> AsyncIterator[Hook]:
    """A webhook behind its public address."""
    hook = Hook(bot)
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    async with TestServer(app) as local:
        server.delivery.routes["https://news.example.org"] = str(local.make_url("")).rstrip("/")
        await bot.set_webhook(HOOK, secret_token=SECRET, **how)
        yield hook
        await bot.delete_webhook()


async def test_a_poll_waits_and_wakes_and_confirms(server: Server, bot: Bot, ada: Person) -> None:
    chat = server.private(ada)
    assert await bot.get_updates() == ()
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await server.called("getUpdates", 2)
    for text in ("One", "Two", "Three"):
        await ada.says(chat, text)
    first = (await waiting)[0]
    assert len(await bot.get_updates()) == 3
    (second,) = await bot.get_updates(offset=first.update_id + 1, limit=1)
    assert second.update_id == first.update_id + 1
    (last,) = await bot.get_updates(offset=-1)
    assert last.message
    assert last.message.text == "Three"


async def test_only_the_kinds_that_were_asked_for_are_told(
    server: Server, bot: Bot, ada: Person
) -> None:
    await bot.get_updates(allowed_updates=["message"])
    chat = server.private(ada)
    await ada.edits(await ada.says(chat, "Hi"), "Ho")
    (told,) = await bot.get_updates()
    assert told.message
    await bot.get_updates(offset=told.update_id + 1, allowed_updates=[])
    group = server.supergroup("Readers", members=[ada])
    server.make(ada, "administrator", group)
    await ada.removes_bot(group)
    (told,) = await bot.get_updates()
    assert told.my_chat_member


async def test_the_older_of_two_polls_is_ended(server: Server, bot: Bot) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=20))
    await server.called("getUpdates")
    async with Bot(server.token, base_url=server.base_url) as other:
        assert await other.get_updates() == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await older


async def test_a_poll_whose_bot_went_away_is_in_nobodys_way(server: Server, bot: Bot) -> None:
    gone = asyncio.create_task(bot.get_updates(timeout=20))
    await server.called("getUpdates")
    gone.cancel()
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await server.called("getUpdates", 2)
    ada = server.person("Ada")
    await ada.says(server.private(ada), "Hi")
    assert len(await waiting) == 1


async def test_a_webhook_is_told_with_its_secret(
    server: Server, bot: Bot, ada: Person, chat: Chat
) -> None:
    await ada.says(chat, "Before")
    async with hooked(server, bot) as hook:
        assert await hook.told.get() == ("Before", SECRET)
        await ada.says(chat, "After")
        assert await hook.told.get() == ("After", SECRET)
        with pytest.raises(Conflict, match="method while webhook is active"):
            await bot.get_updates()
        assert (await bot.get_webhook_info()).url == HOOK
    assert await bot.get_updates() == ()


async def test_what_a_webhook_refuses_is_told_again(
    server: Server, bot: Bot, ada: Person, chat: Chat
) -> None:
    async with hooked(server, bot, max_connections=1) as hook:
        hook.answers = [500, 503]
        await ada.says(chat, "Hi")
        assert [(await hook.told.get())[0] for _ in range(3)] == ["Hi", "Hi", "Hi"]
        hook.answers = [500] * 3
        await ada.says(chat, "Lost")
        assert [(await hook.told.get())[0] for _ in range(3)] == ["Lost", "Lost", "Lost"]
        info = await bot.get_webhook_info()
        assert info.last_error_message == "Wrong response from the webhook: 500"
        assert info.pending_update_count == 1
        await ada.says(chat, "Again")
        assert [(await hook.told.get())[0] for _ in range(2)] == ["Lost", "Again"]


async def test_a_webhook_ends_the_poll_and_may_drop_what_waits(
    server: Server, bot: Bot, ada: Person, chat: Chat
) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await server.called("getUpdates")
    async with hooked(server, bot):
        with pytest.raises(Conflict, match="terminated by setWebhook request"):
            await waiting
    await ada.says(chat, "Hi")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"url": "http://news.example.org"}, "HTTPS URL must be provided"),
        ({"url": "https://news.example.org:8080"}, "only ports 80, 88, 443, 8443 are open"),
        ({"url": HOOK, "secret_token": "a b"}, "unallowed characters"),
        ({"url": HOOK, "max_connections": 101}, "1 to 100"),
    ],
)
async def test_a_webhook_that_breaks_a_rule_is_refused(
    server: Server, bot: Bot, how: dict[str, Any], reason: str
) -> None:
    with pytest.raises(BadRequest):
        await bot.set_webhook(**how)
    assert reason in server.refused.pop().reason
