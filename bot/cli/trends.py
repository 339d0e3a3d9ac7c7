"""`dateline trends`: the picture of what the news was about, in a file."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

import click

from bot.app import NO_EXTRA, App, load_config, open_app
from bot.cli.ask import NOT_ANSWERED
from bot.config.schema import Config
from bot.dates import since as parse_since
from bot.errors import ConfigError, PictureError, ReaderError
from bot.search.query import Since
from bot.text.name_keys import name_key
from bot.trends.reports import Report, TrendReporter
from bot.trends.theme import THEMES
from bot.trends.wording import TrendWords

_SCALE = 2.5  # pixels of a unit
_SVG, _PNG = ".svg", ".png"


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options of the command line.

    Attributes:
        topic: The name of a topic; empty for the busiest.
        source: The id of a source; empty for none.
        since: When the period begins; empty for the usual one.
        theme: The name of the theme.
        output: The file; None for none.
    """

    topic: str
    source: str
    since: str
    theme: str
    output: Path | None


@click.command()
@click.argument("topic", required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option("--since", metavar="WHEN", help="When to begin: 3w, 6mo, 2023-10 or 2023-10-21.")
@click.option("--source", metavar="ID", help="Show a source's days instead.")
@click.option("--theme", type=click.Choice(sorted(THEMES)), default="light", show_default=True)
@click.pass_context
def trends(
    ctx: click.Context,
    topic: str | None,
    output: Path | None,
    since: str | None,
    source: str | None,
    theme: str,
) -> None:
    """Draw what the news was about, or one TOPIC, and print the same facts.

    FILE is a picture, .svg or .png. Without it, the facts are only printed.
    """
    if output and output.suffix.lower() not in {_SVG, _PNG}:
        raise click.BadParameter("the file must end in .svg or .png", param_hint="-o")
    if topic and source:
        raise click.UsageError("a topic or a source, not both")
    config = load_config(ctx.obj, os.environ)
    asked = _Asked(topic or "", source or "", since or "", theme, output)
    try:
        report, picture = asyncio.run(_report_and_draw(config, asked))
    except ReaderError as error:
        click.echo(f"dateline: {error}", err=True)
        raise click.exceptions.Exit(NOT_ANSWERED) from None
    if output:
        _write(output, picture)
    click.echo(f"{report.caption.title}\n{report.caption.subtitle}")
    for line in report.lines:
        click.echo(f"{line.sparkline}  {line.name}: {line.facts}")


async def _report_and_draw(config: Config, asked: _Asked) -> tuple[Report, bytes]:
    """Returns the report, and the picture for the file; an empty one for no file."""
    async with open_app(config, needs=NO_EXTRA) as app:
        report = await _report(app, asked)
        return report, await _draw(app, report.draw(THEMES[asked.theme]), asked.output)


async def _report(app: App, asked: _Asked) -> Report:
    reporter, since = _reporter(app), _since(app, asked.since)
    if asked.source:
        report = await reporter.source(*_source(app, asked.source), since)
    elif asked.topic:
        report = await reporter.topic(await _topic(app, asked.topic), since)
    else:
        report = await reporter.topics(since)
    if report is None:
        raise ReaderError("there are no stories of that in the period")
    return report


def _reporter(app: App) -> TrendReporter:
    services = app.dispatcher.services
    words, now = TrendWords(services.translations), services.clock.now()
    return TrendReporter(app.store.trends, app.store.stories, words, services.zone, now)


async def _topic(app: App, typed: str) -> str:
    """Returns the name of a topic that the store has, in any case and number, or by a variant."""
    names = await app.store.stories.topic_counts()
    variant, key = app.dispatcher.services.topic(typed), name_key(typed)
    if variant and variant.name in names:
        return variant.name
    named = (name for name in names if key and name_key(name) == key)
    if (found := next(named, None)) is None:
        raise ReaderError(f"there is no topic {typed!r}; `dateline ask /topics` lists them all")
    return found


def _source(app: App, typed: str) -> tuple[str, str]:
    if (source := app.dispatcher.services.source(typed)) is None:
        raise ReaderError(f"there is no source {typed!r}; `dateline ask /sources` lists them all")
    return source.id, source.name


def _since(app: App, typed: str) -> Since | None:
    services = app.dispatcher.services
    after = parse_since(typed, services.clock.now(), services.zone) if typed else None
    if typed and after is None:
        raise ReaderError(f"{typed!r} is no date; try 3w, 6mo, 2023-10 or 2023-10-21")
    return after


async def _draw(app: App, svg: str, output: Path | None) -> bytes:
    renderer = app.dispatcher.services.pictures
    if output is None:
        return b""
    if output.suffix.lower() == _SVG:
        return svg.encode()
    if renderer is None:
        raise ConfigError(
            "a .png needs the extra pictures, which is not installed; install it with "
            "`make picture-drawing`, or as dateline[pictures]; an .svg needs nothing"
        )
    return await renderer.png(svg, _SCALE)


def _write(output: Path, content: bytes) -> None:
    try:
        output.write_bytes(content)
    except OSError as error:
        raise PictureError(f"{output} cannot be written: {error.strerror}") from error
