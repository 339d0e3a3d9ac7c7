"""Sends and edits messages: at Telegram's pace, again where that makes sense, and never twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import TelegramError

from adapters.telegram.failures import failure, is_unmodified
from adapters.telegram.render import RenderedMessage
from bot.errors import ChatMovedError, DatelineError, DeliveryError, RejectedError, RetryLaterError
from bot.posting.rate_limiter import Rate, RateLimiter, RateLimits

log = logging.getLogger(__name__)

PACE = RateLimits(
    # Thirty a second; of replies, sixty may go at once when it was quiet before. Posts take nearly
    # all of it while nobody asks, evenly: a row of them goes for minutes.
    overall=Rate(60, 2.0),
    posts=Rate(3, 3 / 29.7),
    # Short bursts are let pass in a chat with one person; in a group no more than twenty a minute
    # (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). By its id a
    # channel cannot be told from a group.
    chat=lambda chat: Rate(20, 60.0) if chat.startswith("-") else Rate(5, 5.0),
    chat_posts=lambda chat: Rate(3, 10.0) if chat.startswith("-") else Rate(1, 1.0),
)

_TRIES = 4
_LONGEST_WAIT = 60.0  # seconds after which nobody waits for an answer any more
_PAUSE = 0.5  # seconds before what failed is tried anew, twice as long each time

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes.

    Attributes:
        chat: The chat's id.
        thread: The forum topic; None for none.
        answers: The message that is answered; None for none.
    """

    chat: int
    thread: int | None = None
    answers: int | None = None


class Sender:
    """Replies to people.

    Attributes:
        doubts: How many messages were sent a second time because it was not known whether the
            first had arrived.
    """

    def __init__(self, bot: Bot, rate_limiter: RateLimiter) -> None:
        self._bot = bot
        self._rate_limiter = rate_limiter
        self.doubts = 0

    async def send(
        self,
        place: Destination,
        shown: RenderedMessage,
        buttons: InlineKeyboardMarkup | None,
        *,
        preview: bool,
    ) -> int | None:
        """Sends a reply; returns the message's id.

        Returns:
            None when it could not be sent; the log says why.

        Raises:
            PlatformError: The token is refused.
        """

        async def attempt(chat: int) -> Message:
            return await self._bot.send_message(
                chat,
                shown.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=preview_of(shown, wanted=preview),
                reply_markup=buttons,
                message_thread_id=place.thread,
                reply_parameters=_answering(place),
            )

        message = await self._tried(place.chat, attempt)
        return message.message_id if message else None

    async def edit(
        self,
        place: Destination,
        message: int,
        shown: RenderedMessage,
        buttons: InlineKeyboardMarkup | None,
        *,
        preview: bool,
    ) -> bool:
        """Puts another reply in a message's place; False when that could not be done.

        Raises:
            PlatformError: The token is refused.
        """

        async def attempt(chat: int) -> bool:
            try:
                await self._bot.edit_message_text(
                    shown.html,
                    chat,
                    message,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=preview_of(shown, wanted=preview),
                    reply_markup=buttons,
                )
            except TelegramError as error:
                if not is_unmodified(error):
                    raise
            return True

        return bool(await self._tried(place.chat, attempt, in_place=True))

    async def _tried(
        self, chat: int, attempt: Callable[[int], Awaitable[T]], *, in_place: bool = False
    ) -> T | None:
        pause = _PAUSE
        for turn in range(1, _TRIES + 1):
            await self._rate_limiter.acquire_reply(str(chat))
            try:
                return await attempt(chat)
            except TelegramError as error:
                reason = failure(error)
            if isinstance(reason, ChatMovedError):
                chat = int(reason.id)
                continue
            wait = self._wait(chat, reason, pause, in_place=in_place)
            if wait is None or turn == _TRIES:
                _give_up(chat, reason)
                return None
            await asyncio.sleep(wait)
            pause *= 2
        return None

    def _wait(
        self, chat: int, reason: DatelineError, pause: float, *, in_place: bool
    ) -> float | None:
        """Seconds until another try makes sense; None when it does not."""
        if not isinstance(reason, RetryLaterError) or (reason.wait or 0.0) > _LONGEST_WAIT:
            return None
        if reason.wait is not None:
            self._rate_limiter.pause(str(chat), reason.wait)
            return 0.0  # the pacer waits
        if reason.in_doubt and not in_place:
            self.doubts += 1
        return pause


def _give_up(chat: int, reason: DatelineError) -> None:
    if not isinstance(reason, DeliveryError):
        raise reason
    level = logging.ERROR if isinstance(reason, RejectedError) else logging.WARNING
    log.log(level, "a reply to chat %d could not be sent: %s", chat, reason)


def _answering(place: Destination) -> ReplyParameters | None:
    if place.answers is None:
        return None
    return ReplyParameters(place.answers, allow_sending_without_reply=True)


def preview_of(shown: RenderedMessage, *, wanted: bool = True) -> LinkPreviewOptions:
    """The preview that stands with a message."""
    if not (wanted and shown.preview):
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(
        url=shown.preview,
        prefer_large_media=shown.is_picture or None,
        show_above_text=shown.is_picture or None,
    )
