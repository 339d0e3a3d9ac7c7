"""Chat actions: “typing …” while an answer takes longer than a second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from adapters.telegram.outgoing import Destination

_AFTER = 1.0  # seconds
# Telegram shows it for five seconds, or until a message arrives
# (https://core.telegram.org/bots/api#sendchataction).
_EVERY = 4.5
_MAX_UNDER_WAY = 4  # calls
_TIMES = 7  # then nothing that is worth waiting for comes


class TypingIndicator:
    """Shows that the bot is typing.

    When a crowd has to wait, few are shown it at a time: else the calls would make all wait longer.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._under_way = 0

    @asynccontextmanager
    async def show(self, destination: Destination) -> AsyncIterator[None]:
        """Shows it from the second second of the block on."""
        showing = asyncio.create_task(self._keep_showing(destination))
        try:
            yield
        finally:
            showing.cancel()

    async def _keep_showing(self, destination: Destination) -> None:
        pause = _AFTER
        for _ in range(_TIMES):
            await asyncio.sleep(pause)
            pause = _EVERY
            if self._under_way >= _MAX_UNDER_WAY:
                continue
            self._under_way += 1
            try:
                await self._bot.send_chat_action(
                    destination.chat, ChatAction.TYPING, message_thread_id=destination.thread
                )
            except TelegramError:  # the answer itself will say what is wrong
                return
            finally:
                self._under_way -= 1
