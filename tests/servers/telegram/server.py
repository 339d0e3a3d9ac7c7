"""The server that tests use: the Bot API over HTTP, and the people and chats behind it.

async with Server() as server:
    ada = server.person("Ada")
    chat = server.private(ada)
    ...  # the bot begins to poll server.base_url with server.token
    await ada.says(chat, "/latest")
    message = await server.next_message(chat)
    answer = await ada.presses(message, "Next")
    assert (server.refused, server.unmodelled, server.pings) == ([], [], [])
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import Self

import pytest

from servers.telegram.chats import Chat, Message
from servers.telegram.http_api import HttpApi
from servers.telegram.limits import AcceptedMessage, Limits
from servers.telegram.members import Member, User
from servers.telegram.people import Person

_FIRST_USER = 5_000_000_000  # beyond 32 bits, as those of new accounts are
_SUPERGROUPS = -1_000_000_000_000


class Server(HttpApi):
    """The Bot API with people and chats; to be opened by `async with`."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def pings(self) -> list[str]:
        """The mentions in the bot's messages that would notify people."""
        return self.world.pings

    @property
    def limits(self) -> Limits | None:
        """The enforced rate limits; None for none."""
        return self.world.limits

    @limits.setter
    def limits(self, limits: Limits | None) -> None:
        self.world.limits = limits

    @property
    def too_many(self) -> int:
        """Counts the calls that were answered with 429 by the rate limits."""
        return self.world.too_many

    @property
    def accepted(self) -> list[AcceptedMessage]:
        """The messages that the bot has sent, in order."""
        return self.world.accepted

    async def took(self, count: int) -> list[AcceptedMessage]:
        """Waits until the bot has sent so many messages, in all chats."""
        accepted = self.world.accepted
        return await self.world.until(
            lambda: accepted if len(accepted) >= count else None, f"message {count}"
        )

    @property
    def links(self) -> list[str]:
        """The URLs of the links and buttons that the bot sent."""
        return self.world.links

    def person(self, name: str, username: str = "", language: str = "en") -> Person:
        """Creates a person."""
        user = User(_FIRST_USER + self.world.count(), name, username, language)
        self.world.users[user.id] = user
        return Person(self.world, user)

    def private(self, person: Person) -> Chat:
        """Returns the private chat of a person who has pressed Start."""
        known = self.world.chats.get(person.id)
        chat = Chat(person.id, "private", person.user.name, person.user.username)
        return known or self._enter(chat, "member", (), (person,))

    def group(
        self,
        title: str,
        *,
        admins: Sequence[Person] = (),
        members: Sequence[Person] = (),
        bot: str = "member",
    ) -> Chat:
        """Creates a basic group, which can become a supergroup."""
        chat = Chat(-self.world.count(), "group", title)
        return self._enter(chat, bot, admins, members)

    def supergroup(
        self,
        title: str,
        *,
        admins: Sequence[Person] = (),
        members: Sequence[Person] = (),
        bot: str = "member",
        username: str = "",
    ) -> Chat:
        """Creates a supergroup, as most groups are now."""
        chat = Chat(_SUPERGROUPS - self.world.count(), "supergroup", title, username)
        return self._enter(chat, bot, admins, members)

    def forum(
        self,
        title: str,
        *,
        admins: Sequence[Person] = (),
        members: Sequence[Person] = (),
        bot: str = "member",
    ) -> Chat:
        """Creates a supergroup with topics: see `Chat.topic`."""
        chat = self.supergroup(title, admins=admins, members=members, bot=bot)
        chat.forum = True
        return chat

    def crowd(self, count: int) -> list[Chat]:
        """Creates private chats, each of a new person."""
        return [self.private(self.person(f"Reader {n}")) for n in range(count)]

    def channel(
        self,
        title: str,
        *,
        admins: Sequence[Person] = (),
        bot: str = "administrator",
        username: str = "",
    ) -> Chat:
        """Creates a channel, in which only admins write."""
        chat = Chat(_SUPERGROUPS - self.world.count(), "channel", title, username)
        return self._enter(chat, bot, admins, ())

    def _enter(
        self, chat: Chat, bot: str, admins: Sequence[Person], members: Sequence[Person]
    ) -> Chat:
        """Adds a chat with its members; the first admin is its owner."""
        self.world.enter(chat)
        chat.members[self.world.bot.id] = Member(self.world.bot, bot)
        for person in members:
            chat.members[person.id] = Member(person.user)
        for place, person in enumerate(admins):
            status = "administrator" if place else "creator"
            chat.members[person.id] = Member(person.user, status)
        return chat

    def delete(self, chat: Chat) -> None:
        """Deletes a group or a channel or, with a private chat, the person's account."""
        chat.ended = True

    def make(self, person: Person, status: str, chat: Chat, *, anonymous: bool = False) -> None:
        """Changes the status of a person: administrator, member, left or kicked."""
        self.world.set_member(chat, Member(person.user, status, anonymous), person.user)

    def migrate(self, group: Chat) -> Chat:
        """Turns a group into a supergroup, which has another id."""
        chat = Chat(_SUPERGROUPS - self.world.count(), "supergroup", group.title)
        chat.members = dict(group.members)
        self.world.enter(chat)
        left = self.world.add_message(group, service={"migrate_to_chat_id": chat.id})
        self.world.push_message(left)
        group.moved_to = chat
        self.world.push_message(
            self.world.add_message(chat, service={"migrate_from_chat_id": group.id})
        )
        return chat

    def expire_queries(self) -> None:
        """Expires every query that waits for an answer."""
        for query in [*self.world.callbacks.values(), *self.world.inline.values()]:
            query.expired = True

    def expire_ephemeral(self, chat: Chat) -> None:
        """Lets what one person alone sees in a chat disappear, as happens after some time."""
        for message in chat.ephemeral.values():
            message.expired = True

    def sent(self, chat: Chat, after: Message | None = None) -> list[Message]:
        """Returns the bot's messages in a chat (after a message) that are not deleted."""
        least = after.id if after else 0
        return [
            message
            for message in chat.messages.values()
            if message.id > least and message.by_bot and not message.deleted
        ]

    async def replies(
        self, chat: Chat, *, after: Message | None = None, count: int = 1
    ) -> list[Message]:
        """Waits until the bot has sent so many messages to a chat (after a message)."""

        def found() -> list[Message] | None:
            sent = self.sent(chat, after)
            return sent if len(sent) >= count else None

        return await self.world.until(found, f"{count} messages in {chat.title}")

    async def next_message(self, chat: Chat) -> Message:
        """Waits for the next message of the bot in a chat that this has not returned yet."""
        delivered = self.world.delivered
        delivered[chat.id] = (await self.replies(chat, after=delivered.get(chat.id)))[0]
        return delivered[chat.id]

    def whispered(self, chat: Chat, person: Person) -> list[Message]:
        """Returns what the bot has sent to a person alone in a group, and not deleted."""
        return [
            message
            for message in chat.ephemeral.values()
            if message.receiver is person.user and message.by_bot and not message.deleted
        ]

    async def whisper(self, chat: Chat, person: Person, number: int = 1) -> Message:
        """Waits until the bot has sent so many messages to a person alone; returns the last."""

        def found() -> Message | None:
            sent = self.whispered(chat, person)
            return sent[number - 1] if len(sent) >= number else None

        return await self.world.until(found, f"whisper {number} to {person.user.name}")

    async def edited(self, message: Message, times: int = 1) -> Message:
        """Waits until a message has been edited so many times in all."""

        def found() -> Message | None:
            return message if message.edits >= times else None

        return await self.world.until(found, f"edit {times} of {message}")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server(patience=20) as api:
        yield api
        assert (api.refused, api.unmodelled, api.pings) == ([], [], [])


@pytest.fixture
def ada(server: Server) -> Person:
    return server.person("Ada")


@pytest.fixture
def chat(server: Server, ada: Person) -> Chat:
    return server.private(ada)
