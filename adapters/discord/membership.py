"""Pauses and resumes subscriptions as the bot loses servers and channels, or gets them back."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Container
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from adapters.discord.failures import BY_PERMISSION, REMOVED, chat_gone
from adapters.discord.people import PLATFORM
from bot.clock import Clock
from bot.errors import ChatGoneError, StoreError
from bot.model import Chat
from bot.posting.endings import EndingNotifier
from bot.posting.model import DELETED_CHANNEL
from bot.posting.ports import Subscriptions

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DiscordMembership:
    """Pauses the subscriptions of chats that the bot was removed from, and resumes them.

    An outage of a server pauses nothing: it ends by itself, and its posts are retried.

    Attributes:
        subscriptions: The subscriptions of all chats.
        clock: Tells the time.
        endings: Pauses, and notifies those who subscribed.
        track: Tracks the current task as busy, so that a shutdown waits for it.
    """

    subscriptions: Subscriptions
    clock: Clock
    endings: EndingNotifier
    track: Callable[[], AbstractAsyncContextManager[None]]

    async def pause_server(self, guild: int, name: str = "") -> None:
        """Pauses the subscriptions of a server that the bot was removed from."""
        await self._pause(Chat(PLATFORM, str(guild)), chat_gone(REMOVED, place=name))

    async def pause_channel(self, channel: int, name: str = "") -> None:
        """Pauses the subscriptions of a channel or a thread that was deleted."""
        await self._pause(Chat(PLATFORM, str(channel)), chat_gone(DELETED_CHANNEL, place=name))

    async def resume_reachable(
        self, servers: Container[int], can_post: Callable[[Chat], bool]
    ) -> None:
        """Resumes what can be posted again: the bot is back, or has its permissions again.

        Nobody tells the bot of what happens while it does not run.

        Args:
            servers: The ids of the servers that the bot is in.
            can_post: Tells whether the bot has the permissions to post in a channel.
        """
        async with self.track():
            try:
                for one in await self.subscriptions.paused(PLATFORM):
                    is_back = one.paused.startswith(REMOVED) and int(one.chat.house or 0) in servers
                    is_allowed = one.paused.startswith(BY_PERMISSION) and can_post(one.chat)
                    if is_back or is_allowed:
                        await self.subscriptions.resume(one.chat, self.clock.now())
                        log.info("Discord: %s goes on in channel %s", one.what, one.chat.id)
            except StoreError as error:
                log.error("Discord: cannot resume subscriptions: %s", error)  # noqa: TRY400

    async def pause_missing(
        self,
        servers: Container[int],
        is_deleted: Callable[[Chat], Awaitable[bool]],
        hears_of: Callable[[int], bool] = lambda _: True,
    ) -> None:
        """Pauses what can no longer be posted: the bot was removed, or the channel deleted.

        Nobody tells the bot of what happens while it does not run.

        Args:
            servers: The ids of the servers that the bot is in, those that have an outage included.
            is_deleted: Tells whether a channel of one of them was surely deleted.
            hears_of: Tells whether a server would be among them; others hear of the rest.
        """
        try:
            posted = await self.subscriptions.posted_chats(PLATFORM)
        except StoreError as error:  # the next post finds out by itself
            log.error("Discord: cannot read subscriptions: %s", error)  # noqa: TRY400
            return
        homes = {chat: int(chat.house) for chat in posted if chat.house.isdecimal()}
        chats = {chat: server for chat, server in homes.items() if hears_of(server)}
        for server in {*chats.values()}:
            if server not in servers:
                await self.pause_server(server)
        for chat, server in chats.items():
            if server in servers and await is_deleted(chat):
                await self.pause_channel(int(chat.id))

    async def resume_server(self, guild: int) -> None:
        """Resumes the subscriptions of a server that the bot was added to, perhaps again."""
        async with self.track():
            try:
                chat = Chat(PLATFORM, str(guild))
                count = await self.subscriptions.resume(chat, self.clock.now())
            except StoreError as error:
                log.error("Discord: cannot resume subscriptions: %s", error)  # noqa: TRY400
                return
            if count:
                log.info("Discord: subscriptions resumed in server %d: %d", guild, count)

    async def _pause(self, chat: Chat, gone: ChatGoneError) -> None:
        async with self.track():
            try:
                paused = await self.endings.pause(chat, gone)
            except StoreError as error:  # the next post finds out by itself
                log.error("Discord: cannot pause subscriptions: %s", error)  # noqa: TRY400
                return
            if paused:
                log.info("Discord: subscriptions paused: %d. %s", paused, gone)
