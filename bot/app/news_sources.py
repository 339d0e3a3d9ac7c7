"""The sources of stories, as the configuration describes them."""

from __future__ import annotations

from dataclasses import replace

from adapters.sources.archive.link_template import LinkTemplate
from adapters.sources.archive.missing_dates import DateFrom
from adapters.sources.feed.factory import FeedSourceFactory
from adapters.sources.web.identity import Identity
from bot.config.schema import SourceConfig
from bot.ingest.backfill import PastReader
from bot.ingest.ports import NewsSource


def open_source(config: SourceConfig, feeds: FeedSourceFactory) -> NewsSource:
    """Makes the source that a table of the configuration describes; nothing is read yet."""
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
    open_url = feeds.web_page if config.kind == "page" else feeds.web_feed
    return open_url(
        config.source(),
        config.url,
        full_text=config.full_text,
        allow_hosts=config.allow_hosts,
        identity=_identity(config),
        zone=config.timezone,
    )


def open_past(config: SourceConfig, feeds: FeedSourceFactory) -> PastReader:
    """Makes what reads the past stories of a source on the web; nothing is read yet."""
    return feeds.past(
        config.id,
        config.url,
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
