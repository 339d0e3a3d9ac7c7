"""A newsroom for somebody's first hour: the sample archives, and stories that break meanwhile."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from newsdesk import ScriptedSource, TestDesk
from stories import HandClock, story

from adapters.sources.archive.source import ArchiveSource
from bot.chat.dispatcher import Dispatcher
from bot.chat.request import Services
from bot.chat.settings import ChatSettings
from bot.commands import REGISTRY
from bot.i18n import load
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.results import FetchResult
from bot.model import Desk, Source, Story, Topic
from bot.posting.context import DeliveryContext
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.posting.worker import PostingWorkers
from bot.search.engine import SearchEngine
from bot.search.related import RelatedStories
from store.sqlite import SqliteStore

SAMPLES = Path(__file__).parents[1] / "bot" / "samples"
LANTERN = Source("lantern", "The Gullhaven Lantern", "archive", timedelta(hours=1), ("Gullhaven",))
COPPERLINE = Source("copperline", "Copperline Wire", "archive", timedelta(hours=1))
TOPICS = (
    Topic("🚢 Ferries & Ports", "ferry OR ferries OR harbour OR pier"),
    Topic("COVID-19", "covid OR vaccine"),
    Topic("Football", "football OR goalkeeper"),
    Topic("Science", "astronomers OR researchers OR battery"),
    Topic("Gullhaven", sources=frozenset({"lantern"})),
)
DESK = Desk("The Harbour Desk", "All that happens on the sound, and some of the rest.")


@dataclass
class Newsroom:
    """The desk, and what posts for it.

    Attributes:
        desk: The desk; its `wire` is the Lantern, its `other` Copperline.
        workers: They post what breaks.
    """

    desk: TestDesk
    workers: PostingWorkers

    async def breaks(self, *stories: Story) -> None:
        """The Lantern brings stories that are new to everybody."""
        self.desk.wire.gives.append(FetchResult(stories))
        (report,) = await self.desk.dispatcher.services.poller.load([LANTERN.id])
        assert not report.error, report.error

    def breaking(self, title: str, text: str) -> Story:
        """Returns a story of the Lantern's, of this minute."""
        published = self.desk.clock.now() - timedelta(minutes=1)
        slug = "-".join(re.findall(r"\w+", title.casefold()))
        url = f"https://lantern.example/{slug}"
        return story(title, text, source=LANTERN.id, published=published, url=url)


@asynccontextmanager
async def newsroom(folder: Path, clock: HandClock) -> AsyncIterator[Newsroom]:
    """Opens a newsroom with the stories of the sample archives, which are news to nobody."""
    async with await SqliteStore.open(folder / "news.db") as store:
        room = _assemble(store, clock)
        await store.ingest.set_topics(TOPICS)
        for scripted in (room.desk.wire, room.desk.other):
            scripted.gives.append(await _archive(scripted.source).fetch())
        reports = await room.desk.dispatcher.services.poller.load()
        assert [report.error for report in reports] == ["", ""]
        yield room
        await room.desk.dispatcher.aclose()


def _archive(source: Source) -> ArchiveSource:
    (path,) = SAMPLES.glob(f"*{source.id}*.txt")
    return ArchiveSource(source, pattern=str(path), link=None)


def _assemble(store: SqliteStore, clock: HandClock) -> Newsroom:
    sources = {one.id: one for one in (LANTERN, COPPERLINE)}
    scripted = [ScriptedSource(one) for one in sources.values()]
    settings, words = ChatSettings(store.chats), load("en")
    names = DisplayNames(words, {one.id: one.name for one in sources.values()})
    limits = FloodLimits()
    workers = PostingWorkers(
        DeliveryContext(store, clock, PostComposer(names), limits, settings.move)
    )
    router = SubscriptionRouter(store.subscriptions, limits, workers.wake)
    search = SearchEngine(store.search)
    services = Services(
        store=store,
        clock=clock,
        translations=words,
        zone=ZoneInfo("UTC"),
        sources=sources,
        topics=TOPICS,
        search=search,
        related=RelatedStories(store.search, search),
        poller=Poller(store, clock, scripted, StoryEnricher(TOPICS), router=router),
        settings=settings,
        desk=DESK,
    )
    dispatcher = Dispatcher(services, REGISTRY)
    lantern, copperline = scripted
    return Newsroom(TestDesk(dispatcher, store, clock, lantern, copperline, TOPICS), workers)
