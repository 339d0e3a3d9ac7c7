"""The schema of the configuration: settings, types and defaults, and the core's model of them.

Fields are named as the settings in the file (but `paths`, which is `path` there);
`config.example.toml` explains each.
`bot.config.load` makes these from a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from bot.config import operator_values, values
from bot.config.meaning import MeaningConfig
from bot.config.platforms import DiscordConfig, PlatformConfig, TelegramConfig
from bot.config.store import StoreConfig
from bot.config.table import FILLED_IN, KEY, Table
from bot.model import Chat, Desk, Source, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class BotConfig(Table):
    """Settings of replies, on every platform.

    Attributes:
        language: The language of the bot's own messages; one of `bot.i18n.languages()`.
        timezone: The time zone that times are shown in.
        page_size: Stories on a page.
        summary_length: Characters that the summary of a story has at most.
        subjects: Whether stories whose sources give no topic are put under broad subjects.
        find_topics: Whether topics are found in the stories, beside those of the configuration.
        reload_cooldown: The shortest time between two checks of a source that moderators ask for.
        source_editors: Who may change the sources in a chat.
        max_added_sources: How many sources may be added there in all.
    """

    language: values.Language = "en"
    timezone: values.Zone = values.UTC
    page_size: values.PageSize = 5
    summary_length: values.SummaryLength = 300
    subjects: values.Switch = True
    find_topics: values.Switch = True
    reload_cooldown: values.Duration = timedelta(seconds=30)
    source_editors: Literal["operators", "moderators"] = "operators"
    max_added_sources: values.Count = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskConfig(Table):
    """The desk, as people meet it: in /start, and in the bot's profile.

    Attributes:
        name: Its name; empty to be known by its sources.
        about: A sentence about it; empty to name its sources.
    """

    name: values.DeskName = ""
    about: values.About = ""

    def desk(self) -> Desk:
        """Converts it to the core's model."""
        return Desk(self.name, self.about)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsConfig(Table):
    """Settings of fetching feeds.

    Attributes:
        contact: A web or mail address that sites are told, so that they can complain.
        allow_hosts: Hosts, with a port or without, that `url` of a source may name although they
            are private.
        timeout: The time that one request may take in all.
        max_size: Bytes; a larger answer is refused, however small it was packed.
        max_stories_a_day: The new stories that one feed may bring in a day.
        max_text_a_day: The bytes of text that it may bring in a day.
        websub: True to have hubs push new stories, where the bot has a public address.
    """

    contact: values.Contact = ""
    allow_hosts: frozenset[values.Host] = frozenset()
    timeout: values.Duration = timedelta(seconds=30)
    max_size: values.Size = 32 * 1024**2
    max_stories_a_day: values.Count = 2_000
    max_text_a_day: values.Size = 20 * 1024**2
    websub: values.Switch = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingConfig(Table):
    """Settings of posting new stories.

    Attributes:
        late: The age from which a story goes with a digest and not by itself.
        burst: The stories that are posted in a chat each by itself, at most, in any minute.
        edits: True to edit messages that show stories whose headlines have changed.
        events: What of an event is posted: of stories that tell the same the first, or all.
        trends: True to have weekly digests carry the picture of `/trends`, where pictures can be
            drawn.
    """

    late: values.Duration = timedelta(hours=12)
    burst: values.Burst = 10
    edits: values.Switch = True
    events: Literal["once", "all"] = "once"
    trends: values.Switch = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WebConfig(Table):
    """Settings of the website.

    Attributes:
        listen: The address and port that the operator's web server forwards to; empty for no site.
        public_url: The site's public address, without a slash at its end; empty for none.
        proxy_pictures: True to show stories' pictures, fetched and passed on by the bot.
        desk: True to let operators and moderators log in there, with a link from `/desk`.
        hub: The WebSub hub that the feeds name; empty for none.
    """

    listen: values.OptionalListen = ""
    public_url: values.OptionalBaseAddress = ""
    proxy_pictures: values.Switch = False
    desk: values.Switch = True
    hub: values.OptionalAddress = ""

    @property
    def base(self) -> str:
        """The address that links begin with: the public one, else that of this machine alone."""
        return self.public_url or f"http://{self.listen}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsConfig(Table):
    """Settings of what the operator is told.

    Attributes:
        chats: The chats that are told of trouble: `platform:id`.
        min_free: Bytes that have to be free where the store is.
    """

    chats: tuple[operator_values.ToldChat, ...] = ()
    min_free: values.Size = 500 * 1024**2

    def chats_model(self) -> tuple[Chat, ...]:
        """Converts the chats to the core's model."""
        parts = (one.partition(":") for one in self.chats)
        return tuple(Chat(platform, id_) for platform, _, id_ in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringConfig(Table):
    """Settings of logs and metrics.

    Attributes:
        logs: The form of the log.
        listen: The address and port of `/healthz` and `/metrics`; empty for none.
    """

    logs: Literal["text", "json"] = "text"
    listen: values.OptionalListen = "127.0.0.1:9464"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConfig(Table):
    """One source of stories.

    Attributes:
        id: Short and unique; used in commands.
        kind: An archive in files, a feed, or a page without one that lists stories.
        name: What readers see; empty for the title that a blog's export has, or else the id.
        paths: Files, or patterns that `glob` understands; absolute once read. The file's `path`.
        url: A feed's or a page's address; empty when `paths` name saved feeds.
        link: The template of an archive's links; empty for none.
        every: The interval between polls.
        topics: Names of topics that each of its stories belongs to.
        encoding: The encoding of an archive's files.
        max_size: Bytes; a larger file of an archive is refused.
        date_from: Where the date of an archive's story comes from that has none: its file's `name`,
            the `file` itself, the story `before` it, or nowhere.
        full_text: True to read a feed's or a page's stories on their own pages.
        allow_hosts: Private hosts that a feed may lead to, by redirects and links.
        user_agent: What a feed's site is told in place of Dateline's own name; empty for that.
        headers: Headers for the feed's site alone, by name.
        cookie: The Cookie header for the feed's site alone; None for none.
        proxy: The URL of the HTTP proxy that requests go through; None for none.
        secret_files: The files that these are written in.
        timezone: The time zone of a feed's dates that name none.
        colour: Red, green and blue, of its stories' boxes; None to choose one.
        keep: As the store's, in its place; None for that.
        keep_stories: Likewise; 0 for that.
        full_text_on_web: True to show its stories whole on the website, although they have pages.
        icon: An emoji before its name; empty for none, and for the site's own on Discord.
    """

    id: values.SourceId
    kind: Literal["archive", "feed", "page"]
    name: values.Name = ""
    paths: Annotated[values.Patterns, Field(validation_alias="path")] = field(
        default=(), metadata={KEY: "path"}
    )
    url: values.FeedAddress = ""
    link: values.Link = ""
    every: values.Interval = timedelta(minutes=15)
    topics: tuple[values.Name, ...] = ()
    encoding: values.Encoding = "utf-8"
    max_size: values.Size = 64 * 1024**2
    date_from: Literal["none", "name", "file", "before"] = "none"
    full_text: values.Switch = False
    allow_hosts: frozenset[values.Host] = frozenset()
    user_agent: values.UserAgent = ""
    headers: values.Headers = ()
    cookie: values.SecretText = None
    proxy: values.SecretText = None
    secret_files: values.SecretFiles = field(default=(), metadata=FILLED_IN)
    timezone: values.Zone = values.UTC
    colour: values.Colour = None
    keep: operator_values.Keep = None
    keep_stories: operator_values.KeepNumber = 0
    full_text_on_web: values.Switch = False
    icon: values.Icon = ""

    def source(self) -> Source:
        """Converts it to the core's model."""
        name = self.name or self.id
        shown = self.colour, self.full_text_on_web, self.icon
        return Source(self.id, name, self.kind, self.every, self.topics, *shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicConfig(Table):
    """A saved search that readers can follow.

    Attributes:
        name: What readers see and type; unique without regard to case.
        query: A search in the query grammar, with at least one word to search for.
    """

    name: values.Name
    query: values.Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(Table):
    """Everything that the operator can set, read once.

    Attributes:
        bot: Settings of replies.
        desk: The desk, as people meet it.
        store: Settings of the store.
        sources: The sources of stories.
        feeds: Settings of fetching feeds.
        topics: Saved searches.
        meaning: Settings of the search by meaning.
        posting: Settings of posting.
        monitoring: Settings of logs and metrics.
        web: Settings of the website.
        alerts: Settings of what the operator is told.
        telegram: Telegram's settings.
        discord: Discord's settings.
        file: The file that was read, absolute; None for the samples.
    """

    bot: BotConfig = field(default_factory=BotConfig)
    desk: DeskConfig = field(default_factory=DeskConfig)
    store: StoreConfig = field(default_factory=StoreConfig)
    sources: tuple[SourceConfig, ...] = ()
    feeds: FeedsConfig = field(default_factory=FeedsConfig)
    topics: tuple[TopicConfig, ...] = ()
    meaning: MeaningConfig = field(default_factory=MeaningConfig)
    posting: PostingConfig = field(default_factory=PostingConfig)
    monitoring: MonitoringConfig = field(default_factory=MonitoringConfig)
    web: WebConfig = field(default_factory=WebConfig)
    alerts: AlertsConfig = field(default_factory=AlertsConfig)
    telegram: TelegramConfig = field(default_factory=TelegramConfig)
    discord: DiscordConfig = field(default_factory=DiscordConfig)
    file: values.ConfigFile = field(default=None, metadata=FILLED_IN)

    @property
    def public_url(self) -> str:
        """The address that hubs of feeds call, without a slash at its end; empty for none."""
        return self.telegram.webhook_url or self.web.public_url

    @property
    def public_listen(self) -> str:
        """The address and port behind the public address."""
        return self.telegram.webhook_listen if self.telegram.webhook_url else self.web.listen

    @property
    def platforms(self) -> Mapping[str, PlatformConfig]:
        """The settings of every chat platform, by the name of its table."""
        tables = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: table for name, table in tables if isinstance(table, PlatformConfig)}

    def topics_model(self) -> tuple[Topic, ...]:
        """Merges the saved searches and the topics that sources name, each once.

        Names that differ in case alone are one topic, spelled as it is first met: saved searches
        come first, then sources in the file's order.
        """
        topics: dict[str, Topic] = {}
        for one in self._topics():
            known = topics.get(one.key, one)
            topics[one.key] = Topic(known.name, known.query, known.sources | one.sources)
        return tuple(topics.values())

    def _topics(self) -> Iterator[Topic]:
        yield from (Topic(topic.name, topic.query) for topic in self.topics)
        for source in self.sources:
            yield from (Topic(name, sources=frozenset({source.id})) for name in source.topics)


TABLES: dict[str, type[Table]] = {
    "bot": BotConfig,
    "desk": DeskConfig,
    "store": StoreConfig,
    "sources": SourceConfig,
    "feeds": FeedsConfig,
    "topics": TopicConfig,
    "meaning": MeaningConfig,
    "posting": PostingConfig,
    "monitoring": MonitoringConfig,
    "web": WebConfig,
    "alerts": AlertsConfig,
    "telegram": TelegramConfig,
    "discord": DiscordConfig,
}
"""The tables of the file, by the key each stands under."""
