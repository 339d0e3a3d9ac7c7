"""Three processes over one PostgreSQL, in all trouble that three processes can have."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import pytest
from killing import TOKEN
from postgres_server import PostgresServer, find_binaries
from servers.discord.server import discord_server
from servers.telegram.server import Server
from sharing import DURABLE, Member, SharedBureau

from bot.errors import StoreError
from store.postgres.platform_session import SILENCE
from store.postgres.store import PostgresStore

pytestmark = [
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(find_binaries() is None, reason="PostgreSQL's server is not installed"),
]

log = logging.getLogger(__name__)

KILLS = int(os.environ.get("KILLS", "1"))
"""For a longer run: `KILLS=200 pytest --log-level INFO -rP tests/test_killed_while_sharing.py`."""

_PROCESSES = 3
_CHATS = 3  # on each platform
_WRITE_EVERY = 2.0  # seconds: no chat has more than it may have by themselves
_AT_WHOM_POSTS = 0.7  # of the troubles; the others come to a standby
_KILLED = 0.5  # of the troubles
_PAUSE = (0.2, 2.0)  # seconds between two troubles: the moment itself is what is random
_LONGER = SILENCE + 3.0  # seconds, after which the right to post is surely lost


@pytest.fixture
async def bureau(tmp_path: Path) -> AsyncIterator[SharedBureau]:
    (tmp_path / "store").mkdir()
    server = PostgresServer(*DURABLE)
    async with AsyncExitStack() as stack:
        stack.callback(server.remove)
        await asyncio.to_thread(server.start)
        telegram = await stack.enter_async_context(Server(patience=600))
        discord = await stack.enter_async_context(discord_server(token=TOKEN))
        opened = SharedBureau(tmp_path, telegram, discord, server=server)
        stack.push_async_callback(opened.end)
        await opened.found(_CHATS, _CHATS)
        for _ in range(_PROCESSES):
            await opened.add()
        yield opened


class Trouble:
    """Everything that can go wrong, one thing at a time."""

    def __init__(self, bureau: SharedBureau, chance: random.Random) -> None:
        self._bureau = bureau
        self._chance = chance
        self.count = Counter[str]()

    async def one(self) -> None:
        """Lets one thing go wrong, at random; a process is killed every other time."""
        others = (self.stop, self.cut, self.freeze, self.delay, self.restart_database)
        await self.have(
            self.kill if self._chance.random() < _KILLED else self._chance.choice(others)
        )

    async def have(self, trouble: Callable[[], Awaitable[None]]) -> None:
        """Has one trouble, and counts it."""
        self.count[trouble.__name__] += 1
        await trouble()

    def _whom(self) -> Member:
        """A process: mostly one that posts."""
        holders = self._bureau.holders()
        posting = [one for one in self._bureau.members if one.name in holders]
        if posting and self._chance.random() < _AT_WHOM_POSTS:
            return self._chance.choice(posting)
        return self._chance.choice(self._bureau.members)

    async def kill(self) -> None:
        await self._kill(self._whom())

    async def _kill(self, member: Member) -> None:
        await self._bureau.kill_member(member)
        await self._bureau.run(member)

    async def _outlast(self, member: Member) -> None:
        """Lets pass what takes the right to post from a process; another one dies meanwhile."""
        moment = self._chance.uniform(0.0, _LONGER)
        await asyncio.sleep(moment)
        await self._kill(self._chance.choice([m for m in self._bureau.members if m is not member]))
        await asyncio.sleep(_LONGER - moment)

    async def stop(self) -> None:
        """Stops a process for longer than it keeps the right to post, and wakes it."""
        member = self._whom()
        member.send(signal.SIGSTOP)
        self._bureau.note_crash()
        await self._outlast(member)
        self._bureau.note_crash(same=True)
        member.send(signal.SIGCONT)

    async def cut(self) -> None:
        """Cuts a process's line for a moment."""
        line = self._whom().line
        self._bureau.note_crash()
        await line.go_away(0)
        await asyncio.sleep(self._chance.uniform(0.1, 3.0))
        await line.return_()

    async def freeze(self) -> None:
        """Lets a line say nothing for longer than the right is kept."""
        member = self._whom()
        line = member.line
        self._bureau.note_crash()
        line.freeze()
        await self._outlast(member)
        self._bureau.note_crash(same=True)
        line.thaw()

    async def delay(self) -> None:
        """Lets everything on a line be late."""
        line = self._whom().line
        self._bureau.note_crash()
        line.delay = self._chance.uniform(0.1, 0.5)
        await asyncio.sleep(3)
        line.delay = 0.0

    async def restart_database(self) -> None:
        self._bureau.note_crash()
        server = self._bureau.server
        await asyncio.to_thread(server.stop, self._chance.choice(["immediate", "fast"]))
        await asyncio.to_thread(server.start)


