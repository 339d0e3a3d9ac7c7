"""`dateline rebuild`: makes anew what Dateline made of stories, after its ways have changed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.app import App, load_config, make_assigner, make_summariser, open_app
from bot.config.schema import Config
from bot.ingest.subjects.assigner import SubjectAssigner
from bot.ingest.subjects.rebuild import rebuild_subjects
from bot.ingest.summaries.rebuild import rebuild_summaries

Advance = Callable[[int, int], None]


@click.command()
@click.pass_context
def rebuild(ctx: click.Context) -> None:
    """Make summaries anew that an older Dateline made, or that had another length.

    The broad subjects of stories are found anew, too. Works while Dateline runs or not, and posts
    nothing. Where it is stopped, it goes on the next time.
    """
    asyncio.run(_rebuild(load_config(ctx.obj, os.environ)))


async def _rebuild(config: Config) -> None:
    async with open_app(config) as app:
        summaries = await _rebuild_summaries(app)
        if assigner := make_assigner(config, app.dispatcher.services.topics):
            count = await _rebuild_subjects(app, assigner)
            found = f"{count} {'story' if count == 1 else 'stories'}"
            click.echo(f"{config.store.path}: subjects of {found} found anew")
        made = f"{summaries} {'summary' if summaries == 1 else 'summaries'}"
        click.echo(f"{config.store.path}: {made} made anew")


async def _rebuild_summaries(app: App) -> int:
    with _progress("summaries") as advance:
        return await rebuild_summaries(app.store.summaries, make_summariser(app.config), advance)


async def _rebuild_subjects(app: App, assigner: SubjectAssigner) -> int:
    topics = app.dispatcher.services.topics
    with _progress("subjects") as advance:
        return await rebuild_subjects(app.store.subjects, topics, assigner, advance)


@contextmanager
def _progress(of: str) -> Iterator[Advance]:
    """Shows how far it is, on a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        task = bars.add_task(of, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
