"""What people were shown, while it is on its way into the store."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from stories import CHAT, READER
from times import settle

from bot.chat.last_list import LastLists
from bot.model import Action, Chat, Person, Shown
from store.sqlite import SqliteStore

LISTING = Shown(Action("latest"), 1, {1: "a"})


class SlowStore(SqliteStore):
    """Writes lists when it may."""

    may_write: asyncio.Event
    writes: asyncio.Event

    async def remember_shown(self, lists: Sequence[tuple[Chat, Person, Shown]]) -> None:
        self.writes.set()
        await self.may_write.wait()
        await super().remember_shown(lists)


async def test_a_newcomer_sees_the_list_of_the_room_even_while_it_is_being_written(
    tmp_path: Path,
) -> None:
    store = await SlowStore.open(tmp_path / "dateline.db")
    store.may_write, store.writes = asyncio.Event(), asyncio.Event()
    try:
        lists = LastLists(store)
        await lists.put(CHAT, READER, LISTING)
        saving = asyncio.create_task(lists.flush())
        await store.writes.wait()
        found = asyncio.create_task(lists.get(CHAT, Person("newcomer")))
        await settle()
        store.may_write.set()
        assert await found == LISTING
        await saving
    finally:
        await store.aclose()
