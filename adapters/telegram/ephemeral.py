"""Ephemeral messages: in a group, what one person alone sees (Bot API 10.3).

A bot may send one to whoever has pressed a button or sent an ephemeral message, for 15 seconds; an
administrator to any member, at any time
(https://core.telegram.org/bots/api#ephemeral-messages-and-commands). The library has no methods for
them yet; they are called through its public `do_api_request`.

Nothing says that they count less than others among the messages that a group may be sent in a
minute, so they are counted as all others are.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, EndPointNotFound, Forbidden, InvalidToken, TelegramError

from adapters.telegram.failures import is_unmodified
from adapters.telegram.outgoing import (
    Destination,
    OutgoingReply,
    Receiver,
    inline_keyboard,
    input_media,
    link_preview,
    reply_attempt,
    with_text_instead,
)
from adapters.telegram.rich.sending import EDIT_EPHEMERAL, RichSender
from bot.reply import Upload

log = logging.getLogger(__name__)

_EDIT_MEDIA = "editEphemeralMessageMedia"
_DELETE = "deleteEphemeralMessage"
_NO_MESSAGE = 1  # an id that no ephemeral message to the bot itself has


def ephemeral_id(message: Message) -> int | None:
    """Returns the id of an ephemeral message, whose `message_id` says nothing; None for others."""
    found = message.api_kwargs.get("ephemeral_message_id")  # a field that the library does not know
    return found if isinstance(found, int) else None


class EphemeralSender:
    """Sends and edits ephemeral messages, where the server knows them."""

    def __init__(self, bot: Bot, rich: RichSender) -> None:
        self._bot = bot
        self._rich = rich
        self._known: bool | None = None

    @property
    def is_off(self) -> bool:
        """True if the server turned out not to know them, as long as the process lives."""
        return self._known is False

    async def is_known(self) -> bool:
        """Tells if the server knows ephemeral messages; it is asked once.

        It must be known before one is sent: an older server overlooks who is to receive a message,
        and shows it to everybody.
        """
        if self._known is None:
            self._known = await self._ask()
            if self._known is False:
                self._give_up()
        return bool(self._known)

    async def _ask(self) -> bool | None:
        """Asks for something harmless that is refused; None if it cannot be told."""
        me = self._bot.id
        given = {"chat_id": me, "receiver_user_id": me, "ephemeral_message_id": _NO_MESSAGE}
        try:
            await self._bot.do_api_request(_DELETE, given)
        except (EndPointNotFound, InvalidToken):
            return False
        except (BadRequest, Forbidden):
            return True
        except TelegramError as error:
            log.debug("cannot tell if ephemeral messages are known: %s", error.message)
            return None
        return True

    async def send(
        self, destination: Destination, receiver: Receiver, reply: OutgoingReply, *, preview: bool
    ) -> int | None:
        """Sends a reply to one person.

        Returns:
            The id of the ephemeral message; None if it was refused, so that the reply has to be
            sent in another way.

        Raises:
            TelegramError: It may be sent later.
        """
        place = _place(destination, receiver)
        try:
            attempt = reply_attempt(self._bot, self._rich, reply, place, preview=preview)
            message = await attempt(destination.chat)
        except (BadRequest, Forbidden) as error:
            log.info("chat %d takes no ephemeral message: %s", destination.chat, error.message)
            return None
        found = ephemeral_id(message)
        if found is None:
            await self._take_back(message)
        return found

    async def _take_back(self, message: Message) -> None:
        """Deletes what was shown to everybody, and sends no more."""
        self._give_up()
        try:
            await message.delete()
        except TelegramError as error:
            log.warning("could not delete a message in chat %d: %s", message.chat.id, error.message)

    async def edit(
        self,
        destination: Destination,
        receiver: Receiver,
        message: int,
        reply: OutgoingReply,
        *,
        preview: bool,
    ) -> bool:
        """Edits an ephemeral message; returns False if that was refused.

        Raises:
            TelegramError: It may be edited later.
        """
        place = {
            "chat_id": destination.chat,
            "receiver_user_id": receiver.user,
            "ephemeral_message_id": message,
        }
        try:
            return await self._edit(place, reply, preview=preview)
        except (BadRequest, Forbidden, EndPointNotFound) as error:
            if is_unmodified(error):
                return True
            log.info("an ephemeral message cannot be edited: %s", error.message)
            return False

    async def _edit(self, place: Mapping[str, Any], reply: OutgoingReply, *, preview: bool) -> bool:
        async def edit_text(_: int) -> bool:
            if reply.rich and await self._rich.edit(self._bot, place, reply.rich, EDIT_EPHEMERAL):
                return True
            rendered, _buttons = reply.classic()
            text = {
                "text": rendered.html,
                "parse_mode": ParseMode.HTML,
                "link_preview_options": link_preview(rendered, wanted=preview),
            }
            body = {**place, **_markup(reply), **text}
            return bool(await self._bot.do_api_request(EDIT_EPHEMERAL, body))

        async def edit_upload(_: int, upload: Upload) -> bool:
            media = input_media(upload, reply.classic().rendered.caption)
            body = {**place, **_markup(reply), "media": media}
            return bool(await self._bot.do_api_request(_EDIT_MEDIA, body))

        return await with_text_instead(reply.upload, edit_upload, edit_text)(place["chat_id"])

    def _give_up(self) -> None:
        self._known = False
        log.warning("Telegram's server knows no ephemeral messages; everybody sees all answers")


def _markup(reply: OutgoingReply) -> dict[str, InlineKeyboardMarkup]:
    """Returns the parameter of the buttons of a message that is edited, if there are any."""
    markup = inline_keyboard(reply.classic().buttons)
    return {"reply_markup": markup} if markup else {}


def _place(destination: Destination, receiver: Receiver) -> dict[str, Any]:
    """Returns the parameters that say who receives a message, and where."""
    parameters: dict[str, Any] = {"receiver_user_id": receiver.user}
    if receiver.query:
        parameters["callback_query_id"] = receiver.query
    if receiver.in_place:
        parameters["replace_callback_query_message"] = True
    place: dict[str, Any] = {"ephemeral_message_parameters": parameters}
    if destination.thread:
        place["message_thread_id"] = destination.thread
    if receiver.answers is not None:
        place["reply_parameters"] = {"ephemeral_message_id": receiver.answers}
    elif destination.answers is not None:
        place["reply_parameters"] = ReplyParameters(destination.answers)
    return place
