"""Parts of the outbox as protocols: flood control, and the posts of paused chats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model import Chat


class Bursts(Protocol):
    """The part of the outbox that keeps chats from being flooded. It may raise StoreError."""

    async def pile_up(
        self, chat: Chat, free: int, until: datetime, reason: str, *, after: int | None = None
    ) -> int | None:
        """Has a chat's due stories wait for one digest, but for the first few.

        What has been gathered once, or may have arrived, is left as it is.

        Args:
            chat: The chat, with all its threads.
            free: How many stay due, in their order.
            until: When the digest is gathered.
            reason: Why they wait, in one line.
            after: The id of the first post that waits for that digest already: none after it stays
                due.

        Returns:
            The id of the first post that waits now; None when there is none.
        """
        ...

    async def stories_in(self, digest: int) -> tuple[str, ...]:
        """Returns the ids of the stories that go with a digest now, the oldest first."""
        ...

    async def steady_offset(self, platform: str, epoch: str, passed: float) -> float:
        """Returns what makes monotonic time a steady one; see `bot.posting.steady_clock`.

        Args:
            platform: The platform, which the caller has locked.
            epoch: The name of the point that the monotonic time is counted from. When it is another
                than the last time, the steady time goes on from the latest in the outbox.
            passed: The monotonic time now.
        """
        ...

    async def singles_since(self, chat: Chat, since: float) -> Sequence[float]:
        """Returns when stories arrived in a chat, or may have, each by itself; by the steady clock.

        One that may have arrived before is counted as often, at the time of the last.

        Args:
            chat: The chat, with all its threads.
            since: From when on, by that clock.
        """
        ...

    async def count_in_doubt(self, chat: Chat) -> int:
        """Counts how often stories may have arrived in a chat by themselves that are still due."""
        ...

    async def role_times(
        self, chat: Chat, role: str, since: float, until: float
    ) -> Sequence[float]:
        """Returns when single posts that go with a role arrived in a chat, in their order.

        Args:
            chat: The chat.
            role: The role; whether each post mentioned it is not known.
            since: From when on, by the steady clock.
            until: Until when.
        """
        ...

    async def hasten(self, platform: str, now: datetime, *, probe: bool = False) -> int:
        """Makes due what waits only because its platform had trouble; returns how many.

        Args:
            platform: The platform.
            now: The time.
            probe: True to take only the oldest that has surely not arrived.
        """
        ...


class Pauses(Protocol):
    """The part of the outbox that is about paused chats. It may raise StoreError."""

    async def count_paused(self, chat: Chat, now: datetime) -> int:
        """Counts the stories that wait for a chat or a server to be resumed, without the stale."""
        ...

    async def withdraw(self, chat: Chat, now: datetime) -> Sequence[str]:
        """Takes back the stories of a chat that were paused and wait for their digest.

        Returns:
            The stories' ids, the oldest first; they are given up as read in another way.
        """
        ...

    async def give_up_stale(self, now: datetime) -> None:
        """Gives up what has been paused for too long."""
        ...
