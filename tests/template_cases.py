"""Posts by templates, rendered for each platform, as a messenger sends them and as a preview."""

from __future__ import annotations

from typing import Any

from discord_hostile import RENDER_CONTEXT as ON_DISCORD
from discord_hostile import body_of
from rich_replies import CONTEXT as ON_TELEGRAM
from servers.discord.component_rules import V2
from stories import NOW

from adapters.discord.buttons import NO_ASKER, render_controls
from adapters.discord.posts import allowed_mentions, render_post
from adapters.telegram.rich.buttons import ButtonMaker
from adapters.telegram.rich.render import render_rich
from adapters.telegram.rich.serialization import message_json
from bot.chat.button_tokens import ActionTokens
from bot.i18n import load
from bot.model import Chat, Story
from bot.post_layout import PicturePlace
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.messenger import Message
from bot.posting.model import Post, PostKind, State
from bot.posting.templates.presets import PRESETS
from bot.reply import Reply
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.post_template import PostField, PostTemplate

ROOM = Chat("discord", "300")
NAMES = DisplayNames(load("en"), {"wire": "The Wire"})

TEMPLATES: dict[str, PostTemplate] = {
    **{name: preset.template for name, preset in PRESETS.items() if name != "card"},
    "tagged": PostTemplate(frozenset({PostField.TOPICS}), "📰 @{title}", hashtags=True),
    "bare": PostTemplate(frozenset(PostField), picture=PicturePlace.NONE, is_boxed=False),
    "beside": PostTemplate(
        text="@{title} </{source}:{byline}> {title}.{place}[{topics}]({link})#{title}\n"
        "discord.{title} @{place} <@{byline}> http:{title}\n{link} {hashtags}"
    ),
    "styled": PostTemplate(
        text="# **{title} *{source}***{summary}*{byline}*\n-# [{title}{time}]({link})\n---\n"
        "{?place}> {place}\n{/}{!place}1. {/}{text}"
    ),
    "ruled": PostTemplate(text="{title}\n---\nand\n---\n" * 9 + "# {source}"),
    "long": PostTemplate(text="{text}\n{text} {title}\n" * 5 + "{link}\n{hashtags}\n{topics}"),
}
"""Templates of all kinds, beside the presets some that put words side by side."""


class Memory:
    """Remembers nothing of what buttons ask for."""

    async def remember_actions(self, actions: object) -> None:
        del actions


def composed(story: Story, template: PostTemplate, *, picture: bool = True) -> Message:
    """The message of a single post by a template."""
    by = Subscription(
        ROOM, TargetKind.EVERYTHING, "", made=NOW, id=1, template=template, picture=picture
    )
    post = Post(1, ROOM, story.id, PostKind.STORY, State.DUE, (story.id,), by, NOW, NOW)
    message = PostComposer(NAMES).message(post, {story.id: story})
    assert message
    return message


def _tokens() -> ActionTokens:
    chats: Any = Memory()
    return ActionTokens(chats)


def discord_post(message: Message) -> dict[str, Any]:
    """A post as the messenger sends it to Discord."""
    controls = render_controls(message.reply, NO_ASKER, _tokens(), ON_DISCORD.words)
    view = render_post(message, ON_DISCORD, controls).view()
    return {
        "flags": V2,
        "components": view.to_components(),  # type: ignore[no-untyped-call]
        "allowed_mentions": allowed_mentions(message).to_dict(),
    }


def discord_reply(reply: Reply) -> dict[str, Any]:
    """A reply as it is sent to Discord."""
    return body_of(reply)


def rich_post(reply: Reply, *, pictures: bool = True) -> dict[str, Any]:
    """A post or a reply as a rich message."""
    buttons = ButtonMaker(_tokens(), "DatelineBot")
    return message_json(render_rich(reply, ON_TELEGRAM, buttons, pictures=pictures))
