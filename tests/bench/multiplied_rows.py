"""Makes very many rows of few in PostgreSQL: stories that were loaded, and subscriptions."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
from archives import generated_archive, read
from bench.subscription_mixes import subscriptions, vocabulary, with_topics
from stories import story

from bot.subscriptions.model import Subscription
from store.codec import to_micros
from store.subscription_rows import subscription_values

_AT_ONCE = 25  # times that stories are multiplied in one transaction
_WORDED = 500  # stories of whose words subscriptions are made
_MIX = "mixed"

# The columns of each table for another turn of the loaded stories, an hour earlier each time.
_STORY = "story + turn * %(base)s"
_EARLIER = "published - turn * 3600000000"
_COLUMNS = {
    "stories": f"""
        (jsonb_populate_record(stories, jsonb_build_object(
            'row', row + turn * %(base)s, 'id', id || turn, 'key', key || turn,
            'published', {_EARLIER}))).*
    """,
    "story_texts": f"{_STORY}, words",
    "story_keys": f"{_STORY}, title + turn, page + turn, text + turn, {_EARLIER}, sketch, evidence",
    "story_sources": f"source, {_EARLIER}, {_STORY}",
    "story_addresses": f"address + turn, {_EARLIER}, {_STORY}",
    "story_topics": f"topic, {_EARLIER}, {_STORY}",
    "story_names": f"name, {_STORY}, form, kind, place, means",
}
_COUNTED = (
    "UPDATE words SET stories = stories * %(times)s",
    "UPDATE story_counts SET stories = stories * %(times)s",
    (
        "SELECT setval(pg_get_serial_sequence('stories', 'row'), max(row)) FROM stories"
        " WHERE %(times)s > 0"
    ),
)


def multiply(connection: psycopg.Connection, loaded: int, stories: int) -> None:
    """Multiplies the loaded stories until there are so many, or a few more."""
    (base,) = connection.execute("SELECT max(row) FROM stories").fetchone() or (0,)
    turns = max(0, -(-stories // loaded) - 1)
    for first in range(1, turns + 1, _AT_ONCE):
        values = {"base": base, "first": first, "last": min(turns, first + _AT_ONCE - 1)}
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")  # no triggers
            for table, columns in _COLUMNS.items():
                connection.execute(_statement(table, columns).encode(), values)
    for statement in _COUNTED:
        connection.execute(statement.encode(), {"times": turns + 1})


def _statement(table: str, columns: str) -> str:
    number = "row" if table == "stories" else "story"
    return (
        f"INSERT INTO {table} SELECT {columns} FROM {table},"  # noqa: S608 - no value is in it
        " generate_series(CAST(%(first)s AS BIGINT), CAST(%(last)s AS BIGINT)) AS turn"
        f" WHERE {number} <= %(base)s"
    )


def subscribe(connection: psycopg.Connection, count: int) -> None:
    """Copies so many subscriptions into the store, of every kind that people make."""
    parsed, _ = read("".join(generated_archive(_WORDED)))
    worded = [
        story(one.title, one.paragraphs[0].text, key=f"{number}")
        for number, one in enumerate(parsed)
    ]
    made = subscriptions(_MIX, count, vocabulary(with_topics(worded)))
    now = datetime.now(UTC)
    columns = (*subscription_values(made[0]), "paused", "revision")
    copy = f"COPY subscriptions ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copy.encode()) as rows:
        for revision, one in enumerate(made, 1):
            rows.write_row((*_values(one, now), "", revision))
    connection.execute("UPDATE meta SET value = %s WHERE name = 'subscriptions'", (str(count),))


def _values(one: Subscription, now: datetime) -> tuple[str | int, ...]:
    return tuple((subscription_values(one) | {"made": to_micros(now)}).values())
