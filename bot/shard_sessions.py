"""Sessions of shards, kept for the process that takes a dead one's shard over.

A platform keeps what happens in a session for some minutes after its connection was lost, and tells
it to whoever resumes that. So a process writes down what it takes to do so: what began the session,
how far it has heard, and what it has been told of each server since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class ShardSession:
    """A session as it was kept.

    Attributes:
        greeting: What began it, as JSON.
        sequence: The number of the last event that has been dealt with.
        servers: What is known of each server, as JSON, by their ids. It may be newer than
            `sequence`: what has happened since then is told again.
    """

    greeting: str
    sequence: int
    servers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SessionChanges:
    """The changes of a session since it was kept last.

    Attributes:
        sequence: As in `ShardSession`.
        greeting: What began it, if it is another one; all that was kept before is of no use then.
        servers: What is known of servers now; None for those that are gone.
    """

    sequence: int
    greeting: str | None = None
    servers: Mapping[str, str | None] = field(default_factory=dict)


class ShardSessionStore(Protocol):
    """Store of shards' sessions. Every method may raise StoreError."""

    async def take(self, shard: str, holder: str) -> ShardSession | None:
        """Hands the session of a shard to another process, which keeps it from now on.

        Args:
            shard: Which shard of which bot.
            holder: Names the one who takes it; no two are the same.

        Returns:
            None where there is none, or none that a platform would still know.
        """
        ...

    async def servers(self, shard: str, wanted: Collection[str]) -> Mapping[str, str]:
        """Returns what was kept of servers, by their ids; without those of which nothing was."""
        ...

    async def save(self, shard: str, holder: str, changes: SessionChanges) -> bool:
        """Keeps the changes of a session, all of them or none.

        Returns:
            False where another process has it by now, and nothing was kept.
        """
        ...

    async def forget(self, shard: str, holder: str) -> None:
        """Forgets a session that has ended, if it is still the holder's."""
        ...


class NoSessions(ShardSessionStore):
    """Stands for the sessions where no other process can share the store: nothing is kept."""

    @override
    async def take(self, shard: str, holder: str) -> ShardSession | None:
        return None

    @override
    async def servers(self, shard: str, wanted: Collection[str]) -> Mapping[str, str]:
        return {}

    @override
    async def save(self, shard: str, holder: str, changes: SessionChanges) -> bool:
        return False

    @override
    async def forget(self, shard: str, holder: str) -> None:
        pass
