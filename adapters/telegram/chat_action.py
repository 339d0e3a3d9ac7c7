"""Chat actions: “typing …” while an answer takes longer than a second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from adapters.telegram.reply_sender import Destination

_AFTER = 1.0  # seconds
# Telegram shows it for five seconds, or until a message arrives
# (https://core.telegram.org/bots/api#sendchataction).
_EVERY = 4.5
_TIMES = 7  # then nothing that is worth waiting for comes


@asynccontextmanager
async def show_typing(bot: Bot, destination: Destination) -> AsyncIterator[None]:
    """Shows that the bot is typing from the second second of the block on."""
    showing = asyncio.create_task(_keep_showing(bot, destination))
    try:
        yield
    finally:
        showing.cancel()


async def _keep_showing(bot: Bot, destination: Destination) -> None:
    pause = _AFTER
    for _ in range(_TIMES):
        await asyncio.sleep(pause)
        pause = _EVERY
        try:
            await bot.send_chat_action(
                destination.chat, ChatAction.TYPING, message_thread_id=destination.thread
            )
        except TelegramError:  # the answer itself will say what is wrong
            return
