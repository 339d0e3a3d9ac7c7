"""Permissions of the bot in a channel, by the names of Discord's settings, and names of places."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from adapters.discord.buttons import Interaction
from bot.model import BotRights


def missing_permissions(granted: discord.Permissions, *, is_thread: bool) -> Sequence[str]:
    """Returns the permissions without which nothing can be posted, as Discord's fields."""
    write = "send_messages_in_threads" if is_thread else "send_messages"
    return [name for name in ("view_channel", write, "embed_links") if not getattr(granted, name)]


def permission_names(permissions: Sequence[str]) -> Sequence[str]:
    """Returns the permissions as Discord's settings call them."""
    return [name.replace("_", " ").title().replace(" In ", " in ") for name in permissions]


def bot_rights(interaction: Interaction) -> BotRights:
    """Returns what the bot may do in the channel of an interaction, as that tells itself."""
    granted = interaction.app_permissions
    is_thread = isinstance(interaction.channel, discord.Thread)
    missing = missing_permissions(granted, is_thread=is_thread) if interaction.guild_id else ()
    silent = frozenset[str]()
    if interaction.guild and not granted.mention_everyone:
        roles = interaction.guild.roles
        silent = frozenset(str(role.id) for role in roles if not role.mentionable)
    return BotRights(tuple(permission_names(missing)), silent_roles=silent)


def place_name(channel: object) -> str:
    """Returns the names of a channel and its server: `#news (Readers)`; empty for a private one."""
    name, guild = getattr(channel, "name", None), getattr(channel, "guild", None)
    server = getattr(guild, "name", None)
    return " ".join(filter(None, (name and f"#{name}", server and f"({server})")))
