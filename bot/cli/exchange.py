"""Stories and subscriptions as lines of JSON: what `dateline export` and `import` do with them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from itertools import chain
from typing import IO, BinaryIO

import click

from bot.app import open_app
from bot.config.schema import Config
from bot.exchange.importing import MAX_LINE, ImportReport, LineImporter
from bot.exchange.ports import ExportStore
from bot.exchange.story_lines import story_line
from bot.exchange.subscription_lines import subscription_line

_AT_ONCE = 500  # stories that are read at once


async def write_stories(config: Config, output: IO[bytes]) -> int:
    """Writes all stories; returns how many."""
    return await _write(config, output, stories=True)


async def write_subscriptions(config: Config, output: IO[bytes]) -> int:
    """Writes all subscriptions; returns how many."""
    return await _write(config, output, stories=False)


async def _write(config: Config, output: IO[bytes], *, stories: bool) -> int:
    count = 0
    async with open_app(config) as app:
        if stories:
            async for line in _story_lines(app.store.exports):
                output.write(line + b"\n")
                count += 1
        else:
            _, found = await app.store.subscriptions.since(0)
            for one in found:
                if not one.ended:
                    output.write(subscription_line(one) + b"\n")
                    count += 1
    return count


async def _story_lines(store: ExportStore) -> AsyncIterator[bytes]:
    last = 0
    while records := await store.records(last, _AT_ONCE):
        for _, record in records:
            yield story_line(record)
        last = records[-1][0]


def is_json_lines(start: bytes) -> bool:
    """Tells by its beginning whether a file holds lines of JSON, and not OPML."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


async def import_lines(config: Config, file: BinaryIO, start: bytes) -> ImportReport:
    """Imports a file, of which the start was read already."""
    async with open_app(config) as app:
        importer = LineImporter(app.store, app.enricher.enrich, datetime.now(UTC))
        return await importer.add(_lines(file, start))


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
    told.append(f"{report.known} already known")
    if report.unusable:
        told.append(f"{len(report.unusable)} could not be used:")
    click.echo(", ".join(told))
    for number, reason in report.unusable:
        click.echo(f"  line {number}: {reason}")
