"""Reads rows of the outbox for a rule of the core, and writes what the rule has changed."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain, compress, islice
from operator import ne
from typing import Any, TypeVar

from bot.model import Chat
from bot.posting.model import PostKind, State
from bot.posting.outbox_row import OutboxRow, Rows
from store.codec import chat_text, to_chat, to_micros, to_time
from store.ports import Connection, Row, Values, fetch_in

_T = TypeVar("_T")

_AT_ONCE = 500  # rows, after which others have the event loop
_INSERTED_AT_ONCE = 500  # rows a statement: it binds only so many values
_KINDS = {one.value: one for one in PostKind}
_STATES = {one.value: one for one in State}

_COLUMNS = ", ".join(("row", *OutboxRow._fields[1:]))
_INSERTED = ", ".join(("platform", *OutboxRow._fields[1:]))
_STORED: Mapping[type, Callable[[Any], str | int]] = {
    bool: int,
    datetime: to_micros,
    tuple: json.dumps,
    Chat: chat_text,
}

# Most chats have several rows, and many rows are of one moment.
_chat = lru_cache(maxsize=4_096)(to_chat)
_time = lru_cache(maxsize=4_096)(to_time)


def _to_row(row: Row) -> OutboxRow:
    """The core's value for a row."""
    (number, chat, thread, key, kind, story, subscription, also, state, made, due, lease, claimed,
     tries, doubts, deaths, gathered, digest, message, reason, done, outage,
     arrived, leader) = row  # fmt: skip
    return OutboxRow(
        number,
        _chat(chat),
        thread,
        key,
        _KINDS[kind],
        story,
        subscription,
        () if also == "[]" else tuple(json.loads(also)),
        _STATES[state],
        _time(made),
        _time(due),
        None if lease is None else _time(lease),
        None if claimed is None else _time(claimed),
        tries,
        doubts,
        deaths,
        bool(gathered),
        digest,
        message,
        reason,
        None if done is None else _time(done),
        bool(outage),
        arrived,
        leader,
    )


async def read(writer: Connection, condition: str, values: Values = ()) -> Rows:
    """Reads the rows for which a condition holds."""
    found: dict[int, OutboxRow] = {}
    cursor = await writer.execute(f"SELECT {_COLUMNS} FROM outbox WHERE {condition}", values)
    while rows := await cursor.fetchmany(_AT_ONCE):
        found.update((row[0], _to_row(row)) for row in rows)
    return found


async def read_in(
    writer: Connection,
    column: str,
    wanted: Iterable[str | int],
    condition: str = "1 = 1",
    values: tuple[str | int, ...] = (),
) -> Rows:
    """Reads the rows with any of the wanted values in a column for which a condition holds."""
    statement = f"SELECT {_COLUMNS} FROM outbox WHERE {condition} AND {column}"
    rows = iter(await fetch_in(writer, statement, wanted, values))
    found: dict[int, OutboxRow] = {}
    while part := list(islice(rows, _AT_ONCE)):
        found.update((row[0], _to_row(row)) for row in part)
        await asyncio.sleep(0)
    return found


async def with_digests(writer: Connection, rows: Rows) -> Rows:
    """Adds the digests that rows are in, and all that is in digests."""
    wholes = {one.digest for one in rows.values() if one.digest is not None} - rows.keys()
    known = {**rows, **await read_in(writer, "row", wholes)}
    digests = [one.id for one in known.values() if one.kind is PostKind.DIGEST]
    return {**known, **await read_in(writer, "digest", digests)}


async def run_rule(rule: Callable[[], _T], size: int) -> _T:
    """Runs a rule over so many rows, in a thread if these would hold the event loop for long."""
    return rule() if size < _AT_ONCE else await asyncio.to_thread(rule)


async def write(writer: Connection, before: Rows, after: Rows) -> None:
    """Writes what a rule has changed, inserts what it has added, deletes what it has left out."""
    gone = [(number,) for number in before.keys() - after.keys()]
    if gone:
        await writer.executemany("DELETE FROM outbox WHERE row = ?", gone)
    numbers = await _insert(writer, [one for number, one in after.items() if number < 0])
    pairs = (
        (before[number], _with_digest(one, numbers)) for number, one in after.items() if number > 0
    )
    while chunk := list(islice(pairs, _AT_ONCE)):
        for columns, changes in _changes(chunk).items():
            assignments = ", ".join(f"{column} = ?" for column in columns)
            await writer.executemany(f"UPDATE outbox SET {assignments} WHERE row = ?", changes)


async def _insert(writer: Connection, rows: Sequence[OutboxRow]) -> Mapping[int, int]:
    """Inserts rows; returns the ids that they were given by those that a rule gave them."""
    numbers: dict[int, int] = {}
    for start in range(0, len(rows), _INSERTED_AT_ONCE):
        part = rows[start : start + _INSERTED_AT_ONCE]
        values = [(one.chat.platform, *map(_stored, one[1:])) for one in part]
        marks = f"({', '.join('?' * len(values[0]))})"
        found = await writer.execute_fetchall(
            f"INSERT INTO outbox ({_INSERTED}) VALUES {', '.join([marks] * len(part))}"
            " RETURNING row, chat, key",
            tuple(chain.from_iterable(values)),
        )
        given = {(row[1], row[2]): row[0] for row in found}
        numbers.update((one.id, given[chat_text(one.chat), one.key]) for one in part)
    return numbers


def _with_digest(one: OutboxRow, numbers: Mapping[int, int]) -> OutboxRow:
    """A row that refers to its digest by the id that this was given."""
    if one.digest is None or one.digest > 0:
        return one
    return one._replace(digest=numbers[one.digest])


def _changes(
    pairs: Iterable[tuple[OutboxRow, OutboxRow]],
) -> Mapping[tuple[str, ...], list[tuple[Any, ...]]]:
    """The values to write, with the row's id, by the columns that change."""
    changes: defaultdict[tuple[bool, ...], list[OutboxRow]] = defaultdict(list)
    for old, new in pairs:
        if old is not new:
            changes[tuple(map(ne, old, new))].append(new)
    return {
        tuple(compress(OutboxRow._fields, changed)): [
            (*map(_stored, compress(one, changed)), one.id) for one in rows
        ]
        for changed, rows in changes.items()
        if any(changed)
    }


def _stored(value: Any) -> Any:
    stored = _STORED.get(type(value))
    return stored(value) if stored else value
