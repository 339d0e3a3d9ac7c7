"""Posts: messages that nobody asked for just then, each sent once."""

from __future__ import annotations

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import TelegramError

from adapters.telegram.failures import failure, is_unmodified
from adapters.telegram.keyboard import keyboard
from adapters.telegram.render import RenderContext, render
from adapters.telegram.sending import preview_of
from bot.chat.button_tokens import ActionTokens
from bot.errors import RejectedError
from bot.model import Chat
from bot.posting.messenger import Message
from bot.posting.rate_limiter import RateLimiter


class TelegramMessenger:
    """Implements `bot.posting.messenger.Messenger`; the contract of each method stands there.

    Telegram has no roles to mention, and no key by which it would know a message again.
    """

    platform = "telegram"
    deduplicates = False

    def __init__(
        self,
        bot: Bot,
        rate_limiter: RateLimiter,
        tokens: ActionTokens,
        render_context: RenderContext,
    ) -> None:
        """Sends through a bot.

        Args:
            bot: Whose connections nothing else needs.
            rate_limiter: Gives out turns; replies are sent by it, too.
            tokens: For the buttons.
            render_context: How posts are shown.
        """
        self.rate_limiter = rate_limiter
        self._bot = bot
        self._tokens = tokens
        self._render_context = render_context

    def direct(self, person: str) -> Chat | None:
        """See `bot.posting.messenger.Messenger.direct`."""
        # Whoever writes as a channel or a group has no chat of their own that is known.
        return Chat(self.platform, person) if person.isdecimal() else None

    async def send(self, message: Message) -> str:
        """See `bot.posting.messenger.Messenger.send`."""
        shown = render(message.reply, self._render_context)
        thread = message.chat.thread
        try:
            sent = await self._bot.send_message(
                _number(message.chat.id),
                shown.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=preview_of(shown, wanted=message.picture),
                reply_markup=keyboard(message.reply, self._tokens, self._render_context.bot),
                message_thread_id=_number(thread) if thread else None,
                disable_notification=message.silent,
            )
        except TelegramError as error:
            raise failure(error) from error
        return str(sent.message_id)

    async def edit(self, message: Message, shown: str) -> None:
        """See `bot.posting.messenger.Messenger.edit`."""
        instead = render(message.reply, self._render_context)
        try:
            await self._bot.edit_message_text(
                instead.html,
                _number(message.chat.id),
                _number(shown),
                parse_mode=ParseMode.HTML,
                link_preview_options=preview_of(instead, wanted=message.picture),
                reply_markup=keyboard(message.reply, self._tokens, self._render_context.bot),
            )
        except TelegramError as error:
            if not is_unmodified(error):
                raise failure(error) from error


def _number(name: str) -> int:
    """An id of Telegram's, which is a number."""
    if not name.removeprefix("-").isdecimal():
        raise RejectedError(f"Telegram has no chat, topic or message {name}")
    return int(name)
