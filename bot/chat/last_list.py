"""The last list of stories each person was shown, so that `/read 3` works after any list.

It is kept in memory and written to the store a moment later, in batches (write-behind).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Generic, TypeVar

from bot.chat.ports import ChatStore
from bot.errors import StoreError
from bot.model import Chat, Person, Shown

log = logging.getLogger(__name__)

_DELAY = 2.0  # seconds for which a batch is gathered
_TOLD_EVERY = 300.0  # seconds before the same trouble is logged again

K = TypeVar("K")
V = TypeVar("V")


class WriteBehind(Generic[K, V]):
    """A write-behind cache: gathers values by key, and saves them in batches.

    What cannot be saved is dropped with a warning, and lasting trouble warned of now and then: only
    what can be missed is to be put here.
    """

    def __init__(self, what: str, save: Callable[[Mapping[K, V]], Awaitable[None]]) -> None:
        """Saves by `save`; `what` names the things in the warning."""
        self._what = what
        self._save_all = save
        self._unsaved: dict[K, V] = {}
        self._under_way: dict[K, V] = {}
        self._saving: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._told: dict[str, float] = {}  # when each trouble was logged, by the loop's clock

    @property
    def unsaved(self) -> Mapping[K, V]:
        """The values that are still to be saved, or are being saved right now."""
        return {**self._under_way, **self._unsaved}

    def put(self, key: K, value: V) -> None:
        """Saves a value soon, in place of what was put under the same key before."""
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
                self._warn(str(error))
            except Exception:  # what is put later is saved all the same
                log.exception("could not save %s", self._what)
            finally:
                self._under_way = {}

    def _warn(self, reason: str) -> None:
        now = asyncio.get_running_loop().time()
        self._told = {one: at for one, at in self._told.items() if now - at < _TOLD_EVERY}
        if reason not in self._told:
            self._told[reason] = now
            log.warning("could not save %s: %s", self._what, reason)


_NUMBERS_KEPT = 200  # how far the numbers of earlier lists are remembered
_KEPT = 10_000  # the last lists held in memory; older ones are in the store


class LastLists:
    """The lists that people were last shown, by chat and person.

    No reader waits for a disk: the store has them a moment later.
    """

    def __init__(self, store: ChatStore) -> None:
        self._store = store
        self._kept: dict[tuple[Chat, Person], Shown] = {}
        self._newest: dict[Chat, Shown] = {}  # that anyone was shown there
        self._write_behind = WriteBehind[tuple[Chat, Person], Shown](
            "the last list shown", self._save
        )

    async def get(self, chat: Chat, person: Person) -> Shown | None:
        """Returns the list that the person was last shown in the chat; else anyone there."""
        key = _key(chat, person)
        if key in self._kept:
            return self._kept[key]
        newest = self._newest.get(key[0])
        if newest is None:
            return await self._store.last_list(*key)
        return await self._store.own_last_list(*key) or newest

    async def put(self, chat: Chat, person: Person, shown: Shown) -> None:
        """Remembers a list, merged with those the person was shown before it."""
        key = _key(chat, person)
        shown = merge_lists(await self.get(chat, person), shown)
        self._kept.pop(key, None)  # so that it goes to the end, where the newest are
        self._kept[key] = shown
        self._newest.pop(key[0], None)
        self._newest[key[0]] = shown
        self._write_behind.put(key, shown)
        _drop_oldest(self._kept)
        _drop_oldest(self._newest)

    async def forget(self, platform: str, person: Person) -> None:
        """Forgets what a person was shown on a platform; the store may still have it."""
        await self.flush()
        self._newest.clear()
        for chat, other in [*self._kept]:
            if (chat.platform, other.id) == (platform, person.id):
                del self._kept[chat, other]

    async def flush(self) -> None:
        """Waits until the store knows all that was put."""
        await self._write_behind.flush()

    async def _save(self, shown: Mapping[tuple[Chat, Person], Shown]) -> None:
        await self._store.remember_last_lists([(*key, one) for key, one in shown.items()])


def merge_lists(before: Shown | None, shown: Shown) -> Shown:
    """Merges a list with what is still to be seen from before it.

    Another page of the same list adds its numbers to it; numbers of other lists that this one does
    not have stay known as earlier ones.
    """
    if before is None:
        return shown
    if before.listing == shown.listing:
        return replace(shown, numbers={**before.numbers, **shown.numbers}, earlier=before.earlier)
    earlier = {**before.earlier, **before.numbers}
    return replace(shown, earlier={n: i for n, i in earlier.items() if n <= _NUMBERS_KEPT})


def _drop_oldest(kept: dict[K, Shown]) -> None:
    if len(kept) > _KEPT:
        del kept[next(iter(kept))]


def _key(chat: Chat, person: Person) -> tuple[Chat, Person]:
    """Leaves out names and rights, which may change."""
    return chat, Person(person.id)