@pytest.mark.timeout(300 + 40 * KILLS)
async def test_three_processes_lose_nothing_and_post_nothing_twice(bureau: SharedBureau) -> None:
    chance = random.Random(23)  # noqa: S311 - no secret
    trouble = Trouble(bureau, chance)
    for member in bureau.members:
        await bureau.run(member)
    await bureau.until_held()
    async with _writing(bureau):
        for each in (trouble.kill, trouble.stop, trouble.restart_database, trouble.freeze):
            await trouble.have(each)
        while bureau.kills < KILLS:
            await asyncio.sleep(chance.uniform(*_PAUSE))
            await trouble.one()
    await bureau.settled()
    _check(bureau)
    steps = Counter(bureau.discord.gateway.log)
    assert steps["resume 0"] < 3 * trouble.count.total(), "or two resume it from each other"
    log.info(
        "%d posts, %s: none lost; %d came twice on Telegram, none on Discord; "
        "Discord's sessions: %d begun, %d resumed",
        len(bureau.wanted()),
        dict(trouble.count),
        bureau.repeats_by_crash("telegram").total(),
        steps["identify 0"],
        steps["resume 0"],
    )


async def test_what_a_dead_process_was_asked_the_next_one_answers(bureau: SharedBureau) -> None:
    discord = bureau.discord
    guild = next(iter(discord.world.guilds.values()))
    ada = discord.person("Ada", guild)
    for member in bureau.members:
        await bureau.run(member)
    await discord.ready()
    await ada.command(guild, "latest")
    while not bureau.keeps_session():
        await asyncio.sleep(0.01)
    waits = []
    for asked in range(1, 4):
        holder = await bureau.holder("discord")
        await bureau.kill_member(holder)
        began = time.monotonic()
        question = await ada.start_command(guild, "latest")
        await question.until(lambda question=question: question.has_response)  # type: ignore[misc]
        waits.append(time.monotonic() - began)
        assert "breaks" in str(question.shown.body)
        assert discord.gateway.log.count("resume 0") == asked
        await bureau.run(holder)
    log.info("answered after %s s", ", ".join(f"{wait:.1f}" for wait in waits))
    assert len(discord.gateway.identified) == 1


@asynccontextmanager
async def _writing(bureau: SharedBureau) -> AsyncIterator[None]:
    """Writes stories, so that there is always something to send."""
    async with await PostgresStore.open(bureau.server.url()) as store:
        enough = asyncio.Event()
        writing = asyncio.create_task(_write(bureau, store, enough))
        try:
            yield
        finally:
            enough.set()
            await writing


async def _write(bureau: SharedBureau, store: PostgresStore, enough: asyncio.Event) -> None:
    while not enough.is_set():
        with suppress(StoreError):
            await bureau.write(store)
        await asyncio.sleep(_WRITE_EVERY)


def _check(bureau: SharedBureau) -> None:
    assert bureau.wanted() - bureau.accepted().keys() == set(), "lost"
    assert list(bureau.repeats("discord")) == []
    assert max(bureau.repeats_by_crash("telegram").values(), default=0) <= 1
    assert bureau.out_of_order() == []
    assert bureau.tracebacks() == []
