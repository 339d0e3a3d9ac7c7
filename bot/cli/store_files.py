"""`dateline backup`, `restore` and `rescue`: copies of the store, and repairs."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.app import load_config, store_files
from bot.config.schema import Config

_FILE = click.Path(path_type=Path, dir_okay=False)


def _config(ctx: click.Context) -> Config:
    return load_config(ctx.obj, os.environ)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.pass_context
def backup(ctx: click.Context, file: Path, *, force: bool) -> None:
    """Copy the store to FILE, while Dateline runs or not, and check the copy."""
    config = _config(ctx)
    asyncio.run(store_files(config.store).backup(file, force=force))
    click.echo(f"{file}: a complete copy of {config.store.name}")


@click.command()
@click.argument("file", type=_FILE)
@click.option(
    "--post",
    is_flag=True,
    help="Post what is waiting in the backup and what the next check of the sources brings, "
    "though it may have been posted since the backup was made.",
)
@click.pass_context
def restore(ctx: click.Context, file: Path, *, post: bool) -> None:
    """Put the backup FILE in the place of the store, while Dateline is stopped.

    FILE is checked first and stays as it is; the replaced store is kept beside the new one.
    """
    config = _config(ctx)
    replaced = asyncio.run(store_files(config.store).restore(file, datetime.now(UTC), post=post))
    click.echo(f"{config.store.name}: restored from {file}")
    if replaced:
        click.echo(f"The replaced store is kept as {replaced}; delete it once all is well.")
    if not post:
        click.echo(
            "Posts that were waiting are given up, and the first check of each source posts "
            "nothing: it may have been posted already. (--post posts it.)"
        )


@click.command()
@click.argument("newfile", type=_FILE)
@click.pass_context
def rescue(ctx: click.Context, newfile: Path) -> None:
    """Save what can be read of a damaged store into NEWFILE; the store stays as it is."""
    config = _config(ctx)
    saved = asyncio.run(store_files(config.store).rescue(newfile))
    for kind, count in saved.items():
        click.echo(f"{kind}: {count:,}")
    click.echo(
        f"{newfile}: what could be read of {config.store.name}. Next: "
        f"`dateline restore --post {newfile}`"
    )
