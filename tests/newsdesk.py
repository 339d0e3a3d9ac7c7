"""The whole core over a real SQLite file, with a hand-moved clock and scripted sources."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from stores import open_sqlite
from stories import CHAT, NOW, READER, HandClock, batch, story

from bot.chat.dispatcher import Dispatcher
from bot.chat.ports import Store
from bot.chat.request import Services
from bot.chat.settings import ChatSettings
from bot.commands import REGISTRY
from bot.i18n import SpokenTranslations, Translations, load
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.ports import PollMode
from bot.ingest.results import FetchResult, StoryRecord
from bot.ingest.summaries.summariser import Summariser
from bot.ingest.topics.catalogue import TopicCatalogue
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.model import Chat, Person, Source, Story, Topic
from bot.reply import Reply, Role
from bot.search.engine import SearchEngine
from bot.search.related import RelatedStories
from bot.trends.ports import PictureRenderer

WIRE = Source("wire", "The Wire", "archive", timedelta(minutes=15), ("World",))
OTHER = Source("other", "Other News", "archive", timedelta(minutes=15))
TOPICS = (Topic("Osaka Expo", '"osaka expo"'), Topic("World", sources=frozenset({"wire"})))


@dataclass
class ScriptedSource:
    """A source that gives what a test put into `gives`, and fails on being asked for more."""

    source: Source
    gives: list[FetchResult | Exception] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)
    may_go: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_go.set()

    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        return filed

    async def fetch(self, signature: str = "", mode: PollMode = PollMode.SCHEDULED) -> FetchResult:
        self.asked.append(signature if mode is PollMode.SCHEDULED else "")
        self.was_asked.set()
        await self.may_go.wait()
        if not self.gives:
            raise AssertionError(f"nobody expected {self.source.id} to be fetched")
        given = self.gives.pop(0)
        if isinstance(given, Exception):
            raise given
        return given


@dataclass
class TestDesk:
    """A desk and what stands behind it."""

    __test__ = False  # no test class, whatever its name says

    dispatcher: Dispatcher
    store: Store
    clock: HandClock
    wire: ScriptedSource
    other: ScriptedSource
    topics: Sequence[Topic] = TOPICS

    async def has(self, *stories: Story) -> None:
        """Puts stories into the store, as a load would."""
        with_summaries = [one if one.summary else _summarised(one) for one in stories]
        await self.store.ingest.write(batch(with_summaries, self.topics, self.clock.now()))

    async def polls(self, *stories: Story) -> None:
        """Has The Wire give stories, and polls it."""
        self.wire.gives.append(FetchResult(stories))
        (report,) = await self.dispatcher.services.poller.load(["wire"])
        assert not report.error

    async def ask(self, line: str, person: Person = READER, chat: Chat = CHAT) -> Reply:
        return await self.dispatcher.answer(line, person, chat)

    async def press(
        self, reply: Reply, role: Role, person: Person = READER, number: int | None = None
    ) -> Reply:
        """Presses the only button of that role (and number)."""
        (button,) = (
            b for b in reply.buttons if b.role is role and (number is None or b.number == number)
        )
        return await self.dispatcher.press(button.action, person, CHAT)


async def seen_at(store: Store, at: datetime, *stories: Story) -> None:
    """Puts stories into the store as a load at that time would, as news to nobody."""
    await store.ingest.write(batch(stories, TOPICS, at))


def _summarised(story: Story) -> Story:
    return replace(story, summary=Summariser().summarise(story))


async def twelve(desk: TestDesk) -> None:
    """Stories 1 (newest) to 12 (oldest)."""
    await desk.has(
        *(
            story(f"Story {n}", f"Text {n}.", published=NOW - timedelta(days=n))
            for n in range(12, 0, -1)
        )
    )


def titles(reply: Reply) -> list[str]:
    """The titles of a reply's cards."""
    return [card.story.title for card in reply.cards]


@asynccontextmanager
async def desk_over(  # noqa: PLR0913, PLR0917 - what a test may choose, mostly by name
    store_or_path: Store | Path,
    translations: Translations | None = None,
    topics: Sequence[Topic] = TOPICS,
    timezone: str = "UTC",
    now: datetime = NOW,
    clock: HandClock | None = None,
    pictures: PictureRenderer | None = None,
    find_topics: bool = False,
) -> AsyncIterator[TestDesk]:
    """Opens a store, unless one is given, and a desk over it; closes both."""
    given = store_or_path
    store = await open_sqlite(given) if isinstance(given, Path) else given
    clock = clock or HandClock(now)
    wire, other = ScriptedSource(WIRE), ScriptedSource(OTHER)
    search = SearchEngine(store.search)
    catalogue = TopicCatalogue(topics)
    upkeep = TopicUpkeep(store.topics, catalogue, clock, [WIRE.name]) if find_topics else None
    enricher = StoryEnricher(topics, catalogue=catalogue if find_topics else None)
    services = Services(
        store=store,
        clock=clock,
        translations=translations or SpokenTranslations(load("en")),
        zone=ZoneInfo(timezone),
        sources={"wire": WIRE, "other": OTHER},
        topics=catalogue,
        search=search,
        related=RelatedStories(store.search, search),
        poller=Poller(
            store, clock, [wire, other], enricher, chance=lambda: 0.5, topic_upkeep=upkeep
        ),
        settings=ChatSettings(store.chats),
        pictures=pictures,
        topic_upkeep=upkeep,
    )
    desk = Dispatcher(services, REGISTRY)
    try:
        known = await store.topics.revision()
        await store.ingest.set_topics(topics)
        if upkeep:
            await upkeep.open(has_changed=known != await store.topics.revision())
        yield TestDesk(desk, store, clock, wire, other, topics)
        await desk.aclose()
    finally:
        await store.aclose()
