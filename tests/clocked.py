"""`dateline run` with a clock that a test sets: `python clocked.py CONFIG OFFSET`.

OFFSET is a file with the seconds by which the wall clock is wrong; time passes as ever. All else is
as the operator runs it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from typing_extensions import override

from bot.app import load_config, open_app
from bot.clock import SystemClock
from bot.errors import StoreError


class WrongClock(SystemClock):
    """The computer's clock, wrong by what stands in a file."""

    def __init__(self, offset: Path) -> None:
        self._offset = offset

    @override
    def now(self) -> datetime:
        return super().now() + timedelta(seconds=float(self._offset.read_text("ascii") or 0))


async def main(config: Path, offset: Path) -> None:
    """Runs until it is killed."""
    async with open_app(load_config(config, os.environ), clock=WrongClock(offset)) as app:
        await app.run(asyncio.Event())


if __name__ == "__main__":
    try:
        asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
    except StoreError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
