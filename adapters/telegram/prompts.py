"""Questions for words: a message to reply to, which Telegram's clients open at once.

The reply finds its command by the words of the question, which Telegram hands back with it: nothing
is kept, so a restart forgets no question (https://core.telegram.org/bots/api#forcereply). Options
that are given already stand in a link on a sign of no width, as the token of an action.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape

from telegram import ForceReply, Message, User
from telegram.constants import MessageEntityType

from adapters.telegram.links import setup_link, setup_token, start_parameter
from adapters.telegram.rendered_message import RenderedMessage
from bot.chat.button_tokens import ActionTokens
from bot.chat.dispatcher import Dispatcher
from bot.reply import Prompt
from bot.text.display import shorten, strip_hidden

_MAX_PLACEHOLDER = 64
"""Characters of an input field's placeholder (https://core.telegram.org/bots/api#forcereply)."""

_MAX_TOKEN = 32  # bytes, of which a link's parameter makes some more
_NO_WIDTH = "\u200b"


def render_prompt(prompt: Prompt | None) -> ForceReply | None:
    """Renders a question; in a group only who asked the bot is asked to reply."""
    if prompt is None:
        return None
    placeholder = shorten(prompt.placeholder, _MAX_PLACEHOLDER) or None
    return ForceReply(selective=True, input_field_placeholder=placeholder)


def with_options(
    rendered: RenderedMessage,
    prompt: Prompt,
    dispatcher: Dispatcher,
    tokens: ActionTokens,
    bot: str,
) -> RenderedMessage:
    """Returns a question with the options that are given already, where it has any of its own."""
    plain = dispatcher.prompt(prompt.question)
    if plain is None or plain.action == prompt.action:
        return rendered
    url = setup_link(bot, tokens.token(prompt.action, _MAX_TOKEN))
    return replace(rendered, html=f'<a href="{escape(url)}">{_NO_WIDTH}</a>{rendered.html}')


def addressed(rendered: RenderedMessage, user: User) -> RenderedMessage:
    """Returns a question that mentions who is asked; a selective one opens for nobody else."""
    name = escape(strip_hidden(user.first_name).strip() or str(user.id))
    mention = f'<a href="tg://user?id={user.id}">{name}</a>'
    return replace(rendered, html=f"{mention}\n{rendered.html}")


def prompt_of(message: Message, username: str, dispatcher: Dispatcher) -> Prompt | None:
    """Returns the bot's question that a message replies to; None when it replies to none."""
    replied = message.reply_to_message
    is_ours = replied and replied.from_user and replied.from_user.username == username
    if not (replied and is_ours):
        return None
    *_, question = ["", *strip_hidden(replied.text or "").strip().splitlines()]
    return dispatcher.prompt(question)


async def prompt_with_options(message: Message, prompt: Prompt, tokens: ActionTokens) -> Prompt:
    """Returns a question with the options that its message holds.

    Raises:
        StoreError: What a long token stands for cannot be looked up.
    """
    replied = message.reply_to_message
    linked = replied.parse_entities([MessageEntityType.TEXT_LINK]) if replied else {}
    # On anything else it would be somebody else's link.
    for url in (one.url for one, text in linked.items() if text == _NO_WIDTH):
        token = setup_token(start_parameter(url or ""))
        action = await tokens.action(token) if token else None
        if action is not None and action.command == prompt.action.command:
            return replace(prompt, action=action)
    return prompt
