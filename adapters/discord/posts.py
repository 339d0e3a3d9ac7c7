"""Posts: how one is rendered, and by what one that was sent before is recognized.

A post that may have been sent already is deduplicated by its nonce and, once Discord has forgotten
that, by its text among the channel's messages.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

import discord
from discord import ui

from adapters.discord.buttons import ReplyControls
from adapters.discord.interaction_exchange import NO_MENTIONS
from adapters.discord.layout import LayoutText
from adapters.discord.markdown import plain_text, truncate
from adapters.discord.render import render
from adapters.discord.rendered_message import RenderContext, RenderedMessage
from bot.posting.messenger import Message
from bot.reply import Reply

THREAD_NAME = 100
"""Characters of a thread's name
(https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel)."""

_MENTION = re.compile(r"<@&\d+>")


def render_post(
    message: Message, render_context: RenderContext, controls: ReplyControls
) -> RenderedMessage:
    """Renders a post: its reply, with the role mention and without images where so asked."""
    rendered = render(message.reply, render_context, controls)
    if not message.picture:
        rendered = rendered.without_images()
    if not message.role:
        return rendered
    return _with_mention(rendered, LayoutText(f"<@&{int(message.role)}>"))


def _with_mention(rendered: RenderedMessage, mention: LayoutText) -> RenderedMessage:
    instead = rendered.instead and _with_mention(rendered.instead, mention)
    return replace(rendered, blocks=(mention, *rendered.blocks), instead=instead)


def thread_name(reply: Reply) -> str:
    """Returns the name of a post's thread: its headline or, of a digest, its title with the first.

    Several digests of one title could not be told apart in a list of threads.
    """
    headlines = [card.story.title for card in reply.cards[:1]]
    words = ": ".join(filter(None, (reply.title, *headlines))) or " ".join(reply.text)
    return truncate(words, THREAD_NAME, plain_text) or "…"


def allowed_mentions(message: Message) -> discord.AllowedMentions:
    """Returns whom a post notifies: the role that moderators have chosen, or nobody."""
    if not message.role:
        return NO_MENTIONS
    role = discord.Object(int(message.role))
    return discord.AllowedMentions(everyone=False, users=False, roles=[role], replied_user=False)


def nonce(message: Message) -> str:
    """Returns the idempotency key of a post: 24 of the 25 characters that Discord takes.

    It is the same for the same message in the same chat. Discord compares nonces over all channels
    of an author, so no two chats may share one.
    """
    identity = f"{message.chat.id}\n{message.key}"
    return hashlib.blake2b(identity.encode(), digest_size=12).hexdigest()


def is_same_post(sent: discord.Message, rendered: RenderedMessage) -> bool:
    """Returns True if a message says what a post would, perhaps without links or mention."""
    shown = ui.LayoutView.from_message(sent, timeout=None).walk_children()
    said = [one.content for one in shown if isinstance(one, ui.TextDisplay)]
    return _essence(said) == _essence(rendered.texts)


def _essence(texts: Sequence[str]) -> list[str]:
    """Returns texts without the mention of a role, and without what Discord may trim."""
    return [text.strip() for text in texts if not _MENTION.fullmatch(text.strip())]
