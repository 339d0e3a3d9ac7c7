"""Rows and values of PostgreSQL: read and written as those of SQLite are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, SupportsIndex, overload

from psycopg import AsyncCursor
from psycopg.adapt import Buffer, Loader
from psycopg.types.string import StrDumperUnknown

_REMEMBERED = 1_000  # lists of columns


class PostgresRow(tuple[Any, ...]):
    """A row: its values in the order of the columns, or by the names of these."""

    __slots__ = ()
    places: ClassVar[Mapping[str, int]] = {}

    @overload
    def __getitem__(self, key: SupportsIndex | str) -> Any: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Any, ...]: ...
    def __getitem__(self, key: SupportsIndex | str | slice) -> Any:
        return tuple.__getitem__(self, self.places[key] if isinstance(key, str) else key)

    def keys(self) -> Iterable[str]:
        """Returns the names of the columns."""
        return self.places.keys()


def make_rows(cursor: AsyncCursor[Any]) -> Callable[[Sequence[Any]], PostgresRow]:
    """Returns what makes rows of the values that a cursor gives: a row factory of psycopg."""
    # Not by its description, which knows much more of each column, and is made for each result.
    result = cursor.pgresult
    return _row_type(tuple(map(result.fname, range(result.nfields))) if result else ())


@lru_cache(maxsize=_REMEMBERED)
def _row_type(names: tuple[bytes | None, ...]) -> type[PostgresRow]:
    columns = [name.decode() if name else "" for name in names]
    # Of two columns of one name, the first counts, as in SQLite.
    places = {name: place for place, name in reversed([*enumerate(columns)])}
    return type("Row", (PostgresRow,), {"__slots__": (), "places": places})


class SumLoader(Loader):
    """Reads what PostgreSQL counts without bound, such as sums, as the number that it is."""

    def load(self, data: Buffer) -> int | float:
        """Returns the number of its digits."""
        digits = bytes(data)
        return float(digits) if b"." in digits else int(digits)


class TextDumper(StrDumperUnknown):
    """Writes a text without NUL, which PostgreSQL keeps in none.

    See https://www.postgresql.org/docs/current/datatype-character.html.
    """

    def dump(self, obj: str) -> Buffer | None:
        """Returns the text's bytes."""
        return super().dump(obj.replace("\0", "") if "\0" in obj else obj)
