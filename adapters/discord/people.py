"""Who asks, where, and who is a moderator there."""

from __future__ import annotations

import logging
from collections.abc import Collection

import discord

from adapters.discord.buttons import Interaction
from bot.chat.settings import ROLE, ChatSettings
from bot.errors import StoreError
from bot.model import Capability, Chat, Person

log = logging.getLogger(__name__)

PLATFORM = "discord"
CAPABILITIES = (
    Capability.POSTS | Capability.ROLES | Capability.PRIVATE_ANSWERS | Capability.ANNOUNCEMENTS
)


class DiscordPeople:
    """Tells moderators from others.

    Moderators are whom the operator named and, in a server that the bot was added to, those who may
    manage the server and the members of the role that was set there. Where somebody merely brought
    the bot along, nobody there has chosen it, and nobody is its moderator.
    """

    def __init__(self, settings: ChatSettings, moderators: Collection[int]) -> None:
        self._settings = settings
        self._moderators = moderators

    async def person(self, interaction: Interaction) -> Person:
        """Who asks."""
        user = interaction.user
        moderator = user.id in self._moderators or await self._moderates(interaction)
        host = interaction.guild_id is None and interaction.context.dm_channel
        return Person(str(user.id), user.display_name, moderator=moderator, host=bool(host))

    async def _moderates(self, interaction: Interaction) -> bool:
        if not interaction.is_guild_integration():
            return False
        may = interaction.permissions
        return may.manage_guild or may.administrator or await self._has_role(interaction)

    async def _has_role(self, interaction: Interaction) -> bool:
        if not isinstance(interaction.user, discord.Member):
            return False
        try:
            role = await self._settings.get(house_of(interaction), ROLE)
        except StoreError as error:
            log.error("cannot tell who is a moderator: %s", error)  # noqa: TRY400 - says all
            return False
        return bool(role) and any(
            str(one.id) == role for one in interaction.user.roles if not one.is_default()
        )


def chat_of(interaction: Interaction) -> Chat:
    """Where something is asked: a channel or thread, whose house is its server, or elsewhere.

    A server that somebody merely brought the bot along to is no house: nothing is set there.
    """
    house = str(interaction.guild_id) if interaction.is_guild_integration() else ""
    place = str(interaction.channel_id or interaction.guild_id or 0)
    return Chat(PLATFORM, place, house=house, capabilities=CAPABILITIES)


def house_of(interaction: Interaction) -> Chat:
    """What has settings of its own: a server or, outside of any, the channel."""
    if interaction.guild_id is None:
        return chat_of(interaction)
    return Chat(PLATFORM, str(interaction.guild_id), capabilities=CAPABILITIES)
