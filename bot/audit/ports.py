"""Port of the audit list: who changed what, where and when; a part of the store keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import Chat

KEPT_FOR = timedelta(days=366)
"""The age up to which entries are kept."""

KEPT_IN_A_CHAT = 1_000
"""Entries that are kept of one chat: nobody can make those of another chat go."""

KEPT = 50_000
"""Entries that are kept of all chats together."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who has changed something.

    Attributes:
        platform: Where.
        id: The platform's id of the person; empty for one who has asked to be forgotten, and for
            nobody, as when the process is told by a signal.
        name: As the platform showed it then; empty for none.
    """

    platform: str
    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A change, as it is listed.

    Attributes:
        at: When.
        actor: Who made it.
        chat: The chat that it was made for, with its house and its name.
        command: The name of the command that made it.
        change: The change, in English and without the one who made it, to be translated as it is
            shown; it may name the target: `Subscribed to {target}`.
        target: The name of what was changed; empty for none.
    """

    at: datetime
    actor: Actor
    chat: Chat
    command: str
    change: str
    target: str = ""


class AuditLog(Protocol):
    """Keeps the changes of moderators. Every method may raise StoreError."""

    async def record(self, entry: AuditEntry) -> None:
        """Adds an entry; those that are too old or too many go."""
        ...

    async def entries(
        self,
        chat: Chat | None,
        limit: int,
        offset: int = 0,
        *,
        actors: Sequence[Actor] | None = None,
        command: str = "",
    ) -> Sequence[AuditEntry]:
        """Returns entries, the newest first.

        Args:
            chat: Those of this chat, or of all chats of this house; None for those of all chats.
            limit: How many at most.
            offset: How many of the newest are left out.
            actors: Only what one of these has changed; None for anybody.
            command: Only what this command has changed; empty for any.
        """
        ...

    async def actors(self, chat: Chat | None) -> Sequence[Actor]:
        """Returns who has changed something in a chat or in all, each by the last name."""
        ...

    async def commands(self, chat: Chat | None) -> Sequence[str]:
        """Returns the names of the commands of all entries, for a chat or for all."""
        ...
