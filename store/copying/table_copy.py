"""A table that is copied: its rows in parts, and how each part is made the same elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from store.copying.tables import CopiedTable
from store.ports import Connection, Row

Key = tuple[Any, ...]
Values = tuple[Any, ...]


@dataclass(frozen=True)
class Part:
    """Rows that stand one after the other.

    Attributes:
        rows: Their values by their keys.
        after: The key behind which they begin; None for the first.
        last: The key of the last; None where no others follow.
    """

    rows: Mapping[Key, Values]
    after: Key | None
    last: Key | None


@dataclass(frozen=True)
class TableCopy:
    """Copies one table.

    Attributes:
        table: The table.
        reader: The connection to where it is.
        columns: The names of its columns, those of its key first.
        at_once: Rows of a part.
    """

    table: CopiedTable
    reader: Connection
    columns: Sequence[str]
    at_once: int

    @classmethod
    async def prepare(cls, reader: Connection, table: CopiedTable, at_once: int) -> Self:
        """Looks up the columns of a table."""
        # A row of nothing where the table is empty.
        rows = await reader.execute_fetchall(
            f"SELECT one.* FROM (SELECT 1 AS number) AS always LEFT JOIN {table.name} AS one"
            " ON 1 = 1 LIMIT 1"
        )
        names = next(iter(rows)).keys()
        columns = (*table.key, *(name for name in names if name not in table.key))
        return cls(table, reader, columns, at_once)

    async def parts(self) -> AsyncIterator[Part]:
        """Yields all rows in the order of their keys, an empty last part for none."""
        after: Key | None = None
        while True:
            found = [*await self.reader.execute_fetchall(*self._select(after))]
            last = self._key(found[-1]) if len(found) == self.at_once else None
            yield Part(self._by_key(found), after, last)
            if last is None:
                return
            after = last

    async def is_same(self, reader: Connection, part: Part) -> bool:
        """Tells whether the rows elsewhere are those of a part."""
        return await self._there(reader, part) == part.rows

    async def write(self, writer: Connection, part: Part) -> int:
        """Makes the rows elsewhere those of a part; returns how many it changed."""
        there = await self._there(writer, part)
        gone = [key for key in there if key not in part.rows]
        new = [values for key, values in part.rows.items() if there.get(key) != values]
        if gone:
            condition = " AND ".join(f"{name} = ?" for name in self.table.key)
            await writer.executemany(f"DELETE FROM {self.table.name} WHERE {condition}", gone)
        if new:
            await writer.executemany(self._put(), new)
        return len(gone) + len(new)

    def values_of(self, part: Part) -> Sequence[Mapping[str, Any]]:
        """Returns the values of a part's rows by their columns."""
        return [dict(zip(self.columns, values, strict=True)) for values in part.rows.values()]

    async def _there(self, reader: Connection, part: Part) -> Mapping[Key, Values]:
        """Reads the rows elsewhere that stand where those of a part do."""
        found: dict[Key, Values] = {}
        after = part.after
        while True:
            rows = [*await reader.execute_fetchall(*self._select(after, part.last))]
            found |= self._by_key(rows)
            if len(rows) < self.at_once:
                return found
            after = self._key(rows[-1])

    def _select(self, after: Key | None, last: Key | None = None) -> tuple[str, Values]:
        """Returns the statement for so many rows behind a key, and up to another one."""
        key, marks = ", ".join(self.table.key), ", ".join("?" * len(self.table.key))
        bounds = [(">", after), ("<=", last)]
        conditions = [f"({key}) {way} ({marks})" for way, bound in bounds if bound is not None]
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        statement = (
            f"SELECT {', '.join(self.columns)} FROM {self.table.name} {where}"
            f" ORDER BY {key} LIMIT {self.at_once}"
        )
        return statement, (*(after or ()), *(last or ()))

    def _put(self) -> str:
        key, others = ", ".join(self.table.key), self.columns[len(self.table.key) :]
        changes = ", ".join(f"{name} = excluded.{name}" for name in others)
        action = f"UPDATE SET {changes}" if others else "NOTHING"
        marks = ", ".join("?" * len(self.columns))
        return (
            f"INSERT INTO {self.table.name} ({', '.join(self.columns)}) VALUES ({marks})"
            f" ON CONFLICT ({key}) DO {action}"
        )

    def _key(self, row: Row) -> Key:
        return tuple(row)[: len(self.table.key)]

    def _by_key(self, rows: Iterable[Row]) -> dict[Key, Values]:
        width = len(self.table.key)
        plain = (tuple(map(_plain, row)) for row in rows)
        return {values[:width]: values for values in plain}


def _plain(value: Any) -> Any:
    # PostgreSQL keeps no NUL in a text: https://www.postgresql.org/docs/current/datatype-character.html
    return value.replace("\0", "") if isinstance(value, str) else value
