"""Languages of conversations: what a reader is answered in, and what a chat is posted in."""

from __future__ import annotations

import logging

from bot.chat.settings import LANGUAGE, ChatSettings
from bot.errors import StoreError
from bot.i18n import Translations, load, spoken_language
from bot.model import Chat

log = logging.getLogger(__name__)


class LanguageChooser:
    """Chooses languages, of those that the bot speaks.

    Who asks is answered in the language of their own client, else in the chat's, else in the bot's
    own. In a private chat the setting comes first: nobody but the reader can have chosen it. Posts
    have no reader in particular, and are in the chat's language or else in the bot's own.
    """

    def __init__(self, settings: ChatSettings, words: Translations) -> None:
        """Chooses by the settings of chats; without one it is the own language of `words`."""
        self._settings = settings
        self._own = words.own

    async def for_reader(self, code: str, chat: Chat, *, is_own: bool) -> Translations:
        """Returns the language to answer in.

        Args:
            code: The language of the reader's client, as the platform tells it; empty for unknown.
            chat: The chat where it is asked.
            is_own: True if it is the reader's private chat.
        """
        chosen = await self._chosen(chat)
        theirs = spoken_language(code) if code else ""
        return self._speaking((chosen or theirs) if is_own else (theirs or chosen))

    async def for_chat(self, chat: Chat) -> Translations:
        """Returns the language of what is posted in a chat."""
        return self._speaking(await self._chosen(chat))

    def _speaking(self, language: str) -> Translations:
        is_own = not language or language == self._own.language
        return self._own if is_own else load(language)

    async def _chosen(self, chat: Chat) -> str:
        """Returns the language that was set for a chat; empty for none, or where none is known."""
        try:
            return spoken_language(await self._settings.get(chat.settings, LANGUAGE))
        except StoreError as error:
            log.warning("could not look up the language of a chat: %s", error)
            return ""
