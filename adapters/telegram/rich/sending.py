"""Sends rich messages, and knows when to do without: whoever asks then sends the classic form.

The library has no methods for them yet; they are called through its public `do_api_request`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from telegram import Bot, Message
from telegram.error import BadRequest, EndPointNotFound, InvalidToken, TelegramError

from adapters.telegram.failures import classify, is_unmodified
from adapters.telegram.rich.blocks import Audio, Collage, Photo, RichMessage
from adapters.telegram.rich.serialization import message_json
from bot.chat.settings import RICH, ChatSettings
from bot.errors import RejectedError, StoreError
from bot.model import Chat

log = logging.getLogger(__name__)

_SEND = "sendRichMessage"
# Not as the library's own method is called, of which `do_api_request` would remind us: it becomes
# `editMessageText`, too.
EDIT = "editMessage_text"
"""The method that edits a message."""

EDIT_EPHEMERAL = "editEphemeralMessageText"
"""The method that edits an ephemeral message."""

# What a server says that does not know the parameter `rich_message`.
_NO_TEXT = "message text is empty"

# Of what a reason speaks when Telegram cannot fetch or show a picture or a recording.
_MEDIA_TROUBLE = re.compile(r"(?i)http url|web ?page|media|photo|image|audio|\bfile")


class RichSender:
    """Sends and edits rich messages over a bot.

    Attributes:
        is_on: False where they are not to be used, or the server turned out not to know them; that
            is remembered as long as the process lives.
    """

    def __init__(self, settings: ChatSettings | None = None, *, is_on: bool = True) -> None:
        """Sends them where they are on, and in chats whose settings have them, if there are any."""
        self._settings = settings
        self.is_on = is_on

    async def is_wanted(self, chat: Chat) -> bool:
        """Tells if a chat is to have rich messages; it is if its settings cannot be read."""
        if not self.is_on or self._settings is None:
            return self.is_on
        try:
            return await self._settings.is_on(chat.settings, RICH)
        except StoreError:
            return True

    async def send(
        self, bot: Bot, chat: int, rich: RichMessage, given: Mapping[str, Any]
    ) -> Message | None:
        """Sends a message.

        Args:
            bot: The bot.
            chat: The id of the chat.
            rich: The message.
            given: Further parameters of the method; those that are None are left out.

        Returns:
            The message that was sent; None if it has to be sent in the classic form.

        Raises:
            TelegramError: It did not arrive, for a reason that the classic form would not change.
        """
        sent = await self._request(bot, _SEND, {"chat_id": chat, **given}, rich)
        return sent if isinstance(sent, Message) else None

    async def edit(
        self, bot: Bot, place: Mapping[str, Any], rich: RichMessage, method: str = EDIT
    ) -> bool:
        """Replaces a whole message; returns False if the classic form has to.

        Args:
            bot: The bot.
            place: The parameters that name the message.
            rich: What it is to show.
            method: `EDIT` or `EDIT_EPHEMERAL`.

        Raises:
            TelegramError: As `send`; also for a message that is not modified.
        """
        return bool(await self._request(bot, method, place, rich))

    async def _request(
        self, bot: Bot, method: str, given: Mapping[str, Any], rich: RichMessage
    ) -> Message | None:
        if not self.is_on:
            return None
        body = {name: value for name, value in given.items() if value is not None}
        body["rich_message"] = message_json(rich)
        try:
            sent: Message = await bot.do_api_request(method, body, return_type=Message)
        except (EndPointNotFound, InvalidToken):
            if method == EDIT_EPHEMERAL:  # it is these messages that the server does not know
                raise
            # The library makes either of a 404; what is wrong with a token shows again at once.
            self._give_up()
        except BadRequest as error:
            plain = _without_media(rich)
            if plain != rich and _MEDIA_TROUBLE.search(error.message):
                log.warning("a message is sent without its pictures: %s", error.message)
                return await self._request(bot, method, given, plain)
            self._refused(error)
        else:
            return sent
        return None

    def _refused(self, error: BadRequest) -> None:
        """Logs why a message was refused; raises what holds for its classic form, too."""
        if is_unmodified(error) or not isinstance(classify(error), RejectedError):
            raise error
        if _NO_TEXT in error.message.casefold():
            self._give_up()
        else:
            log.warning("a rich message is sent in the classic form: %s", error.message)

    def refuses_inline(self, error: TelegramError) -> bool:
        """Tells if inline results were refused that are to be given in the classic form.

        An inline query is too old soon, since the person types on; that is no refusal of them.
        """
        is_refused = isinstance(error, BadRequest) and "query is too old" not in error.message
        if self.is_on and is_refused:
            log.warning("inline results are given in the classic form: %s", error.message)
        return self.is_on and is_refused

    def _give_up(self) -> None:
        if self.is_on:
            log.warning("Telegram's server knows no rich messages; the classic form is used")
        self.is_on = False


def _without_media(rich: RichMessage) -> RichMessage:
    """Returns a message without its pictures and recordings; they are never in folded parts."""
    media = (Photo, Audio, Collage)
    return replace(rich, blocks=tuple(one for one in rich.blocks if not isinstance(one, media)))
