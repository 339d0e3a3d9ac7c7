"""Who asks, and who is a moderator there."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass

from telegram import Bot, Message, User
from telegram import Chat as TelegramChat
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.clock import Clock
from bot.model import Capability, Chat, Person

log = logging.getLogger(__name__)

PLATFORM = "telegram"
CAPABILITIES = Capability.POSTS | Capability.LINK_PREVIEWS | Capability.PLAIN_MESSAGES

_KEPT = 60.0  # seconds; so long may a demoted administrator go on
_CHATS = 1_000


@dataclass(frozen=True, slots=True)
class _Admins:
    ids: frozenset[int]
    until: float


class TelegramPeople:
    """Tells moderators from others.

    Moderators are whom the operator named, and in a group or a channel its administrators.
    """

    def __init__(self, bot: Bot, clock: Clock, moderators: Collection[int]) -> None:
        self._bot = bot
        self._clock = clock
        self._moderators = moderators
        self._admins: dict[int, _Admins] = {}

    async def author(self, message: Message, *, rights: bool) -> Person:
        """Who wrote a message.

        Args:
            message: The message.
            rights: True to find out whether they are a moderator, which may take a question to
                Telegram.
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
        """A person in a chat; `rights` as for `author`."""
        is_private = chat.type == ChatType.PRIVATE
        moderator = user.id in self._moderators
        if rights and not moderator and not is_private:
            moderator = user.id in await self._admins_of(chat.id)
        return Person(str(user.id), user.full_name, moderator=moderator, host=is_private)

    async def _admins_of(self, chat: int) -> frozenset[int]:
        now = self._clock.monotonic()
        known = self._admins.get(chat)
        if known and now < known.until:
            return known.ids
        try:
            members = await self._bot.get_chat_administrators(chat)
        except TelegramError as error:
            log.warning("cannot ask who administrates chat %d: %s", chat, error.message)
            return frozenset()
        ids = frozenset(member.user.id for member in members)
        if len(self._admins) >= _CHATS:
            self._admins.clear()
        self._admins[chat] = _Admins(ids, now + _KEPT)
        return ids


def place_of(chat: TelegramChat, topic: int | None = None) -> Chat:
    """A chat as the core knows it, and the forum topic in it."""
    return Chat(PLATFORM, str(chat.id), str(topic or ""), capabilities=CAPABILITIES)


def topic_of(message: Message) -> int | None:
    """The forum topic that a message stands in; None for a forum's General, and elsewhere.

    What replies to another message has a thread in every group, which is no topic then.
    """
    return message.message_thread_id if message.is_topic_message else None


def place_asked(message: Message) -> Chat:
    """The chat that something is asked in, and the topic."""
    return place_of(message.chat, topic_of(message))
