"""A run of the bot between its stand-ins, for the soak: what happens when, and the verdicts."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from bench.soak_bars import Bar, flat_memory, punctual_polls, quiet_log
from bench.soak_report import show_log, show_samples, show_waits
from bench.soak_samples import Log, Sample, take_sample
from bench.soak_sources import WORDS, Behaviour, SoakSource
from bench.soak_town import TOKEN, Town

_EVERY = 60.0  # seconds between polls of a source, the least that the configuration allows
_OLD = 3  # stories that a source has at the beginning; nobody is sent these
_SETTLED = 600.0  # seconds after which memory is to be flat; in a short run, after half of it
_START, _STOP = 120.0, 60.0  # seconds that the process has to start and to stop
_LOOK = 0.1  # seconds between two checks of what has no event
_DEATHS = ((0.2, 0.35), (0.5, 0.6))  # when some sources are dead, in parts of the run


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The size of a soak.

    Attributes:
        minutes: How long it lasts, without what is still on its way at the end.
        sources: The sources in all.
        bad: How many of them hang; as many lie, and as many die and come back.
        chats: The chats on both platforms.
        timeout: Seconds that the bot waits for a feed.
        pause: Seconds between two stories of a source, on average.
        asked: Seconds between two questions, on average.
        sampled: Seconds between two samples.
        patience: Seconds to wait for the last posts.
        reloads: True if a moderator has the sources polled, for runs that are too short to wait.
    """

    minutes: float = 30.0
    sources: int = 50
    bad: int = 5
    chats: int = 300
    timeout: int = 30
    pause: float = 150.0
    asked: float = 5.0
    sampled: float = 10.0
    patience: float = 300.0
    reloads: bool = False
    seed: int = 1

    @property
    def seconds(self) -> float:
        return self.minutes * 60


