"""People and the bot on Telegram in virtual time, with a transcript of what everybody sees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from first_hour import Newsroom, newsroom
from servers.telegram.chats import Chat, Message
from servers.telegram.limits import Limits
from servers.telegram.people import Person
from servers.telegram.server import Server
from telegram_bot import platform, serving
from transcripts import Transcript, unfold
from virtual_time import LoopClock

from adapters.telegram.messenger import RATE_LIMITS
from bot.posting.rate_limiter import RateLimiter

_PATIENCE = 7_200.0  # seconds of a clock that passes by itself
_STEP = 0.25  # seconds after which it is looked again at what is shown
_PACE = 12.0  # seconds in which people read an answer
_BOT = "Dateline"


@dataclass(frozen=True)
class _Shown:
    """What a message shows at a time."""

    text: str
    keyboard: str
    preview: str
    asks: str


@dataclass
class TelegramHour:
    """Lets people act, and writes down what comes of it.

    Attributes:
        server: Telegram.
        room: The newsroom behind the bot.
        transcript: What is written down.
        pace: Seconds between two deeds.
    """

    server: Server
    room: Newsroom
    transcript: Transcript
    pace: float = _PACE
    _seen: dict[tuple[int, int], _Shown | None] = field(default_factory=dict)

    async def says(self, person: Person, chat: Chat, text: str, **given: Any) -> list[Message]:
        """Lets a person write; returns what the bot wrote there since."""
        self.transcript.acts(_place(chat), person.user.name, f"writes: {text}")
        asked = await person.says(chat, text, **given)
        await self.passes(self.pace)
        return self.server.sent(chat, asked)

    async def asks(self, person: Person, chat: Chat, text: str, **given: Any) -> Message:
        """Lets a person write; returns the only answer."""
        (answer,) = await self.says(person, chat, text, **given)
        return answer

    async def presses(self, person: Person, message: Message, label: str) -> str:
        """Lets a person press a button; returns what pops up, if anything does."""
        self.transcript.acts(_place(message.chat), person.user.name, f"presses [{label}]")
        query = person.press(message, label)
        while query.answer is None:
            await self.passes(_STEP)
        told = str(query.answer["text"])
        if told:
            kind = "an alert" if query.answer["alert"] else "for a moment"
            self.transcript.shows(_place(message.chat), f"pops up ({kind})", [told])
        await self.passes(self.pace)
        return told

    async def opens(self, person: Person, link: str) -> Message:
        """Lets a person follow a link into the private chat; returns the only answer there."""
        chat = self.server.private(person)
        self.transcript.acts(_place(chat), person.user.name, "follows the link, and presses Start")
        asked = await person.opens(link)
        await self.passes(self.pace)
        (answer,) = self.server.sent(chat, asked)
        return answer

    async def passes(self, seconds: float = 0.0, *, minutes: float = 0.0) -> None:
        """Lets time pass, and looks at what is shown meanwhile."""
        for _ in range(max(1, int((seconds + 60 * minutes) / _STEP))):
            await asyncio.sleep(_STEP)
            self._look()

    def _look(self) -> None:
        for chat in list(self.server.world.chats.values()):
            for message in list(chat.messages.values()):
                self._look_at(message)

    def _look_at(self, message: Message) -> None:
        key, now = (message.chat.id, message.id), None if message.deleted else _shown(message)
        if self._seen.get(key, _NOTHING) == now:
            return
        before = self._seen.get(key)
        is_new, self._seen[key] = key not in self._seen, now
        if now is None:
            who = _BOT if message.by_bot else "a person"
            self.transcript.shows(_place(message.chat), f"a message by {who} is deleted", [])
        elif message.by_bot:
            answered = message.reply_to.sender if message.reply_to else None
            to = f", in reply to {answered.name}" if answered and is_new else ""
            bell = ", without a sound" if message.silent and is_new else ""
            verb = "writes" if is_new else "changes the message"
            lines = _lines(now, before)
            self.transcript.shows(_place(message.chat), f"{_BOT} {verb}{to}{bell}:", lines)


_NOTHING = _Shown("\0", "", "", "")


def _shown(message: Message) -> _Shown:
    rows = ("  ".join(f"[{one.text}]" for one in row) for row in message.rows)
    options = message.link_preview_options or {}
    markup = message.markup or {}
    asks = markup.get("input_field_placeholder", "…") if "force_reply" in markup else ""
    return _Shown(message.text, "\n".join(rows), options.get("url", ""), asks)


def _lines(now: _Shown, before: _Shown | None) -> Iterator[str]:
    del before
    yield from unfold(now.text)
    if now.preview:
        yield f"(a preview of {now.preview})"
    if now.asks:
        yield f"(a field to reply opens: {now.asks})"
    if now.keyboard:
        yield ""
        yield from unfold(now.keyboard)


def _place(chat: Chat) -> str:
    kinds = {"private": "in private with", "channel": "in the channel"}
    return f"{kinds.get(chat.kind, 'in the group')} {chat.title}"


@asynccontextmanager
async def telegram_hour(folder: Path, transcript: Transcript) -> AsyncIterator[TelegramHour]:
    """Runs the bot over a Telegram that lets through no more than the real one does."""
    loop = asyncio.get_running_loop()
    clock = LoopClock()
    async with newsroom(folder, clock) as room, Server(patience=_PATIENCE) as server:
        server.limits = Limits(burst=10.0, clock=loop.time)
        limiter = RateLimiter(clock, RATE_LIMITS)
        post = room.workers.run
        bot = replace(platform(server, room.desk), rate_limiter=limiter, post=post)
        async with serving(server, room.desk, serve=bot):
            transcript.now = clock.now
            yield TelegramHour(server, room, transcript)
        assert server.too_many == 0
