"""Chats as the adapters give them to the core, with what their platforms can do."""

from __future__ import annotations

from adapters.console.conversation import TERMINAL
from adapters.discord.people import CAPABILITIES as ON_DISCORD
from adapters.telegram.people import CAPABILITIES as ON_TELEGRAM
from bot.model import Chat

__all__ = ["TERMINAL", "discord_chat", "telegram_chat"]


def telegram_chat(id_: str, thread: str = "") -> Chat:
    """A chat on Telegram."""
    return Chat("telegram", id_, thread, capabilities=ON_TELEGRAM)


def discord_chat(id_: str, house: str = "") -> Chat:
    """A chat on Discord."""
    return Chat("discord", id_, house=house, capabilities=ON_DISCORD)