@dataclass
class Soak:
    """A run of the bot between its stand-ins."""

    plan: Plan
    town: Town
    sources: Sequence[SoakSource]
    log: Log = field(default_factory=Log)
    samples: list[Sample] = field(default_factory=list)
    begun: float = 0.0
    exit_code: int | None = None

    async def run(self) -> list[Bar]:
        """Runs it, and returns the verdicts."""
        await self._prepare()
        async with self._serving() as process:
            await self._live(process)
            await self._settle(process)
            end = time.monotonic()
            ended_early = process.returncode is not None
        return self._judge(end, ended_early=ended_early)

    async def _prepare(self) -> None:
        chance = random.Random(self.plan.seed)  # noqa: S311 - no secret
        for source in self.sources:
            for _ in range(_OLD):
                source.publish(chance.choice(WORDS))
        self.town.configure(f"{_EVERY / 60:.0f}m", f"{self.plan.timeout}s")
        await self.town.subscribe(self.plan.chats)

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """Runs `dateline run` until the block ends, and reads its log."""
        tokens = {
            "DATELINE_TELEGRAM_TOKEN": self.town.telegram.token,
            "DATELINE_DISCORD_TOKEN": TOKEN,
        }
        command = (sys.executable, "-m", "bot.cli", "--config", str(self.town.config), "run")
        process = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, **tokens}, stderr=asyncio.subprocess.PIPE
        )
        assert process.stderr
        reading = asyncio.create_task(self.log.read(process.stderr))
        self.begun = time.monotonic()
        try:
            yield process
        finally:
            await self._stop(process)
            await reading

    async def _stop(self, process: asyncio.subprocess.Process) -> None:
        with suppress(ProcessLookupError, TimeoutError):
            process.terminate()
            async with asyncio.timeout(_STOP):
                await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()
        else:
            self.exit_code = process.returncode

    async def _live(self, process: asyncio.subprocess.Process) -> None:
        """Lets the time pass from when all is served; ends early if the process does."""
        deadline = self.begun + _START
        while not self._is_serving() and time.monotonic() < deadline and not process.returncode:
            await asyncio.sleep(_LOOK)
        chance = random.Random(self.plan.seed)  # noqa: S311 - no secret
        async with _background(
            self._publish(chance),
            self._let_die(),
            self._sample(process.pid),
            self.town.keep_asking(self.plan.asked, chance),
        ):
            with suppress(TimeoutError):
                async with asyncio.timeout(self.plan.seconds):
                    await process.wait()

    def _is_serving(self) -> bool:
        """Tells whether both platforms are served, and all good sources have been read."""
        on_telegram = self.town.telegram.made("getUpdates")
        on_discord = self.town.discord.commands.syncs
        read = all(one.was_read for one in self.sources if one.is_followed)
        return bool(on_telegram and on_discord) and read

    async def _settle(self, process: asyncio.subprocess.Process) -> None:
        """Waits for what is still on its way: until it is all there, or patience ends."""
        wanted, end = self.town.ledger.wanted(), time.monotonic() + self.plan.patience
        chat = self.town.telegram.private(self.town.moderator)
        while process.returncode is None and time.monotonic() < end:
            if wanted <= self.town.ledger.counted(self.town.messages()).keys():
                return
            if self.plan.reloads:
                await self.town.moderator.says(chat, "/reload")
            await asyncio.sleep(2.0)

    async def _publish(self, chance: random.Random) -> None:
        """Publishes stories at random, in sources that have been read before."""
        while True:
            await asyncio.sleep(chance.expovariate(self._rate()))
            source = chance.choice([one for one in self.sources if one.is_followed])
            if source.was_read:
                self.town.ledger.published.append(source.publish(chance.choice(WORDS)))

    def _rate(self) -> float:
        """Returns the stories a second of all sources."""
        return sum(one.is_followed for one in self.sources) / self.plan.pause

    async def _let_die(self) -> None:
        """Cuts all connections to some sources for a while, now and then."""
        begun = time.monotonic()
        dying = [one for one in self.sources if one.behaviour is Behaviour.DYING]
        for dies, returns in _DEATHS:
            for part, dead in ((dies, True), (returns, False)):
                at = begun + part * self.plan.seconds
                await asyncio.sleep(max(0.0, at - time.monotonic()))
                for one in dying:
                    one.dead = dead

    async def _sample(self, pid: int) -> None:
        while True:
            with suppress(
                OSError
            ):  # a worker may end just then; the process's end is seen elsewhere
                now = time.monotonic() - self.begun
                self.samples.append(take_sample(pid, self.town.database, now))
            await asyncio.sleep(self.plan.sampled)

    def _judge(self, end: float, *, ended_early: bool) -> list[Bar]:
        town, settled = self.town, min(_SETTLED, self.plan.seconds / 2)
        late = punctual_polls(self.sources, _EVERY, self.begun, end)
        silent = sum(one.wait is None for one in town.answers)
        asked = f"{silent} of {len(town.answers)}"
        refused = town.refusals
        ran = f"{'ended early' if ended_early else 'ran to the end'}, exit code {self.exit_code}"
        return [
            Bar("the process", "ends by SIGTERM, 0", ran, not ended_early and self.exit_code == 0),
            flat_memory("memory of the process", self.samples, "rss", settled),
            flat_memory("memory of its workers", self.samples, "workers_rss", settled),
            *late,
            quiet_log(self.log),
            *town.ledger.bars(town.messages()),
            Bar("questions without an answer", "none", asked, not silent),
            Bar("calls against a rule", "none", str(len(refused)), not refused, refused),
        ]

    def show(self) -> None:
        """Prints what was measured."""
        show_samples(self.samples, self.town.answers, self.begun)
        show_waits(self.town.answers, self.town.ledger.waits(self.town.messages()))
        show_log(self.log)
        told = self.town.telegram.too_many, self.town.discord.too_many
        print(f"\nTold to slow down: {told[0]} times by Telegram, {told[1]} by Discord")


@asynccontextmanager
async def _background(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Does things as long as the block lasts; what fails of them fails the block's end."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end
