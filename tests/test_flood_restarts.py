"""Never a flood, whatever the wall clock does and however often the process begins anew."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hostile import EXAMPLES
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from posting import HALL, ROOM, Posting, opened, running
from stories import HandClock, story
from times import FreeTime

from bot.clock import SystemClock
from bot.model import Chat
from bot.posting.bursts import BurstLimiter
from bot.posting.router import FloodLimits
from bot.posting.steady_clock import SteadyClock
from store.schema import STEPS
from store.schema_changes import STEADY
from store.sqlite import SqliteStore

pytestmark = pytest.mark.slow

BURST = 3
HOUR = timedelta(hours=1)
_ROUNDING = 1e-6  # seconds


class Room:
    """A chat, and the processes that post to it, one after another.

    Attributes:
        clock: The computer's clock; its monotonic time is the true one.
        came: When each message came, by the true time, and its headlines.
    """

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.clock = FreeTime()
        self.came: list[tuple[float, list[str]]] = []

    @asynccontextmanager
    async def process(self) -> AsyncIterator[Posting]:
        parts = opened(self._store, FloodLimits(burst=BURST), self.clock)
        async with running(parts):
            yield parts
        for at, one in zip(parts.messenger.times, parts.messenger.sent, strict=True):
            titles = [card.story.title for card in (*one.reply.cards, *one.reply.more)]
            self.came.append((at, titles))

    async def brings(self, parts: Posting, titles: str) -> None:
        now = self.clock.now()
        await parts.brings(*(story(one, f"{one} it is.", published=now) for one in titles))

    def singles_in_a_minute(self) -> int:
        """The most that came in any."""
        at = [when for when, titles in self.came if len(titles) == 1]
        # What comes a minute after another may be so much nearer by the sums of floats alone.
        return max(sum(0 <= last - one < 60 - _ROUNDING for one in at) for last in at)

    @property
    def titles(self) -> str:
        return "".join(sorted(title for _, titles in self.came for title in titles))


async def until_sent(parts: Posting, stories: int) -> None:
    """Lets time pass until a process has sent so many stories, by themselves or in digests."""

    def count() -> int:
        return sum(len(one.reply.cards) + len(one.reply.more) for one in parts.messenger.sent)

    await parts.until(lambda: count() >= stories, 400)


@asynccontextmanager
async def room_of(path: Path) -> AsyncIterator[Room]:
    async with await SqliteStore.open(path) as store:
        room = Room(store)
        first = opened(store, clock=room.clock)
        await first.brings()
        await first.follow(ROOM)
        yield room


@pytest.mark.parametrize(
    ("before", "between", "after"),
    [
        (HOUR, -HOUR, 0 * HOUR),  # ahead while it posted, right when it began anew
        (-HOUR, HOUR, 0 * HOUR),  # behind: what was just sent looks an hour old
        (0 * HOUR, HOUR, -HOUR),  # ahead only for the moment of the start
        (0 * HOUR, -HOUR, HOUR),
        (-HOUR / 2, 48 * HOUR, -48 * HOUR),
        (timedelta(seconds=-70), timedelta(seconds=70), 0 * HOUR),
    ],
)
async def test_a_clock_that_is_set_around_a_restart_makes_no_flood(
    tmp_path: Path, before: timedelta, between: timedelta, after: timedelta
) -> None:
    async with room_of(tmp_path / "d.db") as room:
        room.clock.set_by(before)
        async with room.process() as parts:
            await room.brings(parts, "ABC")
            await until_sent(parts, 3)
        room.clock.set_by(between)
        async with room.process() as parts:
            await parts.passes(1)
            room.clock.set_by(after)
            await room.brings(parts, "DEF")
            await until_sent(parts, 3)
        assert room.singles_in_a_minute() == BURST
        assert room.titles == "ABCDEF"


async def test_restarts_and_jumps_one_after_another_make_no_flood(tmp_path: Path) -> None:
    async with room_of(tmp_path / "d.db") as room:
        for number, jump in enumerate([HOUR, -2 * HOUR, HOUR / 2, -HOUR, 3 * HOUR, -HOUR / 2]):
            async with room.process() as parts:
                await room.brings(parts, chr(ord("A") + 2 * number) + chr(ord("B") + 2 * number))
                await parts.passes(7)
            room.clock.set_by(jump)
        sent = len(room.titles)
        async with room.process() as parts:
            await until_sent(parts, 12 - sent)
        assert room.singles_in_a_minute() == BURST
        assert room.titles == "ABCDEFGHIJKL"


async def test_a_boot_makes_no_flood_and_keeps_nothing_back(tmp_path: Path) -> None:
    async with room_of(tmp_path / "d.db") as room:
        async with room.process() as parts:
            await room.brings(parts, "ABC")
            await until_sent(parts, 3)
        room.clock.set_by(-HOUR)
        room.clock.boot = "second boot"
        async with room.process() as parts:
            await room.brings(parts, "D")
            await until_sent(parts, 1)
            await parts.passes(60)
            await room.brings(parts, "E")
            await until_sent(parts, 2)
        assert [titles for _, titles in room.came] == [[one] for one in "ABCDE"]
        assert room.singles_in_a_minute() == BURST


async def test_what_a_killed_process_may_have_sent_counts(tmp_path: Path) -> None:
    async with room_of(tmp_path / "d.db") as room:
        async with room.process() as parts:
            await room.brings(parts, "AB")
            await until_sent(parts, 2)
            parts.messenger.may_go.clear()
            await room.brings(parts, "C")
            await parts.until(lambda: len(parts.messenger.tried) == 3)
        room.came.append((room.clock.monotonic(), ["C"]))  # it arrived, and nobody knows
        async with room.process() as parts:
            await until_sent(parts, 1)
        assert room.singles_in_a_minute() == BURST
        assert room.titles == "ABCC"


@pytest.mark.parametrize("is_marked", [False, True])
@pytest.mark.parametrize("deaths", [1, 2, 4])
async def test_a_post_that_processes_died_over_counts_as_often_as_it_may_have_arrived(
    tmp_path: Path, deaths: int, *, is_marked: bool
) -> None:
    async with room_of(tmp_path / "d.db") as room:
        for death in range(deaths):
            async with room.process() as parts:
                parts.messenger.may_go.clear()
                if not death:
                    await room.brings(parts, "A")
                await parts.until(lambda: len(parts.messenger.tried) == 1, 400)
            room.came.append((room.clock.monotonic(), ["A"]))  # it arrived, and nobody knows
        if is_marked:
            async with room.process() as parts:
                await until_sent(parts, 1)
        async with room.process() as parts:
            await room.brings(parts, "BCD")
            await until_sent(parts, 3 if is_marked else 4)
        assert room.singles_in_a_minute() <= BURST
        assert room.titles == "A" * (deaths + 1) + "BCD"


@pytest.mark.parametrize("jump", [-HOUR, HOUR, 0 * HOUR])
async def test_a_role_is_mentioned_once_a_minute_whatever_the_clock_does(
    tmp_path: Path, jump: timedelta
) -> None:
    async with await SqliteStore.open(tmp_path / "d.db") as store:
        room = Room(store)
        first = opened(store, clock=room.clock)
        await first.brings()
        await first.follow(ROOM, role="7")
        roles: list[str] = []
        for titles, seconds in (("A", 0), ("B", 30), ("C", 31)):
            await first.passes(seconds)
            room.clock.set_by(jump)
            async with room.process() as parts:
                await room.brings(parts, titles)
                await until_sent(parts, 1)
            roles += [one.role for one in parts.messenger.sent]
        assert roles == ["7", "", "7"]


async def test_posts_from_before_have_their_time_by_the_wall_clock(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    async with await SqliteStore.open(path, STEPS[: STEPS.index(STEADY)]):
        pass
    with closing(sqlite3.connect(path)) as old, old:
        old.executemany(
            "INSERT INTO outbox (platform, chat, thread, key, kind, story, also, state, made, due,"
            " done) VALUES ('scripted', 'scripted:room', '', ?, 'story', 's', '[]', 'sent', 0, 0,"
            " ?)",
            [("a", 1_000_000_000), ("b", 1_030_000_000), ("c", 1_100_000_000)],
        )
    clock = HandClock()
    clock.pass_(5_000)
    async with await SqliteStore.open(path) as store:
        steady = SteadyClock(clock)
        await steady.anchor(store.outbox, ROOM.platform)
        assert steady.now() == pytest.approx(1_100)
        assert await store.outbox.singles_since(ROOM, steady.now() - 80) == [1_030, 1_100]
        assert await store.outbox.singles_since(HALL, 0) == []


async def test_the_steady_clock_of_a_boot_is_the_same_in_each_process(tmp_path: Path) -> None:
    clock = HandClock()
    async with await SqliteStore.open(tmp_path / "d.db") as store:
        first, second, other = (SteadyClock(clock) for _ in range(3))
        await first.anchor(store.outbox, "scripted")
        clock.pass_(100)
        clock.set_by(-HOUR)
        await second.anchor(store.outbox, "scripted")
        await other.anchor(store.outbox, "another")
        assert first.now() == second.now() == 100
        assert other.now() == 0


def test_the_computer_s_own_clock_has_an_epoch() -> None:
    assert SystemClock().epoch() == SystemClock().epoch() != ""


class LimiterMachine(RuleBasedStateMachine):
    """Limiters over one store, while clocks are set, processes are killed and computers boot."""

    template: Path
    """A store that is new and empty."""

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._folder = Path(tempfile.mkdtemp())
        path = self._folder / "d.db"
        shutil.copy(self.template, path)
        self._store: SqliteStore = self._runner.run(SqliteStore.open(path))
        self._outbox = sqlite3.connect(path, isolation_level=None)
        self._clock = HandClock()
        self._passed = 0.0
        self._sent: dict[Chat, list[float]] = {ROOM: [], HALL: []}
        self._count = 0
        self._begin()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    def _begin(self) -> None:
        """A process begins: what was claimed and never marked is due again."""
        steady = SteadyClock(self._clock)
        self._run(steady.anchor(self._store.outbox, ROOM.platform))
        self._limiter = BurstLimiter(self._clock, steady, BURST)

    @rule(seconds=st.sampled_from([0.5, 5.0, 29.0, 59.0, 61.0, 4_000.0]))
    def time_passes(self, seconds: float) -> None:
        self._clock.pass_(seconds)
        self._passed += seconds

    @rule(seconds=st.sampled_from([-86_400, -90, -30, 30, 90, 86_400]))
    def clock_is_set(self, seconds: int) -> None:
        self._clock.set_by(timedelta(seconds=seconds))

    @rule()
    def process_ends(self) -> None:
        self._begin()

    @rule(seconds=st.sampled_from([0.0, 20.0, 90.0]))
    def computer_boots(self, seconds: float) -> None:
        self._passed += seconds
        now = self._clock.now() + timedelta(seconds=seconds)
        boot = f"{self._clock.boot}+"
        self._clock = HandClock(now)
        self._clock.boot = boot
        self._begin()

    @rule(chat=st.sampled_from([ROOM, HALL]), dies=st.sampled_from([False, False, True]))
    def posts(self, chat: Chat, *, dies: bool) -> None:
        """Something is sent, if that may be; a process may die before it can say so."""
        if not self._limiter.knows(chat):
            since = self._limiter.window_start()
            sent: Sequence[float] = self._run(self._store.outbox.singles_since(chat, since))
            in_doubt: int = self._run(self._store.outbox.count_in_doubt(chat))
            self._limiter.restore(chat, sent, in_doubt)
        assert self._limiter.wait(chat) <= 60
        assert (self._limiter.wait(chat) == 0) == (self._limiter.free(chat) > 0)
        if self._limiter.free(chat):
            self._sent[chat].append(self._passed)
            self._mark(chat, None if dies else self._limiter.record(chat))
            recent = [at for at in self._sent[chat] if self._passed - at < 60]
            assert len(recent) <= BURST, recent
        if dies:
            self._begin()

    def _mark(self, chat: Chat, arrived: float | None) -> None:
        """Puts a row into the store: sent, or due again after its process died."""
        self._count += 1
        state, claimed = ("due", 0) if arrived is None else ("sent", None)
        self._outbox.execute(
            "INSERT INTO outbox (platform, chat, thread, key, kind, story, also, state, made, due,"
            " claimed, arrived, deaths)"
            " VALUES ('scripted', ?, '', ?, 'story', 's', '[]', ?, 0, 0, ?, ?, ?)",
            (f"scripted:{chat.id}", str(self._count), state, claimed, arrived, arrived is None),
        )

    def teardown(self) -> None:
        self._outbox.close()
        self._run(self._store.aclose())
        self._runner.close()
        shutil.rmtree(self._folder)


@pytest.mark.timeout(60 + 2 * EXAMPLES)
def test_no_minute_of_true_time_has_more_than_a_burst(tmp_path: Path) -> None:
    async def make() -> None:
        async with await SqliteStore.open(tmp_path / "template.db"):
            pass

    asyncio.run(make())

    class Machine(LimiterMachine):
        template = tmp_path / "template.db"

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES // 5,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
