"""Talk about a setup in a channel: readers are not to see it, or no longer when it is done.

Where the bot may delete messages, it deletes the command and what it answered when all is done;
elsewhere it offers to go on in private (https://core.telegram.org/bots/api#deletemessage).
"""

from __future__ import annotations

import asyncio
import logging

from telegram import (
    Bot,
    ChatMemberAdministrator,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)
from telegram.constants import ChatType
from telegram.error import TelegramError

from adapters.telegram.formatted_text import FormattedText
from adapters.telegram.links import setup_link, setup_token
from adapters.telegram.rendered_message import RenderContext, RenderedMessage
from bot.chat.button_tokens import ActionTokens
from bot.chat.command import Command, OptionKind
from bot.chat.parsing import parse_options
from bot.errors import StoreError
from bot.model import Action

log = logging.getLogger(__name__)

SHOWN_FOR = 20.0
"""Seconds for which an answer that ends a setup at once is shown in a channel."""

_MAX_TOKEN = 32  # bytes, of which a link's parameter makes some more


class SetupTalk:
    """Keeps the talk about a setup out of readers' sight."""

    def __init__(
        self,
        bot: Bot,
        tokens: ActionTokens,
        render_context: RenderContext,
        shown_for: float = SHOWN_FOR,
    ) -> None:
        """Makes one.

        Args:
            bot: The bot.
            tokens: Makes the tokens of what goes on in private.
            render_context: The language, and the bot's username.
            shown_for: Seconds for which an answer that ends a setup at once is shown.
        """
        self._bot = bot
        self._tokens = tokens
        self._render_context = render_context
        self._shown_for = shown_for
        self._removing = set[asyncio.Task[None]]()

    async def must_be_private(self, message: Message, command: Command | None) -> bool:
        """Tells whether a command is to be answered in private: its answer would stay for all."""
        if command is None or not command.discreet or message.chat.type != ChatType.CHANNEL:
            return False
        return command.confidential or not await self._may_delete(message.chat.id)

    async def _may_delete(self, chat: int) -> bool:
        try:
            me = await self._bot.get_chat_member(chat, self._bot.id)
        except TelegramError as error:
            log.warning("cannot ask what the bot may do in chat %d: %s", chat, error.message)
            return False
        return isinstance(me, ChatMemberAdministrator) and bool(me.can_delete_messages)

    def offer(
        self, message: Message, command: Command, rest: str
    ) -> tuple[RenderedMessage, InlineKeyboardMarkup]:
        """Returns the message that offers to go on in private with what was typed in a channel."""
        gettext = self._render_context.words.gettext
        given, _ = parse_options(command, rest, lambda *_: False)
        channel = next(one.name for one in command.options if one.kind is OptionKind.CHANNEL)
        action = Action(command.name, (*given.items(), (channel, str(message.chat.id))))
        link = setup_link(self._render_context.bot, self._tokens.token(action, _MAX_TOKEN))
        text = gettext("Let's do that in private: here, all readers would see it.")
        if not command.confidential:
            text = gettext(
                "Let's do that in private: here, all readers would see it. (If I may delete "
                "messages, I can tidy up here myself.)"
            )
        button = InlineKeyboardButton(gettext("Continue in private"), url=link)
        return RenderedMessage(FormattedText.of(text).html), InlineKeyboardMarkup([[button]])

    async def opened(self, start: str) -> Action | None:
        """Returns what a link's parameter goes on with; None if it is no such link, or too old."""
        token = setup_token(start)
        if token is None:
            return None
        try:
            return await self._tokens.action(token)
        except StoreError as error:
            log.error("could not look up what a link asks for: %s", error)  # noqa: TRY400
            return None

    async def remove(self, message: Message) -> bool:
        """Deletes an answer in a channel and the command that it answers.

        Returns:
            False if the answer stays.
        """
        if message.chat.type != ChatType.CHANNEL:
            return False
        asked = message.reply_to_message
        is_gone = asked is None or await self._delete(message.chat.id, asked.message_id)
        return is_gone and await self._delete(message.chat.id, message.message_id)

    def remove_later(self, asked: Message, answer: int | None) -> None:
        """Deletes a command in a channel that all is done by, and its answer, when that is read."""
        if asked.chat.type != ChatType.CHANNEL or answer is None:
            return
        task = asyncio.create_task(self._remove_later(asked, answer))
        self._removing.add(task)
        task.add_done_callback(self._removing.discard)

    async def _remove_later(self, asked: Message, answer: int) -> None:
        await asyncio.sleep(self._shown_for)
        await self._delete(asked.chat.id, asked.message_id)
        await self._delete(asked.chat.id, answer)

    async def _delete(self, chat: int, message: int) -> bool:
        try:
            return await self._bot.delete_message(chat, message)
        except TelegramError as error:
            log.info("cannot delete a message in chat %d: %s", chat, error.message)
            return False
