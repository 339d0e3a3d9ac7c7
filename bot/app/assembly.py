"""The assembly of the application: opens its store and its network, and joins its parts."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from adapters.embedding.service import open_meaning
from adapters.pictures.renderer import open_renderer
from adapters.sources.feed.factory import FeedSourceFactory, open_feed_sources
from adapters.sources.websub.service import WebSubService, open_websub
from bot.app.application import App
from bot.app.configuration import read_again
from bot.app.enrichment import make_assigner, make_summariser
from bot.app.extras import EVERY_EXTRA, Extra
from bot.app.following import ChangeFollower
from bot.app.lineup import Lineup
from bot.app.operating import make_watcher
from bot.app.reloading import ConfigReloader
from bot.app.roster import SourceRoster, SourceUsers
from bot.app.settings import SettingUsers, daily_limits, flood_limits, source_policy
from bot.app.stores import open_store
from bot.app.website import desk_logins, page_links
from bot.chat.cooldown import Cooldown
from bot.chat.dispatcher import Dispatcher
from bot.chat.languages import LanguageChooser
from bot.chat.ports import Store
from bot.chat.request import Services
from bot.chat.settings import ChatSettings
from bot.chat.source_edits import SourceEditor, usable_sources
from bot.clock import Clock, SystemClock
from bot.commands import REGISTRY
from bot.config.meaning import MeaningConfig
from bot.config.schema import Config
from bot.i18n import SpokenTranslations, speak
from bot.i18n import load as load_translations
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.events.assigner import EventAssigner
from bot.ingest.poller import Poller
from bot.ingest.retention import StoryRetention
from bot.ingest.topics.catalogue import TopicCatalogue
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.live_mapping import DerivedMapping, LiveMapping
from bot.model import Source
from bot.monitoring.clock_offset import ClockOffsets
from bot.posting.context import DeliveryContext
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.illustrations import DigestIllustrator
from bot.posting.page_links import PageLinks
from bot.posting.router import SubscriptionRouter
from bot.posting.worker import PostingWorkers
from bot.search.engine import SearchEngine
from bot.search.meaning.ports import MeaningService
from bot.search.related import RelatedStories
from bot.threads import Foreground

OpenStore = Callable[[Path], Awaitable[Store]]


@asynccontextmanager
async def open_app(
    config: Config,
    open_file: OpenStore | None = None,
    clock: Clock | None = None,
    needs: Extra = EVERY_EXTRA,
) -> AsyncIterator[App]:
    """Opens the store and builds the application; closes it again at the end.

    Args:
        config: The operator's configuration.
        open_file: Opens the store that stands in a file, whatever the configuration says; None for
            that of the configuration.
        clock: Tells the time; None for the computer's own clock.
        needs: The extras that are used; the others need not be installed, and their work is left.

    Raises:
        ConfigError: The configuration asks for one of these that is not installed.
        StoreError: The store cannot be opened.
    """
    async with AsyncExitStack() as stack:
        opening_store = open_file(config.store.path) if open_file else open_store(config.store)
        store = await opening_store
        stack.push_async_callback(store.aclose)
        clock = clock or SystemClock()
        offsets = ClockOffsets(clock)
        full_text = Extra.FULL_TEXT in needs
        opening = open_feed_sources(config.feeds, clock, offsets.note, full_text=full_text)
        feeds = await stack.enter_async_context(opening)
        websub = await stack.enter_async_context(open_websub(config, store.websub, clock))
        model = config.meaning if Extra.MEANING in needs else MeaningConfig()
        meaning = await stack.enter_async_context(open_meaning(model, store.vectors))
        app, roster, users = _assemble(config, store, clock, feeds, websub, meaning)
        speak(app.dispatcher.services.translations)
        edits = await store.source_edits.edits()
        added = usable_sources(edits, config.sources)
        await roster.apply(config=config, added=added, paused=edits.paused)
        if app.topic_upkeep is None and await store.topics.topics():
            await store.topics.set_topics(())  # of when they were found
        wake = app.posting_workers.wake
        users.watcher = make_watcher(config.alerts, app.dispatcher.services, offsets, wake)
        app = replace(app, watcher=users.watcher)
        stack.push_async_callback(app.dispatcher.aclose)
        yield app


def _assemble(
    config: Config,
    store: Store,
    clock: Clock,
    feeds: FeedSourceFactory,
    websub: WebSubService | None,
    meaning: MeaningService | None,
) -> tuple[App, SourceRoster, SettingUsers]:
    sources = LiveMapping[str, Source]()
    translations = SpokenTranslations(load_translations(config.bot.language))
    settings = ChatSettings(store.chats)
    chooser = LanguageChooser(settings, translations)
    catalogue = TopicCatalogue(Lineup(replace(config, sources=())).topics())
    topic_upkeep = _topic_upkeep(config, store, catalogue, clock)
    limits = flood_limits(config.posting)
    pages = page_links(config)
    pictures = open_renderer()
    illustrator = DigestIllustrator(
        store, translations, pictures if config.posting.trends else None
    )
    composer = _make_composer(sources, translations, catalogue, pages)
    delivery = (store, clock, composer, limits, settings.move, illustrator, chooser.for_chat)
    posting_workers = PostingWorkers(DeliveryContext(*delivery))
    router = SubscriptionRouter(store.subscriptions, limits, posting_workers.wake)
    enricher = StoryEnricher(
        catalogue.desk,
        make_summariser(config),
        make_assigner(config, catalogue.desk),
        catalogue if topic_upkeep else None,
    )
    retention = StoryRetention(store.retention, clock, {})
    foreground = Foreground()
    poller = Poller(
        store,
        clock,
        (),
        enricher,
        router=router,
        limits=daily_limits(config),
        on_network_back=feeds.fetcher.forget_silences,
        topic_upkeep=topic_upkeep,
        events=EventAssigner(store.events),
        retention=retention,
        give_way=foreground.give_way,
    )
    users = SourceUsers(sources, poller, retention, enricher, catalogue, topic_upkeep, websub)
    roster = SourceRoster(config, store, feeds, users)
    policy, cooldown = source_policy(config), Cooldown(clock)
    editor = SourceEditor(store.source_edits, roster, clock, policy, cooldown)
    search = SearchEngine(store.search)
    services = Services(
        store=store,
        clock=clock,
        translations=translations,
        zone=config.bot.timezone,
        sources=sources,
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
        flood_limits=limits,
        pages=pages,
        roster=roster,
        source_finder=roster,
        source_editor=editor,
        foreground=foreground,
        logins=desk_logins(config, store, clock),
    )
    setting_users = SettingUsers(services, translations, limits, illustrator)
    follows = (roster, editor, setting_users, store.changes)
    reloader = ConfigReloader(config, lambda: read_again(config, os.environ), *follows)
    services.configuration = reloader
    dispatcher = Dispatcher(services, REGISTRY)
    parts = (config, store, poller, dispatcher, posting_workers, enricher)
    app = App(
        *parts,
        *(websub, meaning, topic_upkeep),
        retention=retention,
        reloader=reloader,
        feeds=feeds,
        follower=ChangeFollower(store.changes, settings, editor, reloader, search.warm),
    )
    return app, roster, setting_users


def _make_composer(
    sources: Mapping[str, Source],
    translations: SpokenTranslations,
    catalogue: TopicCatalogue,
    pages: PageLinks | None,
) -> PostComposer:
    """Returns what composes posts, with the sources' names and icons as they are at that time."""
    named = DerivedMapping(sources, lambda one: one.name)
    icons = DerivedMapping(sources, lambda one: one.icon)
    return PostComposer(DisplayNames(translations, named, catalogue, pages, icons))


def _topic_upkeep(
    config: Config, store: Store, catalogue: TopicCatalogue, clock: Clock
) -> TopicUpkeep | None:
    """Returns what finds topics in the stories; None where that is off."""
    return TopicUpkeep(store.topics, catalogue, clock) if config.bot.find_topics else None
