"""Syncs the bot's profile with Telegram: what the desk is about, in each language."""

from __future__ import annotations

import logging

from telegram import Bot
from telegram.error import TelegramError

from adapters.telegram.command_sync import translations_by_code
from bot.chat.desk import desk_about, profile_text
from bot.chat.request import Services

log = logging.getLogger(__name__)

_MAX_DESCRIPTION, _MAX_SHORT = 512, 120
"""Characters (https://core.telegram.org/bots/api#setmydescription, ...#setmyshortdescription)."""


async def sync_profile(bot: Bot, services: Services) -> None:
    """Sets the description, which an empty chat shows, and the short one, where they differ.

    Errors are logged only: the profile is no more than a welcome.
    """
    try:
        for language, words in translations_by_code(services.translations):
            await _sync(bot, language, profile_text(services, words), desk_about(services, words))
    except TelegramError as error:
        log.warning("could not set the profile: %s", error.message)


async def _sync(bot: Bot, language: str | None, description: str, short: str) -> None:
    wanted, wanted_short = _cut(description, _MAX_DESCRIPTION), _cut(short, _MAX_SHORT)
    if (await bot.get_my_description(language_code=language)).description != wanted:
        await bot.set_my_description(wanted, language_code=language)
    known = await bot.get_my_short_description(language_code=language)
    if known.short_description != wanted_short:
        await bot.set_my_short_description(wanted_short, language_code=language)


def _cut(text: str, most: int) -> str:
    """Cuts a text to a number of UTF-16 units, as Telegram counts."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * most:
        return text
    return units[: 2 * most - 2].decode("utf-16-le", "ignore").rstrip() + "…"
