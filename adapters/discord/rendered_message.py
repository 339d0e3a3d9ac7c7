"""A reply as a message of Discord's, and the language and time zone that it is rendered in."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import discord

from bot.i18n import Translations
from bot.reply import LocalClock, Picture

NO_MENTIONS = discord.AllowedMentions.none()
"""No message of the bot's notifies anybody, whatever it quotes."""

_MAX_ALT = 1_024
"""Characters of an attachment's description
(https://docs.discord.com/developers/resources/message#attachment-object)."""


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
        picture: A picture to be attached; None for none.
        in_picture: Embeds that say what the picture shows, to be shown where it cannot be.
    """

    content: str
    embeds: tuple[discord.Embed, ...] = ()
    picture: Picture | None = None
    in_picture: tuple[discord.Embed, ...] = ()

    @property
    def files(self) -> list[discord.File]:
        """The picture as a file with its alternative text; new ones, since each is sent once."""
        if self.picture is None:
            return []
        file = io.BytesIO(self.picture.content)
        alt = self.picture.alt[:_MAX_ALT]
        return [discord.File(file, self.picture.name, description=alt)]

    def body(self) -> dict[str, Any]:
        """Returns what the library takes for it, new for each try; without the files."""
        embeds = list(self.embeds)
        return {"content": self.content, "embeds": embeds, "allowed_mentions": NO_MENTIONS}

    def without_picture(self) -> RenderedMessage:
        """Returns the message with the embeds that say the same as its picture."""
        embeds = (*self.embeds, *self.in_picture)
        return replace(self, picture=None, embeds=embeds, in_picture=())

    def without_links(self) -> RenderedMessage:
        """Returns the message without URLs: Discord may refuse one that looks valid."""
        return replace(self, embeds=tuple(_without_links(embed) for embed in self.embeds))

    def without_images(self) -> RenderedMessage:
        """Returns the message without a picture, images and thumbnails."""
        plain = self.without_picture()
        return replace(plain, embeds=tuple(_without_images(embed) for embed in plain.embeds))


def _without_images(embed: discord.Embed) -> discord.Embed:
    return embed.copy().set_image(url=None).set_thumbnail(url=None)


def _without_links(embed: discord.Embed) -> discord.Embed:
    bare = _without_images(embed)
    bare.url = None
    return bare
