"""Plays an hour of a busy Telegram group in virtual time, and tells how long everybody waited.

Two hundred people share the twenty messages a minute that Telegram lets a bot send there: most ask
once in the hour, some talk all the time, one asks or presses every second. The bot is the real one,
on the stand-in for Telegram, which refuses the twenty-first message of a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.tables import Row, facts, percentile, show
from newsdesk import TestDesk, desk_over
from servers.telegram.chats import Chat, Message
from servers.telegram.limits import Limits
from servers.telegram.people import Person
from servers.telegram.server import Server
from stories import NOW, story
from telegram_bot import platform, serving
from virtual_time import LoopClock, run

from adapters.telegram.messenger import RATE_LIMITS
from adapters.telegram.platform import Telegram
from bot.model import Chat as CoreChat
from bot.posting.messenger import Message as Post
from bot.posting.messenger import Messenger
from bot.posting.rate_limiter import RateLimiter
from bot.reply import Reply

_HOUR = 3_600.0
_BAR = 5.0  # seconds that an honest person may wait, at the 99th percentile
_LOST = 120.0  # seconds after which nobody looks for an answer any more
_TOLD = 300.0  # seconds for which a person knows where answers come
_MINUTE, _MOST = 60.0, 20  # what Telegram lets through
_TRIES = 4  # of a press that is to be tried again
_NEXT = "Next ›"
_NOTICE = "t.me/DatelineBot?start=asked"
_AGAIN = re.compile(r"(\d+) second")


def _now() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class Wait:
    """What came of a question or a press.

    Attributes:
        began: When it was asked.
        is_press: True for a press, on the button that turns the page.
        word: Seconds until an answer, or a word that there is none yet; None for neither.
        answer: Seconds until the answer; None for none.
        where: Where the answer came.
        answered: Set when it has come.
    """

    began: float
    is_press: bool = False
    word: float | None = None
    answer: float | None = None
    where: str = ""
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, where: str = "") -> None:
        """Takes in an answer or, from nowhere, a word."""
        passed = _now() - self.began
        self.word = passed if self.word is None else self.word
        if where and self.answer is None:
            self.answer, self.where = passed, where
            self.answered.set()


@dataclass
class Member:
    """A member of the group, and how it went for them.

    Attributes:
        person: The person.
        kind: Quiet, chatty, rude or a moderator.
        pause: Seconds between two questions, on average.
        pages: The chance that they turn a page after an answer.
        line: What they ask.
        waits: What came of it.
    """

    person: Person
    kind: str
    pause: float
    pages: float = 0.0
    line: str = "/latest"
    waits: list[Wait] = field(default_factory=list)


class CountingLimits(Limits):
    """Telegram's limits, with the times of what was let through in the group."""

    def __init__(self) -> None:
        super().__init__(burst=10.0, clock=_now)
        self.times: list[float] = []

    def take(self, chat: int, kind: str) -> int:
        wait = super().take(chat, kind)
        if not wait and kind == "supergroup":
            self.times.append(_now())
        return wait

    def most_in_a_minute(self) -> int:
        """Returns the most messages in any minute."""
        return max(sum(at <= one < at + _MINUTE for one in self.times) for at in self.times)


class Group:
    """The group, where everybody lives for an hour."""

    def __init__(self, server: Server, members: Sequence[Member], chance: random.Random) -> None:
        self._server = server
        self._chance = chance
        self.members = members
        people = [member.person for member in members]
        admins = [member.person for member in members if member.kind == "moderator"]
        self.chat = server.supergroup("Readers", members=people, admins=admins)
        self._open: dict[int, Wait] = {}  # by the message that asked
        self._askers: dict[int, list[Wait]] = {}  # by the private chat
        self._notices: list[float] = []
        self._told: dict[int, float] = {}

    async def hour(self) -> None:
        """Lets everybody live for an hour, and waits for the last answers."""
        watching = asyncio.create_task(self._watch())
        async with asyncio.TaskGroup() as living:
            for member in self.members:
                living.create_task(self._live(member, living))
        await asyncio.sleep(_LOST)
        watching.cancel()

    async def _live(self, member: Member, living: asyncio.TaskGroup) -> None:
        end = _now() + _HOUR
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / member.pause))
            if _now() >= end:
                return
            living.create_task(self._ask(member))

    async def _ask(self, member: Member) -> None:
        wait = Wait(_now())
        member.waits.append(wait)
        asked = await member.person.says(self.chat, member.line)
        self._open[asked.id] = wait
        self._askers.setdefault(member.person.id, []).append(wait)
        if self._is_told(member.person.id):
            wait.hear()
        with suppress(TimeoutError):
            await asyncio.wait_for(wait.answered.wait(), _LOST)
        answer = next((m for m in self._server.sent(self.chat, asked) if m.reply_to is asked), None)
        while answer and _has_pages(answer) and self._chance.random() < member.pages:
            await asyncio.sleep(self._chance.uniform(2, 15))
            await self._turn(member, answer)

    def _is_told(self, person: int) -> bool:
        """Tells whether a notice stands just above, or the person was told some minutes ago."""
        near = any(_now() - at < _MINUTE for at in self._notices)
        return near or _now() - self._told.get(person, -_TOLD) < _TOLD

    async def _turn(self, member: Member, page: Message) -> None:
        wait = Wait(_now(), is_press=True)
        member.waits.append(wait)
        for _ in range(_TRIES):
            answer = await member.person.presses(page, _NEXT)
            if not answer.text:
                return wait.hear("group")
            if "in our private chat" in answer.text:
                return wait.hear("private")
            wait.hear()
            again = _AGAIN.search(answer.text)
            await asyncio.sleep(int(again[1]) if again else 1)
        return None

    async def _watch(self) -> None:
        """Hands each message of the bot to whom it is for."""
        seen, accepted = 0, self._server.accepted
        while True:
            await self._server.world.changed.wait()
            for one in accepted[seen:]:
                self._hand_out(self._server.world.chats[one.chat].messages[one.message])
            seen = len(accepted)

    def _hand_out(self, message: Message) -> None:
        if _NOTICE in message.text:
            self._notices.append(_now())
            if message.reply_to and message.reply_to.sender:
                self._told[message.reply_to.sender.id] = _now()
            for wait in self._open.values():
                if wait.word is None:
                    wait.hear()
        elif message.chat is self.chat:
            if message.reply_to:
                self._open.pop(message.reply_to.id).hear("group")
        else:
            asked = [one for one in self._askers[message.chat.id] if one.answer is None]
            (asked[0] if asked else Wait(_now())).hear("private")


