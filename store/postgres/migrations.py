"""Migrations: brings a database from the schema that it has to the newest one.

All steps are one transaction, which holds an advisory lock: of processes that start at once, one
makes them, and the others wait.
"""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import AsyncConnection

from bot.errors import NotAStoreError, StoreError, StoreNewerError
from store.postgres.connections import PostgresConnections
from store.postgres.errors import map_errors
from store.postgres.rows import PostgresRow
from store.postgres.schema import STEPS, Step

MIGRATION_LOCK = 0x44544C4E_0002
"""The advisory lock of those who make the schema."""

_PATIENCE = "60s"  # for statements of others that hold a table
_VERSION = "CREATE TABLE schema_version (version BIGINT NOT NULL, least BIGINT NOT NULL)"


async def prepare(connections: PostgresConnections, steps: Sequence[Step] = STEPS) -> bool:
    """Brings the database to the newest schema.

    Returns:
        True when there was no store in it.

    Raises:
        StoreNewerError: A newer Dateline has shut this one out. It is left as it is.
        NotAStoreError: Another program's tables have the names that the store's would have.
        StoreError: The database cannot be used; its encoding is not UTF-8, for example.
    """
    with map_errors(connections.name):
        connection = await AsyncConnection[PostgresRow].connect(
            connections.conninfo, autocommit=True
        )
        async with connection, connection.transaction():
            await connection.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
            await _check_encoding(connection, connections.name)
            version = await _version(connection, connections.name, len(steps))
            await _apply(connection, steps, version)
            return version == 0


async def _check_encoding(connection: AsyncConnection[PostgresRow], name: str) -> None:
    found = await (await connection.execute("SHOW server_encoding")).fetchone()
    if found is None or found[0] != "UTF8":
        raise StoreError(f"the store {name} is not in UTF-8; make one WITH ENCODING 'UTF8'")


async def _version(connection: AsyncConnection[PostgresRow], name: str, newest: int) -> int:
    """Reads the schema that the database has; 0 for one that has none.

    A newer one is taken as this one, if it still lets processes of this release go on.
    """
    cursor = await connection.execute(
        "SELECT to_regclass('schema_version') IS NOT NULL, to_regclass('stories') IS NOT NULL"
    )
    has_version, has_stories = await cursor.fetchone() or (False, False)
    if not has_version:
        if has_stories:
            raise NotAStoreError(f"the store {name} is another program's database")
        return 0
    cursor = await connection.execute("SELECT version, least FROM schema_version")
    version, least = await cursor.fetchone() or (0, 0)
    if least > newest:
        raise StoreNewerError(
            f"the store {name} was changed by a newer Dateline (its schema is {version}, this one "
            f"knows {newest}); upgrade Dateline"
        )
    return min(version, newest)


async def _apply(
    connection: AsyncConnection[PostgresRow], steps: Sequence[Step], version: int
) -> None:
    if version == len(steps):
        return
    if version == 0:
        await connection.execute(_VERSION)
        await connection.execute("INSERT INTO schema_version VALUES (0, 0)")
    for step in steps[version:]:
        for statement in step.statements:
            await connection.execute(statement.encode())
    least = max(step.least for step in steps)
    await connection.execute(
        "UPDATE schema_version SET version = %s, least = %s", (len(steps), least)
    )
