"""The queue of updates.

Attributes:
    pending: Updates that the bot has not confirmed, oldest first.
    allowed: The kinds that the bot asked for; None for the default ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from servers.telegram.calls import ApiError, Json

_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
    " running"
)
_BY_WEBHOOK = "Conflict: terminated by setWebhook request"


class ChangeNotifier:
    """Wakes all tasks that wait for a change."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def wake(self) -> None:
        event, self._event = self._event, asyncio.Event()
        event.set()

    def next(self) -> asyncio.Event:
        """Returns the event of the next change."""
        return self._event

    async def wait(self) -> None:
        await self._event.wait()


class UpdateQueue:
    """The queue of updates.

    Attributes:
        pending: Those that the bot has not confirmed, oldest first.
        allowed: The kinds that it asked for; None for the default ones.
    """

    def __init__(self) -> None:
        self.pending: list[Json] = []
        self.allowed: frozenset[str] | None = None
        self.changed = ChangeNotifier()
        self._last = 100
        self._poller: object | None = None
        self._ended = ""

    def push(self, kind: str, body: Json) -> None:
        """Queues an update, if the bot wants its kind."""
        if self._wants(kind):
            self._last += 1
            self.pending.append({"update_id": self._last, kind: body})
            self.changed.wake()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Sets the allowed kinds; None changes nothing, an empty list is the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def _wants(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT

    def end_polls(self) -> None:
        """Ends the current long poll, because a webhook takes over."""
        self._poller, self._ended = None, _BY_WEBHOOK
        self.changed.wake()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Confirms the updates before an offset, and waits for others.

        Raises:
            ApiError: Another poll began meanwhile.
        """
        poller = self._poller = object()
        self._ended = _OTHER_POLL
        self.changed.wake()
        self._confirm(offset)
        try:
            async with asyncio.timeout(seconds):
                await self._until_pending(poller)
        except TimeoutError:
            return []
        finally:
            self._poller = None if self._poller is poller else self._poller
        return self.pending[:limit]

    async def _until_pending(self, poller: object) -> None:
        while not self.pending:
            await self.changed.wait()
            if self._poller is not poller:
                raise ApiError(409, self._ended)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset:
            self.pending = [one for one in self.pending if one["update_id"] >= offset]
