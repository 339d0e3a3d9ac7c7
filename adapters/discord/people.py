"""Identities: the person who asks, the chat they ask in, and moderator permissions."""

from __future__ import annotations

import logging
from dataclasses import replace

import discord

from adapters.discord.buttons import Interaction
from adapters.discord.permissions import bot_rights, opens_threads, place_name
from bot.chat.command import Command
from bot.chat.settings import ROLE, ChatSettings
from bot.chat.staff import Staff
from bot.errors import StoreError
from bot.model import Capability, Chat, Person

log = logging.getLogger(__name__)

PLATFORM = "discord"

PERSON = "user"
"""The prefix of chat ids that stand for a person's direct messages."""

CAPABILITIES = (
    Capability.POSTS
    | Capability.ROLES
    | Capability.PRIVATE_ANSWERS
    | Capability.TIMESTAMPS
    | Capability.ANNOUNCEMENTS
    | Capability.PICTURES
    | Capability.THREADS
    | Capability.FILE_OPTIONS
)


IN_PRIVATE = (
    Capability.POSTS | Capability.TIMESTAMPS | Capability.PICTURES | Capability.FILE_OPTIONS
)
"""The capabilities of direct messages, where there are no roles and nobody else reads."""


class DiscordPeople:
    """Identifies people, and tells moderators from others.

    Moderators are the people that the operator named and, in a server that the bot was added to,
    those who may manage the server and the members of the role that was set there. In a server
    where only a person has installed the bot, for themselves, nobody is its moderator.
    """

    def __init__(self, settings: ChatSettings, staff: Staff) -> None:
        self._settings = settings
        self._staff = staff

    async def person(self, interaction: Interaction) -> Person:
        """Returns the person behind an interaction."""
        user = interaction.user
        moderator = self._staff.moderates(user.id) or await self._is_moderator(interaction)
        host = interaction.guild_id is None and interaction.context.dm_channel
        return Person(
            str(user.id),
            user.display_name,
            moderator=moderator,
            host=bool(host),
            operator=self._staff.operates(user.id),
        )

    def in_private(self, person: Person) -> Person:
        """Returns a person as who they are in their direct messages with the bot."""
        return self._staff.in_private(person)

    async def is_moderator(self, member: discord.Member) -> bool:
        """Tells if a member of a server moderates there, as Discord knows them now."""
        granted = member.guild_permissions
        if self._staff.moderates(member.id) or granted.manage_guild or granted.administrator:
            return True
        return await self._has_moderator_role(member, str(member.guild.id))

    async def _is_moderator(self, interaction: Interaction) -> bool:
        if not interaction.is_guild_integration():
            return False
        granted = interaction.permissions
        if granted.manage_guild or granted.administrator:
            return True
        if not isinstance(interaction.user, discord.Member):
            return False
        return await self._has_moderator_role(interaction.user, str(interaction.guild_id))

    async def _has_moderator_role(self, member: discord.Member, house: str) -> bool:
        server = Chat(PLATFORM, house, capabilities=CAPABILITIES)
        try:
            role = await self._settings.get(server, ROLE)
        except StoreError as error:
            log.error("could not check who is a moderator: %s", error)  # noqa: TRY400 - says all
            return False
        return bool(role) and any(
            str(one.id) == role for one in member.roles if not one.is_default()
        )


def private_chat(person: str) -> Chat | None:
    """Returns the direct messages with a person, by an id of ours.

    Discord gives these chats an id when they are opened; until then the person's stands.
    """
    return Chat(PLATFORM, f"{PERSON}:{person}") if person.isdecimal() else None


def chat_of(interaction: Interaction) -> Chat:
    """Returns the chat of an interaction: a channel or thread, with its server as its house.

    A server where only a person has installed the bot is no house: nothing is set there.
    """
    house = str(interaction.guild_id) if interaction.is_guild_integration() else ""
    place = str(interaction.channel_id or interaction.guild_id or 0)
    name = place_name(interaction.channel) if interaction.guild_id else ""
    capabilities = CAPABILITIES if interaction.guild_id else IN_PRIVATE
    if house:  # where other channels are known
        capabilities |= Capability.CHANNELS
    if not opens_threads(interaction.channel):
        capabilities &= ~Capability.THREADS
    return Chat(PLATFORM, place, house=house, capabilities=capabilities, name=name)


def house_of(interaction: Interaction) -> Chat:
    """Returns the chat that has settings of its own: the server or, outside of any, the channel."""
    if interaction.guild_id is None:
        return chat_of(interaction)
    return Chat(PLATFORM, str(interaction.guild_id), capabilities=CAPABILITIES)


def command_chat(interaction: Interaction, command: Command) -> Chat:
    """Returns the chat that a command is about: the whole server, or where it is asked."""
    chat = house_of(interaction) if command.server_wide else chat_of(interaction)
    return replace(chat, rights=bot_rights(interaction)) if command.posts_here else chat
