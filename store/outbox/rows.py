"""Reads rows of the outbox for a rule of the core, and writes what the rule has changed."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any

import aiosqlite

from bot.model import Chat
from bot.posting.model import PostKind, State
from bot.posting.outbox_row import OutboxRow, Rows
from store.codec import chat_text, to_chat, to_micros, to_time
from store.connection import Row, Values, fetch_in

_AT_ONCE = 1_000  # rows, after which others have the event loop
_KINDS = {one.value: one for one in PostKind}
_STATES = {one.value: one for one in State}

COLUMNS = """
    row, chat, thread, key, kind, story, subscription, also, state, made, due, lease, claimed,
    tries, doubts, deaths, gathered, digest, message, reason, done
"""
"""What `to_row` reads."""

# What rules may change; the other columns stay as they were put in.
_WRITTEN = (
    "chat",
    "thread",
    "subscription",
    "state",
    "due",
    "lease",
    "claimed",
    "tries",
    "doubts",
    "deaths",
    "gathered",
    "digest",
    "message",
    "reason",
    "done",
)
_written = attrgetter(*_WRITTEN)


def to_row(row: Row) -> OutboxRow:
    """The core's value for a row."""
    (number, chat, thread, key, kind, story, subscription, also, state, made, due, lease, claimed,
     tries, doubts, deaths, gathered, digest, message, reason, done) = row  # fmt: skip
    return OutboxRow(
        number,
        to_chat(chat),
        thread,
        key,
        _KINDS[kind],
        story,
        subscription,
        () if also == "[]" else tuple(json.loads(also)),
        _STATES[state],
        to_time(made),
        to_time(due),
        None if lease is None else to_time(lease),
        None if claimed is None else to_time(claimed),
        tries,
        doubts,
        deaths,
        bool(gathered),
        digest,
        message,
        reason,
        None if done is None else to_time(done),
    )


async def read(writer: aiosqlite.Connection, condition: str, values: Values = ()) -> Rows:
    """Reads the rows for which a condition holds."""
    found: dict[int, OutboxRow] = {}
    async with writer.execute(f"SELECT {COLUMNS} FROM outbox WHERE {condition}", values) as cursor:
        while rows := await cursor.fetchmany(_AT_ONCE):
            found.update((row[0], to_row(row)) for row in rows)
    return found


async def read_in(
    writer: aiosqlite.Connection,
    column: str,
    wanted: Iterable[str | int],
    condition: str = "1 = 1",
    values: tuple[str | int, ...] = (),
) -> Rows:
    """Reads the rows with any of the wanted values in a column for which a condition holds."""
    statement = f"SELECT {COLUMNS} FROM outbox WHERE {condition} AND {column}"
    rows = await fetch_in(writer, statement, wanted, values)
    return {row[0]: to_row(row) for row in rows}


async def with_digests(writer: aiosqlite.Connection, rows: Rows) -> Rows:
    """Adds the digests that rows are in, and all that is in digests."""
    wholes = {one.digest for one in rows.values() if one.digest is not None} - rows.keys()
    known = {**rows, **await read_in(writer, "row", wholes)}
    digests = [one.row for one in known.values() if one.kind is PostKind.DIGEST]
    return {**known, **await read_in(writer, "digest", digests)}


async def apply(rule: Callable[[], Rows], size: int) -> Rows:
    """Asks a rule about so many rows, beside the event loop if they are many."""
    return rule() if size < _AT_ONCE else await asyncio.to_thread(rule)


async def write(writer: aiosqlite.Connection, before: Rows, after: Rows) -> None:
    """Writes what a rule has changed, and deletes what it has left out."""
    gone = [(number,) for number in before.keys() - after.keys()]
    if gone:
        await writer.executemany("DELETE FROM outbox WHERE row = ?", gone)
    pairs = ((before[number], one) for number, one in after.items())
    while chunk := list(islice(pairs, _AT_ONCE)):
        for columns, changes in _changes(chunk).items():
            assignments = ", ".join(f"{column} = ?" for column in columns)
            await writer.executemany(f"UPDATE outbox SET {assignments} WHERE row = ?", changes)


def _changes(
    pairs: Iterable[tuple[OutboxRow, OutboxRow]],
) -> dict[tuple[str, ...], list[tuple[Any, ...]]]:
    """The values to write, with the number of the row, by the columns that change."""
    changes: defaultdict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for old, new in pairs:
        if old is not new:
            values = dict(
                zip(_WRITTEN, zip(_written(old), _written(new), strict=True), strict=True)
            )
            changed = {name: now for name, (was, now) in values.items() if now != was}
            if changed:
                row = (*map(_stored, changed.values()), new.row)
                changes[tuple(changed)].append(row)
    return changes


def _stored(value: object) -> object:
    match value:
        case datetime():
            return to_micros(value)
        case Chat():
            return chat_text(value)
    return value
