"""Copies a store into another one, row by row, and compares them.

Both are walked through in the order of their keys, a part at a time: what is lacking is inserted,
what differs is replaced, what is too much is deleted. So a copy that was interrupted goes on where
it was, and a walk that finds nothing to do proves that both hold the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.errors import StoreError
from store.copying.table_copy import TableCopy
from store.copying.tables import TABLES
from store.ports import Connections

AT_ONCE = 500  # rows
_INDEXED = "stories"

Advance = Callable[[str, int], None]
"""Is called with a table's name and with how many of its rows are done."""


async def copy_store(
    source: Connections, target: Connections, advance: Advance, at_once: int = AT_ONCE
) -> int:
    """Copies everything, as it is at one moment, and verifies that it has arrived.

    Args:
        source: What is copied. It stays as it is.
        target: Where to; it becomes the same, whatever it held.
        advance: Is told how far it is.
        at_once: Rows that are copied in one transaction.

    Returns:
        How many rows there are.

    Raises:
        StoreError: A row has not arrived as it was.
    """
    async with source.snapshot() as reader:
        copies = [await TableCopy.prepare(reader, one, at_once) for one in TABLES]
        for copy in copies:
            await _walk(copy, target, advance)
            async with target.transaction() as writer:
                await target.renumber(writer, copy.table.name, copy.table.number)
        return await _verify(copies, target, advance)


async def _verify(copies: Sequence[TableCopy], target: Connections, advance: Advance) -> int:
    rows = 0
    for copy in copies:
        count, changed = await _walk(copy, target, advance)
        if changed:  # triggers have a say in what takes another row's place, but not twice
            count, changed = await _walk(copy, target, advance)
        if changed:
            name = copy.table.name
            raise StoreError(f"{changed} rows of {name} have not arrived as they were")
        rows += count
    return rows


async def _walk(copy: TableCopy, target: Connections, advance: Advance) -> tuple[int, int]:
    """Makes a table the same; returns how many rows it has, and how many had to be changed."""
    count = changed = 0
    async for part in copy.parts():
        async with target.reading() as reader:  # mostly there is nothing to change
            is_same = await copy.is_same(reader, part)
        if not is_same:
            async with target.transaction() as writer:
                changed += await copy.write(writer, part)
                if copy.table.name == _INDEXED:
                    await target.text_index.update(writer, copy.values_of(part))
        count += len(part.rows)
        advance(copy.table.name, count)
    return count, changed
