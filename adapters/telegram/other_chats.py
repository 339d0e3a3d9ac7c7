"""Other chats that are set up from the private chat: a channel or a group that is named there."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping

from telegram import Bot, ChatFullInfo, ChatMember, ChatMemberAdministrator, ChatMemberOwner, User
from telegram.constants import ChatType
from telegram.error import TelegramError

from adapters.telegram.people import CAPABILITIES, PLATFORM
from adapters.telegram.rights import bot_rights
from bot.chat.command import Command, OptionKind
from bot.errors import NotAllowedError, ReaderError
from bot.i18n import Translations
from bot.model import Capability, Chat, Person
from bot.reply import Reply

log = logging.getLogger(__name__)

_NAMED = re.compile(r"(?:https://t\.me/|t\.me/)?(?P<name>@?[A-Za-z]\w{3,31})|(?P<id>-\d{1,20})")


def named_chat(command: Command | None, given: Mapping[str, str]) -> str:
    """Returns the value of a command's option for another chat; an empty text for none."""
    options = command.options if command else ()
    names = (one.name for one in options if one.kind is OptionKind.CHANNEL)
    return next((given[name] for name in names if given.get(name)), "")


class OtherChats:
    """Finds chats by their names, and the rights of people in them."""

    def __init__(self, bot: Bot, words: Translations) -> None:
        self._bot = bot
        self._words = words

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
