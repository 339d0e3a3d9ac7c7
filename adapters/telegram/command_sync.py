"""Syncs the menu of commands with Telegram, for each kind of chat and each language."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from bot.chat.registry import Registry
from bot.i18n import Translations, languages, load
from bot.model import Person

log = logging.getLogger(__name__)

_MAX_DESCRIPTION = 256  # characters (https://core.telegram.org/bots/api#botcommand)

_SCOPES: Sequence[tuple[BotCommandScope, Person]] = (
    (BotCommandScopeAllPrivateChats(), Person("anyone", host=True)),
    (BotCommandScopeAllGroupChats(), Person("anyone")),
    (BotCommandScopeAllChatAdministrators(), Person("anyone", moderator=True)),
)


async def sync_commands(bot: Bot, registry: Registry, words: Translations) -> None:
    """Sets the commands of private chats, groups and administrators, in each language.

    Errors are logged only: the commands work without a menu.
    """
    try:
        for scope, person in _SCOPES:
            for language, translations in translations_by_code(words):
                await bot.set_my_commands(
                    _commands(registry, person, translations), scope=scope, language_code=language
                )
    except TelegramError as error:
        log.warning("could not set the command menu: %s", error.message)


def _commands(registry: Registry, person: Person, words: Translations) -> list[BotCommand]:
    return [
        BotCommand(command.name, words.gettext(command.help)[:_MAX_DESCRIPTION])
        for command in registry.for_person(person)
    ]


def translations_by_code(words: Translations) -> Iterator[tuple[str | None, Translations]]:
    """Yields the bot's own language as the default, and each other with its code."""
    yield None, words
    for language in languages():
        if language != words.language:
            yield language[:2], load(language)
