"""The composition root: builds the application from its parts; only it sees all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO
from urllib.parse import unquote

import platformdirs

from adapters.console.chat import run_chat
from adapters.console.conversation import TERMINAL
from adapters.console.lines import read_lines
from adapters.console.render import render_plain
from adapters.embedding.service import open_meaning
from adapters.pictures.renderer import open_renderer
from adapters.sources.archive.link_template import LinkTemplate
from adapters.sources.archive.missing_dates import DateFrom
from adapters.sources.feed.factory import FeedSourceFactory, open_feed_sources
from adapters.sources.web.identity import Identity
from adapters.sources.websub.service import WebSubService, open_websub
from bot.chat.dispatcher import Dispatcher
from bot.chat.ports import Platform, Store, StoreFiles
from bot.chat.request import Services
from bot.chat.settings import ChatSettings
from bot.chat.store_watch import report_on_start, watch_store
from bot.chat.supervisor import serve
from bot.clock import Clock, SystemClock
from bot.commands import REGISTRY
from bot.config.load import find_config, read_config, sample_config
from bot.config.schema import Config, SourceConfig
from bot.config.source_secrets import secret_texts
from bot.errors import ConfigError, StoreError
from bot.i18n import Translations
from bot.i18n import load as load_translations
from bot.ingest.daily_limits import DailyLimits
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.events.assigner import EventAssigner
from bot.ingest.events.upkeep import keep_placed
from bot.ingest.poller import Poller
from bot.ingest.ports import NewsSource
from bot.ingest.subjects.assigner import SubjectAssigner
from bot.ingest.subjects.names import with_subjects
from bot.ingest.subjects.rebuild import report_outdated_subjects
from bot.ingest.summaries.rebuild import report_outdated
from bot.ingest.summaries.summariser import Summariser
from bot.ingest.topics.catalogue import TopicCatalogue
from bot.ingest.topics.rebuild import report_unnamed
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.ingest.websub.subscriptions import forget_subscriptions
from bot.model import Person, Topic
from bot.posting.context import DeliveryContext
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.illustrations import DigestIllustrator
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.posting.worker import PostingWorkers
from bot.reply import Reply
from bot.search.engine import SearchEngine
from bot.search.index_upkeep import keep_merged
from bot.search.meaning.ports import MeaningService
from bot.search.related import RelatedStories
from bot.secrets import SECRETS
from bot.subscriptions.model import EventPosts
from bot.supervision import keep_running, run_until_done
from bot.text.urls import credentials_in
from store.maintenance import SqliteFiles
from store.sqlite import SqliteStore

SAMPLES = Path(__file__).parent / "samples"

_NO_PLATFORM = (
    "no chat platform can be served.\n"
    "Telegram: no token. Message @BotFather in Telegram, send /newbot, and put the "
    "token it gives you in DATELINE_TELEGRAM_TOKEN, or in a file that "
    "telegram.token_file names.\n"
    "Discord: no token. Create an application at "
    "https://discord.com/developers/applications, add a bot to it, and put the bot's "
    "token in DATELINE_DISCORD_TOKEN, or in a file that discord.token_file names.\n"
    "Until then, `dateline chat` answers here, in the terminal."
)

OpenStore = Callable[[Path], Awaitable[Store]]

OPERATOR = Person(TERMINAL.platform, moderator=True, host=True)
"""The person at the machine's terminal, who may do all that the bot can."""


