"""Questions for words: a message to reply to, which Telegram's clients open at once.

The reply finds its command by the words of the question, which Telegram hands back with it: nothing
is kept, so a restart forgets no question (https://core.telegram.org/bots/api#forcereply).
"""

from __future__ import annotations

from telegram import ForceReply, Message

from bot.chat.dispatcher import Dispatcher
from bot.reply import Prompt
from bot.text.display import shorten

_MAX_PLACEHOLDER = 64
"""Characters of an input field's placeholder (https://core.telegram.org/bots/api#forcereply)."""


def render_prompt(prompt: Prompt | None) -> ForceReply | None:
    """Renders a question; in a group only who asked the bot is asked to reply."""
    if prompt is None:
        return None
    placeholder = shorten(prompt.placeholder, _MAX_PLACEHOLDER) or None
    return ForceReply(selective=True, input_field_placeholder=placeholder)


def prompt_of(message: Message, username: str, dispatcher: Dispatcher) -> Prompt | None:
    """Returns the bot's question that a message replies to; None when it replies to none."""
    replied = message.reply_to_message
    is_ours = replied and replied.from_user and replied.from_user.username == username
    return dispatcher.prompt(replied.text or "") if replied and is_ours else None
