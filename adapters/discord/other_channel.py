"""Another channel of the server that a command is about, named by its `channel` option."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

import discord

from adapters.discord.buttons import Interaction
from adapters.discord.people import chat_of, command_chat
from adapters.discord.permissions import channel_rights, opens_threads, place_name
from bot.chat.command import Command, OptionKind
from bot.errors import NotAllowedError, ReaderError
from bot.i18n import Translations
from bot.model import Capability, Chat

Postable: TypeAlias = discord.TextChannel | discord.ForumChannel | discord.Thread
"""A channel that stories can be posted in."""

_MENTION = re.compile(r"<#(?P<id>\d{15,20})>")


def chat_for(
    interaction: Interaction, command: Command, given: Mapping[str, str], words: Translations
) -> Chat:
    """Returns the chat that a command is about: the channel that is named, or where it is asked.

    Raises:
        NotAllowedError: The person may not write in the channel that is named.
        ReaderError: There is no such channel here.
    """
    named = named_channel(command, given)
    if not named or interaction.guild_id is None:  # in private the core asks the directory
        return command_chat(interaction, command)
    channel = _find(interaction, named)
    if channel is None:
        raise ReaderError(words.gettext("I can't see that channel. Is it in this server?"))
    if not may_write(channel, interaction.user):
        told = words.gettext(
            "You can't write in {channel} yourself, so I can't post there for you."
        )
        raise NotAllowedError(told.format(channel=f"#{channel.name}"))
    here = chat_of(interaction)
    abilities = here.capabilities & ~Capability.THREADS
    if opens_threads(channel):
        abilities |= Capability.THREADS
    name = place_name(channel)
    chat = replace(here, id=str(channel.id), name=name, capabilities=abilities)
    return replace(chat, rights=channel_rights(channel)) if command.posts_here else chat


def named_channel(command: Command, given: Mapping[str, str]) -> str:
    """Returns the value of a command's option for a channel; an empty text for none."""
    options = (one.name for one in command.options if one.kind is OptionKind.CHANNEL)
    return next((given[name] for name in options if given.get(name)), "")


def _find(interaction: Interaction, named: str) -> discord.abc.GuildChannel | discord.Thread | None:
    """Finds a channel of the interaction's server, if the bot can see it."""
    mention = _MENTION.fullmatch(named)
    if interaction.guild is None or mention is None or not interaction.is_guild_integration():
        return None
    channel = interaction.guild.get_channel_or_thread(int(mention["id"]))
    takes_posts = isinstance(channel, discord.TextChannel | discord.ForumChannel | discord.Thread)
    return channel if takes_posts else None


def may_write(
    channel: discord.abc.GuildChannel | discord.Thread, person: discord.User | discord.Member
) -> bool:
    """Tells if somebody may write in a channel."""
    if not isinstance(person, discord.Member):
        return False
    granted = channel.permissions_for(person)
    is_thread = isinstance(channel, discord.Thread)
    write = granted.send_messages_in_threads if is_thread else granted.send_messages
    return granted.view_channel and write
