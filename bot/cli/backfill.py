"""`dateline backfill`: fills in the past of a source from its site's API."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime

import click

from bot.app import NO_EXTRA, App, load_config, open_app
from bot.cli.load import UNREADABLE, source_ids
from bot.cli.progress_bars import progress_bars
from bot.config.schema import Config, SourceConfig
from bot.ingest.backfill import MOST, BackfillReport


@click.command()
@click.argument("source")
@click.option(
    "--most", type=click.IntRange(1), default=MOST, show_default=True, help="Stories to add."
)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Ask for no story that is older.")
@click.option("--again", is_flag=True, help="Begin anew with the newest stories.")
@click.pass_context
def backfill(
    ctx: click.Context, source: str, most: int, since: datetime | None, *, again: bool
) -> None:
    """Fill in the past of SOURCE, a feed of a WordPress site, by the site's API.

    Stories are read from the newest back, one request at a time, and nothing is posted; what is
    known stays as it is. Where it is stopped, or has added as many as --most, it goes on the next
    time.
    """
    config = load_config(ctx.obj, os.environ)
    since = since.replace(tzinfo=UTC) if since else None
    raise click.exceptions.Exit(asyncio.run(_backfill(config, source, most, since, again=again)))


async def _backfill(
    config: Config, source: str, most: int, since: datetime | None, *, again: bool
) -> int:
    async with open_app(config, needs=NO_EXTRA) as app:
        (known,) = source_ids(app, (source,))
        chosen = next(one for one in app.sources if one.id == known)
        report = await _run(app, chosen, most, since, again=again)
    _print(source, report)
    return UNREADABLE if report.error else 0


async def _run(
    app: App, source: SourceConfig, most: int, since: datetime | None, *, again: bool
) -> BackfillReport:
    with progress_bars() as bars:
        task = bars.add_task(source.id, total=None)

        def advance(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total or None)

        return await app.backfill(source).run(most, since, advance, again=again)


def _print(source: str, report: BackfillReport) -> None:
    count = f"{report.added} {'story' if report.added == 1 else 'stories'} added"
    back = f", back to {report.oldest:%Y-%m-%d}" if report.oldest else ""
    if report.error:
        click.echo(f"{source}: {count}{back}; then it could not be read: {report.error}")
    elif report.is_done:
        click.echo(f"{source}: {count}{back}; there are none before that")
    else:
        click.echo(f"{source}: {count}{back}; the same command goes on from there")
