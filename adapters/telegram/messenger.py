"""Sends posts to Telegram's chats, each with one try per call."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager

import telegram
from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import TelegramError
from typing_extensions import override

from adapters.telegram.buttons import render_buttons
from adapters.telegram.failures import classify, is_unmodified
from adapters.telegram.formatted_text import MAX_CAPTION, FormattedText, sanitize
from adapters.telegram.outgoing import link_preview
from adapters.telegram.people import PLATFORM, private_chat
from adapters.telegram.render import render
from adapters.telegram.rendered_message import RenderContext
from adapters.telegram.rich.blocks import RichMessage
from adapters.telegram.rich.buttons import ButtonMaker
from adapters.telegram.rich.render import render_rich
from adapters.telegram.rich.sending import RichSender
from bot.chat.button_tokens import ActionTokens
from bot.errors import RejectedError
from bot.model import Chat
from bot.posting.fair_share import SharedRate
from bot.posting.messenger import Message, Messenger
from bot.posting.rate_limiter import Rate, RateLimiter, RateLimits
from bot.posting.rates import ChatRate, TokenBucket, TrafficClass
from bot.reply import Picture

log = logging.getLogger(__name__)

# In a group no more than twenty messages a minute, edits included
# (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Its minute is
# not quite ours. Readers may take fourteen of them, posts eleven.
_IN_GROUP = SharedRate(
    20,
    61.0,
    {
        TrafficClass.READERS: 6,
        TrafficClass.MODERATORS: 2,
        TrafficClass.POSTS: 3,
        TrafficClass.NOTICES: 1,
    },
)
_IN_PRIVATE = TokenBucket(10, 1.0)  # one a second, and short bursts


def _chat_rate(chat: str) -> ChatRate:
    """Returns the rate of a chat; by its id a channel cannot be told from a group."""
    return _IN_GROUP if chat.startswith("-") else _IN_PRIVATE


RATE_LIMITS = RateLimits(
    # Thirty a second; of replies, sixty may go at once when it was quiet before. Posts take nearly
    # all of it while nobody asks, evenly: a row of them goes for minutes.
    overall=Rate(60, 2.0),
    posts=Rate(3, 3 / 29.7),
    chat=_chat_rate,
    chat_posts=lambda chat: Rate(3, 10.0) if chat.startswith("-") else Rate(1, 1.0),
)


class TelegramMessenger(Messenger):
    """Sends posts over python-telegram-bot.

    Telegram has no roles to mention, and no idempotency key: a message sent twice is there twice.
    """

    def __init__(
        self,
        bot: Bot,
        rate_limiter: RateLimiter,
        tokens: ActionTokens,
        render_context: RenderContext,
        rich: RichSender | None = None,
    ) -> None:
        """Sends through a bot.

        Args:
            bot: A bot with connections of its own.
            rate_limiter: The rate limits that replies share.
            tokens: Makes the buttons' tokens.
            render_context: The language and the time zone of posts.
            rich: Sends rich messages; None for the classic form only.
        """
        self._rate_limiter = rate_limiter
        self._bot = bot
        self._tokens = tokens
        self._render_context = render_context
        self._rich = rich or RichSender(is_on=False)

    @property
    @override
    def platform(self) -> str:
        return PLATFORM

    @property
    @override
    def deduplicates(self) -> bool:
        return False

    @property
    @override
    def rate_limiter(self) -> RateLimiter:
        return self._rate_limiter

    @override
    def direct(self, person: str) -> Chat | None:
        return private_chat(person)

    @override
    async def send(self, message: Message) -> str:
        chat = _number(message.chat.id)
        thread = _number(message.chat.thread) if message.chat.thread else None
        try:
            with self._sending(message):
                sent = await self._send_rich(message, chat, thread)
                sent = sent or await self._send_classic(message, chat, thread)
        except TelegramError as error:
            raise classify(error) from error
        if message.reply.picture:
            await self._send_picture(message, message.reply.picture)
        return str(sent.message_id)

    async def _send_rich(
        self, message: Message, chat: int, thread: int | None
    ) -> telegram.Message | None:
        rich = await self._rich_message(message)
        place = {"message_thread_id": thread, "disable_notification": message.silent}
        return await self._rich.send(self._bot, chat, rich, place) if rich else None

    async def _send_classic(
        self, message: Message, chat: int, thread: int | None
    ) -> telegram.Message:
        rendered = render(message.reply, self._render_context)
        return await self._bot.send_message(
            chat,
            rendered.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=link_preview(rendered, wanted=message.picture),
            reply_markup=self._buttons(message),
            message_thread_id=thread,
            disable_notification=message.silent,
        )

    async def _send_picture(self, message: Message, picture: Picture) -> None:
        """Sends the picture of a digest below it, since no caption has room for one.

        It is tried once: a digest that has arrived is not sent again for its picture.
        """
        await self._rate_limiter.acquire_post(message.chat.id)
        thread = message.chat.thread
        try:
            with self._sending(message):
                await self._bot.send_photo(
                    _number(message.chat.id),
                    picture.content,
                    FormattedText.of(sanitize(picture.alt)).truncate(MAX_CAPTION).html,
                    parse_mode=ParseMode.HTML,
                    filename=picture.name,
                    message_thread_id=_number(thread) if thread else None,
                    disable_notification=True,
                )
        except TelegramError as error:
            log.warning("Telegram: a digest goes without its picture: %s", classify(error))

    @override
    async def edit(self, message: Message, shown: str) -> None:
        chat, number = _number(message.chat.id), _number(shown)
        try:
            with self._sending(message):
                rich = await self._rich_message(message)
                place = {"chat_id": chat, "message_id": number}
                if rich is None or not await self._rich.edit(self._bot, place, rich):
                    await self._edit_classic(message, chat, number)
        except TelegramError as error:
            if not is_unmodified(error):
                raise classify(error) from error

    async def _edit_classic(self, message: Message, chat: int, number: int) -> None:
        rendered = render(message.reply, self._render_context)
        await self._bot.edit_message_text(
            rendered.html,
            chat,
            number,
            parse_mode=ParseMode.HTML,
            link_preview_options=link_preview(rendered, wanted=message.picture),
            reply_markup=self._buttons(message),
        )

    async def _rich_message(self, message: Message) -> RichMessage | None:
        if not await self._rich.is_wanted(message.chat):
            return None
        buttons = ButtonMaker(self._tokens, self._render_context.bot)
        return render_rich(message.reply, self._render_context, buttons, pictures=message.picture)

    def _sending(self, message: Message) -> AbstractContextManager[None]:
        # Between a post's turn and its message lies a claim, which is written to the disk.
        turn = self._rate_limiter.last_post(message.chat.id)
        return self._rate_limiter.sending(turn)

    def _buttons(self, message: Message) -> InlineKeyboardMarkup | None:
        return render_buttons(message.reply, self._tokens, self._render_context.bot)


def _number(name: str) -> int:
    """Parses an id of Telegram's, which is a number."""
    if not name.removeprefix("-").isdecimal():
        raise RejectedError(f"Telegram has no chat, topic or message {name}")
    return int(name)
