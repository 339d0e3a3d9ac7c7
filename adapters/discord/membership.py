"""What becomes of subscriptions when the bot loses a server or a channel, or is back."""

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
    """Pauses and resumes what can no longer be sent, or can be again.

    An outage of a server is no reason: it ends by itself, and what is sent meanwhile is tried
    again.

    Attributes:
        subscriptions: What channels follow.
        clock: Tells the time.
        words: The bot's own words, for the reason.
        working: Lets the end wait for what is done meanwhile.
    """

    subscriptions: Subscriptions
    clock: Clock
    words: Translations
    working: Callable[[], AbstractAsyncContextManager[None]]

    async def removed(self, guild: int) -> None:
        """Somebody removed the bot from a server."""
        reason = self.words.gettext("I was removed from the server.")
        await self._pause(Chat(PLATFORM, str(guild)), reason)

    async def deleted(self, channel: int) -> None:
        """Somebody deleted a channel or a thread."""
        reason = self.words.gettext("The channel was deleted.")
        await self._pause(Chat(PLATFORM, str(channel)), reason)

    async def added(self, guild: int) -> None:
        """Somebody added the bot to a server, perhaps again."""
        async with self.working():
            try:
                chat = Chat(PLATFORM, str(guild))
                count = await self.subscriptions.resume(chat, self.clock.now())
            except StoreError as error:
                log.error("Discord: cannot resume subscriptions: %s", error)  # noqa: TRY400
                return
            if count:
                log.info("Discord: subscriptions that go on in server %d: %d", guild, count)

    async def _pause(self, chat: Chat, reason: str) -> None:
        async with self.working():
            try:
                paused = await self.subscriptions.pause(chat, reason, self.clock.now())
            except StoreError as error:  # the next post finds out by itself
                log.error("Discord: cannot pause subscriptions: %s", error)  # noqa: TRY400
                return
            if paused:
                log.info("Discord: subscriptions that are paused: %d. %s", len(paused), reason)
