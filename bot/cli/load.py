"""`dateline load`, and the first load that `chat` and `ask` begin with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from typing import TYPE_CHECKING

import click

from bot.app import App
from bot.cli.progress_bars import progress_bars
from bot.ingest.results import LoadReport
from bot.ingest.set_aside import name_set_aside
from bot.ingest.source_poll import Progress
from bot.text.similar_names import similar_names

if TYPE_CHECKING:
    from rich.progress import TaskID

NO_SOURCES = "no sources yet: add a [[sources]] table, or feeds by `dateline import feeds.opml`"
"""The advice, after some words, where there is nothing to read."""

_NAMED = 5  # sources

UNREADABLE = 5
"""The exit code when something could not be read."""


def source_ids(app: App, sources: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the ids of the sources to load: those named, or all of them but those paused.

    Raises:
        click.UsageError: There is no source of that id.
    """
    services = app.dispatcher.services
    known = tuple(services.sources)
    for source in sources:
        if source not in known:
            raise click.UsageError(f'there is no source "{source}"{_hint(source, known)}')
    return sources or tuple(one for one in known if one not in services.paused)


def _hint(typed: str, known: tuple[str, ...]) -> str:
    """Names the sources that may be meant or, where none is like it, the first of them."""
    near = similar_names(typed, known)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    left = len(known) - _NAMED
    more = f" and {left} more" if left > 0 else ""
    known = known[:_NAMED]
    return f"; the sources are {', '.join(known)}{more}" if known else f"; there are {NO_SOURCES}"


async def load_sources(app: App, ids: tuple[str, ...]) -> int:
    """Loads the sources with progress bars, and prints a report.

    Returns:
        The exit code: 0, or that for something that could not be read.
    """
    if not ids:
        click.echo(f"The configuration has {NO_SOURCES}")
    with _progress_bars() as progress:
        reports = await app.poller.load(ids, progress=progress)
    for report in reports:
        _print_report(report)
    return UNREADABLE if any(r.error or r.unreadable for r in reports) else 0


async def load_new_sources(app: App) -> None:
    """Loads the sources that were never loaded; prints only errors, to the error output."""
    with _progress_bars() as progress:
        reports = await app.poller.load_unloaded(progress)
    for report in reports:
        if report.error:
            click.echo(f"dateline: {report.source}: {report.error}", err=True)
        elif report.unreadable:
            count = len(report.unreadable)
            click.echo(
                f"dateline: {report.source}: {count} unreadable; `dateline load` shows where",
                err=True,
            )


@contextmanager
def _progress_bars() -> Iterator[Progress]:
    """Shows a progress bar for each source."""
    with progress_bars() as bars:
        tasks: dict[str, TaskID] = {}

        def show(source: str, done: int, total: int) -> None:
            if source not in tasks:
                tasks[source] = bars.add_task(source, total=total)
            bars.update(tasks[source], completed=done)

        yield show


def _print_report(report: LoadReport) -> None:
    if report.error:
        click.echo(f"{report.source}: could not be read: {report.error}")
        return
    click.echo(
        f"{report.source}: {report.new} new, {report.changed} changed, "
        f"{report.unchanged} unchanged, {len(report.unreadable)} unreadable"
    )
    if report.left_out:
        click.echo(f"  {report.left_out} left for another day: see feeds.max_stories_a_day")
    if report.set_aside:
        aside = name_set_aside(report.set_aside, NullTranslations().ngettext)
        click.echo(f"  left out: {aside}")
    for unreadable in report.unreadable:
        click.echo(f"  {unreadable}")
    for warning in report.warnings:
        click.echo(f"  warning: {warning}")
