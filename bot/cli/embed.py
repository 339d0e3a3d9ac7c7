"""`dateline embed`: makes all that the search by meaning needs, now and not in the background."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot.app import App, Extra, load_config, open_app
from bot.cli.progress_bars import progress_bars
from bot.config.schema import Config
from bot.errors import ConfigError
from bot.search.meaning.ports import Report


@click.command()
@click.pass_context
def embed(ctx: click.Context) -> None:
    """Prepare all stories for the search by meaning, which else is done in the background."""
    asyncio.run(_embed(load_config(ctx.obj, os.environ)))


async def _embed(config: Config) -> None:
    if not config.meaning.model:
        raise ConfigError("the search by meaning is off: set model under [meaning]")
    async with open_app(config, needs=Extra.MEANING) as app:
        await make_all(app)


async def make_all(app: App) -> None:
    """Makes all vectors that are missing, with a progress bar, and prints how many there are.

    Raises:
        EmbeddingError: The embedder does not answer.
        StoreError: The vectors cannot be read or kept.
    """
    if app.meaning is None:
        return
    done = (0, 0)

    def note(made: int, total: int) -> None:
        nonlocal done
        done = (made, total)
        show(made, total)

    with _progress_bar() as show:
        await app.meaning.upkeep.make_all(note)
    click.echo(f"{done[0]} of {done[1]} stories can be found by meaning")


@contextmanager
def _progress_bar() -> Iterator[Report]:
    """Shows a progress bar on the error output, if that is a terminal."""
    with progress_bars(estimated=True) as bars:
        task = bars.add_task("stories", total=None)

        def show(made: int, total: int) -> None:
            bars.update(task, completed=made, total=total)

        yield show
