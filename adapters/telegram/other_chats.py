"""Other chats that are set up from the private chat: a channel or a group that is named there."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from telegram import Bot, ChatFullInfo, ChatMember, ChatMemberAdministrator, ChatMemberOwner
from telegram.constants import ChatType
from telegram.error import TelegramError
from typing_extensions import override

from adapters.telegram.failures import classify
from adapters.telegram.people import CAPABILITIES, PLATFORM
from adapters.telegram.rights import bot_rights
from adapters.telegram.server_abilities import ServerAbilities
from bot.chat.command import Access, Command, Option, OptionKind
from bot.chat.directories import ChatDirectory
from bot.chat.registry import Registry
from bot.chat.staff import Staff
from bot.errors import NotAllowedError, ReaderError, RetryLaterError, UnreachableError
from bot.i18n import Translations
from bot.model import Capability, Chat, Person
from bot.reply import Action, Reply

log = logging.getLogger(__name__)

_NAMED = re.compile(r"(?:https://t\.me/|t\.me/)?(?P<name>@?[A-Za-z]\w{3,31})|(?P<id>-\d{1,20})")


_ASKED_AT_ONCE = 8
_PRIVATE_LINK = re.compile(r"-100(?P<id>\d+)")  # the id of a supergroup or a channel


class OtherChats(ChatDirectory):
    """Finds chats by their names, and the rights of people in them."""

    def __init__(
        self, bot: Bot, words: Translations, abilities: ServerAbilities, staff: Staff
    ) -> None:
        self._bot = bot
        self._staff = staff
        self._words = words
        self._abilities = abilities
        self._asking = asyncio.Semaphore(_ASKED_AT_ONCE)

    @property
    @override
    def shared(self) -> str:
        return "-*"

    @override
    async def managed(self, person: Person, known: Sequence[Chat]) -> Sequence[Chat]:
        found = await asyncio.gather(*(self._if_managed(one, person) for one in known))
        return [one for one in found if one is not None]

    async def _if_managed(self, known: Chat, person: Person) -> Chat | None:
        """Returns a chat with its name, if a person may set the bot up there; else None."""
        async with self._asking:
            try:
                found = await self._chat(known.id)
                if not await self._may_set_up(person, found):
                    return None
            except ReaderError:
                return None
        return Chat(PLATFORM, str(found.id), name=found.title or "")

    @override
    async def find(self, id: str, person: Person) -> tuple[Person, Chat]:
        found = await self._chat(id)
        if not await self._may_set_up(person, found):
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
        return replace(person, moderator=True, host=False), chat

    @override
    def in_private(self, person: Person) -> Person:
        return self._staff.in_private(person)

    @override
    def message_link(self, chat: Chat, message: str) -> str:
        # https://core.telegram.org/api/links#message-links; other chats have none.
        match = _PRIVATE_LINK.fullmatch(chat.id)
        return f"https://t.me/c/{match['id']}/{message}" if match and message.isdecimal() else ""

    async def _may_set_up(self, person: Person, chat: ChatFullInfo) -> bool:
        """Tells if somebody may set the bot up in a chat: as at a command that is given there."""
        if person.moderator and chat.type != ChatType.CHANNEL:  # whom the configuration names
            return True
        return _may_post(await self._member(chat.id, int(person.id)), chat.type)

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
            raise self._trouble(error, told) from error
        if found.type == ChatType.PRIVATE:
            raise ReaderError(told)
        return found

    async def _member(self, chat: int, user: int) -> ChatMember | None:
        try:
            return await self._bot.get_chat_member(chat, user)
        except TelegramError as error:
            log.info("cannot tell what %d may do in chat %d: %s", user, chat, error.message)
            if isinstance(self._trouble(error), UnreachableError):
                raise self._trouble(error) from error
            return None

    def _trouble(self, error: TelegramError, told: str = "") -> ReaderError:
        """Tells what somebody is told of an error: that it passes, or `told`."""
        if isinstance(classify(error), RetryLaterError):
            _ = self._words.gettext
            return UnreachableError(_("Telegram does not answer right now. Try again in a moment."))
        return ReaderError(told)


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
    """Returns the option for a channel that people give; settings have one that is only chosen."""
    options = (one for one in command.options if not one.hidden)
    return next((one for one in options if one.kind is OptionKind.CHANNEL), None)
