"""Stories, subscriptions and added sources as lines of JSON, for `dateline export` and `import`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import IO, BinaryIO

import click

from bot.app import NO_EXTRA, open_app
from bot.chat.ports import Store
from bot.config.added_sources import SourceSettingError, find_same, read_added, read_source
from bot.config.schema import Config, SourceConfig
from bot.exchange.importing import MAX_LINE, ImportReport, LineImporter
from bot.exchange.source_lines import source_line
from bot.exchange.story_lines import story_line
from bot.exchange.subscription_lines import subscription_line
from bot.ingest.added_sources import AddedSource

_AT_ONCE = 500  # stories that are read at once


async def write_stories(config: Config, output: IO[bytes]) -> int:
    """Writes all stories; returns how many."""
    return await _write(config, output, _story_lines)


async def write_subscriptions(config: Config, output: IO[bytes]) -> int:
    """Writes all subscriptions; returns how many."""
    return await _write(config, output, _subscription_lines)


async def write_sources(config: Config, output: IO[bytes]) -> int:
    """Writes all sources that were added in chats; returns how many."""
    return await _write(config, output, _source_lines)


async def _write(
    config: Config, output: IO[bytes], lines: Callable[[Store], AsyncIterator[bytes]]
) -> int:
    count = 0
    async with open_app(config, needs=NO_EXTRA) as app:
        async for line in lines(app.store):
            output.write(line + b"\n")
            count += 1
    return count


async def _story_lines(store: Store) -> AsyncIterator[bytes]:
    last = 0
    while records := await store.exports.records(last, _AT_ONCE):
        for _, record in records:
            yield story_line(record)
        last = records[-1][0]


async def _subscription_lines(store: Store) -> AsyncIterator[bytes]:
    _, found = await store.subscriptions.since(0)
    for one in found:
        if not one.ended:
            yield subscription_line(one)


async def _source_lines(store: Store) -> AsyncIterator[bytes]:
    edits = await store.source_edits.edits()
    for one in edits.added:
        yield source_line(one, paused=one.id in edits.paused)


def is_json_lines(start: bytes) -> bool:
    """Tells by its beginning whether a file holds lines of JSON, and not OPML."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


async def import_lines(config: Config, file: BinaryIO, start: bytes) -> ImportReport:
    """Imports a file, of which the start was read already."""
    async with open_app(config, needs=NO_EXTRA) as app:
        is_new = partial(_is_new_source, config.sources)
        importer = LineImporter(app.store, app.enricher.enrich, datetime.now(UTC), is_new)
        return await importer.add(_lines(file, start))


def _is_new_source(
    configured: Sequence[SourceConfig], one: AddedSource, there: Sequence[AddedSource]
) -> bool:
    """Tells whether a source of a line is none yet.

    Raises:
        ValueError: It can be none.
    """
    try:
        source = read_source(one.id, one.settings)
    except SourceSettingError as error:
        raise ValueError(f"{error.setting}: {error}") from None
    known = (*configured, *read_added(there, configured).usable)
    return find_same(source.url, known) is None and one.id not in {each.id for each in known}


def _lines(file: BinaryIO, start: bytes) -> Iterable[bytes]:
    """Yields lines; what goes on and on without an end is cut, and cannot be read then."""
    head, *rest = start.splitlines(keepends=True) or [b""]
    if not rest and not head.endswith(b"\n"):
        head += file.readline(MAX_LINE + 1)
    elif rest and not rest[-1].endswith(b"\n"):
        rest[-1] += file.readline(MAX_LINE + 1)
    return chain(
        [head.removeprefix(b"\xef\xbb\xbf")], rest, iter(lambda: file.readline(MAX_LINE + 1), b"")
    )


def tell_import(report: ImportReport) -> None:
    """Prints what became of the lines."""
    told = [f"{report.stories} stories and {report.subscriptions} subscriptions added"]
    if report.sources:
        told.append(f"{report.sources} sources added")
    told.append(f"{report.known} already known")
    if report.unusable:
        told.append(f"{len(report.unusable)} could not be used:")
    click.echo(", ".join(told))
    for number, reason in report.unusable:
        click.echo(f"  line {number}: {reason}")
