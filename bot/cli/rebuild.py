"""`dateline rebuild`: makes anew what Dateline made of stories, after its ways have changed."""

from __future__ import annotations

import asyncio
import os

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.app import App, load_config, make_summariser, open_app
from bot.config.schema import Config
from bot.ingest.events.upkeep import rebuild_events
from bot.ingest.summaries.rebuild import rebuild_summaries


@click.command()
@click.pass_context
def rebuild(ctx: click.Context) -> None:
    """Make summaries and events anew that an older Dateline made.

    So are summaries that had another length, and events of stories that have none yet.

    Works while Dateline runs or not, and posts nothing. Where it is stopped, it goes on the next
    time.
    """
    asyncio.run(_rebuild(load_config(ctx.obj, os.environ)))


async def _rebuild(config: Config) -> None:
    async with open_app(config) as app:
        count, placed = await _with_progress(app)
    click.echo(f"{config.store.path}: {count} {'summary' if count == 1 else 'summaries'} made anew")
    stories = f"{placed} {'story' if placed == 1 else 'stories'}"
    click.echo(f"{config.store.path}: {stories} put into events")


async def _with_progress(app: App) -> tuple[int, int]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        summaries = bars.add_task("summaries", total=None)
        events = bars.add_task("events", total=None)
        count = await rebuild_summaries(
            app.store.summaries,
            make_summariser(app.config),
            lambda done, total: bars.update(summaries, completed=done, total=total),
        )
        placed = await rebuild_events(
            app.store.events,
            lambda done, total: bars.update(events, completed=done, total=total),
        )
        return count, placed
