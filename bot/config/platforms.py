"""The schema of the tables of the chat platforms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from bot.config import values
from bot.config.table import FILLED_IN, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformConfig(Table):
    """Settings that every chat platform has.

    Attributes:
        token_file: A file that holds the token; None when there is none.
        moderators: The ids of users who may use moderators' commands.
        operators: The ids of users who run the bot: moderators who may use operators' commands,
            too. Where there are none, all whom `moderators` names may.
        token: The token that the bot signs in with; None when the platform is not used. No text
            form of the configuration shows it.
    """

    token_file: values.OptionalFilePath = None
    moderators: frozenset[values.UserId] = frozenset()
    operators: frozenset[values.UserId] = frozenset()
    token: values.Token = field(default=None, metadata=FILLED_IN)

    def __reduce__(self) -> NoReturn:
        """A pickle would hold the token as it is."""
        raise TypeError("the settings of a platform cannot be pickled: they may hold a token")


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramConfig(PlatformConfig):
    """Telegram.

    Attributes:
        api_url: The address of its Bot API, without a slash at the end.
        webhook_url: The address that Telegram sends updates to; empty for long polling.
        webhook_listen: The address and port to listen on for them.
        rich: True to send rich messages, where the server knows them.
    """

    api_url: values.BaseAddress = "https://api.telegram.org"
    webhook_url: values.WebhookAddress = ""
    webhook_listen: values.Listen = "127.0.0.1:8443"
    rich: values.Switch = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordConfig(PlatformConfig):
    """Discord.

    Attributes:
        api_url: The address of its REST API, without a slash at the end.
        guild: The id of the only server to offer commands in, for development; 0 for all.
        profile: True to set the application's description, which its profile shows.
    """

    api_url: values.BaseAddress = "https://discord.com/api/v10"
    guild: values.GuildId = 0
    profile: values.Switch = False
