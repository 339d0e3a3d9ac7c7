"""The assembly of the application: opens its store and its network, and joins its parts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from adapters.embedding.service import open_meaning
from adapters.pictures.renderer import open_renderer
from adapters.sources.feed.factory import FeedSourceFactory, open_feed_sources
from adapters.sources.websub.service import WebSubService, open_websub
from bot.app.application import App
from bot.app.enrichment import make_assigner, make_summariser, make_topics
from bot.app.news_sources import open_source
from bot.app.operating import make_watcher
from bot.app.website import page_links
from bot.chat.dispatcher import Dispatcher
from bot.chat.languages import LanguageChooser
from bot.chat.ports import Store
from bot.chat.request import Services
from bot.chat.settings import ChatSettings
from bot.clock import Clock, SystemClock
from bot.commands import REGISTRY
from bot.config.schema import Config
from bot.i18n import SpokenTranslations, speak
from bot.i18n import load as load_translations
from bot.ingest.daily_limits import DailyLimits
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.events.assigner import EventAssigner
from bot.ingest.poller import Poller
from bot.ingest.ports import NewsSource
from bot.ingest.retention import Keep, StoryRetention
from bot.ingest.topics.catalogue import TopicCatalogue
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.monitoring.clock_offset import ClockOffsets
from bot.posting.context import DeliveryContext
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.illustrations import DigestIllustrator
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.posting.worker import PostingWorkers
from bot.search.engine import SearchEngine
from bot.search.meaning.ports import MeaningService
from bot.search.related import RelatedStories
from bot.subscriptions.model import EventPosts
from bot.threads import Foreground
from store.sqlite import SqliteStore

OpenStore = Callable[[Path], Awaitable[Store]]


@asynccontextmanager
async def open_app(
    config: Config, open_store: OpenStore = SqliteStore.open, clock: Clock | None = None
) -> AsyncIterator[App]:
    """Opens the store and builds the application; closes it again at the end.

    Args:
        config: The operator's configuration.
        open_store: Opens the store that stands in a file.
        clock: Tells the time; None for the computer's own clock.

    Raises:
        StoreError: The store cannot be opened.
    """
    async with AsyncExitStack() as stack:
        store = await open_store(config.store.path)
        stack.push_async_callback(store.aclose)
        clock = clock or SystemClock()
        offsets = ClockOffsets(clock)
        opening = open_feed_sources(config.feeds, clock, offsets.note)
        feeds = await stack.enter_async_context(opening)
        websub = await stack.enter_async_context(open_websub(config, store.websub, clock))
        meaning = await stack.enter_async_context(open_meaning(config.meaning, store.vectors))
        app = _assemble(config, store, clock, feeds, websub, meaning)
        wake = app.posting_workers.wake
        watcher = make_watcher(config.alerts, app.dispatcher.services, offsets, wake)
        app = replace(app, watcher=watcher)
        stack.push_async_callback(app.dispatcher.aclose)
        speak(app.dispatcher.services.translations)
        known = await store.topics.revision()
        await store.ingest.set_topics(app.dispatcher.services.topics)
        if app.topic_upkeep:
            has_changed = known != await store.topics.revision()
            await app.topic_upkeep.open(has_changed=has_changed)
        elif await store.topics.topics():
            await store.topics.set_topics(())  # of when they were found
        yield app


def _assemble(
    config: Config,
    store: Store,
    clock: Clock,
    feeds: FeedSourceFactory,
    websub: WebSubService | None,
    meaning: MeaningService | None,
) -> App:
    sources: Sequence[NewsSource] = [open_source(source, feeds) for source in config.sources]
    sources = websub.watch(sources) if websub else sources
    translations = SpokenTranslations(load_translations(config.bot.language))
    settings = ChatSettings(store.chats)
    chooser = LanguageChooser(settings, translations)
    catalogue = TopicCatalogue(make_topics(config, translations))
    topic_upkeep = _topic_upkeep(config, store, catalogue, clock)
    flood_limits = FloodLimits(
        config.posting.late,
        config.posting.burst,
        config.posting.edits,
        EventPosts(config.posting.events),
    )
    pages = page_links(config)
    named = {one.source.id: one.source.name for one in sources}
    composer = PostComposer(DisplayNames(translations, named, catalogue, pages))
    pictures = open_renderer()
    illustrator = DigestIllustrator(
        store, translations, pictures if config.posting.trends else None
    )
    posting_workers = PostingWorkers(
        DeliveryContext(
            store, clock, composer, flood_limits, settings.move, illustrator, chooser.for_chat
        )
    )
    router = SubscriptionRouter(store.subscriptions, flood_limits, posting_workers.wake)
    limits = DailyLimits(config.feeds.max_stories_a_day, config.feeds.max_text_a_day)
    enricher = StoryEnricher(
        catalogue.desk,
        make_summariser(config),
        make_assigner(config, catalogue.desk),
        catalogue if topic_upkeep else None,
    )
    retention = StoryRetention(store.retention, clock, _keeps(config))
    foreground = Foreground()
    poller = Poller(
        store,
        clock,
        sources,
        enricher,
        router=router,
        limits=limits,
        on_network_back=feeds.fetcher.forget_silences,
        topic_upkeep=topic_upkeep,
        events=EventAssigner(store.events),
        retention=retention,
        give_way=foreground.give_way,
    )
    search = SearchEngine(store.search)
    services = Services(
        store=store,
        clock=clock,
        translations=translations,
        zone=config.bot.timezone,
        sources={one.source.id: one.source for one in sources},
        topics=catalogue,
        search=search,
        related=RelatedStories(store.search, search),
        poller=poller,
        settings=settings,
        page_size=config.bot.page_size,
        reload_cooldown=config.bot.reload_cooldown.total_seconds(),
        desk=config.desk.desk(),
        meaning=meaning.answers if meaning else None,
        pictures=pictures,
        topic_upkeep=topic_upkeep,
        pages=pages,
        foreground=foreground,
    )
    dispatcher = Dispatcher(services, REGISTRY)
    parts = (config, store, poller, dispatcher, posting_workers, enricher)
    return App(*parts, websub, meaning, topic_upkeep, retention=retention)


def _keeps(config: Config) -> Mapping[str, Keep]:
    """Returns what is kept of each source's stories."""
    return {
        one.id: Keep(
            one.keep or config.store.keep,
            one.keep_stories or config.store.keep_stories or None,
        )
        for one in config.sources
    }


def _topic_upkeep(
    config: Config, store: Store, catalogue: TopicCatalogue, clock: Clock
) -> TopicUpkeep | None:
    """Returns what finds topics in the stories, but for the names of the sources themselves."""
    if not config.bot.find_topics:
        return None
    names = [one.name or one.id for one in config.sources]
    return TopicUpkeep(store.topics, catalogue, clock, [config.desk.name, *names])
