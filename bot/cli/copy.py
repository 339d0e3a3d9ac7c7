"""`dateline copy`: moves the store from its file into a PostgreSQL database, and back."""

from __future__ import annotations

import asyncio
import os

import click

from bot.app import copy_store, load_config
from bot.cli.progress_bars import progress_bars
from bot.config.schema import Config

_KINDS = click.Choice(["sqlite", "postgresql"])


@click.command()
@click.option("--from", "source", type=_KINDS, required=True, help="Where everything is now.")
@click.option("--to", "target", type=_KINDS, required=True, help="Where it is to be.")
@click.pass_context
def copy(ctx: click.Context, source: str, target: str) -> None:
    """Copy the store from its file to the PostgreSQL database, or back, while Dateline is stopped.

    Both are those of [store], `path` and `url`. The source stays as it is, and what stood in the
    target is replaced. Each row is compared at the end; a copy that was stopped goes on.
    """
    if source == target:
        raise click.UsageError("--from and --to are the same")
    asyncio.run(_copy(load_config(ctx.obj, os.environ), to_postgres=target == "postgresql"))


async def _copy(config: Config, *, to_postgres: bool) -> None:
    with progress_bars() as bars:
        task = bars.add_task("rows", total=None)
        rows = await copy_store(
            config.store,
            lambda table, done: bars.update(task, description=table, completed=done),
            to_postgres=to_postgres,
        )
    names = (str(config.store.path), config.store.name)
    source, target = names if to_postgres else reversed(names)
    click.echo(f"{target}: a complete copy of {source} ({rows:,} rows, each compared)")
