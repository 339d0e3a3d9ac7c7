"""`dateline status`: the state of the bot, read from the store beside the process that serves."""

from __future__ import annotations

import asyncio
import os

import click

from bot.app import NO_EXTRA, load_config, open_app
from bot.config.schema import Config


@click.command()
@click.pass_context
def status(ctx: click.Context) -> None:
    """Print how Dateline is doing: sources, posts, recent errors, disk space.

    Works while Dateline runs or not. `dateline ask --json /status` prints the same as JSON.
    """
    asyncio.run(_status(load_config(ctx.obj, os.environ)))


async def _status(config: Config) -> None:
    async with open_app(config, needs=NO_EXTRA) as app:
        click.echo(app.as_text(await app.ask("/status")).rstrip("\n"))
