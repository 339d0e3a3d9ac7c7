"""Embeds: Discord's limits, lengths, URLs, and long texts split over several embeds."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from adapters.discord.markdown import utf16_units
from bot.text.urls import is_web_url

CONTENT, DESCRIPTION, TITLE = 2_000, 4_096, 256
"""Characters (https://docs.discord.com/developers/resources/message#embed-object-embed-limits)."""

ALL_EMBEDS = 6_000
"""Characters of all embeds of a message together."""

EMBED_ROOM = 5_800
"""Characters that are filled of these: a margin for what Discord counts and nobody sees."""

MAX_EMBEDS = 10
COLOUR = 0x1F6FEB

_URL = 2_048


def web_url(url: str | None) -> str | None:
    """Returns a URL that Discord accepts and that leads to a web page; None for any other."""
    if not url or utf16_units(url) > _URL or any(character.isspace() for character in url):
        return None
    return url if is_web_url(url) else None


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
