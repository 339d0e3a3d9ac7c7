"""Killed again and again, while chats pause, platforms fail, clocks jump and disks are full."""

from __future__ import annotations

import asyncio
import logging
import os
import random
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from killing import TOKEN, Bureau
from relay import Relay
from servers.discord.faults import Fault
from servers.discord.server import discord_server
from servers.telegram.faults import broken
from servers.telegram.server import Server
from small_disk import mounted

from bot.errors import StoreError
from bot.model import Chat
from store.sqlite import SqliteStore

pytestmark = [pytest.mark.process, pytest.mark.slow]

log = logging.getLogger(__name__)

KILLS = int(os.environ.get("KILLS", "4"))
POSTS = int(os.environ.get("POSTS", "160"))
"""As in `test_killed`: `KILLS=200 POSTS=10000` for the long run."""

_CHATS = 4 if POSTS < 1_000 else 20  # on each platform
_A_POLL = 5  # stories
_BURST = 3
_SHOWN = 20  # stories of a digest that are surely all named in it
_AT_WORK = 0.75  # of the kills; the others come while it starts
_DISK = 48 * 1_024  # kilobytes
_FAULT = "a fault that nobody expects"
_STOP = "stopped; restarting it"
_AHEAD = 200.0  # seconds by which the clock is put forward, so that digests are ripe


@pytest.fixture
async def bureau(tmp_path: Path) -> AsyncIterator[Bureau]:
    disk = tmp_path / "store"
    disk.mkdir()
    async with AsyncExitStack() as stack:
        has_disk = stack.enter_context(mounted(disk, _DISK))
        telegram = await stack.enter_async_context(Server(patience=600))
        discord = await stack.enter_async_context(discord_server(token=TOKEN))
        networks = {
            "telegram": await stack.enter_async_context(Relay(telegram.url)),
            "discord": await stack.enter_async_context(Relay(discord.api_url)),
        }
        opened = Bureau(
            tmp_path,
            telegram,
            discord,
            burst=_BURST,
            has_wrong_clock=True,
            has_small_disk=has_disk,
            networks=networks,
        )
        try:
            yield opened
        finally:
            await opened.end()


class Trouble:
    """Everything that can go wrong, at random."""

    def __init__(self, bureau: Bureau, store: SqliteStore, chance: random.Random) -> None:
        self._bureau = bureau
        self._store = store
        self._chance = chance
        self.count = Counter[str]()

    async def one(self) -> None:
        """Lets one thing go wrong for a moment."""
        kinds = (self._pause, self._resume, self._telegram_fails, self._discord_fails)
        others = (self._network_is_away, self._clock_jumps, self._disk_is_full)
        work = self._chance.choice((*kinds, *others, self.loops_stop))
        self.count[work.__name__.strip("_")] += 1
        try:
            await work()
        except StoreError as error:
            log.info("not done: %s", error)

    async def end(self) -> None:
        """Lets everything be well again."""
        for platform, ids in self._bureau.chats.items():
            for one in ids:
                await self._store.subscriptions.resume(Chat(platform, str(one)), datetime.now(UTC))

    def _chat(self) -> Chat:
        platform = self._chance.choice([*self._bureau.chats])
        return Chat(platform, str(self._chance.choice(self._bureau.chats[platform])))

    async def _pause(self) -> None:
        await self._store.subscriptions.pause(self._chat(), "paused", datetime.now(UTC))

    async def _resume(self) -> None:
        await self._store.subscriptions.resume(self._chat(), datetime.now(UTC))

    async def _telegram_fails(self) -> None:
        fault = self._bureau.telegram.fails("sendMessage", broken(502), times=None)
        await asyncio.sleep(self._chance.uniform(0.2, 2))
        fault.lift()

    async def _discord_fails(self) -> None:
        fault = Fault("POST", "/channels/*/messages", 100_000, 503, {"message": "down", "code": 0})
        self._bureau.discord.front.faults.add(fault)
        await asyncio.sleep(self._chance.uniform(0.2, 2))
        fault.times = 0

    async def _network_is_away(self) -> None:
        networks = self._bureau.networks.values()
        await asyncio.gather(*(one.go_away() for one in networks))
        await asyncio.sleep(self._chance.uniform(0.2, 2))
        for one in networks:
            await one.return_()

    async def _clock_jumps(self) -> None:
        self._bureau.set_clock(self._chance.choice([-1_800.0, 1_800.0]))
        await asyncio.sleep(self._chance.uniform(0.1, 0.5))
        self._bureau.set_clock(0)

    async def _disk_is_full(self) -> None:
        self._bureau.fill_disk()
        await asyncio.sleep(self._chance.uniform(0.1, 0.5))
        await self._bureau.free_disk()

    async def loops_stop(self) -> None:
        """Lets loops fail; waits for one of them, unless nothing is due just then."""
        self._bureau.break_loops(_FAULT)
        await asyncio.sleep(self._chance.uniform(0.2, 2))
        self._bureau.mend_loops()


