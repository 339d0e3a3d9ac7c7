"""`dateline rebuild`: makes anew what Dateline made of stories, after its ways have changed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from bot.app import NO_EXTRA, App, load_config, make_assigner, make_summariser, open_app
from bot.cli.progress_bars import progress_bars
from bot.config.schema import Config
from bot.ingest.events.upkeep import rebuild_events
from bot.ingest.subjects.rebuild import rebuild_subjects
from bot.ingest.summaries.rebuild import rebuild_summaries
from bot.ingest.topics.rebuild import rebuild_topics

Advance = Callable[[int, int], None]


@click.command()
@click.pass_context
def rebuild(ctx: click.Context) -> None:
    """Make anew what an older Dateline made of stories.

    Those are summaries, also where they had another length, the events that stories tell of, their
    broad subjects and the topics that are found in them. Works while Dateline runs or not, and
    posts nothing. Where it is stopped, it goes on the next time.
    """
    asyncio.run(_rebuild(load_config(ctx.obj, os.environ)))


async def _rebuild(config: Config) -> None:
    steps = (_rebuild_summaries, _rebuild_events, _rebuild_subjects, _rebuild_topics)
    async with open_app(config, needs=NO_EXTRA) as app:
        for step in steps:
            if told := await step(app):
                click.echo(f"{config.store.name}: {told}")


async def _rebuild_summaries(app: App) -> str:
    with _progress("summaries") as advance:
        summariser = make_summariser(app.config)
        count = await rebuild_summaries(app.store.summaries, summariser, advance)
    return f"{count} {'summary' if count == 1 else 'summaries'} made anew"


async def _rebuild_events(app: App) -> str:
    with _progress("events") as advance:
        return f"{_stories(await rebuild_events(app.store.events, advance))} put into events"


async def _rebuild_subjects(app: App) -> str:
    topics = app.dispatcher.services.topics
    assigner = make_assigner(app.config, topics)
    if assigner is None:
        return ""
    with _progress("subjects") as advance:
        count = await rebuild_subjects(app.store.subjects, topics, assigner, advance)
    return f"subjects of {_stories(count)} found anew"


async def _rebuild_topics(app: App) -> str:
    if app.topic_upkeep is None:
        return ""
    with _progress("topics") as advance:
        count = await rebuild_topics(app.store.topics, app.topic_upkeep, advance)
    return f"{_stories(count)} searched for topics" if count else ""


def _stories(count: int) -> str:
    return f"{count} {'story' if count == 1 else 'stories'}"


@contextmanager
def _progress(of: str) -> Iterator[Advance]:
    """Shows how far it is, on a terminal."""
    with progress_bars() as bars:
        task = bars.add_task(of, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
