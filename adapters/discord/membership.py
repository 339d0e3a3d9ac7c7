"""Pauses and resumes subscriptions as the bot loses servers and channels, or gets them back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from adapters.discord.people import PLATFORM
from bot.clock import Clock
from bot.errors import StoreError
from bot.i18n import Translations
from bot.model import Chat
from bot.posting.ports import Subscriptions

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DiscordMembership:
    """Pauses the subscriptions of chats that the bot was removed from, and resumes them.

    An outage of a server pauses nothing: it ends by itself, and its posts are retried.

    Attributes:
        subscriptions: The subscriptions of all chats.
        clock: Tells the time.
        words: The bot's own words, for the reason of a pause.
        track: Tracks the current task as busy, so that a shutdown waits for it.
    """

    subscriptions: Subscriptions
    clock: Clock
    words: Translations
    track: Callable[[], AbstractAsyncContextManager[None]]

    async def pause_server(self, guild: int) -> None:
        """Pauses the subscriptions of a server that the bot was removed from."""
        reason = self.words.gettext("I was removed from the server.")
        await self._pause(Chat(PLATFORM, str(guild)), reason)

    async def pause_channel(self, channel: int) -> None:
        """Pauses the subscriptions of a channel or a thread that was deleted."""
        reason = self.words.gettext("The channel was deleted.")
        await self._pause(Chat(PLATFORM, str(channel)), reason)

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

    async def _pause(self, chat: Chat, reason: str) -> None:
        async with self.track():
            try:
                paused = await self.subscriptions.pause(chat, reason, self.clock.now())
            except StoreError as error:  # the next post finds out by itself
                log.error("Discord: cannot pause subscriptions: %s", error)  # noqa: TRY400
                return
            if paused:
                log.info("Discord: subscriptions paused: %d. %s", len(paused), reason)
