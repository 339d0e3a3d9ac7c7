"""How a post looks, and how it is known again."""

from __future__ import annotations

import hashlib

import discord

from adapters.discord.markdown import units
from adapters.discord.render import CONTENT, Look, Shown, render
from bot.messages import Message


def posted(message: Message, look: Look) -> Shown:
    """What a post looks like."""
    shown = render(message.reply, look)
    embeds = shown.embeds if message.picture else tuple(map(_without_pictures, shown.embeds))
    return Shown(_calling(message.role, shown.content) if message.role else shown.content, embeds)


def nonce(message: Message) -> str:
    """The same for the same message in the same chat, in the 25 characters that Discord takes.

    Discord knows it again wherever the bot wrote it first, so no two chats may share one.
    """
    what = f"{message.chat.id}\n{message.key}"
    return hashlib.blake2b(what.encode(), digest_size=12).hexdigest()


def looks_like(one: discord.Message, shown: Shown) -> bool:
    """Whether a message says what a post would, perhaps without its links."""
    if one.content.strip() != shown.content.strip() or len(one.embeds) != len(shown.embeds):
        return False
    return all(
        (there.title or "").strip() == (wanted.title or "").strip()
        and there.url in {None, wanted.url}
        for there, wanted in zip(one.embeds, shown.embeds, strict=True)
    )


def _without_pictures(embed: discord.Embed) -> discord.Embed:
    return embed.copy().set_image(url=None).set_thumbnail(url=None)


def _calling(role: str, text: str) -> str:
    """A mention of a role before a text; lines that have no room then go."""
    mention = f"<@&{int(role)}>"
    while text and units(mention) + 1 + units(text) > CONTENT:
        text = text.rpartition("\n")[0].rstrip()
    return "\n".join(filter(None, (mention, text)))
