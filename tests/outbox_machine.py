"""Everything that can happen to an outbox, in any order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, cast

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from outbox_life import Death, JumpingTime, Process, Watch, own_tasks, rest
from outbox_model import Model
from outbox_platform import FakePlatform, How
from outbox_sites import OpenSite
from outbox_truths import Truths
from outboxes import PLATFORM
from stories import story

from bot.chat.ports import Store
from bot.ingest.batch_writer import BatchWriter
from bot.ingest.change_detection import decide
from bot.ingest.events.assigner import EventAssigner
from bot.ingest.events.placement import Placement
from bot.ingest.fingerprints import fingerprint
from bot.ingest.results import StoryRecord
from bot.ingest.topic_matcher import TopicMatcher
from bot.model import Chat, Story, Topic
from bot.posting.model import State
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import AT_ONCE, Quiet, Rhythm, Timetable

TOPIC = Topic("Gamma", "gamma")
SERVER = "server"
CHATS = ("room", "hall", "den")
FOLLOWED = (
    (TargetKind.SOURCE, "wire"),
    (TargetKind.SOURCE, "other"),
    (TargetKind.SEARCH, "alpha"),
    (TargetKind.SEARCH, "beta"),
    (TargetKind.TOPIC, TOPIC.name),
)
TIMETABLES = (
    AT_ONCE,
    AT_ONCE,
    Timetable(Rhythm.HOURLY),
    Timetable(Rhythm.DAILY, (time(8),)),
    Timetable(Rhythm.WEEKLY, (time(8),), (2,)),
)
_STANDBY_POLL = 1.0  # seconds until a standby looks again
LEAPS = (1, 10, 150, 700, 3_700, 6 * 3_600, 13 * 3_600, 86_400)
ZONES = ("UTC", "Asia/Tokyo", "America/St_Johns")

_chats = st.sampled_from(CHATS)
_followed = st.sampled_from(FOLLOWED)
_timetables = st.sampled_from(TIMETABLES)
_any = st.integers(0, 50)


class ToldPlaces:
    """Tells where stories belong as it was told itself."""

    def __init__(self) -> None:
        self.places: dict[str, Placement] = {}

    async def assign(
        self, records: Sequence[StoryRecord], now: datetime
    ) -> Mapping[str, Placement]:
        del now
        known = self.places
        return {one.story.id: known[one.story.id] for one in records if one.story.id in known}


class OutboxMachine(RuleBasedStateMachine):
    """An outbox, chats that come and go, a process that posts, and a platform that fails.

    Beside the process another one stands by, and takes over when that has died.
    """

    open_site: OpenSite
    """Lends a store that is new and empty."""

    def __init__(self) -> None:
        super().__init__()
        self._lent = type(self).open_site()
        self._site = self._lent.__enter__()
        self._runner = asyncio.Runner()
        self._runner.get_loop().set_task_factory(own_tasks)
        self._time = JumpingTime()
        self._stories: list[Story] = []
        self._events = ToldPlaces()
        self._count = 0
        self._is_broken = False

    @initialize(
        deduplicates=st.booleans(),
        follow=st.lists(st.tuples(_chats, _followed, _timetables), max_size=5),
    )
    def begin(
        self, *, deduplicates: bool, follow: list[tuple[str, tuple[TargetKind, str], Timetable]]
    ) -> None:
        self._platform = FakePlatform(self._time, deduplicates=deduplicates)
        self._model = Model(self._platform)
        self._truths = Truths(self._model, self._platform)
        self._platform.seen = self._truths.begins
        self._does(self._start)
        for name, what, when in follow:
            self.subscribe(name, "", what, when, None, 0)

    def _does(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Does something, and all that follows, and looks at what has come of it."""
        try:
            self._runner.run(self._whole(work))
        except BaseException:
            self._is_broken = True
            raise

    async def _whole(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        await work()
        await self._rest()
        if self._process.watch.dead:
            await self._reborn(frozenset())
        self._compare()

    def _compare(self) -> None:
        self._truths.compare(self._site.rows(), self._time.now())

    async def _start(self) -> None:
        self._process = await self._begin()
        await rest([self._process], self._time)
        self._standby = await self._begin()

    async def _begin(self) -> Process:
        store, watch = await self._site.open(), Watch(self._model.changed)
        return Process(store, self._time, self._platform, watch)

    async def _rest(self) -> None:
        await rest([self._process, self._standby], self._time)

    async def _reborn(self, taken: frozenset[int], *, reboots: bool = False) -> None:
        """Dies, with some of what is on its way having arrived; the standby takes over.

        Where the machine reboots, both die and begin again.
        """
        await self._process.killed()
        if reboots:
            await self._standby.killed()
        self._compare()
        tries = list(self._platform.tries)
        for number, one in enumerate(tries):
            if number in taken and not one.moved_to and not one.is_gone:
                self._platform.takes(one)
            self._platform.forget(one)
        self._model.died(tries)
        if reboots:
            self._time.reboot()
            await self._start()
        else:
            # It takes over before another one begins, which might be faster.
            self._process = self._standby
            self._time.jump(_STANDBY_POLL)
            await rest([self._process], self._time)
            self._standby = await self._begin()
        await self._rest()

    # Stories

    @rule(
        many=st.lists(
            st.tuples(
                st.sampled_from(["wire", "other"]),
                st.sets(st.sampled_from(["alpha", "beta", "gamma"])),
                st.sampled_from([0, 0, 0, 13]),
                st.sampled_from([None, None, 0, 1, 2]),
            ),
            min_size=1,
            max_size=6,
        )
    )
    def come(self, many: list[tuple[str, set[str], int, int | None]]) -> None:
        new = [self._story(*one) for one in many]

        async def work() -> None:
            self._model.come(new)
            await self._write([], new)

        self._does(work)

    def _story(self, source: str, words: set[str], age: int, like: int | None) -> Story:
        """Makes a story, which may tell the same as one that came before."""
        self._count += 1
        published = self._time.now() - timedelta(hours=age)
        text = " ".join(["nothing", *sorted(words)])
        one = story(f"Story {self._count}", text, source=source, published=published)
        told = self._stories[like % len(self._stories)] if like and self._stories else one
        self._events.places[one.id] = self._events.places.get(told.id) or Placement(one.id, one.id)
        self._stories.append(one)
        return one

    async def _write(self, known: list[Story], polled: list[Story]) -> None:
        decision = decide({one.key: fingerprint(one) for one in known}, polled)
        topics = TopicMatcher([TOPIC])
        stories = [
            replace(one, story=replace(one.story, topics=topics.topics_of(one.story)))
            for one in (*decision.changed, *decision.new)
        ]
        process, now = self._process, self._time.now()
        events = cast(EventAssigner, self._events)
        writer = BatchWriter(process.store.ingest, process.router, decision, now, events=events)
        await writer.write(stories)

    @precondition(lambda self: self._stories)
    @rule(which=_any, retitled=st.booleans())
    def change(self, which: int, *, retitled: bool) -> None:
        at = which % len(self._stories)
        one = self._stories[at]
        changed = replace(one, title=f"{one.title}!") if retitled else replace(one, byline="MU")
        self._stories[at] = changed
        self._does(lambda: self._write([one], [changed]))

    @precondition(lambda self: self._stories)
    @rule(which=_any)
    def remove(self, which: int) -> None:
        one = self._stories.pop(which % len(self._stories))

        async def work() -> None:
            self._model.removed.add(one.id)
            self._site.remove(one.id)

        self._does(work)

    # Chats

    def _chat(self, name: str, thread: str = "") -> Chat:
        house = SERVER if self._platform.deduplicates and name != "den" else ""
        return Chat(PLATFORM, self._platform.now_of(name), thread, house)

    @rule(
        name=_chats,
        thread=st.sampled_from(["", "", "topic"]),
        what=_followed,
        when=_timetables,
        quiet=st.sampled_from([None, None, Quiet(time(22), time(7))]),
        most=st.sampled_from([0, 0, 2]),
    )
    def subscribe(
        self,
        name: str,
        thread: str,
        what: tuple[TargetKind, str],
        when: Timetable,
        quiet: Quiet | None,
        most: int,
    ) -> None:
        chat, now = self._chat(name, thread), self._time.now()
        one = Subscription(chat, *what, when=when, quiet=quiet, most=most, owner="7", made=now)

        async def work() -> None:
            self._model.put(await self._process.store.subscriptions.put(one))

        self._does(work)

    @precondition(lambda self: self._followed())
    @rule(which=_any)
    def unsubscribe(self, which: int) -> None:
        followed = self._followed()
        number = followed[which % len(followed)]

        async def work() -> None:
            self._model.end(number)
            await self._process.store.subscriptions.end(number, self._time.now())

        self._does(work)

    def _followed(self) -> list[int]:
        return [one.id for one in self._model.subscriptions.values() if not one.ended]

    @rule(name=_chats, is_told=st.booleans())
    def block(self, name: str, *, is_told: bool) -> None:
        """A chat throws the bot out, which is told of it or finds it out."""
        chat = self._chat(name)
        self._platform.gone.add(chat.id)
        self._does(lambda: self._pause(chat) if is_told else _nothing())

    @precondition(lambda self: self._platform.deduplicates)
    @rule()
    def block_server(self) -> None:
        self._platform.gone.update(CHATS[:2])
        self._does(lambda: self._pause(Chat(PLATFORM, SERVER)))

    async def _pause(self, chat: Chat) -> None:
        self._model.pause(chat.id)
        await self._process.store.subscriptions.pause(chat, "paused", self._time.now())

    @rule(name=_chats)
    def come_back(self, name: str) -> None:
        chat = self._chat(name)
        self._platform.gone.discard(chat.id)
        self._does(lambda: self._resume(chat))

    async def _resume(self, chat: Chat) -> None:
        self._model.resume(chat.id)
        await self._process.store.subscriptions.resume(chat, self._time.now())

    @rule(name=_chats)
    def read_instead(self, name: str) -> None:
        """What waits for its digest after a pause is read in another way."""
        store = self._process.store.outbox

        async def work() -> None:
            await store.withdraw(self._chat(name), self._time.now())

        self._does(work)

    @rule()
    def tell_that_the_platform_is_back(self) -> None:
        async def work() -> None:
            self._process.workers.report_recovery(PLATFORM)

        self._does(work)

    @precondition(lambda self: not self._platform.deduplicates)
    @rule(name=_chats)
    def migrate(self, name: str) -> None:
        """A chat gets another id; nobody tells the bot."""
        old = self._platform.now_of(name)
        self._platform.moved[old] = f"{old}+"
        if old in self._platform.gone:
            self._platform.gone.add(f"{old}+")

    @precondition(lambda self: self._platform.moved)
    @rule(which=_any)
    def tell_of_migration(self, which: int) -> None:
        """The platform tells it, perhaps not for the first time."""
        old = sorted(self._platform.moved)[which % len(self._platform.moved)]
        new = self._platform.moved[old]

        async def work() -> None:
            self._model.move(old, new)
            await self._process.store.chats.move(Chat(PLATFORM, old), Chat(PLATFORM, new))

        self._does(work)

    @rule(name=_chats, zone=st.sampled_from(ZONES), is_server=st.booleans())
    def set_zone(self, name: str, zone: str, *, is_server: bool) -> None:
        chat = self._chat(name)
        store = self._process.store.subscriptions
        place = chat.settings if is_server else chat
        self._does(lambda: store.set_zone(place, zone, self._time.now()))

    # The process and the platform

    @precondition(lambda self: self._platform.tries)
    @rule(hows=st.lists(st.tuples(_any, st.sampled_from(How)), min_size=1, max_size=4))
    def answer(self, hows: list[tuple[int, How]]) -> None:
        for which, how in hows:
            self._does(partial(self._answer, which, how))

    async def _answer(self, which: int, how: How) -> None:
        tries = sorted(self._platform.tries, key=lambda one: one.message.chat.id)
        if tries:
            one = tries[which % len(tries)]
            self._model.answered(one, self._platform.answer(one, how))

    @rule(times=st.integers(1, 4))
    def answer_all(self, times: int) -> None:
        for _ in range(times):
            self._does(self._answer_all)

    async def _answer_all(self) -> None:
        for one in list(self._platform.tries):
            self._model.answered(one, self._platform.answer(one, How.OK))

    @rule(seconds=st.sampled_from(LEAPS))
    def time_passes(self, seconds: int) -> None:
        self._does(lambda: self._leap(seconds))

    async def _leap(self, seconds: float) -> None:
        self._time.jump(seconds)

    @rule(hours=st.sampled_from([-1, 1]))
    def clock_is_set(self, hours: int) -> None:
        self._time.set_wrong(timedelta(hours=hours))

    @rule(taken=st.frozensets(st.integers(0, 3)), clock=st.sampled_from([-1, 0, 0, 1]))
    def die(self, taken: frozenset[int], clock: int) -> None:
        self._time.set_wrong(timedelta(hours=clock))
        self._does(lambda: self._reborn(taken))

    @rule(taken=st.frozensets(st.integers(0, 3)))
    def reboot(self, taken: frozenset[int]) -> None:
        self._does(lambda: self._reborn(taken, reboots=True))

    @rule(changes=st.integers(1, 8), is_made=st.booleans())
    def die_soon(self, changes: int, *, is_made: bool) -> None:
        self._process.watch.death = Death(changes, is_made)

    # The end

    def teardown(self) -> None:
        try:
            if hasattr(self, "_process"):
                if not self._is_broken:
                    self._does(self._settle)
                self._runner.run(self._end())
        finally:
            self._runner.close()
            self._lent.__exit__(None, None, None)

    async def _end(self) -> None:
        await self._process.killed()
        await self._standby.killed()

    async def _settle(self) -> None:
        """Lets all that is left to do be done."""
        self._process.watch.death = None
        for _ in range(200):
            await self._answer_all()
            await self._rest()
            self._compare()
            if not self._platform.tries:
                if not self._is_busy():
                    break
                self._time.jump(5 * 3_600)
                await self._rest()
                self._compare()
        self._truths.settled()

    def _is_busy(self) -> bool:
        busy = {State.WAITING, State.DUE, State.SENDING}
        return any(row.state in busy for row in self._model.rows.values())


async def _nothing() -> None:
    """What happens is not told."""


async def prepare(store: Store) -> None:
    """Prepares a store that is new and empty."""
    await store.ingest.set_topics([TOPIC])
