"""Embeds: Discord's limits, messages made of embeds, and long texts split over several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import discord

from adapters.discord.markdown import utf16_units
from bot.i18n import Translations

CONTENT, DESCRIPTION, TITLE = 2_000, 4_096, 256
"""Characters (https://docs.discord.com/developers/resources/message#embed-object-embed-limits)."""

ALL_EMBEDS = 6_000
"""Characters of all embeds of a message together."""

EMBED_ROOM = 5_800
"""Characters that are filled of these: a margin for what Discord counts and nobody sees."""

MAX_EMBEDS = 10
COLOUR = 0x1F6FEB

_URL = 2_048


@dataclass(frozen=True, slots=True)
class RenderContext:
    """The language and the time zone that replies are rendered in.

    Attributes:
        words: The bot's own words.
        zone: The time zone of the dates shown.
    """

    words: Translations
    zone: ZoneInfo


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


def web_url(url: str | None) -> str | None:
    """Returns a URL that Discord accepts and that leads to a web page; None for any other."""
    if not url or utf16_units(url) > _URL or any(character.isspace() for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def embed_length(embed: discord.Embed) -> int:
    """Counts the characters of an embed that count against `ALL_EMBEDS`, fields aside."""
    texts = (embed.title, embed.description, embed.author.name, embed.footer.text)
    return sum(utf16_units(text or "") for text in texts)


def split_into_descriptions(lines: Sequence[str], separator: str, room: int) -> list[str]:
    """Joins lines into texts that each fit an embed; drops the lines beyond `room` characters."""
    texts = [""]
    for line in filter(None, lines):
        longer = f"{texts[-1]}{separator}{line}" if texts[-1] else line
        if sum(map(utf16_units, texts[:-1])) + utf16_units(longer) > room:
            break
        if utf16_units(longer) > DESCRIPTION:
            texts.append(line)
        else:
            texts[-1] = longer
    return [text for text in texts if text]
