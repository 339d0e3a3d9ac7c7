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
    return BotRights(
        tuple(permission_names(missing)), silent_roles=_silent_roles(interaction.guild, granted)
    )


def channel_rights(channel: discord.abc.GuildChannel | discord.Thread) -> BotRights:
    """Returns what the bot may do in a channel, as far as Discord has told of it."""
    granted = channel.permissions_for(channel.guild.me)
    missing = missing_permissions(granted, is_thread=isinstance(channel, discord.Thread))
    return BotRights(
        tuple(permission_names(missing)), silent_roles=_silent_roles(channel.guild, granted)
    )


def _silent_roles(guild: discord.Guild | None, granted: discord.Permissions) -> frozenset[str]:
    """Returns the roles of which nobody is notified when the bot mentions them."""
    if guild is None or granted.mention_everyone:
        return frozenset()
    return frozenset(str(role.id) for role in guild.roles if not role.mentionable)


def place_name(channel: object) -> str:
    """Returns the names of a channel and its server: `#news (Readers)`; empty for a private one."""
    name, guild = getattr(channel, "name", None), getattr(channel, "guild", None)
    server = getattr(guild, "name", None)
    return " ".join(filter(None, (name and f"#{name}", server and f"({server})")))
