"""Menus of groups whose answers are for the person who asks: there, nobody sees commands, either.

Such a command is an ephemeral message, which the bot may answer in one even where it is no
administrator (https://core.telegram.org/bots/api#ephemeral-messages-and-commands).
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterator

from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    Message,
)
from telegram.error import TelegramError

from adapters.telegram.command_sync import menu, translations_by_code
from adapters.telegram.people import GROUPS, chat_of_message
from adapters.telegram.private_answers import PrivateAnswers
from bot.chat.registry import Registry
from bot.i18n import Translations
from bot.model import Person

log = logging.getLogger(__name__)

_REMEMBERED = 5_000  # groups


class GroupMenus:
    """Sets the menus of groups as their settings change."""

    def __init__(
        self, bot: Bot, registry: Registry, words: Translations, answers: PrivateAnswers
    ) -> None:
        self._bot = bot
        self._registry = registry
        self._words = words
        self._answers = answers
        self._private: OrderedDict[int, bool] = OrderedDict()

    async def keep(self, message: Message) -> None:
        """Sets the menu of a message's group, if it is not what the group's setting asks for.

        Errors are logged only: the commands work without a menu.
        """
        chat = message.chat.id
        if message.chat.type not in GROUPS:
            return
        is_private = await self._answers.is_wanted(chat_of_message(message))
        if is_private == self._private.get(chat, False):
            return
        self._private[chat] = is_private
        if len(self._private) > _REMEMBERED:
            self._private.popitem(last=False)
        try:
            await self._set(chat, is_private=is_private)
        except TelegramError as error:
            log.warning("could not set the menu of chat %d: %s", chat, error.message)

    async def _set(self, chat: int, *, is_private: bool) -> None:
        for scope, person in _scopes(chat):
            for language, words in translations_by_code(self._words):
                if not is_private:
                    await self._bot.delete_my_commands(scope, language)
                    continue
                commands = menu(self._registry, person, words, is_ephemeral=lambda _: True)
                await self._bot.set_my_commands(commands, scope, language)


def _scopes(chat: int) -> Iterator[tuple[BotCommandScope, Person]]:
    yield BotCommandScopeChat(chat), Person("anyone")
    yield BotCommandScopeChatAdministrators(chat), Person("anyone", moderator=True)
