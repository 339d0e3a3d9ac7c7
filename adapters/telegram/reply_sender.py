"""Sends and edits replies, within the rate limits, with retries and backoff."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from telegram import Bot, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import TelegramError

from adapters.telegram.ephemeral import EphemeralSender
from adapters.telegram.failures import classify, is_unmodified, is_without_text
from adapters.telegram.outgoing import (
    Destination,
    OutgoingReply,
    inline_keyboard,
    input_media,
    link_preview,
    reply_attempt,
    with_text_instead,
)
from adapters.telegram.rich.sending import RichSender
from bot.errors import ChatMovedError, DatelineError, DeliveryError, RejectedError, RetryLaterError
from bot.posting.rate_limiter import RateLimiter
from bot.posting.rates import Turn
from bot.reply import Upload

log = logging.getLogger(__name__)

_TRIES = 4
_MAX_WAIT = 60.0  # seconds; an answer that comes later is of no use
_FIRST_BACKOFF = 0.5  # seconds before the first retry; doubles each time

T = TypeVar("T")


class ReplySender:
    """Sends replies.

    Attributes:
        bot: Sends the messages.
        rate_limiter: The rate limits that posts share.
        rich: Sends rich messages.
        ephemeral: Sends what one person alone sees.
        doubts: Counts messages that were sent again while it was in doubt if they had arrived.
    """

    def __init__(self, bot: Bot, rate_limiter: RateLimiter, rich: RichSender | None = None) -> None:
        self.bot = bot
        self.rate_limiter = rate_limiter
        self.rich = rich or RichSender(is_on=False)
        self.ephemeral = EphemeralSender(bot, self.rich)
        self.doubts = 0

    async def send(
        self,
        destination: Destination,
        reply: OutgoingReply,
        *,
        preview: bool,
        turn: Turn | None = None,
    ) -> int | None:
        """Sends a reply, by a turn of the rate limiter or else when there is one.

        Returns:
            The id of the message, or of the ephemeral message where one person receives it; None if
            it could not be sent, for a reason that is logged.

        Raises:
            PlatformError: The token is refused.
        """
        if receiver := destination.receiver:

            async def send_to_one(chat: int) -> int | None:
                there = replace(destination, chat=chat)
                return await self.ephemeral.send(there, receiver, reply, preview=preview)

            return await self._with_retries(destination, send_to_one, turn)
        place = {
            "message_thread_id": destination.thread,
            "reply_parameters": _reply_parameters(destination),
        }
        attempt = reply_attempt(self.bot, self.rich, reply, place, preview=preview)
        message = await self._with_retries(destination, attempt, turn)
        return message.message_id if message else None

    async def edit(
        self,
        destination: Destination,
        message: int,
        reply: OutgoingReply,
        *,
        preview: bool,
        turn: Turn | None = None,
    ) -> bool:
        """Edits a message to show another reply; returns False if that failed.

        Where one person receives it, it is an ephemeral message. A picture or a file can take the
        place of a text, but not the other way round
        (https://core.telegram.org/bots/api#editmessagemedia).

        Raises:
            PlatformError: The token is refused.
        """
        if receiver := destination.receiver:

            async def edit_for_one(chat: int) -> bool:
                there = replace(destination, chat=chat)
                edit = self.ephemeral.edit
                return await edit(there, receiver, message, reply, preview=preview)

            return bool(await self._with_retries(destination, edit_for_one, turn, in_place=True))

        async def edit_text(chat: int) -> bool:
            try:
                rich = reply.rich
                place = {"chat_id": chat, "message_id": message}
                if rich and await self.rich.edit(self.bot, place, rich):
                    return True
                rendered, buttons = reply.classic()
                await self.bot.edit_message_text(
                    rendered.html,
                    chat,
                    message,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=link_preview(rendered, wanted=preview),
                    reply_markup=inline_keyboard(buttons),
                )
            except TelegramError as error:
                if is_without_text(error):
                    return False
                if not is_unmodified(error):
                    raise
            return True

        async def edit_upload(chat: int, upload: Upload) -> bool:
            rendered, buttons = reply.classic()
            media, markup = input_media(upload, rendered.caption), inline_keyboard(buttons)
            await self.bot.edit_message_media(media, chat, message, reply_markup=markup)
            return True

        attempt = with_text_instead(reply.upload, edit_upload, edit_text)
        return bool(await self._with_retries(destination, attempt, turn, in_place=True))

    async def _with_retries(
        self,
        destination: Destination,
        attempt: Callable[[int], Awaitable[T]],
        turn: Turn | None,
        *,
        in_place: bool = False,
    ) -> T | None:
        chat, backoff = destination.chat, _FIRST_BACKOFF
        for tries in range(1, _TRIES + 1):
            turn = turn or await self.rate_limiter.acquire_reply(str(chat), destination.flow)
            try:
                with self.rate_limiter.sending(turn):
                    return await attempt(chat)
            except TelegramError as error:
                reason = classify(error)
            turn = None
            if isinstance(reason, ChatMovedError):
                chat = int(reason.id)
                continue
            wait = self._retry_wait(chat, reason, backoff, in_place=in_place)
            if wait is None or tries == _TRIES:
                _log_failure(chat, reason)
                return None
            await asyncio.sleep(wait)
            backoff *= 2
        return None

    def _retry_wait(
        self, chat: int, reason: DatelineError, backoff: float, *, in_place: bool
    ) -> float | None:
        """Returns the seconds to wait before a retry; None if a retry makes no sense."""
        if not isinstance(reason, RetryLaterError) or (reason.wait or 0.0) > _MAX_WAIT:
            return None
        if reason.wait is not None:
            self.rate_limiter.pause(str(chat), reason.wait)
            return 0.0  # the rate limiter waits
        if reason.in_doubt and not in_place:
            self.doubts += 1
        return backoff


def _log_failure(chat: int, reason: DatelineError) -> None:
    if not isinstance(reason, DeliveryError):
        raise reason
    level = logging.ERROR if isinstance(reason, RejectedError) else logging.WARNING
    log.log(level, "could not send a reply to chat %d: %s", chat, reason)


def _reply_parameters(destination: Destination) -> ReplyParameters | None:
    if destination.answers is None:
        return None
    return ReplyParameters(destination.answers, allow_sending_without_reply=True)
