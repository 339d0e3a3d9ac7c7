"""Posts: messages that nobody asked for just then, each sent once."""

from __future__ import annotations

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import TelegramError

from adapters.telegram.failures import failure, is_unmodified
from adapters.telegram.keyboard import keyboard
from adapters.telegram.render import Look, render
from adapters.telegram.sending import preview_of
from bot.chat.button_tokens import ActionTokens
from bot.errors import Rejected
from bot.model import Chat
from bot.posting.messenger import Message
from bot.posting.rate_limiter import Pacer


class TelegramMessenger:
    """Implements `bot.posting.messenger.Messenger`; the contract of each method stands there.

    Telegram has no roles to mention, and no key by which it would know a message again.
    """

    platform = "telegram"
    knows_repeats = False

    def __init__(self, bot: Bot, pacer: Pacer, tokens: ActionTokens, look: Look) -> None:
        """Sends through a bot.

        Args:
            bot: Whose connections nothing else needs.
            pacer: Gives out turns; replies are sent by it, too.
            tokens: For the buttons.
            look: How posts are shown.
        """
        self.pacer = pacer
        self._bot = bot
        self._tokens = tokens
        self._look = look

    def direct(self, person: str) -> Chat | None:
        """See `bot.posting.messenger.Messenger.direct`."""
        # Whoever writes as a channel or a group has no chat of their own that is known.
        return Chat(self.platform, person) if person.isdecimal() else None

    async def send(self, message: Message) -> str:
        """See `bot.posting.messenger.Messenger.send`."""
        shown = render(message.reply, self._look)
        thread = message.chat.thread
        try:
            sent = await self._bot.send_message(
                _number(message.chat.id),
                shown.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=preview_of(shown, wanted=message.picture),
                reply_markup=keyboard(message.reply, self._tokens, self._look.bot),
                message_thread_id=_number(thread) if thread else None,
                disable_notification=message.silent,
            )
        except TelegramError as error:
            raise failure(error) from error
        return str(sent.message_id)

    async def edit(self, message: Message, shown: str) -> None:
        """See `bot.posting.messenger.Messenger.edit`."""
        instead = render(message.reply, self._look)
        try:
            await self._bot.edit_message_text(
                instead.html,
                _number(message.chat.id),
                _number(shown),
                parse_mode=ParseMode.HTML,
                link_preview_options=preview_of(instead, wanted=message.picture),
                reply_markup=keyboard(message.reply, self._tokens, self._look.bot),
            )
        except TelegramError as error:
            if not is_unmodified(error):
                raise failure(error) from error


def _number(name: str) -> int:
    """An id of Telegram's, which is a number."""
    if not name.removeprefix("-").isdecimal():
        raise Rejected(f"Telegram has no chat, topic or message {name}")
    return int(name)
