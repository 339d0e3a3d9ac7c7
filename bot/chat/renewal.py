"""Renewal of what was set up at a platform, such as menus, when what it says has changed."""

from __future__ import annotations

import asyncio

from bot.supervision import Work, run_until_done


class Renewal:
    """Repeats work whenever that is asked for, however many pieces there are."""

    def __init__(self) -> None:
        self._asked: set[asyncio.Event] = set()

    def ask(self) -> None:
        """Has each piece of work done once more; asked twice before it begins, it is done once."""
        for event in self._asked:
            event.set()

    async def repeat(self, name: str, work: Work) -> None:
        """Does a piece of work now and whenever it is asked for, until it is cancelled.

        Args:
            name: Names it in the log.
            work: Begins it; after an error it is begun anew.
        """
        asked = asyncio.Event()
        self._asked.add(asked)
        try:
            while True:
                asked.clear()
                await run_until_done(name, work)
                await asked.wait()
        finally:
            self._asked.discard(asked)
