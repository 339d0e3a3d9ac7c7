"""The whole Telegram of a test: a Bot API over HTTP, and the people behind it.

async with BotApi() as server:
    ada = server.user("Ada")
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
from servers.telegram.limits import Accepted, Limits
from servers.telegram.members import Member, User
from servers.telegram.people import Person
from servers.telegram.server import Server

_FIRST_USER = 5_000_000_000  # beyond 32 bits, as those of new accounts are
_SUPERGROUPS = -1_000_000_000_000


class BotApi(Server):
    """The Bot API with people and chats; open it with `async with`."""

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
        """What the bot sent that would notify somebody."""
        return self.world.pings

    @property
    def limits(self) -> Limits | None:
        """How much the bot may send; None for any amount."""
        return self.world.limits

    @limits.setter
    def limits(self, limits: Limits | None) -> None:
        self.world.limits = limits

    @property
    def too_many(self) -> int:
        """How often the bot was told to wait, for it had sent more than that."""
        return self.world.too_many

    @property
    def accepted(self) -> list[Accepted]:
        """All that the bot has sent, in order."""
        return self.world.accepted

    async def took(self, count: int) -> list[Accepted]:
        """Waits until the bot has sent so many messages, in all chats."""
        accepted = self.world.accepted
        return await self.world.until(
            lambda: accepted if len(accepted) >= count else None, f"message {count}"
        )

    @property
    def links(self) -> list[str]:
        """Where the links and the buttons lead that the bot sent."""
        return self.world.links

    def user(self, name: str, username: str = "", language: str = "en") -> Person:
        """Somebody new."""
        user = User(_FIRST_USER + self.world.count(), name, username, language)
        self.world.users[user.id] = user
        return Person(self.world, user)

    def private(self, person: Person) -> Chat:
        """The chat of somebody with the bot, in which they have pressed Start."""
        known = self.world.chats.get(person.id)
        chat = Chat(person.id, "private", person.user.name, person.user.username)
        return known or self._entered(chat, "member", (), (person,))

    def group(
        self,
        title: str,
        *,
        admins: Sequence[Person] = (),
        members: Sequence[Person] = (),
        bot: str = "member",
    ) -> Chat:
        """A group of the old kind, which may become a supergroup."""
        chat = Chat(-self.world.count(), "group", title)
        return self._entered(chat, bot, admins, members)

    def supergroup(
        self,
        title: str,
        *,
        admins: Sequence[Person] = (),
        members: Sequence[Person] = (),
        bot: str = "member",
        username: str = "",
    ) -> Chat:
        """A group of the kind that is usual now."""
        chat = Chat(_SUPERGROUPS - self.world.count(), "supergroup", title, username)
        return self._entered(chat, bot, admins, members)

    def forum(
        self,
        title: str,
        *,
        admins: Sequence[Person] = (),
        members: Sequence[Person] = (),
        bot: str = "member",
    ) -> Chat:
        """A supergroup with topics: see `Chat.topic`."""
        chat = self.supergroup(title, admins=admins, members=members, bot=bot)
        chat.forum = True
        return chat

    def crowd(self, count: int) -> list[Chat]:
        """As many private chats, each of somebody new."""
        return [self.private(self.user(f"Reader {n}")) for n in range(count)]

    def channel(
        self,
        title: str,
        *,
        admins: Sequence[Person] = (),
        bot: str = "administrator",
        username: str = "",
    ) -> Chat:
        """A channel, in which only admins write."""
        chat = Chat(_SUPERGROUPS - self.world.count(), "channel", title, username)
        return self._entered(chat, bot, admins, ())

    def _entered(
        self, chat: Chat, bot: str, admins: Sequence[Person], members: Sequence[Person]
    ) -> Chat:
        """The chat, with its members; the first admin is its owner."""
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
        """Makes somebody an administrator, a member, left or kicked."""
        self.world.set_member(chat, Member(person.user, status, anonymous), person.user)

    def migrate(self, group: Chat) -> Chat:
        """Turns a group into a supergroup, which has another id."""
        chat = Chat(_SUPERGROUPS - self.world.count(), "supergroup", group.title)
        chat.members = dict(group.members)
        self.world.enter(chat)
        left = self.world.say(group, service={"migrate_to_chat_id": chat.id})
        self.world.tell_of(left)
        group.moved_to = chat
        self.world.tell_of(self.world.say(chat, service={"migrate_from_chat_id": group.id}))
        return chat

    def expire_queries(self) -> None:
        """Lets everything that waits for an answer have waited too long."""
        for query in [*self.world.callbacks.values(), *self.world.inline.values()]:
            query.expired = True

    def sent(self, chat: Chat, after: Message | None = None) -> list[Message]:
        """What the bot has said in a chat (after a message) and not deleted."""
        least = after.id if after else 0
        return [
            message
            for message in chat.messages.values()
            if message.id > least and message.by_bot and not message.deleted
        ]

    async def replies(
        self, chat: Chat, *, after: Message | None = None, count: int = 1
    ) -> list[Message]:
        """Waits until the bot has said so many things in a chat (after a message)."""

        def found() -> list[Message] | None:
            sent = self.sent(chat, after)
            return sent if len(sent) >= count else None

        return await self.world.until(found, f"{count} messages in {chat.title}")

    async def next_message(self, chat: Chat) -> Message:
        """Waits for the next message of the bot in a chat that this has not given yet."""
        given = self.world.given
        given[chat.id] = (await self.replies(chat, after=given.get(chat.id)))[0]
        return given[chat.id]

    async def edited(self, message: Message, times: int = 1) -> Message:
        """Waits until a message has been edited so often, in all."""

        def found() -> Message | None:
            return message if message.edits >= times else None

        return await self.world.until(found, f"edit {times} of {message}")


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi(patience=20) as api:
        yield api
        assert (api.refused, api.unmodelled, api.pings) == ([], [], [])


@pytest.fixture
def ada(server: BotApi) -> Person:
    return server.user("Ada")


@pytest.fixture
def chat(server: BotApi, ada: Person) -> Chat:
    return server.private(ada)
