"""The chat platforms that have a token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.chat.dispatcher import Dispatcher
from bot.chat.ports import AdjustablePlatform
from bot.chat.shards import ShardAllocator
from bot.config.schema import Config
from bot.errors import ConfigError
from bot.posting.worker import PostingWorkers
from bot.web.ports import PictureFetcher

if TYPE_CHECKING:
    from adapters.web_listener import WebListener

_NO_PLATFORM = (
    "no chat platform can be served.\n"
    "Telegram: no token. Message @BotFather in Telegram, send /newbot, and put the "
    "token it gives you in DATELINE_TELEGRAM_TOKEN, or in a file that "
    "telegram.token_file names.\n"
    "Discord: no token. Create an application at "
    "https://discord.com/developers/applications, add a bot to it, and put the bot's "
    "token in DATELINE_DISCORD_TOKEN, or in a file that discord.token_file names.\n"
    "Until then, `dateline chat` answers here, in the terminal."
)


def require_token(config: Config) -> None:
    """Makes sure that some chat platform, or the website, can be served.

    Raises:
        ConfigError: None has a token, and there is no site; the message says where to get one.
    """
    has_token = any(platform.token for platform in config.platforms.values())
    if not (has_token or config.web.listen):
        raise ConfigError(_NO_PLATFORM)


def open_platforms(
    config: Config,
    dispatcher: Dispatcher,
    workers: PostingWorkers,
    listener: WebListener | None,
    report_connection: Callable[[str, bool], None],
    allocator: ShardAllocator | None,
) -> Sequence[AdjustablePlatform]:
    """Returns the platforms that have a token.

    Their libraries are imported only here: they are large, and most commands do without them.
    """
    platforms: list[AdjustablePlatform] = []
    if config.telegram.token:
        from adapters.telegram.platform import telegram  # noqa: PLC0415

        platforms.append(
            telegram(
                dispatcher,
                config.telegram,
                workers.run,
                workers.report_recovery,
                listener,
                report_connection,
            )
        )
    if config.discord.token:
        from adapters.discord.platform import discord  # noqa: PLC0415

        reports = workers.report_recovery, report_connection
        icons = _icon_fetcher(config)
        alone = discord(dispatcher, config.discord, workers.run, *reports, icons)
        platforms.append(replace(alone, allocator=allocator))
    return platforms


def _icon_fetcher(config: Config) -> PictureFetcher:
    # Only here, as above.
    from adapters.sources.web.fetcher import Fetcher  # noqa: PLC0415
    from adapters.sources.web.picture_fetcher import (  # noqa: PLC0415
        ACCEPT_ICON,
        WebPictureFetcher,
        icon_politeness,
    )

    return WebPictureFetcher(Fetcher(icon_politeness(config.feeds.contact)), ACCEPT_ICON)
