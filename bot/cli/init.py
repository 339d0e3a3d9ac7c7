"""`dateline init`: asks four questions and writes a configuration, or writes the example."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import click

from bot.cli.init_questions import ask
from bot.config.example import example_config
from bot.config.first_config import Answers, first_config
from bot.config.load import config_path, read_config
from bot.config.problems import ConfigMistakes
from bot.errors import ConfigError

_TOKEN_FILE = "dateline.token"  # noqa: S105 - a file's name


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--example", is_flag=True, help="Ask nothing, and write every setting there is.")
@click.pass_context
def init(ctx: click.Context, path: Path | None, *, example: bool) -> None:
    """Write a configuration to begin with.

    In a terminal, four questions are asked, and their answers written. Otherwise, and with
    --example, it has every setting, its default, and what it is for.

    It goes to PATH; without one to where the configuration is looked for, ./config.toml as a rule.
    A file that is there already stays as it is.
    """
    usual, _ = config_path(ctx.obj, os.environ, Path())
    path = path or usual
    named = "" if path == usual and ctx.obj is None else f"--config {path} "
    if example or not (sys.stdin.isatty() and sys.stdout.isatty()):
        _write_new(path, example_config())
        first = "  edit it: the sources come first\n"
    else:
        if os.path.lexists(path):
            raise ConfigError(f"{path}: exists already, and was not changed")
        _write_answers(path, ask())
        first = f"  dateline {named}doctor  looks whether all is well, and says how to mend it\n"
    click.echo(
        f"{path}: written. Next:\n{first}"
        f"  dateline {named}check   names every mistake with its line\n"
        f"  dateline {named}load    reads the sources, and reports what cannot be read\n"
        f"  dateline {named}chat    answers here, in the terminal"
    )


def _write_answers(path: Path, answers: Answers) -> None:
    """Writes the configuration, and the token into a file of its own, once both are right.

    Raises:
        ConfigError: An answer cannot be used, or something is in the way.
    """
    token_file = path.with_name(_TOKEN_FILE)
    text = first_config(answers, token_file.name).encode()
    _check(path, text, answers.token)
    if answers.token:
        _write_new(token_file, answers.token.encode() + b"\n", private=True)
    try:
        _write_new(path, text)
    except ConfigError:
        if answers.token:
            token_file.unlink(missing_ok=True)  # or the next try would find it in its way
        raise


def _check(path: Path, text: bytes, token: str) -> None:
    """Makes sure that the configuration will be valid.

    Raises:
        ConfigError: It will not, or there is no room to look.
    """
    try:
        _check_copy(path, text, token)
    except OSError as error:
        raise ConfigError(f"nothing was written: {error.strerror}") from None


def _check_copy(path: Path, text: bytes, token: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        candidate = Path(folder) / path.name
        candidate.write_bytes(text)
        beside = Path(folder) / _TOKEN_FILE
        beside.touch(0o600)
        beside.write_text(token, "utf-8")
        try:
            read_config(candidate, {})
        except ConfigMistakes as error:
            raise ConfigError(f"nothing was written: {error.problems[0].message}") from None


def _write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Writes a file that must not exist yet.

    Raises:
        ConfigError: There is something at that path, or it cannot be written.
    """
    mode = 0o600 if private else 0o666
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise ConfigError(f"{path}: exists already, and was not changed") from None
    except OSError as error:
        raise ConfigError(f"{path}: could not be written: {error.strerror}") from None
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - with a mode
            file.write(data)
    except OSError as error:
        path.unlink(missing_ok=True)  # half a file would be in the way of the next try
        raise ConfigError(f"{path}: could not be written: {error.strerror}") from None
