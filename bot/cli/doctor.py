"""`dateline doctor`: examines everything, and says how to mend what it finds."""

from __future__ import annotations

import asyncio
import os

import click

from bot.app import examine, load_config
from bot.config.schema import Config
from bot.monitoring.findings import Severity
from bot.secrets import SECRETS

FOUND = 8
"""The exit code when something is to be mended."""

_WIDTH = 8  # characters of the first column


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Examine the configuration, store, disk, website, sources, clock, tokens and rights.

    Says how to mend what is wrong. Changes and posts nothing, and works while Dateline runs.
    """
    ctx.exit(asyncio.run(_examine(load_config(ctx.obj, os.environ))))


async def _examine(config: Config) -> int:
    found = 0
    async for finding in examine(config):
        click.echo(f"{finding.severity:<{_WIDTH}}{SECRETS.hide(finding.what)}")
        if finding.remedy:
            click.echo(f"{'':<{_WIDTH}}-> {finding.remedy}")
        found += finding.severity is Severity.TROUBLE
    click.echo(f"{found} to be mended" if found else "all is well")
    return FOUND if found else 0
