"""State: users, chats, messages, and queries that wait for an answer."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from servers.telegram.calls import ApiError, Json
from servers.telegram.chats import Chat, Message
from servers.telegram.entities import Entity, ParsedText
from servers.telegram.limits import AcceptedMessage, Limits
from servers.telegram.members import TELEGRAM, Member, User
from servers.telegram.rich import detected, links
from servers.telegram.update_queue import ChangeNotifier, UpdateQueue

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
class PendingQuery:
    """A callback query or an inline query.

    Attributes:
        answer: The bot's answer; None until there is one.
        expired: True if it has waited too long for one.
        message: The message whose button was pressed.
        at: When it came, by the monotonic clock.
    """

    id: str
    person: User
    message: Message | None = None
    at: float = field(default_factory=time.monotonic)
    answer: Json | None = None
    expired: bool = False


@dataclass(eq=False, repr=False)
class World:
    """Everything that exists.

    Attributes:
        reads_all: True if the bot's privacy mode is off, so that it receives every group message.
        patience: Seconds to wait for the bot before a test fails.
        delivered: The last message in each chat that was returned to a test.
        pings: The mentions in the bot's messages that would notify people.
        links: The URLs of all links and buttons that the bot sent.
        limits: The enforced rate limits; None for none.
        too_many: Counts the calls that exceeded them.
        accepted: The messages that the bot has sent, in order.
    """

    bot: User
    reads_all: bool = False
    patience: float = 30.0
    updates: UpdateQueue = field(default_factory=UpdateQueue)
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    callbacks: dict[str, PendingQuery] = field(default_factory=dict)
    inline: dict[str, PendingQuery] = field(default_factory=dict)
    by_inline_id: dict[str, Message] = field(default_factory=dict)
    delivered: dict[int, Message] = field(default_factory=dict)
    pings: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    changed: ChangeNotifier = field(default_factory=ChangeNotifier)
    limits: Limits | None = None
    too_many: int = 0
    accepted: list[AcceptedMessage] = field(default_factory=list)
    check: Callable[[Any, str], None] = lambda _body, _kind: None
    _counted: int = 0

    def count(self) -> int:
        """Returns a number that was never returned before."""
        self._counted += 1
        return self._counted

    def enter(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        return chat

    def chat(self, name: str | int) -> Chat:
        """Returns the chat that a call names, by its id or its username.

        Raises:
            ApiError: There is none, or the bot is not a member.
        """
        known = self._find_chat(str(name))
        if known is None:
            raise ApiError(400, "Bad Request: chat not found")
        self._check_member(known)
        return known

    def _find_chat(self, name: str) -> Chat | None:
        if name.startswith("@"):
            return next((one for one in self.chats.values() if f"@{one.username}" == name), None)
        return self.chats.get(int(name)) if name.removeprefix("-").isdecimal() else None

    def _check_member(self, chat: Chat) -> None:
        if chat.moved_to:
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise ApiError(400, description, migrate_to_chat_id=chat.moved_to.id)
        if chat.ended:
            raise ApiError(*_ENDED[chat.kind])
        status = chat.member(self.bot).status
        if chat.kind == "private" and status == "kicked":
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if status == "kicked":
            raise ApiError(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
        if not chat.member(self.bot).is_there:
            raise ApiError(403, f"Forbidden: bot is not a member of the {chat.kind} chat")

    def check_writable(self, chat: Chat, thread: int | None) -> None:
        """Checks that the bot may write in a chat that it is a member of.

        Raises:
            ApiError: It may not, or not so much.
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
        self.count_message(chat)

    def count_message(self, chat: Chat) -> None:
        """Counts a message that is sent or edited in a chat.

        Raises:
            ApiError: It exceeds the rate limits.
        """
        if self.limits and (wait := self.limits.take(chat.id, chat.kind)):
            self.too_many += 1
            raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)

    def record_sent(self, message: Message) -> Message:
        """Records a message that the bot has sent."""
        sent = AcceptedMessage(message.chat.id, message.id, time.monotonic(), message.text)
        self.accepted.append(sent)
        return message

    def message(self, chat: Chat, number: int, what: str) -> Message:
        """Returns the message of a call; `what` names its part in the error."""
        message = chat.messages.get(number)
        if message is None or message.deleted:
            raise ApiError(400, f"Bad Request: {what} not found")
        return message

    def document(self, file_id: str) -> Message | None:
        """Returns the message whose file has an id; None for none."""
        every = (one for chat in self.chats.values() for one in chat.messages.values())
        return next((one for one in every if one.document and one.document_id == file_id), None)

    def add_message(self, chat: Chat, **fields: Any) -> Message:
        """Adds a message to a chat."""
        message = Message(chat.next_id(), chat, int(time.time()), **fields)
        chat.messages[message.id] = message
        self.changed.wake()
        return message

    def add_ephemeral(self, chat: Chat, **fields: Any) -> Message:
        """Adds a message that one person alone sees to a chat."""
        number = len(chat.ephemeral) + 1
        message = Message(0, chat, int(time.time()), ephemeral=number, **fields)
        chat.ephemeral[number] = message
        self.changed.wake()
        return message

    def forward_to_discussion(self, post: Message, group: Chat) -> None:
        """Forwards a channel's post to its discussion group, as Telegram does at once."""
        shown = {"text": post.text, "entities": post.entities, "photo": post.photo}
        signed = {"sender": TELEGRAM, "sender_chat": post.chat}
        self.push_message(self.add_message(group, post=post, **shown, **signed))

    def record_reach(self, formatted: ParsedText, markup: Json | None) -> ParsedText:
        """Records the links and mentions in what the bot sends."""
        self.pings += _pings(formatted)
        self.links += [
            _address(each, formatted.text) for each in formatted.entities if _is_link(each)
        ]
        rows = (markup or {}).get("inline_keyboard", [])
        self.links += [button["url"] for row in rows for button in row if "url" in button]
        return formatted

    def record_rich_reach(self, rich: Json) -> None:
        """Records the links and mentions in a rich message."""
        self.pings += _pings(detected(rich))
        self.links += links(rich)

    def known_entities(self, formatted: ParsedText) -> tuple[Entity, ...]:
        """Drops mentions of unknown users, as Telegram's servers do."""
        return tuple(
            each
            for each in formatted.entities
            if each.type != "text_mention" or each.user in self.users
        )

    def push(self, kind: str, body: Json) -> None:
        """Queues an update for the bot."""
        self.check(body, kind)
        self.updates.push(kind, body)

    def push_message(self, message: Message, kind: str = "message") -> None:
        """Queues a message for the bot, if it may read it."""
        if message.chat.kind == "channel":
            kind = kind.replace("message", "channel_post")
        if self._bot_reads(message):
            self.push(kind, message.json(self.users))

    def _bot_reads(self, message: Message) -> bool:
        me = message.chat.member(self.bot)
        if not me.is_there:
            return False
        if message.ephemeral:
            return message.receiver is self.bot
        if message.chat.kind in {"private", "channel"} or self.reads_all or me.is_admin:
            return True
        answered = message.reply_to and message.reply_to.by_bot
        return bool(answered or message.service or message.via_bot or self._is_command(message))

    def _is_command(self, message: Message) -> bool:
        """Returns True if a message has a command that is not for another bot."""
        names = (command.partition("@")[2].lower() for command in message.marked("bot_command"))
        return any(name in {"", self.bot.username.lower()} for name in names)

    def set_member(self, chat: Chat, member: Member, by: User) -> None:
        """Changes a member of a chat, and queues that for the bot."""
        old, chat.members[member.user.id] = chat.member(member.user), member
        kind = "my_chat_member" if member.user is self.bot else "chat_member"
        body = {"chat": chat.json(), "from": by.json(), "date": int(time.time())}
        states = (old.json(chat.kind), member.json(chat.kind))
        body |= dict(zip(("old_chat_member", "new_chat_member"), states, strict=True))
        # Of others a bot is told only where it is an administrator.
        if member.user is self.bot or chat.member(self.bot).is_admin:
            self.push(kind, body)

    async def until(self, found: Callable[[], T | None], wanted: str) -> T:
        """Waits for the bot to do something; fails with a transcript if it does not."""
        try:
            async with asyncio.timeout(self.patience):
                while (got := found()) is None:
                    await self.changed.wait()
        except TimeoutError:
            failure = f"{wanted} did not come within {self.patience} s. What was said:"
            raise AssertionError("\n".join([failure, *self.transcript()])) from None
        return got

    def transcript(self) -> Iterable[str]:
        """Yields every message of every chat."""
        chats = self.chats.values()
        return [
            repr(one)
            for chat in chats
            for one in (*chat.messages.values(), *chat.ephemeral.values())
        ]


def _is_link(entity: Entity) -> bool:
    return entity.type in {"url", "text_link"}


def _address(entity: Entity, text: str) -> str:
    """Returns the URL of a link; one that was written without a scheme is of the web."""
    url = entity.url or entity.of(text)
    return url if "://" in url else f"http://{url}"


def _pings(formatted: ParsedText) -> list[str]:
    """Returns mentions, and names that may be mentions elsewhere."""
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