def _has_pages(message: Message) -> bool:
    return any(button.text == _NEXT for button in message.buttons)


def _members(server: Server, chance: random.Random, *, rude: bool) -> list[Member]:
    """Makes the people: half of them have started the bot; the rude one has not."""
    kinds = [("quiet", _HOUR, 0.3, 170), ("chatty", 900.0, 0.5, 27), ("moderator", 300.0, 0.0, 2)]
    members = []
    for kind, pause, pages, count in kinds:
        for number in range(count):
            person = server.person(f"{kind} {number}")
            if chance.random() < 0.5:
                server.private(person)
            line = "/settings" if kind == "moderator" else "/latest"
            members.append(Member(person, kind, pause, pages, line))
    if rude:
        members.append(Member(server.person("rude"), "rude", 1.0, 0.5))
    return members


async def _posts(messenger: Messenger, chat: CoreChat, waits: list[float]) -> None:
    """Posts twice a minute, and notes how late each was."""
    for number in range(int(_HOUR / 30)):
        due = _now()
        await messenger.rate_limiter.acquire_post(chat.id)
        await messenger.send(Post(chat, Reply("", title=f"Post {number}"), f"{number}"))
        waits.append(_now() - due)
        await asyncio.sleep(max(0.0, due + 30 - _now()))


@asynccontextmanager
async def _desk() -> AsyncIterator[TestDesk]:
    with tempfile.TemporaryDirectory() as folder:
        async with desk_over(Path(folder) / "news.db", clock=LoopClock()) as desk:
            await desk.has(
                *(story(f"Story {n}", published=NOW - timedelta(n)) for n in range(1, 500))
            )
            yield desk


def _bot(server: Server, desk: TestDesk, chat: Chat, waits: list[float]) -> Telegram:
    async def post(messenger: Messenger) -> None:
        await _posts(messenger, CoreChat("telegram", str(chat.id)), waits)

    limiter = RateLimiter(LoopClock(), RATE_LIMITS)
    return replace(platform(server, desk), rate_limiter=limiter, post=post)


def _figures(waits: Sequence[float]) -> list[str]:
    return [f"{percentile(waits, one):.1f}" for one in (50, 99, 100)] if waits else ["–"] * 3


def _row(kind: str, members: Sequence[Member], *, presses: bool) -> Row:
    waits = [one for member in members for one in member.waits if one.is_press is presses]
    places = [sum(one.where == where for one in waits) for where in ("group", "private")]
    only_word = sum(one.answer is None and one.word is not None for one in waits)
    nothing = sum(one.word is None for one in waits)
    counts = [len(waits), *places, only_word, nothing]
    heard = [one.word for one in waits if one.word is not None]
    answered = [one.answer for one in waits if one.answer is not None]
    return (
        f"{kind}: {'pages' if presses else 'questions'}",
        *map(str, counts),
        *_figures(heard),
        *_figures(answered),
    )


async def play(*, rude: bool, seed: int) -> bool:
    """Plays an hour, prints it, and returns whether every bar was held."""
    chance = random.Random(seed)  # noqa: S311 - the same each time
    late: list[float] = []
    async with _desk() as desk, Server(patience=_HOUR, spec=Path("none")) as server:
        group = Group(server, _members(server, chance, rude=rude), chance)
        server.limits = limits = CountingLimits()
        async with serving(server, desk, serve=_bot(server, desk, group.chat, late)):
            await group.hour()
    kinds = {
        member.kind: [m for m in group.members if m.kind == member.kind] for member in group.members
    }
    head = ("", "asked", "in group", "private", "a word", "nothing")
    show(
        f"An hour of 200 people {'with a rude one' if rude else 'who are all polite'}; waits in s",
        (*head, "word p50", "p99", "max", "answer p50", "p99", "max"),
        [_row(*one, presses=presses) for one in kinds.items() for presses in (False, True)],
    )
    honest = [m for m in group.members if m.kind != "rude"]
    heard = [one.word for m in honest for one in m.waits if one.word is not None]
    unheard = sum(one.word is None for m in group.members for one in m.waits)
    most = limits.most_in_a_minute()
    print(f"\nhonest people's p99: {percentile(heard, 99):.1f} s (bar: {_BAR:.0f} s)")
    print(f"left without an answer or a word: {unheard} (bar: 0)")
    print(
        f"most messages in a minute: {most} (bar: {_MOST}); refused by Telegram: {server.too_many}"
    )
    print(f"posts: {len(late)}, late by at most {max(late):.1f} s")
    return percentile(heard, 99) <= _BAR and not unheard and most <= _MOST and not server.too_many


def main() -> None:
    """Plays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rude-only", action="store_true", help="leave out the polite hour")
    options = parser.parse_args()
    print(facts())
    hours = (True,) if options.rude_only else (False, True)
    results = [run(play(rude=rude, seed=options.seed)) for rude in hours]
    sys.exit(not all(results))


if __name__ == "__main__":
    main()
