"""Remembers which story stands behind which number, for `/read 3` after any list."""

from __future__ import annotations

import asyncio
import logging

from bot.errors import StoreError
from bot.model import Chat, Person, Shown
from bot.ports import Store

log = logging.getLogger(__name__)

_KEPT = 10_000  # the last lists held in memory; older ones are in the store


class ShownLists:
    """What each person was last shown.

    Answers come from memory; the store learns of them a moment later, together with others, so
    that no reader waits for a disk.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[tuple[Chat, Person], Shown] = {}
        self._unsaved: dict[tuple[Chat, Person], Shown] = {}
        self._saving: asyncio.Task[None] | None = None

    async def get(self, chat: Chat, person: Person) -> Shown | None:
        """What the person was last shown in the chat; else what anyone there was."""
        key = _key(chat, person)
        if key in self._kept:
            return self._kept[key]
        await self.flush()
        return await self._store.shown(*key)

    def put(self, chat: Chat, person: Person, shown: Shown) -> None:
        """Remembers a list; numbers of the same list add to those that are remembered."""
        key = _key(chat, person)
        before = self._kept.pop(key, None)
        if before and before.listing == shown.listing:
            numbers = {**before.numbers, **shown.numbers}
            shown = Shown(shown.listing, shown.page, numbers)
        self._kept[key] = self._unsaved[key] = shown
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        if self._saving is None or self._saving.done():
            self._saving = asyncio.create_task(self._save())

    async def flush(self) -> None:
        """Waits until the store knows all that was put."""
        while self._unsaved or (self._saving and not self._saving.done()):
            if self._saving is None or self._saving.done():
                self._saving = asyncio.create_task(self._save())
            await self._saving

    async def _save(self) -> None:
        while self._unsaved:
            unsaved, self._unsaved = self._unsaved, {}
            try:
                await self._store.remember_shown([(*key, shown) for key, shown in unsaved.items()])
            except StoreError as error:  # numbers are a comfort; a full disk must not stop answers
                log.warning("cannot remember what was shown: %s", error)


def _key(chat: Chat, person: Person) -> tuple[Chat, Person]:
    """Names and rights may change; the person stays the same."""
    return chat, Person(person.id)
