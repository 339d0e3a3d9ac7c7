"""A day of a simulated clock: many sources and chats, and all that can come between."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path

from posting import ScriptedMessenger
from times import FreeTime

from bot.chat.settings import ChatSettings
from bot.errors import ChatGoneError, ChatMovedError, RetryLaterError
from bot.i18n import load
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.ports import PollMode
from bot.ingest.results import FetchResult, StoryRecord
from bot.model import Chat, Source, Story, Topic, story_id
from bot.posting.context import DeliveryContext, PostingTiming
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.messenger import Message
from bot.posting.model import Post
from bot.posting.rate_limiter import Rate, RateLimiter, RateLimits
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.posting.worker import PostingWorkers
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import AT_ONCE, Quiet, Rhythm, Timetable
from store.sqlite import SqliteStore

TOPICS = (
    Topic("Osaka Expo", '"osaka expo"'),
    Topic("Trains", "train OR tram OR railway"),
    Topic("Weather", "storm OR flood OR typhoon"),
    Topic("Harbour", "harbour OR ferry"),
)
_WHO = ("The mayor", "A union", "The council", "An engineer", "A baker", "The minister")
_DOES = ("opens", "questions", "praises", "delays", "closes", "repairs", "funds", "visits")
_WHAT = (
    "the Osaka Expo pavilion",
    "the night train to Aomori",
    "the old harbour crane",
    "a ferry to Naoshima",
    "the tram depot",
    "flood walls after the storm",
    "a library of seeds",
    "the typhoon shelter",
    "a school kitchen",
    "the railway bridge",
)
_WHERE = ("Osaka", "Kobe", "Nara", "Sendai", "Sapporo", "Naha", "Kyoto", "Nagoya")
_ZONES = ("Asia/Tokyo", "Europe/Berlin", "America/New_York", "UTC", "Asia/Kathmandu")
_SEARCHES = ('"night train"', "ferry -harbour", "bakers OR baker", "typhoon in:title", "library")


@dataclass
class Wire:
    """A source that brings stories over the day.

    Attributes:
        source: What it is.
        stories: What it gives now.
        rewritten: How often it has renamed all that it gives.
        fails: Whether it cannot be read.
    """

    source: Source
    stories: list[Story] = field(default_factory=list)
    rewritten: int = 0
    fails: bool = False

    async def fetch(
        self, _signature: str = "", _mode: PollMode = PollMode.SCHEDULED
    ) -> FetchResult:
        if self.fails:
            raise OSError("the cable is cut")
        given = (replace(one, key=f"{one.key} {self.rewritten}") for one in self.stories)
        return FetchResult(tuple(given))

    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        return filed


@dataclass
class Delivered:
    """A message that a platform took."""

    at: datetime
    chat: Chat
    message: Message


class Platform(ScriptedMessenger):
    """A platform with troubles of its own, by chance.

    Attributes:
        took: All messages, with their times.
        gone: Chats that cannot be written to, and why.
    """

    def prepare(self, chance: random.Random) -> None:
        self.chance = chance
        self.took: list[Delivered] = []
        self.gone: dict[str, str] = {}
        self.moved: dict[str, str] = {}
        self.keys: dict[tuple[str, str], str] = {}

    async def send(self, message: Message) -> str:
        chat, key = message.chat.id, (message.chat.id, message.key)
        self._befall(chat)
        if self.deduplicates and key in self.keys:
            return self.keys[key]
        self.took.append(Delivered(self.clock.now(), message.chat, message))
        self.keys[key] = f"{len(self.took)}"
        if self.chance.random() < 0.002:
            raise RetryLaterError("the response was lost", in_doubt=True)
        return self.keys[key]

    async def edit(self, message: Message, shown: str) -> None:
        self._befall(message.chat.id)
        self.edited.append((shown, message))

    def _befall(self, chat: str) -> None:
        if chat in self.gone:
            raise ChatGoneError(self.gone[chat])
        if chat in self.moved:
            raise ChatMovedError(self.moved[chat])
        fate = self.chance.random()
        if fate < 0.01:
            raise RetryLaterError("Too Many Requests", 20.0)
        if fate < 0.02:
            raise RetryLaterError("502 Bad Gateway", in_doubt=True, answered=True)


class Day:
    """The day.

    Attributes:
        events: What happened, in words, with times.
    """

    def __init__(self, path: Path, *, sources: int, chats: int, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.path = path
        self.clock = FreeTime()
        self.events: list[tuple[datetime, str]] = []
        self.wires = [self._wire(n) for n in range(sources)]
        self.platforms = [self._platform("telegram"), self._platform("discord")]
        self.platforms[1].deduplicates = True
        self.chats = [Chat(("telegram", "discord")[n % 2], f"chat {n}") for n in range(chats)]
        self.former: list[Chat] = []
        self.written = 0

    def _wire(self, number: int) -> Wire:
        every = timedelta(minutes=self.chance.choice((5, 10, 15, 30, 60)))
        return Wire(
            Source(f"wire{number}", f"{self.chance.choice(_WHERE)} Wire {number}", "feed", every)
        )

    def _platform(self, name: str) -> Platform:
        rate = Rate(1_000, 1.0)
        pace = RateLimits(rate, rate, lambda _: Rate(5, 5.0), lambda _: Rate(5, 5.0))
        platform = Platform(self.clock, RateLimiter(self.clock, pace, self.clock.sleep), name)
        platform.prepare(self.chance)
        return platform

    def tell(self, what: str) -> None:
        """Something happens."""
        self.events.append((self.clock.now(), what))

    def writes(self, wire: Wire, count: int = 1, age: timedelta = timedelta()) -> None:
        """A source publishes stories."""
        for _ in range(count):
            self.written += 1
            say = self.chance.choice
            title = f"{say(_WHO)} {say(_DOES)} {say(_WHAT)} in {say(_WHERE)} ({self.written})"
            key = f"{wire.source.id} {self.written}"
            text = f"{title}. People who live nearby were asked what they think of it."
            story = Story(
                story_id(wire.source.id, key),
                wire.source.id,
                key,
                title,
                self.clock.now() - age,
                summary=text,
            )
            wire.stories = [*wire.stories[-40:], story]

    def subscriptions(self) -> Iterator[Subscription]:
        """What the chats follow."""
        for number, chat in enumerate(self.chats):
            for _ in range(self.chance.choice((1, 1, 2, 3))):
                yield self._subscription(chat, number)

    def _subscription(self, chat: Chat, number: int) -> Subscription:
        pick = self.chance.choice
        kind = pick(list(TargetKind))
        what = {
            TargetKind.TOPIC: pick(TOPICS).name,
            TargetKind.SOURCE: pick(self.wires).source.id,
            TargetKind.SEARCH: pick(_SEARCHES),
            TargetKind.EVERYTHING: "",
        }[kind]
        when = pick(
            (
                AT_ONCE,
                AT_ONCE,
                AT_ONCE,
                Timetable(Rhythm.HOURLY),
                Timetable(Rhythm.DAILY, (time(8),)),
            )
        )
        quiet = Quiet(time(22), time(7)) if number % 3 == 0 else None
        most = 5 if number % 5 == 0 else 0
        return Subscription(
            chat,
            kind,
            what,
            when,
            pick(_ZONES),
            quiet,
            most,
            owner=str(number),
            made=self.clock.now(),
        )

    async def run(self, hours: float) -> None:
        """Lets the day pass; the process dies now and then, and begins anew."""
        async with await SqliteStore.open(self.path) as store:
            await store.ingest.set_topics(TOPICS)
            for one in self.subscriptions():
                await store.subscriptions.put(one)
        end = self.clock.monotonic() + hours * 3_600
        while self.clock.monotonic() < end:
            life = self.chance.uniform(0.5, 6.0) * 3_600
            await self._live(min(end, self.clock.monotonic() + life))
            self.tell("the process dies")
            if self.chance.random() < 0.3:
                away = self.chance.uniform(0.2, 3.0)
                self.tell(f"and is down for {away:.1f} hours")
                await self._pass(self.clock.monotonic() + away * 3_600, 60.0)
        self.platforms[0].gone.clear()
        await self._live(self.clock.monotonic() + 3_600, quiet=True)

    async def _live(self, end: float, *, quiet: bool = False) -> None:
        async with await SqliteStore.open(self.path) as store:
            await store.ingest.set_topics(TOPICS)
            posting_workers, poller = self._parts(store)
            tasks = [asyncio.create_task(posting_workers.run(one)) for one in self.platforms]
            tasks.append(asyncio.create_task(self._look(poller)))
            while self.clock.monotonic() < end:
                if not quiet:
                    await self._something(store)
                await self._pass(min(end, self.clock.monotonic() + 60), 5.0)
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    def _parts(self, store: SqliteStore) -> tuple[PostingWorkers, Poller]:
        names = {one.source.id: one.source.name for one in self.wires}
        composer, flood_limits = PostComposer(DisplayNames(load("en"), names)), FloodLimits()
        context = DeliveryContext(
            store, self.clock, composer, flood_limits, ChatSettings(store.chats).move
        )
        posting_workers = PostingWorkers(
            context, PostingTiming(self.clock.sleep, self.chance.random)
        )
        router = SubscriptionRouter(store.subscriptions, flood_limits, posting_workers.wake)
        enricher = StoryEnricher(TOPICS)
        poller = Poller(store, self.clock, self.wires, enricher, self.chance.random, router)
        return posting_workers, poller

    async def _look(self, poller: Poller) -> None:
        while True:
            await self.clock.sleep(min(60.0, await poller.poll_due()))

    async def _pass(self, end: float, step: float) -> None:
        while self.clock.monotonic() < end:
            await self.clock.pass_until(min(end, self.clock.monotonic() + step))
            taken = -1
            while taken != (taken := sum(len(one.took) for one in self.platforms)):
                await asyncio.sleep(0.004)  # the store has threads, which no clock moves

    async def _something(self, store: SqliteStore) -> None:
        """What happens in a minute."""
        for wire in self.wires:
            if self.chance.random() < 1 / 90:
                self.writes(wire)
        fate, wire = self.chance.random(), self.chance.choice(self.wires)
        if fate < 0.004:
            self.writes(wire, 25)
            self.tell(f"{wire.source.name} publishes 25 stories at once")
        elif fate < 0.008:
            wire.rewritten += 1
            self.tell(f"{wire.source.name} renames all its stories")
        elif fate < 0.012:
            wire.fails = not wire.fails
            self.tell(f"{wire.source.name} {'cannot be read' if wire.fails else 'is back'}")
        elif fate < 0.03 and wire.stories:
            changed = replace(wire.stories[-1], title=f"{wire.stories[-1].title}, corrected")
            wire.stories = [*wire.stories[:-1], changed]
        elif fate < 0.04:
            await self._chat_event(store)

    async def _chat_event(self, store: SqliteStore) -> None:
        chat = self.chance.choice(self.chats)
        platform = self.platforms[chat.platform == "discord"]
        if platform.gone.pop(chat.id, None):
            await store.subscriptions.resume(chat, self.clock.now())
            self.tell(f"{chat.platform} {chat.id} lets the bot in again")
        elif self.chance.random() < 0.3 and chat.platform == "telegram":
            new = Chat(chat.platform, f"{chat.id}s")
            platform.moved[chat.id] = new.id
            self.chats[self.chats.index(chat)] = new
            self.former.append(chat)
            self.tell(f"{chat.platform} {chat.id} becomes {new.id}")
        else:
            platform.gone[chat.id] = "Forbidden: bot was kicked from the group chat"
            self.tell(f"{chat.platform} {chat.id} kicks the bot")

    def seen(self) -> Counter[tuple[str, str, str]]:
        """How often each story was sent to a chat, in whatever form: platform, chat, story."""
        seen = Counter[tuple[str, str, str]]()
        for platform in self.platforms:
            for one in platform.took:
                for card in (*one.message.reply.cards, *one.message.reply.more):
                    seen[platform.platform, root(one.chat.id), card.story.id] += 1
        return seen

    async def posts(self) -> Mapping[tuple[str, str, str], Post]:
        """What the store knows of each story that a chat was to have."""
        async with await SqliteStore.open(self.path) as store:
            return {
                (chat.platform, root(chat.id), post.key): post
                for chat in (*self.chats, *self.former)  # moved, and not written to since
                for post in await store.outbox.of_chat(chat, 100_000)
            }


def root(chat: str) -> str:
    """What a chat was called before it was moved."""
    return chat.rstrip("s")
