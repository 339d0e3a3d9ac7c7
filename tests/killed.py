"""`dateline run` that kills itself at a named point: `python killed.py CONFIG POINT [TURN]`.

TURN is which time the point is reached; the first is 1. All else is as the operator runs it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.app import load_config, open_app
from bot.ingest.batch import StoryBatch
from bot.posting.model import Outcome
from store.ingest import SqlIngest
from store.outbox.queue import SqlOutbox
from store.sqlite import SqliteStore

POINTS = (
    "before the stories",
    "after the stories",
    "after the claim",
    "before the mark",
    "after the mark",
    "before the recovery",
    "after the recovery",
)


class Death:
    """Comes at a point."""

    def __init__(self, point: str, turn: int) -> None:
        assert point in POINTS
        self._point = point
        self._turns = turn

    def at(self, point: str) -> None:
        """Kills the process, if this is the point and its turn has come."""
        if point == self._point:
            self._turns -= 1
            if self._turns == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class MortalOutbox(SqlOutbox):
    """An outbox in which a process may die."""

    death: Death

    async def claim(self, rows: Sequence[int], now: datetime) -> Sequence[int]:
        claimed = await super().claim(rows, now)
        if claimed:
            self.death.at("after the claim")
        return claimed

    async def mark(self, ends: Sequence[Outcome], now: datetime) -> None:
        self.death.at("before the mark")
        await super().mark(ends, now)
        self.death.at("after the mark")

    async def recover(self, platform: str, now: datetime, *, dead: bool) -> int:
        if dead:
            self.death.at("before the recovery")
        recovered = await super().recover(platform, now, dead=dead)
        if dead:
            self.death.at("after the recovery")
        return recovered


class MortalIngest(SqlIngest):
    """An ingest in which a process may die."""

    death: Death

    async def write(self, batch: StoryBatch) -> int:
        if batch.revision is not None:
            self.death.at("before the stories")
        posts = await super().write(batch)
        if posts:
            self.death.at("after the stories")
        return posts


async def _open(path: Path, death: Death) -> SqliteStore:
    store = await SqliteStore.open(path)
    # The very same, but mortal.
    outbox = MortalOutbox(store._connections, store.outbox._lock)  # noqa: SLF001
    ingest = MortalIngest(store._connections)  # noqa: SLF001
    outbox.death = ingest.death = death
    store.outbox, store.ingest = outbox, ingest
    return store


async def main(config: Path, point: str, turn: int) -> None:
    """Runs until it dies."""
    death = Death(point, turn)
    async with open_app(load_config(config, os.environ), lambda path: _open(path, death)) as app:
        await app.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int((*sys.argv, "1", "1")[3])))
