"""`dateline init`: writes the example configuration for the operator to edit."""

from __future__ import annotations

import os
from pathlib import Path

import click

from bot.config.example import example_config
from bot.config.load import config_path
from bot.errors import ConfigError


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.pass_context
def init(ctx: click.Context, path: Path | None) -> None:
    """Write a configuration to begin with: every setting, its default, and what it is for.

    It goes to PATH; without one to where the configuration is looked for, ./config.toml as a rule.
    A file that is there already stays as it is.
    """
    usual, _ = config_path(ctx.obj, os.environ, Path())
    path = path or usual
    _write_new(path, example_config())
    named = "" if path == usual and ctx.obj is None else f"--config {path} "
    click.echo(
        f"{path}: written. Next:\n"
        "  edit it: the sources come first\n"
        f"  dateline {named}check   names every mistake with its line\n"
        f"  dateline {named}load    reads the sources, and reports what cannot be read\n"
        f"  dateline {named}chat    answers here, in the terminal"
    )


def _write_new(path: Path, data: bytes) -> None:
    """Writes a file that must not exist yet.

    Raises:
        ConfigError: There is something at that path, or it cannot be written.
    """
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise ConfigError(f"{path}: exists already, and was not changed") from None
    except OSError as error:
        raise ConfigError(f"{path}: could not be written: {error.strerror}") from None
