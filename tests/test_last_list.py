"""What people were shown, while it is on its way into the store."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from stories import CHAT, READER
from times import settle

from bot.chat.last_list import LastLists
from bot.model import Action, Chat, Person, Shown
from store.chats import SqlChats
from store.connection import SqliteConnections
from store.sqlite import SqliteStore

LISTING = Shown(Action("latest"), 1, {1: "a"})


class SlowChats(SqlChats):
    """Writes lists when it may."""

    def __init__(self, connections: SqliteConnections) -> None:
        super().__init__(connections)
        self.may_write, self.writes = asyncio.Event(), asyncio.Event()

    async def remember_last_lists(self, lists: Sequence[tuple[Chat, Person, Shown]]) -> None:
        self.writes.set()
        await self.may_write.wait()
        await super().remember_last_lists(lists)


async def test_a_newcomer_sees_the_list_of_the_room_even_while_it_is_being_written(
    tmp_path: Path,
) -> None:
    store = await SqliteStore.open(tmp_path / "dateline.db")
    chats = SlowChats(store._connections)  # noqa: SLF001 - the very same, but slow
    try:
        lists = LastLists(chats)
        await lists.put(CHAT, READER, LISTING)
        saving = asyncio.create_task(lists.flush())
        await chats.writes.wait()
        found = asyncio.create_task(lists.get(CHAT, Person("newcomer")))
        await settle()
        chats.may_write.set()
        assert await found == LISTING
        await saving
    finally:
        await store.aclose()
