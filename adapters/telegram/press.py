"""Presses: a button that was pressed, who pressed it, and the answer to the press itself."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import CallbackQuery, Message
from telegram.error import TelegramError

from adapters.telegram.callback_data import ADMINISTRATORS
from adapters.telegram.ephemeral import ephemeral_id
from adapters.telegram.formatted_text import FormattedText
from adapters.telegram.people import GROUPS
from adapters.telegram.rich.received import has_rich_button
from bot.chat.command import Command
from bot.model import Action, Chat, Person
from bot.reply import Reply
from bot.text.display import strip_hidden

log = logging.getLogger(__name__)

_MAX_ANSWER = 200
"""Characters of the answer to a callback query
(https://core.telegram.org/bots/api#answercallbackquery)."""


class PressReply:
    """The reply to a press, for which the core is asked once, wherever it can be shown."""

    def __init__(self, ask: Callable[[], Awaitable[Reply]]) -> None:
        self._ask = ask
        self._known: Reply | None = None

    async def get(self) -> Reply:
        """Asks for the reply, or returns it."""
        if self._known is None:
            self._known = await self._ask()
        return self._known


@dataclass(frozen=True, slots=True)
class Press:
    """A press on a button.

    Attributes:
        query: Telegram's query.
        message: The message that has the button.
        action: What the button asks for.
        person: Who pressed it.
        chat: Where.
        asker: The id of the person who asked for the message; None for nobody in particular.
        command: The command that the button asks for; None for one that there is no longer.
        reply: The reply to it.
    """

    query: CallbackQuery
    message: Message
    action: Action
    person: Person
    chat: Chat
    asker: int | None
    command: Command | None
    reply: PressReply

    @property
    def is_own(self) -> bool:
        """True if the message may change for the person; what they alone see may."""
        return (
            self.asker is None
            or self.person.moderator
            or self.query.from_user.id == self.asker
            or ephemeral_id(self.message) is not None
        )

    @property
    def is_discreet(self) -> bool:
        """True if it asks, where everybody sees it, for what is nobody else's business."""
        is_open = self.message.chat.type in GROUPS and ephemeral_id(self.message) is None
        return is_open and self.command is not None and self.command.discreet


def question_by(press: Press) -> Message | None:
    """Returns the message that a page answers, if whoever pressed has written it.

    A question for words opens for the author of the message that it replies to
    (https://core.telegram.org/bots/api#forcereply). Administrators who stay anonymous are never
    named, so what one of them wrote counts as everybody's.
    """
    asked = press.message.reply_to_message
    if asked is None or press.asker == ADMINISTRATORS:
        return asked
    return asked if asked.from_user == press.query.from_user else None


def has_button(message: Message, data: str | None) -> bool:
    """Returns True if a button of the message has this callback data.

    A modified client can send any data for any message that it sees, and have a channel's post
    replaced for everybody. The message itself comes from Telegram, as the bot sent it
    (https://core.telegram.org/bots/api#callbackquery). A press on a page that another press has
    just turned fails here, too.
    """
    markup = message.reply_markup
    rows = markup.inline_keyboard if markup else ()
    if data is None:
        return False
    in_rows = any(button.callback_data == data for row in rows for button in row)
    return in_rows or has_rich_button(message, data)


async def acknowledge(query: CallbackQuery, text: str = "", *, alert: bool = True) -> None:
    """Ends the spinner; a text is shown as an alert or, less in the way, for a moment."""
    shown = FormattedText.of(strip_hidden(text)).truncate(_MAX_ANSWER).text or None
    try:
        await query.answer(shown, show_alert=alert and bool(shown))
    except TelegramError as error:
        log.debug("a press could not be answered: %s", error.message)
