"""`dateline run` with a clock and faults that a test sets: `python clocked.py CONFIG OFFSET FAULT`.

OFFSET is a file with the seconds by which the wall clock is wrong; time passes as ever. While there
is a file FAULT, every loop that looks for what is due fails with what stands in it. All else is as
the operator runs it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from typing_extensions import override

from bot.app import load_config, open_app
from bot.clock import SystemClock
from bot.errors import StoreError
from bot.ingest.results import SourceState
from bot.posting.model import Post
from store.outbox.queue import SqlOutbox
from store.sources import SqlSources
from store.sqlite import SqliteStore


class WrongClock(SystemClock):
    """The computer's clock, wrong by what stands in a file."""

    def __init__(self, offset: Path) -> None:
        self._offset = offset

    @override
    def now(self) -> datetime:
        return super().now() + timedelta(seconds=float(self._offset.read_text("ascii") or 0))


class Fault:
    """An error that nobody expects, as long as there is a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def strike(self) -> None:
        """Raises the error."""
        if self._path.exists():
            raise RuntimeError(self._path.read_text("ascii"))


class FaultyOutbox(SqlOutbox):
    """An outbox that may fail to tell what is due."""

    fault: Fault

    @override
    async def due(self, platform: str, now: datetime, limit: int) -> Sequence[Post]:
        self.fault.strike()
        return await super().due(platform, now, limit)


class FaultySources(SqlSources):
    """The states of the sources, which may fail to be read."""

    fault: Fault

    @override
    async def states(self, *, rates: bool = True) -> Mapping[str, SourceState]:
        self.fault.strike()
        return await super().states(rates=rates)


async def _open(path: Path, fault: Fault) -> SqliteStore:
    store = await SqliteStore.open(path)
    # The very same, but for the fault.
    outbox = FaultyOutbox(store._connections, store.outbox._lock)  # noqa: SLF001
    sources = FaultySources(store._connections)  # noqa: SLF001
    outbox.fault = sources.fault = fault
    store.outbox, store.sources = outbox, sources
    return store


async def main(config: Path, offset: Path, fault: Path) -> None:
    """Runs until it is killed."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    async with open_app(
        load_config(config, os.environ),
        lambda path: _open(path, Fault(fault)),
        clock=WrongClock(offset),
    ) as app:
        await app.run(asyncio.Event())


if __name__ == "__main__":
    try:
        asyncio.run(main(*map(Path, sys.argv[1:4])))
    except StoreError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
