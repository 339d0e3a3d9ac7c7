"""Entry of the `dateline` command: signals are looked after before anything else is loaded."""

from __future__ import annotations

import sys

from bot.cli.hangups import HANGUPS

INTERRUPTED = 130
"""As shells count a program that SIGINT has ended."""


def main() -> None:
    """Loads the command line, and runs it."""
    HANGUPS.watch()
    try:
        from bot.cli.main import main as dateline  # noqa: PLC0415 - it takes a second or two
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    dateline()
