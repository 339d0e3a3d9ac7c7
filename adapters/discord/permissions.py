"""Permissions of the bot in a channel, by the names of Discord's settings, and names of places."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from adapters.discord.buttons import Interaction
from bot.model import BotRights

_VIEW, _SEND, _SEND_IN_THREADS = "view_channel", "send_messages", "send_messages_in_threads"
_OPEN_THREADS = "create_public_threads"


def missing_permissions(granted: discord.Permissions, channel: object) -> Sequence[str]:
    """Returns the permissions without which nothing can be posted, as Discord's fields.

    Embed Links is none of them: it is about links that unfurl and about embeds, and a message of
    components has neither (https://docs.discord.com/developers/topics/permissions, and
    https://github.com/discord/discord-api-docs/issues/8462).

    Args:
        granted: What the bot may do in the channel.
        channel: The channel, or what an interaction tells of it.
    """
    write = _SEND_IN_THREADS if isinstance(channel, discord.Thread) else _SEND
    return [name for name in (_VIEW, write) if not getattr(granted, name)]


def permission_names(permissions: Sequence[str], channel: object = None) -> Sequence[str]:
    """Returns the permissions as Discord's settings call them, which differs in forums."""
    is_forum = isinstance(channel, discord.ForumChannel)
    return [_settings_name(name, is_forum=is_forum) for name in permissions]


def _settings_name(permission: str, *, is_forum: bool) -> str:
    if is_forum and permission == _SEND:
        return "Create Posts"
    return permission.replace("_", " ").title().replace(" In ", " in ")


def bot_rights(interaction: Interaction) -> BotRights:
    """Returns what the bot may do in the channel of an interaction, as that tells itself."""
    if not interaction.guild_id:
        return BotRights()
    return _rights(interaction.app_permissions, interaction.channel, interaction.guild)


def channel_rights(channel: discord.abc.GuildChannel | discord.Thread) -> BotRights:
    """Returns what the bot may do in a channel, as far as Discord has told of it."""
    return _rights(channel.permissions_for(channel.guild.me), channel, channel.guild)


def _rights(
    granted: discord.Permissions, channel: object, guild: discord.Guild | None
) -> BotRights:
    missing = missing_permissions(granted, channel)
    return BotRights(
        tuple(permission_names(missing, channel)),
        threads=() if granted.create_public_threads else tuple(permission_names([_OPEN_THREADS])),
        silent_roles=_silent_roles(guild, granted),
    )


def _silent_roles(guild: discord.Guild | None, granted: discord.Permissions) -> frozenset[str]:
    """Returns the roles of which nobody is notified when the bot mentions them."""
    if guild is None or granted.mention_everyone:
        return frozenset()
    return frozenset(str(role.id) for role in guild.roles if not role.mentionable)


def opens_threads(channel: object) -> bool:
    """Tells if a post in a channel can open a thread: not in a thread, nor in a forum."""
    return not isinstance(channel, discord.Thread | discord.ForumChannel)


def place_name(channel: object) -> str:
    """Returns the names of a channel and its server: `#news (Readers)`; empty for a private one."""
    name, guild = getattr(channel, "name", None), getattr(channel, "guild", None)
    server = getattr(guild, "name", None)
    return " ".join(filter(None, (name and f"#{name}", server and f"({server})")))
