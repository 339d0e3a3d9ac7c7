"""A platform that does with messages whatever it is told, and remembers what it took."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from outbox_life import JumpingTime
from outboxes import PLATFORM

from bot.errors import ChatGoneError, ChatMovedError, RejectedError, RetryLaterError
from bot.model import Chat
from bot.posting.messenger import Message
from bot.posting.rate_limiter import Rate, RateLimiter, RateLimits

_FAST = Rate(1_000, 1.0)
_KNOWN_AGAIN = 180.0  # seconds for which a key is known again


class How(StrEnum):
    """What a try ends with."""

    OK = "ok"
    BUSY = "not taken, for now"
    FLOOD = "not taken, for half a minute"
    LOST = "not taken, and no answer"
    TAKEN_LOST = "taken, and no answer"
    TIMED_OUT = "not taken, and no response in time"
    TAKEN_TIMED_OUT = "taken, and no response in time"
    TROUBLE = "an answer that tells of trouble"
    REJECTED = "never to be taken"
    ODD = "an error that nobody foresaw"
    TAKEN_ODD = "taken, and then an error that nobody foresaw"
    GONE = "the chat is gone"


_TAKEN = {How.OK, How.TAKEN_LOST, How.TAKEN_TIMED_OUT, How.TAKEN_ODD}
DOUBTFUL = {How.LOST, How.TAKEN_LOST, How.TIMED_OUT, How.TAKEN_TIMED_OUT, How.ODD, How.TAKEN_ODD}


@dataclass
class Try:
    """A message on its way.

    Attributes:
        message: What.
        edits: The message that it is to replace; empty for none.
        is_gone: Whether the chat was gone when it was sent.
        moved_to: The chat's new id, if it had one when this was sent.
    """

    message: Message
    edits: str
    is_gone: bool
    moved_to: str
    answer: asyncio.Future[str]

    @property
    def stories(self) -> frozenset[str]:
        reply = self.message.reply
        return frozenset(card.story.id for card in (*reply.cards, *reply.more))


@dataclass
class Taken:
    """A message that has arrived."""

    chat: str
    key: str
    stories: frozenset[str]
    id: str
    at: float


class FakePlatform:
    """Implements `bot.posting.messenger.Messenger`.

    Attributes:
        tries: What is on its way.
        taken: What has arrived.
        gone: Chats that cannot be reached.
        moved: New ids of chats, by the old ones.
        seen: Shown each try as it begins.
    """

    platform = PLATFORM

    def __init__(self, time: JumpingTime, *, deduplicates: bool) -> None:
        self.deduplicates = deduplicates
        self.rate_limiter = RateLimiter(
            time, RateLimits(_FAST, _FAST, lambda _: _FAST, lambda _: _FAST), time.sleep
        )
        self.tries: list[Try] = []
        self.taken: list[Taken] = []
        self.gone: set[str] = set()
        self.moved: dict[str, str] = {}
        self.seen: Callable[[Try], None] = lambda _: None
        self._time = time

    def direct(self, person: str) -> Chat | None:
        return Chat(PLATFORM, f"person {person}") if person else None

    async def send(self, message: Message) -> str:
        return await self._tried(message, "")

    async def edit(self, message: Message, shown: str) -> None:
        await self._tried(message, shown)

    async def _tried(self, message: Message, edits: str) -> str:
        chat = message.chat.id
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        one = Try(message, edits, chat in self.gone, self.moved.get(chat, ""), answer)
        self.tries.append(one)
        self.seen(one)
        return await answer

    def now_of(self, chat: str) -> str:
        """The id that a chat has now."""
        while chat in self.moved:
            chat = self.moved[chat]
        return chat

    def answer(self, one: Try, how: How) -> How:
        """Lets a try end; returns with what, which depends on where it went."""
        self.tries.remove(one)
        if one.moved_to:
            one.answer.set_exception(ChatMovedError(one.moved_to))
            return How.BUSY
        if one.is_gone:
            how = How.GONE
        taken = self.takes(one) if how in _TAKEN or self._is_taken_in_trouble(how) else ""
        error = self._error(how)
        if how is How.GONE:
            self.gone.add(one.message.chat.id)
        if error:
            one.answer.set_exception(error)
        else:
            one.answer.set_result(taken)
        return how

    def forget(self, one: Try) -> None:
        """Whoever sent it is no more."""
        self.tries.remove(one)

    def _is_taken_in_trouble(self, how: How) -> bool:
        return how is How.TROUBLE and self.deduplicates

    def _error(self, how: How) -> Exception | None:
        lost = RetryLaterError("cut", in_doubt=True)
        errors: dict[How, Exception] = {
            How.BUSY: RetryLaterError("busy"),
            How.FLOOD: RetryLaterError("flood", 30.0),
            How.LOST: lost,
            How.TAKEN_LOST: lost,
            How.TIMED_OUT: TimeoutError(),
            How.TAKEN_TIMED_OUT: TimeoutError(),
            How.TROUBLE: RetryLaterError("502", in_doubt=True, answered=True),
            How.REJECTED: RejectedError("too odd"),
            How.ODD: ValueError("odd"),
            How.TAKEN_ODD: ValueError("odd"),
            How.GONE: ChatGoneError("blocked"),
        }
        return errors.get(how)

    def takes(self, one: Try) -> str:
        """The message arrives; returns its id, which may be that of an earlier one."""
        if one.edits:
            return one.edits
        if self.deduplicates and (known := self._known(one.message)):
            return known.id
        message = one.message
        number = f"message {len(self.taken) + 1}"
        at = self._time.passed
        self.taken.append(Taken(message.chat.id, message.key, one.stories, number, at))
        return number

    def _known(self, message: Message) -> Taken | None:
        """What was taken by the same key, if that is found."""
        same = (t for t in self.taken if (t.chat, t.key) == (message.chat.id, message.key))
        earlier = next(same, None)
        if earlier is None:
            return None
        is_fresh = self._time.passed - earlier.at <= _KNOWN_AGAIN
        return earlier if is_fresh or message.since is not None else None
