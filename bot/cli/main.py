"""The `dateline` command line: its subcommands, exit codes, logging and error output."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import click

from bot import __version__
from bot.app import NO_EXTRA, App, Extra, limit_arenas, load_config, open_app, require_token
from bot.cli.ask import answer_lines
from bot.cli.backfill import backfill
from bot.cli.copy import copy
from bot.cli.doctor import doctor
from bot.cli.embed import embed
from bot.cli.entry import INTERRUPTED
from bot.cli.hangups import HANGUPS
from bot.cli.init import init
from bot.cli.load import NO_SOURCES, load_new_sources, load_sources, source_ids
from bot.cli.logs import log_events, set_up_logging
from bot.cli.opml import export_feeds, import_feeds
from bot.cli.prune import prune
from bot.cli.rebuild import rebuild
from bot.cli.status import status
from bot.cli.store_files import backup, rescue, restore
from bot.cli.trends import trends
from bot.config.permissions import permission_warnings
from bot.config.schema import Config
from bot.errors import DatelineError
from bot.secrets import SECRETS
from bot.threads import favour_event_loop

EXIT_CODES = """\b
Exit codes:
    0  done
    1  something went wrong that Dateline did not expect
    2  the command line is wrong
    3  the configuration is missing something or has mistakes
    4  the store cannot be opened, read or written
    5  a source, or part of one, could not be read; the rest was loaded
    6  `ask` or `trends` could not answer the question as asked
    7  a chat platform does not let the bot in, for example because of its token
    8  `doctor` has found something to mend
  130  stopped with Ctrl-C, except `run`
"""


class _CommandGroup(click.Group):
    """Prints expected errors in one line each, and exits with their codes."""

    def invoke(self, ctx: click.Context) -> Any:
        debug = bool(ctx.params.get("debug"))
        try:
            return super().invoke(ctx)
        except DatelineError as error:
            if debug:
                raise
            _stop(str(error), error.exit_code)
        except BrokenPipeError:
            # Whoever read the answers has gone; Python would complain once more at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except KeyboardInterrupt:  # whoever pressed Ctrl-C knows; click would say "Aborted!"
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if debug:
                raise
            told = f"{type(error).__name__}: {error}"
            _stop(f"unexpected error: {told}\nAdd --debug before the command to see where.", 1)


def _stop(message: str, code: int) -> NoReturn:
    click.echo(f"dateline: {SECRETS.hide(message)}", err=True)
    raise click.exceptions.Exit(code)


@click.group(
    cls=_CommandGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES,
)
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration file. Default: the file that DATELINE_CONFIG names, else "
    "./config.toml, else the sample stories are served.",
)
@click.option("--debug", is_flag=True, help="Log everything, and show where errors come from.")
@click.version_option(__version__, message="Dateline %(version)s")
@click.pass_context
def main(ctx: click.Context, config_path: Path | None, *, debug: bool) -> None:
    """Dateline is a news desk in your chat.

    Try it now with `dateline chat`: without a configuration it answers from sample stories.
    `dateline init` writes a configuration for you to edit, to serve your own.
    """
    if ctx.invoked_subcommand != run.name:
        HANGUPS.restore_default()
    set_up_logging(debug=debug)
    ctx.obj = config_path


def _config(ctx: click.Context) -> Config:
    return load_config(ctx.obj, os.environ)


def _run(work: Coroutine[Any, Any, int]) -> NoReturn:
    favour_event_loop()
    raise click.exceptions.Exit(asyncio.run(work))


@main.command()
@click.pass_context
def run(ctx: click.Context) -> None:
    """Serve every chat platform that has a token, until stopped with Ctrl-C or SIGTERM.

    SIGHUP has it read the configuration again, as `/reload config` does in a chat; in a terminal,
    which sends it when it is closed, it stops.
    """
    limit_arenas()
    config = _config(ctx)
    log_events(config.monitoring.logs)
    require_token(config)
    for warning in permission_warnings(config):
        logging.getLogger("bot.config").warning("%s", warning)
    _run(_serve(config))


async def _serve(config: Config) -> int:
    stop, reload = asyncio.Event(), asyncio.Event()
    _handle(signal.SIGINT, stop.set)
    _handle(signal.SIGTERM, stop.set)
    HANGUPS.handle(asyncio.get_running_loop(), stop, reload)
    async with open_app(config) as app:
        await app.run(stop, reload)
    return 0


def _handle(number: int, handler: Callable[[], None]) -> None:
    """Handles a signal on the event loop; on Windows a loop handles none."""
    with suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(number, handler)


@main.command()
@click.pass_context
def chat(ctx: click.Context) -> None:
    """Ask for news here, in the terminal.

    Reads plain lines, and answers each, when the input is no terminal.
    """
    _run(_chat(_config(ctx)))


async def _chat(config: Config) -> int:
    async with open_app(config) as app:
        await load_new_sources(app)
        await app.chat()
    return 0


@main.command()
@click.argument("line", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print each reply as JSON, one per line.")
@click.pass_context
def ask(ctx: click.Context, line: str | None, *, as_json: bool) -> None:
    """Answer one LINE and exit, as in `dateline ask "/search osaka expo"`.

    Without LINE, answers every line of standard input, in order.
    """
    _run(_ask(_config(ctx), line, as_json=as_json))


async def _ask(config: Config, line: str | None, *, as_json: bool) -> int:
    async with open_app(config) as app:
        await load_new_sources(app)
        if app.meaning:
            await app.meaning.answers.prepare()
        return await answer_lines(app, line, as_json=as_json)


@main.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.pass_context
def load(ctx: click.Context, sources: tuple[str, ...]) -> None:
    """Check the sources once: all of them, or those named by ID.

    Reports what is new, changed, unchanged and unreadable, with the file and line of each
    unreadable item.
    """
    config = _config(ctx)
    _run(_load(config, sources))


async def _load(config: Config, sources: tuple[str, ...]) -> int:
    async with open_app(config, needs=Extra.FULL_TEXT) as app:
        return await load_sources(app, source_ids(app, sources))


@main.command()
@click.option("--store", "look", is_flag=True, help="Also check the store for damage.")
@click.pass_context
def check(ctx: click.Context, *, look: bool) -> None:
    """Check the configuration, and report every mistake with its line."""
    config = _config(ctx)
    name = config.file or "no config.toml, so the samples are served"
    sources = _count(len(config.sources), "source")
    topics = _count(len(config.topics_model()), "topic")
    click.echo(f"{name}: the configuration is valid ({sources}, {topics})")
    if not config.sources:
        click.echo(f"There are {NO_SOURCES}")
    for warning in permission_warnings(config):
        click.echo(f"warning: {warning}", err=True)
    if look:
        _run(_check_store(config))


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


async def _check_store(config: Config) -> int:
    async with open_app(config, needs=NO_EXTRA) as app:
        return await _print_store_problems(app)


async def _print_store_problems(app: App) -> int:
    problems = await app.store.check()
    for problem in problems:
        click.echo(f"{app.config.store.name}: {problem}", err=True)
    if not problems:
        click.echo(f"{app.config.store.name}: the store is intact")
    return 4 if problems else 0


main.add_command(init)
main.add_command(embed)
main.add_command(backfill)
main.add_command(backup)
main.add_command(restore)
main.add_command(rescue)
main.add_command(copy)
main.add_command(rebuild)
main.add_command(trends)
main.add_command(status)
main.add_command(doctor)
main.add_command(prune)
main.add_command(import_feeds)
main.add_command(export_feeds)
