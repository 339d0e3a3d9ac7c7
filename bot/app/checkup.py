"""Examines all that the bot needs: configuration, store, website, sources, clock, platforms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from adapters.embedding.service import require_installed
from adapters.sources.feed.factory import open_feed_sources
from bot.app.news_sources import open_source
from bot.app.platforms import require_token
from bot.app.stores import opened_store
from bot.chat.ports import Store
from bot.chat.source_edits import usable_sources
from bot.clock import SystemClock
from bot.config.permissions import permission_warnings
from bot.config.schema import Config, FeedsConfig, SourceConfig
from bot.errors import ConfigError, SourceError, StoreError
from bot.ingest.added_sources import SourceEdits
from bot.ingest.ports import NewsSource, PollMode
from bot.monitoring.alerts.model import CLOCK_OFF
from bot.monitoring.clock_offset import ClockOffsets
from bot.monitoring.findings import Finding, note, trouble, well
from bot.monitoring.sizes import format_size
from bot.subscriptions.model import Subscription

_AT_ONCE = 20  # sources
_ENGLISH = "en"


async def examine(config: Config) -> AsyncIterator[Finding]:
    """Yields findings, as they come; nothing is changed or posted."""
    for finding in _configuration(config):
        yield finding
    subscriptions: Sequence[Subscription] = ()
    edits = SourceEdits()
    try:
        async with opened_store(config.store) as store:
            async for finding in _store(config, store):
                yield finding
            _, subscriptions = await store.subscriptions.since(0)
            edits = await store.source_edits.edits()
    except StoreError as error:
        yield trouble(str(error), "see Upgrades and backups in the README")
    async for finding in _website(config):
        yield finding
    every = (*config.sources, *usable_sources(edits, config.sources))
    polled = [one for one in every if one.id not in edits.paused]
    async for finding in _sources(config.feeds, polled):
        yield finding
    async for finding in _platforms(config, [one for one in subscriptions if not one.ended]):
        yield finding


def _configuration(config: Config) -> Sequence[Finding]:
    name = str(config.file or "no config.toml, so the samples are served")
    count = len(config.sources)
    found = [well(f"configuration: {name}: {count} {'source' if count == 1 else 'sources'}")]
    found += [note(one) for one in permission_warnings(config)]
    if not config.sources:
        remedy = "add a [[sources]] table, or feeds by `dateline import feeds.opml`"
        found.append(trouble("configuration: there are no sources", remedy))
    try:
        require_token(config)
    except ConfigError as error:
        first, *rest = str(error).splitlines()
        found.append(trouble(f"configuration: {first}", " ".join(rest)))
    try:
        require_installed(config.meaning)
    except ConfigError as error:
        found.append(_missing_extra(error))
    return found


def _missing_extra(error: ConfigError) -> Finding:
    what, _, remedy = str(error).rpartition("; ")  # which says how to install it
    return trouble(what, remedy)


async def _store(config: Config, store: Store) -> AsyncIterator[Finding]:
    problems = await store.check()
    for problem in problems:
        remedy = (
            "restore a backup (`dateline restore`), or save what can be read (`dateline rescue`)"
        )
        yield trouble(f"store: {problem}", remedy)
    status = await store.status.status(SystemClock().now())
    if not problems:
        yield well(f"store: {config.store.name}: {status.stories} stories, whole")
    if status.disk.free is None:
        return
    free = format_size(status.disk.free, _ENGLISH)
    if status.disk.free < config.alerts.min_free:
        yield trouble(f"disk: only {free} free", "make room, or let old stories go (`keep`)")
    else:
        yield well(f"disk: {free} free")


async def _website(config: Config) -> AsyncIterator[Finding]:
    """Asks the website and what stands in front of it, where there is to be one."""
    if config.web.listen:
        from adapters.web.checkup import examine_web  # noqa: PLC0415 - most have no site

        async for finding in examine_web(config.web):
            yield finding


async def _sources(config: FeedsConfig, sources: Sequence[SourceConfig]) -> AsyncIterator[Finding]:
    clock = SystemClock()
    offsets, slots = ClockOffsets(clock), asyncio.Semaphore(_AT_ONCE)

    async def ask(source: NewsSource) -> Finding:
        async with slots:
            return await _source(source)

    async with open_feed_sources(config, clock, offsets.note) as feeds:
        made: list[NewsSource] = []
        for one in sources:
            try:
                made.append(open_source(one, feeds))
            except ConfigError as error:
                yield _missing_extra(error)
        for finding in await asyncio.gather(*map(ask, made)):
            yield finding
    yield _clock(offsets.offset())


async def _source(source: NewsSource) -> Finding:
    name = f"source {source.source.id}"
    try:
        fetched = await source.fetch("", PollMode.REQUESTED)
    except SourceError as error:
        remedy = (
            "remove it, or look for its new address"
            if error.gone
            else "look at the address or the path; docs/feeds.md tells of sites that refuse bots"
        )
        return trouble(f"{name}: {error}", remedy)
    if not fetched.stories:
        return note(f"{name}: it can be read, and has no stories")
    if fetched.unreadable:
        count = len(fetched.unreadable)
        return note(f"{name}: {count} parts cannot be read", "`dateline load` shows where")
    return well(f"{name}: {len(fetched.stories)} stories")


def _clock(offset: timedelta | None) -> Finding:
    if offset is None:
        return note("clock: fewer than three sites have told the time, so it was not compared")
    seconds = offset.total_seconds()
    if abs(seconds) > CLOCK_OFF:
        way = "ahead" if seconds > 0 else "behind"
        remedy = "have it set by a time server, such as with `timedatectl set-ntp true`"
        return trouble(f"clock: it is {abs(seconds):.0f} s {way}", remedy)
    return well("clock: it agrees with that of others")


async def _platforms(
    config: Config, subscriptions: Sequence[Subscription]
) -> AsyncIterator[Finding]:
    """Asks the platforms that have a token; their libraries are large, so imported only here."""
    if config.telegram.token:
        from adapters.telegram.checkup import examine_telegram  # noqa: PLC0415

        token = config.telegram.token.get_secret_value()
        chats = dict.fromkeys(s.chat for s in subscriptions if s.chat.platform == "telegram")
        async for finding in examine_telegram(config.telegram, token, chats):
            yield finding
    if config.discord.token:
        from adapters.discord.checkup import examine_discord  # noqa: PLC0415

        token = config.discord.token.get_secret_value()
        followed = [one for one in subscriptions if one.chat.platform == "discord"]
        async for finding in examine_discord(config.discord, token, followed):
            yield finding
