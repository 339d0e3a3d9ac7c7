"""The language that an interaction or a direct message is answered in."""

from __future__ import annotations

from collections import OrderedDict

import discord

from adapters.discord.buttons import Interaction
from adapters.discord.people import house_of
from bot.chat.languages import LanguageChooser
from bot.i18n import speak
from bot.model import Chat

_REMEMBERED = 10_000  # people


class DiscordLanguages:
    """Chooses the language that people are answered in, and speaks it in the current task.

    The library handles each interaction and each message in a task of its own. A direct message
    does not tell the language of its author's client, so that of their last interaction is taken.
    """

    def __init__(self, chooser: LanguageChooser) -> None:
        self._chooser = chooser
        self._last: OrderedDict[int, str] = OrderedDict()

    async def choose(self, interaction: Interaction) -> None:
        """Speaks the language of whoever is behind an interaction."""
        person, code = interaction.user.id, interaction.locale.value
        self._last[person] = code
        self._last.move_to_end(person)
        if len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
        is_own = interaction.guild_id is None and interaction.context.dm_channel
        chat = house_of(interaction)
        speak(await self._chooser.for_reader(code, chat, is_own=bool(is_own)))

    async def choose_for(self, message: discord.Message, chat: Chat) -> None:
        """Speaks the language of the author of a direct message."""
        code = self._last.get(message.author.id, "")
        speak(await self._chooser.for_reader(code, chat, is_own=True))
