"""Types of options that Discord picks by itself: channels, roles, yes and no."""

from __future__ import annotations

from typing import Any

import discord
from discord import AppCommandOptionType, ChannelType, app_commands
from typing_extensions import override

from adapters.discord.buttons import Interaction

_POSTED_IN = [
    ChannelType.text,
    ChannelType.news,
    ChannelType.news_thread,
    ChannelType.public_thread,
    ChannelType.private_thread,
    ChannelType.forum,  # and not media: the specification of commands does not know these
]


class ChannelPicker(app_commands.Transformer):
    """Picks a channel, a thread or a forum that takes posts; gives its mention."""

    @property
    @override
    def type(self) -> AppCommandOptionType:
        return AppCommandOptionType.channel

    @property
    @override
    def channel_types(self) -> list[ChannelType]:
        return _POSTED_IN

    @override
    async def transform(self, interaction: Interaction, value: Any, /) -> str:
        return f"<#{value.id}>"


class RolePicker(app_commands.Transformer):
    """Picks a role; gives its mention."""

    @property
    @override
    def type(self) -> AppCommandOptionType:
        return AppCommandOptionType.role

    @override
    async def transform(self, interaction: Interaction, value: discord.Role, /) -> str:
        return f"<@&{value.id}>"


class YesOrNo(app_commands.Transformer):
    """Picks yes or no."""

    @property
    @override
    def type(self) -> AppCommandOptionType:
        return AppCommandOptionType.boolean

    @override
    async def transform(self, interaction: Interaction, value: bool, /) -> str:
        return "yes" if value else "no"
