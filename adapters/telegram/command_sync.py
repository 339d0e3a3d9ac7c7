"""Syncs the menu of commands with Telegram, for each kind of chat and each language."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from bot.chat.command import Command
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
                # In a private chat there is nobody to hide a command from.
                hides = _is_for_all if person.host else _is_discreet
                commands = menu(registry, person, translations, hides)
                await bot.set_my_commands(commands, scope=scope, language_code=language)
    except TelegramError as error:
        log.warning("could not set the command menu: %s", error.message)


def _is_discreet(command: Command) -> bool:
    return command.discreet


def _is_for_all(_: Command) -> bool:
    return False


def menu(
    registry: Registry,
    person: Person,
    words: Translations,
    is_ephemeral: Callable[[Command], bool] = _is_for_all,
) -> list[BotCommand]:
    """Returns the commands of a person's menu.

    Args:
        registry: The commands.
        person: Whose they are.
        words: The language of their descriptions.
        is_ephemeral: Tells which of them nobody but the bot sees in a group; a server that does not
            know such commands overlooks it.
    """
    return [
        BotCommand(
            command.name,
            words.gettext(command.help)[:_MAX_DESCRIPTION],
            api_kwargs={"is_ephemeral": True} if is_ephemeral(command) else None,
        )
        for command in registry.for_person(person)
    ]


def translations_by_code(words: Translations) -> Iterator[tuple[str | None, Translations]]:
    """Yields the bot's own language as the default, and each other with its code."""
    yield None, words.own
    for language in languages():
        if language != words.own.language:
            yield language[:2], load(language)
