"""Other chats that are set up from the private chat: a channel or a group that is named there."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from telegram import Bot, ChatFullInfo, ChatMember, ChatMemberAdministrator, ChatMemberOwner, User
from telegram.constants import ChatType
from telegram.error import TelegramError

from adapters.telegram.people import CAPABILITIES, PLATFORM
from adapters.telegram.rights import bot_rights
from adapters.telegram.server_abilities import ServerAbilities
from bot.chat.command import Access, Command, Option, OptionKind
from bot.chat.registry import Registry
from bot.errors import NotAllowedError, ReaderError
from bot.i18n import Translations
from bot.model import Capability, Chat, Person
from bot.reply import Action, Reply

log = logging.getLogger(__name__)

_NAMED = re.compile(r"(?:https://t\.me/|t\.me/)?(?P<name>@?[A-Za-z]\w{3,31})|(?P<id>-\d{1,20})")


def named_chat(command: Command | None, given: Mapping[str, str]) -> str:
    """Returns the value of a command's option for another chat; an empty text for none."""
    options = command.options if command else ()
    names = (one.name for one in options if one.kind is OptionKind.CHANNEL)
    return next((given[name] for name in names if given.get(name)), "")


class OtherChats:
    """Finds chats by their names, and the rights of people in them."""

    def __init__(self, bot: Bot, words: Translations, abilities: ServerAbilities) -> None:
        self._bot = bot
        self._words = words
        self._abilities = abilities

    async def ask(
        self, named: str, user: User, ask: Callable[[Person, Chat], Awaitable[Reply]]
    ) -> Reply:
        """Asks the core about a chat that is named; the reply says so where that cannot be."""
        try:
            person, chat = await self.find(named, user)
        except ReaderError as error:
            return Reply("", text=(str(error),), ok=False)
        return await ask(person, chat)

    async def find(self, named: str, user: User) -> tuple[Person, Chat]:
        """Returns a person as who they are in a chat that is named, and the chat.

        Args:
            named: Its username or its id.
            user: Who names it.

        Raises:
            NotAllowedError: They may not post there themselves.
            ReaderError: The bot sees no such chat.
        """
        found = await self._chat(named)
        if not _may_post(await self._member(found.id, user.id), found.type):
            told = self._words.gettext("Only administrators of {chat} can set that up.")
            raise NotAllowedError(told.format(chat=found.title))
        rights = await bot_rights(self._bot, found.id)
        chat = Chat(
            PLATFORM,
            str(found.id),
            capabilities=CAPABILITIES | Capability.CHANNELS,
            name=found.title or "",
            rights=rights,
        )
        chat = await self._abilities.limit(chat)
        return Person(str(user.id), user.full_name, moderator=True), chat

    async def _chat(self, named: str) -> ChatFullInfo:
        told = self._words.gettext(
            "I can't see that chat. Make me an administrator there, and name it as @name."
        )
        typed = _NAMED.fullmatch(named)
        if typed is None:
            raise ReaderError(told)
        name = typed["id"] or f"@{typed['name'].removeprefix('@')}"
        try:
            found = await self._bot.get_chat(name)
        except TelegramError as error:
            log.info("cannot set up the chat %s: %s", named, error.message)
            raise ReaderError(told) from error
        if found.type == ChatType.PRIVATE:
            raise ReaderError(told)
        return found

    async def _member(self, chat: int, user: int) -> ChatMember | None:
        try:
            return await self._bot.get_chat_member(chat, user)
        except TelegramError as error:
            log.info("cannot tell what %d may do in chat %d: %s", user, chat, error.message)
            return None


def _may_post(member: ChatMember | None, kind: str) -> bool:
    """Tells whether somebody may have the bot post: administrators, in a channel those who may."""
    if isinstance(member, ChatMemberAdministrator):
        return kind != ChatType.CHANNEL or bool(member.can_post_messages)
    return isinstance(member, ChatMemberOwner)


def is_about_its_chat(command: Command | None) -> bool:
    """Tells if what a command answers is about the chat that it is asked in."""
    if command is None:
        return False
    return command.access is Access.HOSTS or _channel_option(command) is not None


def about_group(reply: Reply, group: Chat, registry: Registry[Any]) -> Reply | None:
    """Returns a group's reply for a private chat, where what it offers stays about the group.

    None where that is impossible: its command is about the chat that it is asked in alone.
    """
    command = registry.get(reply.command)
    is_bound = is_about_its_chat(command)
    if is_bound and (group.thread or not (command and _channel_option(command))):
        return None  # no option names a topic of a forum

    def about(action: Action) -> Action:
        known = registry.get(action.command)
        option = _channel_option(known) if known else None
        if option is None or option.name in dict(action.options):
            return action
        return Action(action.command, (*action.options, (option.name, group.id)))

    prompt = reply.prompt and replace(reply.prompt, action=about(reply.prompt.action))
    entries = tuple(
        replace(one, action=about(one.action)) if one.action else one for one in reply.entries
    )
    buttons = tuple(replace(one, action=about(one.action)) for one in reply.buttons)
    return replace(reply, prompt=prompt, entries=entries, buttons=buttons)


def _channel_option(command: Command) -> Option | None:
    return next((one for one in command.options if one.kind is OptionKind.CHANNEL), None)
