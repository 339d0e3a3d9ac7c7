"""Identities: the person who asks, the chat and the topic, and administrators as moderators."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace

from telegram import Bot, Message, Update, User
from telegram import Chat as TelegramChat
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from adapters.telegram.rights import bot_rights
from adapters.telegram.server_abilities import ServerAbilities
from bot.chat.command import Command
from bot.chat.staff import Staff
from bot.clock import Clock
from bot.model import Capability, Chat, Person

log = logging.getLogger(__name__)

PLATFORM = "telegram"
CAPABILITIES = (
    Capability.POSTS
    | Capability.LINK_PREVIEWS
    | Capability.RICH_MESSAGES
    | Capability.PLAIN_MESSAGES
    | Capability.PICTURES
)

GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
"""The types of chats in which people talk with each other."""

_CACHE_TTL = 60.0  # seconds; a demotion that Telegram tells of ends it at once
_MAX_CHATS = 1_000  # in the cache


@dataclass(frozen=True, slots=True)
class _Admins:
    ids: frozenset[int]
    until: float


class TelegramPeople:
    """Identifies people, and tells moderators from others.

    Moderators are the people that the operator named and the administrators of a group or channel.
    Telegram tells of promotions and demotions where the bot is an administrator itself; elsewhere
    it is asked each time.
    """

    def __init__(
        self,
        bot: Bot,
        clock: Clock,
        staff: Staff,
        abilities: ServerAbilities,
    ) -> None:
        """Identifies people over a bot.

        Args:
            bot: The bot.
            clock: The clock by which administrators are asked for anew.
            staff: The people whom the configuration names.
            abilities: Knows what the server lacks.
        """
        self._bot = bot
        self._abilities = abilities
        self._clock = clock
        self._staff = staff
        self._admins: dict[int, _Admins] = {}
        self._plain_until: dict[int, float] = {}  # of chats that the bot does not administer
        self._changes = 0

    async def handle_change(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Forgets the administrators of a chat in which somebody's membership has changed."""
        change = update.chat_member or update.my_chat_member
        if change is not None:
            self._changes += 1
            self._admins.pop(change.chat.id, None)
            self._plain_until.pop(change.chat.id, None)

    async def author(self, message: Message, *, rights: bool) -> Person:
        """Returns the author of a message.

        Args:
            message: The message.
            rights: True to find out if they are a moderator, which may take a call to Telegram.
        """
        chat, sender = message.chat, message.sender_chat
        if chat.type == ChatType.CHANNEL or (sender and sender.id == chat.id):
            # Only administrators write as the channel or, anonymously, as the group itself.
            return Person(f"chat:{chat.id}", chat.effective_name or "", moderator=True)
        if sender or message.from_user is None:
            name = (sender and sender.effective_name) or ""
            return Person(f"chat:{sender.id}" if sender else "unknown", name)
        return await self.person(message.from_user, chat, rights=rights)

    async def person(self, user: User, chat: TelegramChat, *, rights: bool) -> Person:
        """Returns a user in a chat as a person; `rights` is as for `author`."""
        is_private = chat.type == ChatType.PRIVATE
        moderator = self._staff.moderates(user.id)
        if rights and not moderator and not is_private:
            moderator = user.id in await self._admins_of(chat.id)
        return Person(
            str(user.id),
            user.full_name,
            moderator=moderator,
            host=is_private,
            operator=self._staff.operates(user.id),
        )

    async def chat_for(self, message: Message, command: Command | None) -> Chat:
        """Returns the chat and topic of a message, with the bot's rights for a command of posts."""
        chat = await self._abilities.limit(chat_of_message(message))
        if command is None or not command.posts_here:
            return chat
        return replace(chat, rights=await bot_rights(self._bot, message.chat.id, topic_of(message)))

    async def is_administrator(self, chat: int) -> bool:
        """Tells if the bot itself is an administrator of a group."""
        if self._clock.monotonic() < self._plain_until.get(chat, -math.inf):
            return False
        return self._bot.id in await self._admins_of(chat)

    async def _admins_of(self, chat: int) -> frozenset[int]:
        now = self._clock.monotonic()
        known = self._admins.get(chat)
        if known and now < known.until:
            return known.ids
        changes = self._changes
        try:
            members = await self._bot.get_chat_administrators(chat)
        except TelegramError as error:
            log.warning("could not ask for the administrators of chat %d: %s", chat, error.message)
            return frozenset()
        ids = frozenset(member.user.id for member in members)
        if changes == self._changes:
            self._remember(chat, ids, now + _CACHE_TTL)
        return ids

    def _remember(self, chat: int, ids: frozenset[int], until: float) -> None:
        for known in (self._admins, self._plain_until):
            if len(known) >= _MAX_CHATS:
                known.clear()
        if self._bot.id in ids:
            self._admins[chat] = _Admins(ids, until)
        else:  # the others may change in silence
            self._plain_until[chat] = until


def private_chat(person: str) -> Chat | None:
    """Returns the private chat with a person; None for who writes as a channel or a group."""
    return Chat(PLATFORM, person) if person.isdecimal() else None


def chat_of(chat: TelegramChat, topic: int | None = None) -> Chat:
    """Returns a chat, or a forum topic in it, as the core knows it."""
    name, capabilities = chat.title or "", CAPABILITIES
    if chat.type in {ChatType.PRIVATE, ChatType.CHANNEL}:  # all is answered there, or only commands
        capabilities &= ~Capability.PLAIN_MESSAGES
    if chat.type in GROUPS:
        capabilities |= Capability.PRIVATE_ANSWERS
    if chat.type == ChatType.PRIVATE:  # from where other chats are set up
        capabilities |= Capability.CHANNELS
    return Chat(PLATFORM, str(chat.id), str(topic or ""), capabilities=capabilities, name=name)


def topic_of(message: Message) -> int | None:
    """Returns the forum topic of a message; None in a forum's General topic, and elsewhere.

    Every reply has a thread id, also in groups that are no forums, where it is no topic.
    """
    return message.message_thread_id if message.is_topic_message else None


def chat_of_message(message: Message) -> Chat:
    """Returns the chat and the topic of a message."""
    return chat_of(message.chat, topic_of(message))
