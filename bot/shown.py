"""Remembers which story stands behind which number, for `/read 3` after any list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.later import Later
from bot.model import Chat, Person, Shown
from bot.ports import Store

_NUMBERS_KEPT = 200  # how far the numbers of earlier lists are remembered
_KEPT = 10_000  # the last lists held in memory; older ones are in the store


class ShownLists:
    """What each person was last shown.

    Answers come from memory; the store learns of them a moment later, together with others, so
    that no reader waits for a disk.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[tuple[Chat, Person], Shown] = {}
        self._later = Later[tuple[Chat, Person], Shown]("what was shown", self._save)

    async def get(self, chat: Chat, person: Person) -> Shown | None:
        """What the person was last shown in the chat; else what anyone there was."""
        key = _key(chat, person)
        if key in self._kept:
            return self._kept[key]
        if any(unsaved_chat == chat for unsaved_chat, _ in self._later.unsaved):
            await self.flush()  # the store must know what the others there were shown
        return await self._store.shown(*key)

    async def put(self, chat: Chat, person: Person, shown: Shown) -> None:
        """Remembers a list beside what the person was shown before it."""
        key = _key(chat, person)
        shown = after(await self.get(chat, person), shown)
        self._kept.pop(key, None)  # so that it goes to the end, where the newest are
        self._kept[key] = shown
        self._later.put(key, shown)
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]

    async def flush(self) -> None:
        """Waits until the store knows all that was put."""
        await self._later.flush()

    async def _save(self, shown: Mapping[tuple[Chat, Person], Shown]) -> None:
        await self._store.remember_shown([(*key, one) for key, one in shown.items()])


def after(before: Shown | None, shown: Shown) -> Shown:
    """A list with what is still to be seen from before it.

    Another page of the same list adds its numbers to it; numbers of other lists that this one does
    not have stay known as earlier ones.
    """
    if before is None:
        return shown
    if before.listing == shown.listing:
        return replace(shown, numbers={**before.numbers, **shown.numbers}, earlier=before.earlier)
    earlier = {**before.earlier, **before.numbers}
    return replace(shown, earlier={n: i for n, i in earlier.items() if n <= _NUMBERS_KEPT})


def _key(chat: Chat, person: Person) -> tuple[Chat, Person]:
    """Names and rights may change; the person stays the same."""
    return chat, Person(person.id)
