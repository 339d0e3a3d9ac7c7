"""`dateline rebuild`: makes anew what Dateline made of stories, after its ways have changed."""

from __future__ import annotations

import asyncio
import os

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.app import App, load_config, make_summariser, open_app
from bot.config.schema import Config
from bot.ingest.summaries.rebuild import rebuild_summaries
from bot.ingest.topics.rebuild import rebuild_topics


@click.command()
@click.pass_context
def rebuild(ctx: click.Context) -> None:
    """Make summaries and topics anew that an older Dateline made, and summaries of another length.

    Works while Dateline runs or not, and posts nothing. Where it is stopped, it goes on the next
    time.
    """
    asyncio.run(_rebuild(load_config(ctx.obj, os.environ)))


async def _rebuild(config: Config) -> None:
    async with open_app(config) as app:
        summaries, stories = await _with_progress(app)
    path = config.store.path
    if stories:
        click.echo(
            f"{path}: {stories} {'story' if stories == 1 else 'stories'} searched for topics"
        )
    click.echo(f"{path}: {summaries} {'summary' if summaries == 1 else 'summaries'} made anew")


async def _with_progress(app: App) -> tuple[int, int]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        summaries = bars.add_task("summaries", total=None)
        made = await rebuild_summaries(
            app.store.summaries,
            make_summariser(app.config),
            lambda done, total: bars.update(summaries, completed=done, total=total),
        )
        if not app.topic_upkeep:
            return made, 0
        topics = bars.add_task("topics", total=None)
        return made, await rebuild_topics(
            app.store.topics,
            app.topic_upkeep,
            lambda done, total: bars.update(topics, completed=done, total=total),
        )
