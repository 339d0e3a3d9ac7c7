"""Posts: how one is rendered, and by what one that was sent before is recognized.

A post that may have been sent already is deduplicated by its nonce and, once Discord has forgotten
that, by its text among the channel's messages.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import discord

from adapters.discord.embeds import CONTENT
from adapters.discord.markdown import utf16_units
from adapters.discord.render import render
from adapters.discord.rendered_message import RenderContext, RenderedMessage
from bot.posting.messenger import Message

_MENTION = re.compile(r"^<@&\d+>\n?")


def render_post(message: Message, render_context: RenderContext) -> RenderedMessage:
    """Renders a post: its reply, with the role mention and without images where so asked."""
    rendered = render(message.reply, render_context)
    if not message.picture:
        rendered = rendered.without_images()
    if not message.role:
        return rendered
    return replace(rendered, content=_mention_role(message.role, rendered.content))


def _mention_role(role: str, text: str) -> str:
    """Prepends a mention of a role; last lines that have no room then are dropped."""
    mention = f"<@&{int(role)}>"
    while text and utf16_units(mention) + 1 + utf16_units(text) > CONTENT:
        text = text.rpartition("\n")[0].rstrip()
    return "\n".join(filter(None, (mention, text)))


def _without_mention(content: str) -> str:
    return _MENTION.sub("", content.strip())


def nonce(message: Message) -> str:
    """Returns the idempotency key of a post: 24 of the 25 characters that Discord takes.

    It is the same for the same message in the same chat. Discord compares nonces over all channels
    of an author, so no two chats may share one.
    """
    identity = f"{message.chat.id}\n{message.key}"
    return hashlib.blake2b(identity.encode(), digest_size=12).hexdigest()


def is_same_post(sent: discord.Message, rendered: RenderedMessage) -> bool:
    """Returns True if a message says what a post would, perhaps without links or mention."""
    if _without_mention(sent.content) != _without_mention(rendered.content):
        return False
    if len(sent.embeds) != len(rendered.embeds):
        return False
    return all(
        (embed.title or "").strip() == (wanted.title or "").strip()
        and embed.url in {None, wanted.url}
        for embed, wanted in zip(sent.embeds, rendered.embeds, strict=True)
    )