@dataclass(frozen=True, slots=True)
class App:
    """Everything that runs, put together.

    Attributes:
        config: The operator's configuration.
        store: Keeps the stories.
        poller: Polls the sources.
        dispatcher: Answers questions.
        posting_workers: Posts what is new.
        websub: Has hubs push new stories; None without a public address.
        meaning: Searches by meaning; None where that is off.
        topic_upkeep: Finds topics in the stories; None where that is off.
    """

    config: Config
    store: Store
    poller: Poller
    dispatcher: Dispatcher
    posting_workers: PostingWorkers
    websub: WebSubService | None = None
    meaning: MeaningService | None = None
    topic_upkeep: TopicUpkeep | None = None

    async def chat(self, stdin: TextIO | None = None, stdout: TextIO | None = None) -> None:
        """Chats in the terminal, and polls the sources meanwhile."""
        polling = asyncio.create_task(self._keep_ready())
        try:
            await run_chat(
                self.dispatcher,
                translations=self.dispatcher.services.translations,
                zone=self.config.bot.timezone,
                history=platformdirs.user_state_path("dateline") / "history",
                stdin=stdin,
                stdout=stdout,
            )
        finally:
            polling.cancel()
            with suppress(asyncio.CancelledError, StoreError):
                await polling

    async def _keep_ready(self) -> None:
        """Keeps the search ready, and polls the sources until it is cancelled.

        Raises:
            StoreError: The store's file is no store of this Dateline any more.
        """
        beside = [
            asyncio.create_task(run_until_done("warming of the search", self._warm)),
            asyncio.create_task(keep_running("upkeep of the search", self._keep_merged)),
        ]
        beside.append(asyncio.create_task(keep_running("events", self._keep_placed)))
        if self.meaning:
            making = keep_running("the search by meaning", self.meaning.upkeep.keep_up)
            beside.append(asyncio.create_task(making))
        try:
            await keep_running("polling", self.poller.keep_polling, fatal=(StoreError,))
        finally:
            for one in beside:
                one.cancel()
            await asyncio.wait(beside)  # none may ask the store once it is closed

    async def _warm(self) -> None:
        with suppress(StoreError):  # a search will say so
            await self.dispatcher.services.search.warm()

    async def _keep_placed(self) -> None:
        await keep_placed(self.store.events)

    async def _keep_merged(self) -> None:
        await keep_merged(self.store.search)

    async def run(self, stop: asyncio.Event) -> None:
        """Serves every chat platform that has a token, until `stop` is set.

        Raises:
            ConfigError: None has a token.
            PlatformError: None can be served any more.
            StoreError: The store's file is no store of this Dateline any more; StoreGoneError when
                it was deleted or replaced.
        """
        require_token(self.config)
        platforms = _platforms(self)
        await report_on_start(self.store, self.config.store.path)
        await report_outdated(self.store.summaries, make_summariser(self.config))
        if self.topic_upkeep:
            await report_unnamed(self.store.topics)
        if assigner := make_assigner(self.config, self.dispatcher.services.topics):
            await report_outdated_subjects(self.store.subjects, assigner)
        async with watch_store(self.store, stop):
            polling = asyncio.create_task(self._keep_ready())
            subscribing = asyncio.create_task(self._keep_subscribed())
            try:
                await serve(platforms, stop, vital=[polling])
            finally:
                polling.cancel()
                subscribing.cancel()
                await asyncio.wait({polling, subscribing})

    async def _keep_subscribed(self) -> None:
        """Has hubs push new stories until it is cancelled; none can without a public address."""
        websub = self.websub
        if websub is None:
            await run_until_done(
                "forgetting of hubs", lambda: forget_subscriptions(self.store.websub)
            )
        else:
            await keep_running("WebSub", lambda: websub.serve(self.poller.wake))

    async def ask(self, line: str) -> Reply:
        """Answers one line from the terminal."""
        return await self.dispatcher.answer(line, OPERATOR, TERMINAL)

    def lines(self, stdin: TextIO) -> AsyncIterator[str]:
        """Yields the lines of an input as they come; an interrupt ends the wait for one."""
        return read_lines(stdin)

    def as_text(self, reply: Reply) -> str:
        """Renders a reply as plain text."""
        return render_plain(reply, self.dispatcher.services.translations, self.config.bot.timezone)


def load_config(explicit: Path | None, environ: Mapping[str, str]) -> Config:
    """Loads the operator's configuration or, without one, that of the samples.

    Raises:
        ConfigError: It is missing or has mistakes.
    """
    path = find_config(explicit, environ, Path())
    if path is None:
        config = sample_config(SAMPLES, platformdirs.user_data_path("dateline"), environ)
    else:
        config = read_config(path, environ, check_link=_check_link)
    for platform in (config.telegram, config.discord):
        if platform.token:
            SECRETS.add(platform.token.get_secret_value())
    if config.meaning.key:
        SECRETS.add(config.meaning.key.get_secret_value())
    for source in config.sources:
        proxy = source.proxy.get_secret_value() if source.proxy else ""
        for url in (source.url, proxy):
            for written in {credentials_in(url), unquote(credentials_in(url))}:
                SECRETS.add(written)
        for secret in secret_texts(source):
            SECRETS.add(secret)
    return config


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
        feeds = await stack.enter_async_context(open_feed_sources(config.feeds, clock))
        websub = await stack.enter_async_context(open_websub(config, store.websub, clock))
        meaning = await stack.enter_async_context(open_meaning(config.meaning, store.vectors))
        app = _assemble(config, store, clock, feeds, websub, meaning)
        stack.push_async_callback(app.dispatcher.aclose)
        known = await store.topics.revision()
        await store.ingest.set_topics(app.dispatcher.services.topics)
        if app.topic_upkeep:
            has_changed = known != await store.topics.revision()
            await app.topic_upkeep.open(has_changed=has_changed)
        elif await store.topics.topics():
            await store.topics.set_topics(())  # of when they were found
        yield app


def make_summariser(config: Config) -> Summariser:
    """Returns what makes the summaries that the configuration asks for."""
    return Summariser(config.bot.summary_length)


def make_topics(config: Config, translations: Translations) -> tuple[Topic, ...]:
    """Returns the topics that the configuration names, with the broad subjects if it wants them."""
    topics = config.topics_model()
    return with_subjects(topics, translations.gettext) if config.bot.subjects else topics


def make_assigner(config: Config, topics: Sequence[Topic]) -> SubjectAssigner | None:
    """Returns what finds the broad subjects of stories; None where the configuration has none."""
    return SubjectAssigner(topics) if config.bot.subjects else None


