"""The menu of commands that Telegram shows beside the field to write in."""

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

_HELP = 256  # characters (https://core.telegram.org/bots/api#botcommand)

_SCOPES: Sequence[tuple[BotCommandScope, Person]] = (
    (BotCommandScopeAllPrivateChats(), Person("anyone", host=True)),
    (BotCommandScopeAllGroupChats(), Person("anyone")),
    (BotCommandScopeAllChatAdministrators(), Person("anyone", moderator=True)),
)


async def set_menu(bot: Bot, registry: Registry, words: Translations) -> None:
    """Tells Telegram the commands: for private chats, groups and administrators, by language.

    Failing is no reason not to serve: the commands work all the same.
    """
    try:
        for scope, person in _SCOPES:
            for language, spoken in _languages(words):
                await bot.set_my_commands(
                    commands(registry, person, spoken), scope=scope, language_code=language
                )
    except TelegramError as error:
        log.warning("cannot set the menu of commands: %s", error.message)


def commands(registry: Registry, person: Person, words: Translations) -> list[BotCommand]:
    """The commands that a person may use."""
    return [
        BotCommand(command.name, words.gettext(command.help)[:_HELP])
        for command in registry.for_person(person)
    ]


def _languages(words: Translations) -> Iterator[tuple[str | None, Translations]]:
    """The bot's own language for everyone, and each other for those who use it."""
    yield None, words
    for language in languages():
        if language != words.language:
            yield language[:2], load(language)
