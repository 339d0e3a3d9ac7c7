"""Button presses: callback queries."""

from __future__ import annotations

import logging
from functools import partial

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from adapters.telegram.formatted_text import FormattedText
from adapters.telegram.incoming_messages import reply_destination
from adapters.telegram.other_chats import OtherChats, named_chat
from adapters.telegram.people import TelegramPeople, chat_of_message
from adapters.telegram.responder import TelegramResponder
from adapters.telegram.setup_talk import SetupTalk
from bot.errors import StoreError
from bot.model import Action, Capability
from bot.reply import Reply
from bot.text.display import strip_hidden

log = logging.getLogger(__name__)

_MAX_ANSWER = 200
"""Characters of the answer to a callback query
(https://core.telegram.org/bots/api#answercallbackquery)."""


class TelegramButtonHandler:
    """Performs what a button asks for: turns pages, opens stories, in place of its message.

    A press counts only for a message that has that button. Posts have none but links, so nobody
    can turn one into a reply.
    """

    def __init__(
        self,
        responder: TelegramResponder,
        people: TelegramPeople,
        setup: SetupTalk,
        others: OtherChats,
    ) -> None:
        self._responder = responder
        self._people = people
        self._setup = setup
        self._others = others

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers a button press; each gets some answer, which ends the spinner on the button."""
        query = update.callback_query
        if query is None:
            return
        words = self._responder.render_context.words
        message = query.message
        if message is None:
            await _acknowledge(query, words.gettext("This button no longer works."))
        elif not (isinstance(message, Message) and message.is_accessible):
            text = words.gettext("This message is too old to update. Please ask again.")
            await _acknowledge(query, text)
        elif not _has_button(message, query.data):
            text = words.gettext("The message has changed. Please press again.")
            await _acknowledge(query, text, alert=False)
        else:
            await self._press(query, message)

    async def _press(self, query: CallbackQuery, message: Message) -> None:
        """Does what a button of the message asks for."""
        action = await self._action(query.data or "")
        if action is None:
            words = self._responder.render_context.words
            await _acknowledge(query, words.gettext("This button no longer works."))
        else:
            await self._answer(query, action, message)

    async def _answer(self, query: CallbackQuery, action: Action, message: Message) -> None:
        """Edits the message to show what the button asks for, or shows why that is impossible."""
        reply = await self._reply(query, action, message)
        if not reply.ok:
            nothing = self._responder.render_context.words.gettext("That can't be done.")
            await _acknowledge(query, " ".join(reply.text) or nothing)
            return
        if reply.is_done and await self._setup.remove(message):
            await _acknowledge(query, "\n".join(reply.text))
            return
        await _acknowledge(query)
        await self._responder.send(
            reply, chat_of_message(message), reply_destination(message), edit=message.message_id
        )

    async def _action(self, data: str) -> Action | None:
        try:
            return await self._responder.tokens.action(data)
        except StoreError as error:
            log.error("could not look up a button's action: %s", error)  # noqa: TRY400
            return None

    async def _reply(self, query: CallbackQuery, action: Action, message: Message) -> Reply:
        responder = self._responder
        command = responder.dispatcher.registry.get(action.command)
        person = await self._people.person(query.from_user, message.chat, rights=False)
        if wait := responder.reply_guard.wait(person):
            return wait
        rights = command is not None and command.needs_rights
        person = await self._people.person(query.from_user, message.chat, rights=rights)
        chat = await self._people.chat_for(message, command)
        named = named_chat(command, dict(action.options)) if chat.can(Capability.CHANNELS) else ""
        press = partial(responder.dispatcher.press, action)
        if named:
            return await responder.reply_guard.reply_to(
                lambda: self._others.ask(named, query.from_user, press)
            )
        return await responder.reply_guard.reply_to(lambda: press(person, chat))


def _has_button(message: Message, data: str | None) -> bool:
    """Returns True if a button of the message has this callback data.

    A modified client can send any data for any message that it sees, and have a channel's post
    replaced for everybody. The message itself comes from Telegram, as the bot sent it
    (https://core.telegram.org/bots/api#callbackquery). A press on a page that another press has
    just turned fails here, too.
    """
    markup = message.reply_markup
    rows = markup.inline_keyboard if markup else ()
    return data is not None and any(button.callback_data == data for row in rows for button in row)


async def _acknowledge(query: CallbackQuery, text: str = "", *, alert: bool = True) -> None:
    """Ends the spinner; a text is shown as an alert or, less in the way, for a moment."""
    shown = FormattedText.of(strip_hidden(text)).truncate(_MAX_ANSWER).text or None
    try:
        await query.answer(shown, show_alert=alert and bool(shown))
    except TelegramError as error:
        log.debug("a press could not be answered: %s", error.message)
