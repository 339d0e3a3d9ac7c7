"""The four questions of `dateline init`; each is asked again until its answer can be used."""

from __future__ import annotations

import asyncio
import glob
import os
from collections.abc import Sequence
from pathlib import Path

import click

from bot.commands.timezones import find_zones, similar_zones
from bot.config.first_config import Answers, first_config, is_address, platform_of
from bot.errors import ConfigError


def ask() -> Answers:
    """Asks the questions."""
    click.echo("Four questions; Enter takes what stands in brackets.\n")
    name = click.prompt("What is your news desk called?", default="", show_default=False)
    sources = click.prompt(
        "Where do its stories come from? Addresses of feeds, or paths of archives, "
        "with spaces between them",
        default="",
        show_default=False,
        value_proc=_sources,
    )
    zone = click.prompt(
        "Which time zone are its readers in?", default=_local_zone(), value_proc=_zone
    )
    return Answers(name.strip(), sources, zone, _ask_token())


def _ask_token() -> str:
    question = (
        "A bot's token, from @BotFather on Telegram or discord.com/developers (it is not shown; "
        "Enter for none)"
    )
    while True:
        token: str = click.prompt(question, default="", show_default=False, hide_input=True).strip()
        if not token or platform_of(token):
            return token
        # click would not say why: what is not shown is not spoken of.
        click.echo("Error: that is neither a token of Telegram's nor one of Discord's.")


def _sources(typed: str) -> tuple[str, ...]:
    found = tuple(typed.split())
    for one in found:
        if not is_address(one) and not glob.glob(os.path.expanduser(one)):  # noqa: PTH111, PTH207 - a pattern
            raise click.BadParameter(
                f"there is no file {one}. An address begins with https:// or http://."
            )
    try:
        first_config(Answers(sources=found), "")
    except ConfigError as error:
        raise click.BadParameter(str(error)) from None
    return found


def _zone(typed: str) -> str:
    found = asyncio.run(find_zones(typed))
    if len(found) == 1:
        return found[0]
    near: Sequence[str] = found or asyncio.run(similar_zones(typed))
    which = f" Did you mean {' or '.join(near)}?" if near else " An example: Europe/London."
    raise click.BadParameter(f"{typed} names {'several zones' if found else 'no zone'}.{which}")


def _local_zone() -> str:
    """Returns the name of the computer's time zone, where the system has it; else UTC."""
    if named := os.environ.get("TZ", "").strip(":"):
        return named
    _, found, zone = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")
    return zone if found else "UTC"