@pytest.mark.timeout(300 + 20 * KILLS)
async def test_in_any_trouble_it_loses_nothing_and_floods_nobody(bureau: Bureau) -> None:
    chance = random.Random(11)  # noqa: S311 - no secret
    bureau.set_clock(0)
    await bureau.found(_CHATS, _CHATS)
    async with await SqliteStore.open(bureau.database) as store:
        trouble = Trouble(bureau, store, chance)
        troubling = asyncio.create_task(_kill(bureau, trouble, chance))
        for _ in range(-(-POSTS // (2 * _CHATS * _A_POLL))):
            bureau.publish(_A_POLL)
            await bureau.loads()
            await asyncio.sleep(chance.uniform(0, 1))
        await troubling
        await _let_every_loop_stop(bureau, trouble)
        await trouble.end()
        await _settle(bureau, trouble)
    _check(bureau)
    _report(bureau, trouble)


def _report(bureau: Bureau, trouble: Trouble) -> None:
    log.info(
        "%d posts, %d kills, %s, %s: none lost; %d messages came twice on Telegram, at most %d a"
        " chat and break, none on Discord; at most %d singles in any minute; %d stops of a loop"
        " and %d tracebacks, all of them by the fault",
        len(bureau.wanted()),
        bureau.kills,
        dict(trouble.count),
        "a disk of its own" if bureau.has_small_disk else "a disk that is full for its files",
        len(_repeats(bureau, "telegram")),
        max(_repeats_by_break(bureau, "telegram").values(), default=0),
        _most_singles(bureau),
        bureau.log.count(_STOP),
        len(bureau.tracebacks()),
    )


async def _kill(bureau: Bureau, trouble: Trouble, chance: random.Random) -> None:
    await bureau.begin()
    while bureau.kills < KILLS:
        if chance.random() < _AT_WORK:
            await bureau.serves()
        await asyncio.sleep(chance.uniform(0.6, 1.8))  # the moment itself is what is random
        for _ in range(chance.randint(0, 3)):
            await trouble.one()
        await bureau.kill()
        await bureau.begin()


async def _let_every_loop_stop(bureau: Bureau, trouble: Trouble) -> None:
    """Lets each loop of the last process stop: what is sent after that shows that it goes on."""
    begun = len(bureau.log)
    loops = ("polling", *(f"posting on {platform}" for platform in bureau.chats))
    await bureau.until(lambda: bureau.known() >= bureau.stories)
    bureau.break_loops(_FAULT)
    await bureau.until(lambda: all(f"{loop} {_STOP}" in bureau.log[begun:] for loop in loops))
    bureau.mend_loops()
    bureau.publish(_A_POLL)
    await bureau.loads()
    trouble.count["every_loop_stops"] += 1


async def _settle(bureau: Bureau, trouble: Trouble) -> None:
    """Lets the time pass for which digests wait, and waits until all is sent."""
    ahead = 0.0
    for _ in range(60):
        if not bureau.unsent():
            return
        ahead += _AHEAD
        bureau.set_clock(ahead)
        await trouble.end()
        await asyncio.sleep(6)  # each round of a worker
    raise AssertionError(f"not sent: {bureau.unsent()}\n{bureau.log[-4000:]}")


def _messages(bureau: Bureau, platform: str) -> Sequence[tuple[int, float, Sequence[str]]]:
    """The chat, the time and the headlines of each message that a platform took."""
    return [message for message in bureau.messages(platform) if message[2]]


def _check(bureau: Bureau) -> None:
    """Nothing is lost, nothing is there twice on Discord, and no chat had a flood."""
    seen = {
        (platform, chat, title)
        for platform in bureau.chats
        for chat, _, titles in _messages(bureau, platform)
        for title in titles
    }
    large = bureau.in_large_digests(_SHOWN)
    assert bureau.wanted() - seen - large == set(), "lost"
    assert _repeats(bureau, "discord") == set()
    assert max(_repeats_by_break(bureau, "telegram").values(), default=0) <= 1
    assert [minute for minute in _minutes(bureau) if len(minute) > _BURST] == []
    stops = [line for line in bureau.log.splitlines() if _STOP in line]
    assert [line for line in stops if _FAULT not in line] == []
    assert [line for line in bureau.tracebacks() if _FAULT not in line] == []


def _repeats(bureau: Bureau, platform: str) -> set[tuple[int, float, float]]:
    """The messages of which something came again: the chat, when, and when again."""
    last = dict[tuple[int, str], float]()
    repeats = set[tuple[int, float, float]]()
    for chat, at, titles in sorted(_messages(bureau, platform), key=lambda message: message[1]):
        for title in titles:
            if (chat, title) in last:
                repeats.add((chat, last[chat, title], at))
            last[chat, title] = at
    return repeats


def _repeats_by_break(bureau: Bureau, platform: str) -> Counter[tuple[int, float]]:
    """How many messages of each chat came again because of each break.

    A break is the end of a process or of its network: what was on its way then may come again. A
    message that came again without one was sent twice for no reason.
    """
    network = bureau.networks[platform].returns[1:]
    breaks = sorted((*bureau.begun[1:], *network))
    counts = Counter[tuple[int, float]]()
    for chat, first, again in _repeats(bureau, platform):
        at = bisect_right(breaks, first)
        assert at < len(breaks), (chat, first, again)
        assert breaks[at] <= again, (chat, first, again)
        counts[chat, breaks[at]] += 1
    return counts


def _most_singles(bureau: Bureau) -> int:
    """The most single posts that any chat had in a minute; one that came twice counts twice."""
    return max((len(minute) for minute in _minutes(bureau)), default=0)


def _minutes(bureau: Bureau) -> Iterator[Sequence[tuple[float, str]]]:
    """The single posts of each minute before one of them, in each chat: when, and which."""
    for platform in bureau.chats:
        singles = defaultdict[int, list[tuple[float, str]]](list)
        for chat, at, titles in _messages(bureau, platform):
            if len(titles) == 1:
                singles[chat].append((at, titles[0]))
        for posts in singles.values():
            for last, _ in posts:
                yield [(at, title) for at, title in posts if last - 60 < at <= last]
