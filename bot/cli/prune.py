"""`dateline prune`: forgets old stories now, as the configuration says."""

from __future__ import annotations

import asyncio
import os

import click

from bot.app import NO_EXTRA, load_config, open_app
from bot.config.schema import Config
from bot.errors import ConfigError
from bot.monitoring.sizes import format_size

_ENGLISH = "en"


@click.command()
@click.pass_context
def prune(ctx: click.Context) -> None:
    """Forget the stories that `keep` and `keep_stories` let go, and shrink the file.

    Otherwise that is done once an hour while Dateline runs. What waits to be posted stays.
    """
    asyncio.run(_prune(load_config(ctx.obj, os.environ)))


async def _prune(config: Config) -> None:
    async with open_app(config, needs=NO_EXTRA) as app:
        if app.retention is None or not app.retention.is_on:
            raise ConfigError("all stories are kept: set keep or keep_stories, see [store]")
        count = await app.retention.forget()
    stories = "1 story" if count == 1 else f"{count} stories"
    told = f"{config.store.name}: {stories} forgotten"
    if config.store.url is None:
        size = format_size(config.store.path.stat().st_size, _ENGLISH)
        told += f"; the file has {size} now"
    click.echo(told)
