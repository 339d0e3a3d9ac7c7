"""A core that posts, with a scripted platform, over a real store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from newsdesk import WIRE, ScriptedSource
from stories import NOW, filed
from times import FreeTime

from bot.chat.settings import ChatSettings
from bot.errors import StoreError
from bot.i18n import load
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.results import FetchResult
from bot.model import Chat, Story
from bot.posting.context import DeliveryContext, PostingTiming
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.messenger import Message
from bot.posting.rate_limiter import Rate, RateLimiter, RateLimits
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.posting.worker import PostingWorkers
from bot.subscriptions.model import Subscription, TargetKind
from store.sqlite import SqliteStore

ROOM = Chat("scripted", "room")
HALL = Chat("scripted", "hall")
_FAST = Rate(1_000, 1.0)
_ROUND_TRIPS = 3  # to the store, for each little that the clock passes on
_LEAP, _LONGEST_LEAP = 10, 1.0  # steps that are taken at once while everybody sleeps; seconds
End = Exception | None


@dataclass
class ScriptedMessenger:
    """A platform that takes what it is sent, but for what a test put into `ends`.

    Attributes:
        sent: What it took, in order.
        edited: What it put in the place of which message.
        ends: What the next tries in a chat end with; None for an id.
        tried: How often something was tried in a chat.
        may_go: Messages arrive when it is set.
        moved: Chats that others have become.
        times: When it took what is in `sent`, by the monotonic clock.
    """

    clock: FreeTime
    rate_limiter: RateLimiter
    platform: str = "scripted"
    deduplicates: bool = False
    sent: list[Message] = field(default_factory=list)
    edited: list[tuple[str, Message]] = field(default_factory=list)
    ends: dict[str, list[End]] = field(default_factory=dict)
    tried: list[str] = field(default_factory=list)
    may_go: asyncio.Event = field(default_factory=asyncio.Event)
    times: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.may_go.set()

    def direct(self, person: str) -> Chat | None:
        return Chat(self.platform, f"person {person}") if person else None

    async def send(self, message: Message) -> str:
        await self._end(message)
        self.sent.append(message)
        self.times.append(self.clock.monotonic())
        return f"message {len(self.sent)}"

    async def edit(self, message: Message, shown: str) -> None:
        await self._end(message)
        self.edited.append((shown, message))

    async def _end(self, message: Message) -> None:
        self.tried.append(message.chat.id)
        await self.may_go.wait()
        ends = self.ends.get(message.chat.id)
        if ends and (end := ends.pop(0)) is not None:
            raise end


@dataclass
class Posting:
    """What a test has in its hands."""

    store: SqliteStore
    clock: FreeTime
    wire: ScriptedSource
    poller: Poller
    posting_workers: PostingWorkers
    messenger: ScriptedMessenger

    async def follow(self, chat: Chat, what: str = "wire", **given: object) -> Subscription:
        """A chat follows something: the source `wire`, unless a test says otherwise."""
        chosen = {"kind": TargetKind.SOURCE, "made": self.clock.now(), **given}
        return await self.store.subscriptions.put(Subscription(chat, what=what, **chosen))  # type: ignore[arg-type]

    async def brings(self, *stories: Story) -> None:
        """The source brings stories at its next look, which comes now."""
        self.wire.gives.append(FetchResult(stories))
        (report,) = await self.poller.load(["wire"])
        assert not report.error, report.error

    @property
    def posted(self) -> list[tuple[str, str]]:
        """What was posted: the chat, and the headline or, of a digest, its title."""
        return [
            (one.chat.id, one.reply.title or one.reply.cards[0].story.title)
            if one.reply.cards
            else (one.chat.id, " ".join(one.reply.text))
            for one in self.messenger.sent
        ]

    async def until(
        self, true: Callable[[], bool], seconds: float = 60.0, step: float = 0.1
    ) -> None:
        """Lets time pass, a little at a time, until something is true."""
        end = self.clock.monotonic() + seconds
        while not true():
            assert self.clock.monotonic() < end, f"not in {seconds} s: {self.posted}"
            await self._store_catches_up()
            now = self.clock.monotonic()
            idle_until = min(self.clock.next_wake, now + min(_LEAP * step, _LONGEST_LEAP))
            await self.clock.pass_until(max(now + step, idle_until))

    async def passes(self, seconds: float, step: float = 1.0) -> None:
        """Lets time pass."""
        end = self.clock.monotonic() + seconds
        while self.clock.monotonic() < end:
            await asyncio.sleep(0.002)
            await self._store_catches_up()
            await self.clock.pass_until(min(end, self.clock.monotonic() + step))

    async def _store_catches_up(self) -> None:
        """Gives the store's threads time, which no clock moves: more, the busier the machine is."""
        await asyncio.sleep(0.001)
        writing = self.store._connections._writing  # noqa: SLF001 - no port tells that it writes
        for _ in range(_ROUND_TRIPS):
            async with writing:
                pass
            with suppress(StoreError):  # some tests break it
                await self.store.sources.states(rates=False)


def opened(
    store: SqliteStore, flood_limits: FloodLimits | None = None, clock: FreeTime | None = None
) -> Posting:
    """The parts, put together; nothing is posted yet."""
    clock = clock or FreeTime()
    wire = ScriptedSource(WIRE)
    names = DisplayNames(load("en"), {"wire": "The Wire"})
    flood_limits = flood_limits or FloodLimits()
    context = DeliveryContext(
        store, clock, PostComposer(names), flood_limits, ChatSettings(store.chats).move
    )
    posting_workers = PostingWorkers(context, PostingTiming(clock.sleep, lambda: 0.5))
    router = SubscriptionRouter(store.subscriptions, flood_limits, posting_workers.wake)
    poller = Poller(store, clock, [wire], StoryEnricher(), chance=lambda: 0.5, router=router)
    pace = RateLimits(_FAST, _FAST, lambda _: _FAST, lambda _: _FAST)
    messenger = ScriptedMessenger(clock, RateLimiter(clock, pace, clock.sleep))
    return Posting(store, clock, wire, poller, posting_workers, messenger)


@asynccontextmanager
async def posting(path: Path, flood_limits: FloodLimits | None = None) -> AsyncIterator[Posting]:
    """A core that posts; its source was looked at before."""
    async with await SqliteStore.open(path) as store:
        parts = opened(store, flood_limits)
        await parts.brings()
        async with running(parts):
            yield parts


@asynccontextmanager
async def running(parts: Posting) -> AsyncIterator[asyncio.Task[None]]:
    """The worker, at work as long as the block lasts."""
    task = asyncio.create_task(parts.posting_workers.run(parts.messenger))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})


__all__ = ["HALL", "NOW", "ROOM", "Posting", "filed", "opened", "posting", "running"]
