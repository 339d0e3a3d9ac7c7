"""The language that an update is answered in."""

from __future__ import annotations

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from adapters.telegram.people import PLATFORM, chat_of
from bot.chat.languages import LanguageChooser
from bot.i18n import speak
from bot.model import Chat


class TelegramLanguages:
    """Chooses the language that each update is answered in, before anything else handles it.

    The library handles each update in a task of its own, to whose end the language is spoken.
    """

    def __init__(self, chooser: LanguageChooser) -> None:
        self._chooser = chooser

    async def choose(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Speaks the language of whoever is behind an update, or of the chat that it is from.

        Who writes as a channel or a group has no language; an inline query comes from no chat, but
        only its author sees the results.
        """
        user, asked = update.effective_user, update.effective_chat
        message = update.effective_message
        is_hidden = message is not None and message.sender_chat and not update.callback_query
        code = (user.language_code or "") if user and not is_hidden else ""
        is_own = asked is None or asked.type == ChatType.PRIVATE
        chat = chat_of(asked) if asked else Chat(PLATFORM, str(user.id) if user else "")
        speak(await self._chooser.for_reader(code, chat, is_own=is_own))
