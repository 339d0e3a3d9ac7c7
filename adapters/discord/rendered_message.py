"""A reply as a message of Discord's, and the language and time zone that it is rendered in."""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import discord

from bot.i18n import Translations
from bot.reply import LocalClock


@dataclass(frozen=True, slots=True)
class RenderContext:
    """The language and the time zone that replies are rendered in.

    Attributes:
        words: The bot's own words.
        zone: The time zone of the dates shown.
        command_ids: Discord's ids of the commands, by name; filled when they are known.
    """

    words: Translations
    zone: ZoneInfo
    command_ids: dict[str, int] = field(default_factory=dict)

    @property
    def clock(self) -> LocalClock:
        """The clock by which dates are shown that Discord's client does not show by itself."""
        return LocalClock(self.zone)


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A reply as a Discord message.

    Attributes:
        content: The text above the embeds.
        embeds: The stories, or the lines of another list.
    """

    content: str
    embeds: tuple[discord.Embed, ...] = ()

    def without_links(self) -> RenderedMessage:
        """Returns the message without URLs: Discord may refuse one that looks valid."""
        return RenderedMessage(self.content, tuple(_without_links(embed) for embed in self.embeds))

    def without_images(self) -> RenderedMessage:
        """Returns the message without images and thumbnails."""
        return RenderedMessage(self.content, tuple(_without_images(embed) for embed in self.embeds))


def _without_images(embed: discord.Embed) -> discord.Embed:
    return embed.copy().set_image(url=None).set_thumbnail(url=None)


def _without_links(embed: discord.Embed) -> discord.Embed:
    bare = _without_images(embed)
    bare.url = None
    return bare
