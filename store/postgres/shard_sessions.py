"""Sessions of shards in PostgreSQL, by the server's clock: the machines' own may differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from typing_extensions import override

from bot.shard_sessions import SessionChanges, ShardSession, ShardSessionStore
from store.ports import Connection, Connections, fetch_in

_KNOWN_FOR = "interval '3 minutes'"
"""The time after its connection was lost in which a session is asked for; no platform tells it."""

_TAKE = f"""
    UPDATE shard_sessions SET holder = ?
    WHERE shard = ? AND saved > clock_timestamp() - {_KNOWN_FOR}
    RETURNING greeting, sequence
"""
_BEGIN = """
    INSERT INTO shard_sessions (shard, holder, greeting, sequence, saved)
    VALUES (?, ?, ?, ?, clock_timestamp())
    ON CONFLICT (shard) DO UPDATE SET holder = excluded.holder, greeting = excluded.greeting,
        sequence = excluded.sequence, saved = excluded.saved
"""
_GO_ON = """
    UPDATE shard_sessions SET sequence = ?, saved = clock_timestamp()
    WHERE shard = ? AND holder = ?
"""
_KEEP = """
    INSERT INTO shard_servers (shard, server, state) VALUES (?, ?, ?)
    ON CONFLICT (shard, server) DO UPDATE SET state = excluded.state
"""
_FORGET_OLD = "DELETE FROM shard_sessions WHERE saved < clock_timestamp() - interval '1 day'"


class PostgresShardSessions(ShardSessionStore):
    """Implements `bot.shard_sessions.ShardSessionStore` in PostgreSQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def take(self, shard: str, holder: str) -> ShardSession | None:
        async with self._connections.transaction(alone=False) as writer:
            taken = await (await writer.execute(_TAKE, (holder, shard))).fetchone()
            if taken is None:
                return None
            rows = await writer.execute_fetchall(
                "SELECT server, state FROM shard_servers WHERE shard = ?", (shard,)
            )
            return ShardSession(taken[0], taken[1], {row[0]: row[1] for row in rows})

    @override
    async def servers(self, shard: str, wanted: Collection[str]) -> Mapping[str, str]:
        if not wanted:
            return {}
        statement = "SELECT server, state FROM shard_servers WHERE shard = ? AND server"
        async with self._connections.reading() as reader:
            rows = await fetch_in(reader, statement, wanted, (shard,))
        return {row[0]: row[1] for row in rows}

    @override
    async def save(self, shard: str, holder: str, changes: SessionChanges) -> bool:
        async with self._connections.transaction(alone=False) as writer:
            if changes.greeting is not None:
                begun = (shard, holder, changes.greeting, changes.sequence)
                await writer.execute(_FORGET_OLD)
                await writer.execute(_BEGIN, begun)
                await writer.execute("DELETE FROM shard_servers WHERE shard = ?", (shard,))
            else:
                kept = await writer.execute(_GO_ON, (changes.sequence, shard, holder))
                if kept.rowcount != 1:
                    return False
            await _save_servers(writer, shard, changes.servers)
            return True

    @override
    async def forget(self, shard: str, holder: str) -> None:
        async with self._connections.transaction(alone=False) as writer:
            await writer.execute(
                "DELETE FROM shard_sessions WHERE shard = ? AND holder = ?", (shard, holder)
            )


async def _save_servers(writer: Connection, shard: str, servers: Mapping[str, str | None]) -> None:
    gone = [(shard, server) for server, state in servers.items() if state is None]
    kept = [(shard, server, state) for server, state in servers.items() if state is not None]
    if gone:
        await writer.executemany("DELETE FROM shard_servers WHERE shard = ? AND server = ?", gone)
    if kept:
        await writer.executemany(_KEEP, kept)
