"""Things that are saved a moment later, together, so that no reader waits for a disk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Generic, TypeVar

from bot.errors import StoreError

log = logging.getLogger(__name__)

_DELAY = 2.0  # seconds for which things are gathered

K = TypeVar("K")
V = TypeVar("V")


class Later(Generic[K, V]):
    """Gathers things by their keys, and saves them.

    What cannot be saved is dropped with a warning: only what is a comfort is to be put here.
    """

    def __init__(self, what: str, save: Callable[[Mapping[K, V]], Awaitable[None]]) -> None:
        """Saves by `save`; `what` names the things in the warning."""
        self._what = what
        self._save_all = save
        self._unsaved: dict[K, V] = {}
        self._under_way: dict[K, V] = {}
        self._saving: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    @property
    def unsaved(self) -> Mapping[K, V]:
        """What is still to be saved, and what is being saved right now."""
        return {**self._under_way, **self._unsaved}

    def put(self, key: K, value: V) -> None:
        """Saves a thing soon, in place of what was put under the same key before."""
        self._unsaved[key] = value
        if self._saving is None or self._saving.done():
            self._saving = asyncio.create_task(self._save())

    async def flush(self) -> None:
        """Waits until everything is saved that was put."""
        self._hurry.set()
        try:
            while self._saving and not self._saving.done():
                await asyncio.wait(
                    {self._saving}
                )  # unlike `await`, never cancels what it waits for
        finally:
            self._hurry.clear()

    async def _save(self) -> None:
        # A write can cost whoever reads the store what was cached: better few than many.
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), _DELAY)
        while self._unsaved:
            self._under_way, self._unsaved = self._unsaved, {}
            try:
                await self._save_all(self._under_way)
            except StoreError as error:  # a full disk must not stop answers
                log.warning("cannot remember %s: %s", self._what, error)
            finally:
                self._under_way = {}
