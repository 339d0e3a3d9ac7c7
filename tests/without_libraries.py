"""Runs commands, a line each, as where some libraries are not installed; run by itself.

Prints each command's exit code, and what it printed, as a line of JSON.
"""

from __future__ import annotations

import json
import sys

from click.testing import CliRunner


def _main(config: str) -> None:
    from bot.cli.main import main  # noqa: PLC0415 - the libraries are to be missing before

    for line in sys.stdin:
        done = CliRunner().invoke(main, ["--config", config, *line.split()])
        sys.stdout.write(json.dumps([done.exit_code, done.output]) + "\n")


if __name__ == "__main__":
    for missing in sys.argv[2:]:
        sys.modules[missing] = None  # type: ignore[assignment] # as importlib has it for "none"
    _main(sys.argv[1])
