"""The state of a Telegram of a test: who is there, what was said, what waits for an answer."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from servers.telegram.calls import ApiError, Json
from servers.telegram.chats import Chat, Message
from servers.telegram.entities import Entity, Formatted
from servers.telegram.limits import Accepted, Limits
from servers.telegram.members import TELEGRAM, Member, User
from servers.telegram.updates import Updates, Waking

T = TypeVar("T")

_ENDED = {
    "private": (403, "Forbidden: user is deactivated"),
    "group": (403, "Forbidden: the group chat was deleted"),
    "supergroup": (400, "Bad Request: CHANNEL_PRIVATE"),
    "channel": (400, "Bad Request: CHANNEL_PRIVATE"),
}
_PINGS = frozenset({"mention", "text_mention"})
_NO_PING = frozenset({"code", "pre", "url", "text_link", "email", "bot_command"})


@dataclass(eq=False)
class Query:
    """Something that a person did that waits for the bot's answer.

    Attributes:
        answer: What the bot answered; None while it has not.
        expired: Whether it has waited too long for one.
    """

    id: str
    person: User
    answer: Json | None = None
    expired: bool = False


@dataclass(eq=False, repr=False)
class World:
    """Everything there is.

    Attributes:
        reads_all: Whether the bot's privacy mode is off, so that it reads everything in groups.
        patience: Seconds to wait for the bot before a test is told that nothing came.
        given: The message in each chat that a test was given last.
        pings: What the bot sent that would notify somebody.
        links: The addresses of all links and buttons that the bot sent.
        limits: How much the bot may send; None for any amount.
        too_many: How often it sent more than that.
        accepted: All that it has sent, in order.
    """

    bot: User
    reads_all: bool = False
    patience: float = 30.0
    updates: Updates = field(default_factory=Updates)
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    callbacks: dict[str, Query] = field(default_factory=dict)
    inline: dict[str, Query] = field(default_factory=dict)
    by_inline_id: dict[str, Message] = field(default_factory=dict)
    given: dict[int, Message] = field(default_factory=dict)
    pings: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    changed: Waking = field(default_factory=Waking)
    limits: Limits | None = None
    too_many: int = 0
    accepted: list[Accepted] = field(default_factory=list)
    check: Callable[[Any, str], None] = lambda _body, _kind: None
    _counted: int = 0

    def count(self) -> int:
        """A number that nothing else has."""
        self._counted += 1
        return self._counted

    def enter(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        return chat

    def chat(self, told: str | int) -> Chat:
        """The chat that a call names, by its id or its username.

        Raises:
            ApiError: when the bot may not write there.
        """
        known = self._known(str(told))
        if known is None:
            raise ApiError(400, "Bad Request: chat not found")
        self._may_enter(known)
        return known

    def _known(self, name: str) -> Chat | None:
        if name.startswith("@"):
            return next((one for one in self.chats.values() if f"@{one.username}" == name), None)
        return self.chats.get(int(name)) if name.removeprefix("-").isdecimal() else None

    def _may_enter(self, chat: Chat) -> None:
        if chat.moved_to:
            said = "Bad Request: group chat was upgraded to a supergroup chat"
            raise ApiError(400, said, migrate_to_chat_id=chat.moved_to.id)
        if chat.ended:
            raise ApiError(*_ENDED[chat.kind])
        status = chat.member(self.bot).status
        if chat.kind == "private" and status == "kicked":
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if status == "kicked":
            raise ApiError(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
        if not chat.member(self.bot).is_there:
            raise ApiError(403, f"Forbidden: bot is not a member of the {chat.kind} chat")

    def may_write(self, chat: Chat, thread: int | None) -> None:
        """Whether the bot may write in a chat that it is in.

        Raises:
            ApiError: when it may not, or not so much.
        """
        me = chat.member(self.bot)
        if chat.kind == "channel" and not (me.is_admin and me.writes):
            raise ApiError(400, "Bad Request: need administrator rights in the channel chat")
        if (chat.silent and not me.is_admin) or (me.status == "restricted" and not me.writes):
            raise ApiError(400, "Bad Request: not enough rights to send text messages to the chat")
        if thread is not None and thread not in chat.topics:
            raise ApiError(400, "Bad Request: message thread not found")
        if (thread or 0) in chat.closed and not me.is_admin:
            raise ApiError(400, "Bad Request: TOPIC_CLOSED")
        if self.limits and (wait := self.limits.take(chat.id, chat.kind)):
            self.too_many += 1
            raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)

    def accept(self, message: Message) -> Message:
        """Keeps what the bot has sent."""
        sent = Accepted(message.chat.id, message.id, time.monotonic(), message.text)
        self.accepted.append(sent)
        return message

    def message(self, chat: Chat, number: int, what: str) -> Message:
        """The message that a call is about; `what` names its part in the answer."""
        message = chat.messages.get(number)
        if message is None or message.deleted:
            raise ApiError(400, f"Bad Request: {what} not found")
        return message

    def say(self, chat: Chat, **told: Any) -> Message:
        """Puts a message into a chat."""
        message = Message(chat.next_id(), chat, int(time.time()), **told)
        chat.messages[message.id] = message
        self.changed.wake()
        return message

    def hand_on(self, post: Message, group: Chat) -> None:
        """Puts a channel's post into its group, as Telegram does at once."""
        shown = {"text": post.text, "entities": post.entities, "photo": post.photo}
        signed = {"sender": TELEGRAM, "sender_chat": post.chat}
        self.tell_of(self.say(group, post=post, **shown, **signed))

    def noted(self, formatted: Formatted, markup: Json | None) -> Formatted:
        """Remembers the links and pings in what the bot sends."""
        self.pings += _pings(formatted)
        self.links += [_address(each, formatted.text) for each in formatted.entities if _is(each)]
        rows = (markup or {}).get("inline_keyboard", [])
        self.links += [button["url"] for row in rows for button in row if "url" in button]
        return formatted

    def known(self, formatted: Formatted) -> tuple[Entity, ...]:
        """The entities that a server keeps: it knows whom a mention without a name means."""
        return tuple(
            each
            for each in formatted.entities
            if each.type != "text_mention" or each.user in self.users
        )

    def tell(self, kind: str, body: Json) -> None:
        """Tells the bot of something."""
        self.check(body, kind)
        self.updates.push(kind, body)

    def tell_of(self, message: Message, kind: str = "message") -> None:
        """Tells the bot of a message, if it may read it."""
        if message.chat.kind == "channel":
            kind = kind.replace("message", "channel_post")
        if self._reads(message):
            self.tell(kind, message.json(self.users))

    def _reads(self, message: Message) -> bool:
        me = message.chat.member(self.bot)
        if not me.is_there:
            return False
        if message.chat.kind in {"private", "channel"} or self.reads_all or me.is_admin:
            return True
        answered = message.reply_to and message.reply_to.by_bot
        return bool(answered or message.service or message.via_bot or self._is_command(message))

    def _is_command(self, message: Message) -> bool:
        """Whether it has a command that is not for another bot."""
        names = (command.partition("@")[2].lower() for command in message.marked("bot_command"))
        return any(name in {"", self.bot.username.lower()} for name in names)

    def set_member(self, chat: Chat, member: Member, by: User) -> None:
        """Changes what somebody is in a chat, and tells the bot."""
        old, chat.members[member.user.id] = chat.member(member.user), member
        kind = "my_chat_member" if member.user is self.bot else "chat_member"
        body = {"chat": chat.json(), "from": by.json(), "date": int(time.time())}
        told = (old.json(chat.kind), member.json(chat.kind))
        body |= dict(zip(("old_chat_member", "new_chat_member"), told, strict=True))
        self.tell(kind, body)

    async def until(self, found: Callable[[], T | None], wanted: str) -> T:
        """Waits for the bot to do something, and says what there was when it does not."""
        try:
            async with asyncio.timeout(self.patience):
                while (got := found()) is None:
                    await self.changed.wait()
        except TimeoutError:
            said = f"{wanted} did not come within {self.patience} s. What was said:"
            raise AssertionError("\n".join([said, *self.transcript()])) from None
        return got

    def transcript(self) -> Iterable[str]:
        """Everything that was said."""
        return [repr(one) for chat in self.chats.values() for one in chat.messages.values()]


def _is(entity: Entity) -> bool:
    return entity.type in {"url", "text_link"}


def _address(entity: Entity, text: str) -> str:
    """Where a link goes; an address that was written without a scheme is one of the web."""
    url = entity.url or entity.of(text)
    return url if "://" in url else f"http://{url}"


def _pings(formatted: Formatted) -> list[str]:
    """Mentions, and names that another server might take for one."""
    text = formatted.text
    marked = [each for each in formatted.entities if each.type in _PINGS]
    silent = [each for each in formatted.entities if each.type in _NO_PING]
    taken = [range(each.offset, each.end) for each in [*marked, *silent]]
    names = (
        match[0]
        for match in re.finditer(r"(?<![\w/])@\w+", text)
        if not any(_offset(text, match.start()) in one for one in taken)
    )
    return [*(each.of(text) for each in marked), *names]


def _offset(text: str, place: int) -> int:
    return len(text[:place].encode("utf-16-le")) // 2