def store_files(config: Config) -> StoreFiles:
    """Returns what backs up, restores and rescues the configuration's store."""
    return SqliteFiles(config.store.path)


def _assemble(
    config: Config,
    store: Store,
    clock: Clock,
    feeds: FeedSourceFactory,
    websub: WebSubService | None,
    meaning: MeaningService | None,
) -> App:
    sources: Sequence[NewsSource] = [_news_source(source, feeds) for source in config.sources]
    sources = websub.watch(sources) if websub else sources
    translations, settings = load_translations(config.bot.language), ChatSettings(store.chats)
    flood_limits = FloodLimits(config.posting.late, config.posting.burst, config.posting.edits)
    catalogue = TopicCatalogue(make_topics(config, translations))
    topic_upkeep = _topic_upkeep(config, store, catalogue, clock)
    flood_limits = FloodLimits(
        config.posting.late,
        config.posting.burst,
        config.posting.edits,
        EventPosts(config.posting.events),
    )
    composer = PostComposer(
        DisplayNames(translations, {one.source.id: one.source.name for one in sources}, catalogue)
    )
    pictures = open_renderer()
    illustrator = DigestIllustrator(
        store, translations, pictures if config.posting.trends else None
    )
    posting_workers = PostingWorkers(
        DeliveryContext(store, clock, composer, flood_limits, settings.move, illustrator)
    )
    router = SubscriptionRouter(store.subscriptions, flood_limits, posting_workers.wake)
    limits = DailyLimits(config.feeds.max_stories_a_day, config.feeds.max_text_a_day)
    poller = Poller(
        store,
        clock,
        sources,
        StoryEnricher(
            catalogue.desk,
            make_summariser(config),
            make_assigner(config, catalogue.desk),
            catalogue if topic_upkeep else None,
        ),
        router=router,
        limits=limits,
        on_network_back=feeds.fetcher.forget_silences,
        topic_upkeep=topic_upkeep,
        events=EventAssigner(store.events),
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
    )
    dispatcher = Dispatcher(services, REGISTRY)
    return App(config, store, poller, dispatcher, posting_workers, websub, meaning, topic_upkeep)


def _topic_upkeep(
    config: Config, store: Store, catalogue: TopicCatalogue, clock: Clock
) -> TopicUpkeep | None:
    """Returns what finds topics in the stories, but for the names of the sources themselves."""
    if not config.bot.find_topics:
        return None
    names = [one.name or one.id for one in config.sources]
    return TopicUpkeep(store.topics, catalogue, clock, [config.desk.name, *names])


def _news_source(config: SourceConfig, feeds: FeedSourceFactory) -> NewsSource:
    if config.kind == "archive":
        # Its readers are slow to import, and many do without them.
        from adapters.sources.archive.source import ArchiveSource  # noqa: PLC0415
        from adapters.sources.archive.title import archive_title  # noqa: PLC0415

        source = config.source()
        title = "" if config.name else archive_title(config.paths, config.encoding)
        return ArchiveSource(
            replace(source, name=title) if title else source,
            pattern=config.paths,
            link=LinkTemplate.parse(config.link) if config.link else None,
            encoding=config.encoding,
            max_bytes=config.max_size,
            date_from=DateFrom(config.date_from),
        )
    if config.paths:
        return feeds.saved_feed(config.source(), config.paths, zone=config.timezone)
    return feeds.web_feed(
        config.source(),
        config.url,
        full_text=config.full_text,
        allow_hosts=config.allow_hosts,
        identity=_identity(config),
        zone=config.timezone,
    )


def _identity(config: SourceConfig) -> Identity:
    return Identity(
        home=config.url,
        user_agent=config.user_agent,
        headers=tuple((name, value.get_secret_value()) for name, value in config.headers),
        cookie=config.cookie.get_secret_value() if config.cookie else "",
        proxy=config.proxy.get_secret_value() if config.proxy else "",
    )


def _check_link(template: str) -> None:
    LinkTemplate.parse(template)


def require_token(config: Config) -> None:
    """Makes sure that some chat platform can be served.

    Raises:
        ConfigError: None has a token; the message says where to get one.
    """
    if not (config.telegram.token or config.discord.token):
        raise ConfigError(_NO_PLATFORM)


def _platforms(app: App) -> Sequence[Platform]:
    """Returns the platforms that have a token.

    Their libraries are imported only here: they are large, and most commands do without them.
    """
    platforms: list[Platform] = []
    workers = app.posting_workers
    if app.config.telegram.token:
        from adapters.telegram.platform import telegram  # noqa: PLC0415

        platforms.append(
            telegram(
                app.dispatcher,
                app.config.telegram,
                workers.run,
                workers.report_recovery,
                app.websub.listener if app.websub else None,
            )
        )
    if app.config.discord.token:
        from adapters.discord.platform import discord  # noqa: PLC0415

        platforms.append(
            discord(app.dispatcher, app.config.discord, workers.run, workers.report_recovery)
        )
    return platforms
