"""Buttons that are pressed."""

from __future__ import annotations

import logging

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from adapters.telegram.answering import TelegramAnswering
from adapters.telegram.people import TelegramPeople, place_asked
from adapters.telegram.rich import Rich, said
from adapters.telegram.talk import place_to_answer
from bot.errors import StoreError
from bot.model import Action
from bot.reply import Reply

log = logging.getLogger(__name__)

_ANSWER = 200
"""Characters of what a press is answered (https://core.telegram.org/bots/api#answercallbackquery)."""


class TelegramPresses:
    """Turns pages, opens stories: what a button asks for, in the place of its message."""

    def __init__(self, answering: TelegramAnswering, people: TelegramPeople) -> None:
        self._answering = answering
        self._people = people

    async def pressed(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers a press; each gets an answer, so that nobody is left with a spinner."""
        query = update.callback_query
        if query is None:
            return
        words = self._answering.render_context.words
        action = await self._action(query.data or "")
        message = query.message
        if action is None or message is None:
            await _tell(query, words.gettext("This button does nothing any more."))
        elif not (isinstance(message, Message) and message.is_accessible):
            told = words.gettext("This message is too old to change. Ask again, please.")
            await _tell(query, told)
        else:
            await self._answer(query, action, message)

    async def _answer(self, query: CallbackQuery, action: Action, message: Message) -> None:
        """Puts what the button asks for in the message's place, or says why that cannot be."""
        reply = await self._reply(query, action, message)
        if not reply.ok:
            nothing = self._answering.render_context.words.gettext("That cannot be done.")
            await _tell(query, " ".join(reply.text) or nothing)
            return
        await _tell(query)
        await self._answering.send(
            reply, place_asked(message), place_to_answer(message), edit=message.message_id
        )

    async def _action(self, data: str) -> Action | None:
        try:
            return await self._answering.tokens.action(data)
        except StoreError as error:
            log.error("cannot tell what a button asks for: %s", error)  # noqa: TRY400
            return None

    async def _reply(self, query: CallbackQuery, action: Action, message: Message) -> Reply:
        answering = self._answering
        command = answering.dispatcher.registry.get(action.command)
        rights = command is not None and command.needs_rights
        person = await self._people.person(query.from_user, message.chat, rights=rights)
        chat = place_asked(message)
        return answering.reply_guard.wait(person) or await answering.reply_guard.reply_to(
            lambda: answering.dispatcher.press(action, person, chat)
        )


async def _tell(query: CallbackQuery, told: str = "") -> None:
    """Ends the spinner; words are shown in a window that wants to be closed."""
    text = Rich.of(said(told)).cut(_ANSWER).text or None
    try:
        await query.answer(text, show_alert=bool(text))
    except TelegramError as error:
        log.debug("a press could not be answered: %s", error.message)
