"""Subscriptions pause while the bot cannot reach their channels, and resume after that."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from discord_desk import serving, until
from discord_posting import newsroom
from newsdesk import TestDesk
from servers.discord.server import Server, server
from servers.discord.world import Channel, Guild
from stories import HandClock

from adapters.discord.membership import DiscordMembership
from adapters.discord.people import private_chat
from bot.errors import StoreError
from bot.i18n import load
from bot.model import Chat
from bot.posting.digest import DisplayNames
from bot.posting.endings import EndingNotifier
from bot.posting.messenger import Messenger
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.post_template import PostTemplate

__all__ = ["newsroom", "server"]  # fixtures


async def follows(desk: TestDesk, *channels: Channel) -> None:
    for one in channels:
        assert one.guild is not None
        chat = Chat("discord", str(one.id), house=str(one.guild.id))
        chosen = Subscription(chat, TargetKind.TOPIC, "World", made=desk.clock.now())
        await desk.store.subscriptions.put(chosen)


async def paused(desk: TestDesk, *channels: Channel) -> list[str]:
    """Why nothing is posted in these channels."""
    found = [await desk.store.subscriptions.of(Chat("discord", str(one.id))) for one in channels]
    return [one.paused for subscriptions in found for one in subscriptions]


async def until_paused(desk: TestDesk, *reasons: str, of: Sequence[Channel]) -> None:
    while await paused(desk, *of) != list(reasons):
        await asyncio.sleep(0.005)


async def test_a_server_that_removes_the_bot_is_posted_to_again_when_it_is_back(
    server: Server, newsroom: Guild, desk: TestDesk
) -> None:
    other = server.guild("Other")
    channels = [*newsroom.channels, other.channel]
    await follows(desk, *channels)
    why = "the bot was removed from the server"
    ready = asyncio.Event()

    async def post(messenger: Messenger) -> None:
        del messenger
        ready.set()

    async with serving(server, desk, post=post):
        await ready.wait()  # of what happens before, the library does not say that it is new
        await server.remove_bot(newsroom)
        await until_paused(desk, why, why, "", of=channels)
        await server.add_bot(newsroom)
        await until_paused(desk, "", "", "", of=channels)


async def test_an_outage_pauses_nothing(
    server: Server, newsroom: Guild, desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    other = server.guild("Other")
    await follows(desk, *newsroom.channels, other.channel)
    async with serving(server, desk):
        await server.begin_outage(newsroom)
        await server.add_bot(newsroom)
        await server.remove_bot(other)  # is told after the others
        await until(lambda: "subscriptions paused: 1" in caplog.text)
        assert await paused(desk, *newsroom.channels) == ["", ""]
    assert "go on" not in caplog.text


async def test_a_channel_and_a_thread_that_are_deleted(
    server: Server, newsroom: Guild, desk: TestDesk
) -> None:
    news, more = newsroom.channels
    threads = [server.thread(parent, "talk") for parent in (news, more, more)]
    closed = server.thread(more, "closed")
    closed.archived = True
    everything = [news, more, *threads, closed]
    await follows(desk, *everything)
    why = "the channel was deleted"
    async with serving(server, desk):
        await server.delete(news)
        await until_paused(desk, why, "", why, "", "", "", of=everything)
        await server.delete(threads[1])
        await until_paused(desk, why, "", why, why, "", "", of=everything)
        await server.delete(closed)  # of which the bot never heard
        await until_paused(desk, why, "", why, why, "", why, of=everything)


class Lost:
    """Subscriptions of which nothing can be changed."""

    async def put(self, subscription: Subscription) -> Subscription:
        raise StoreError(f"cannot keep {subscription.what}")

    async def of(self, chat: Chat) -> Sequence[Subscription]:
        raise StoreError(f"cannot read {chat.id}")

    async def is_anything_followed(self) -> bool:
        raise StoreError("cannot read what is followed")

    async def posted_chats(self, platform: str) -> Sequence[Chat]:
        raise StoreError(f"cannot read the chats of {platform}")

    async def end(self, id: int, now: datetime) -> None:  # noqa: A002 - as in the protocol
        raise StoreError(f"cannot end {id} at {now}")

    async def set_template(self, id: int, template: PostTemplate) -> bool:  # noqa: A002 - as there
        raise StoreError(f"cannot give {id} the template {template}")

    async def since(self, revision: int) -> tuple[int, Sequence[Subscription]]:
        raise StoreError(f"cannot read from {revision} on")

    async def pause(self, chat: Chat, reason: str, now: datetime) -> Sequence[Subscription]:
        raise StoreError(f"cannot pause {chat.id} at {now}: {reason}")

    async def pause_thread(self, chat: Chat, reason: str, now: datetime) -> Sequence[Subscription]:
        raise StoreError(f"cannot pause {chat.id} in {chat.thread} at {now}: {reason}")

    async def paused(self, platform: str) -> Sequence[Subscription]:
        raise StoreError(f"cannot read what is paused on {platform}")

    async def resume(
        self,
        chat: Chat,
        now: datetime,
        *,
        digest_at: datetime | None = None,
        by_hand: bool = False,
    ) -> int:
        del digest_at, by_hand
        raise StoreError(f"cannot resume {chat.id} at {now}")

    async def set_zone(self, house: Chat, zone: str, now: datetime) -> None:
        raise StoreError(f"cannot put {house.id} into {zone} at {now}")


async def test_a_store_in_trouble_is_told_of_in_a_line(caplog: pytest.LogCaptureFixture) -> None:
    store: Any = SimpleNamespace(subscriptions=Lost())
    endings = EndingNotifier(store, HandClock(), DisplayNames(load("en"), {}), private_chat)
    membership = DiscordMembership(Lost(), HandClock(), endings, nullcontext)
    await membership.pause_server(1)
    await membership.pause_channel(2)
    await membership.resume_server(3)
    assert [one.getMessage().partition(": cannot ")[2][:16] for one in caplog.records] == [
        "pause subscripti",
        "pause subscripti",
        "resume subscript",
    ]
    assert all(number in caplog.text for number in ("pause 1", "pause 2", "resume 3"))
    assert not any(one.exc_info for one in caplog.records)
