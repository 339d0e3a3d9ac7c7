"""What the bot has not been told yet, and long polling for it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from servers.telegram.calls import ApiError, Json

_ASKED_FOR = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_OTHER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
    " running"
)
_BY_WEBHOOK = "Conflict: terminated by setWebhook request"


class Waking:
    """Wakes everybody who waits for something to change."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def wake(self) -> None:
        event, self._event = self._event, asyncio.Event()
        event.set()

    def next(self) -> asyncio.Event:
        """What is set when something changes after this call."""
        return self._event

    async def wait(self) -> None:
        await self._event.wait()


class Updates:
    """The queue of updates.

    Attributes:
        pending: Those that the bot has not confirmed, oldest first.
        allowed: The kinds that it asked for; None for what is told by default.
    """

    def __init__(self) -> None:
        self.pending: list[Json] = []
        self.allowed: frozenset[str] | None = None
        self.waking = Waking()
        self._last = 100
        self._poller: object | None = None
        self._ended = ""

    def push(self, kind: str, body: Json) -> None:
        """Puts an update into the queue, if the bot wants any of its kind."""
        if self._wants(kind):
            self._last += 1
            self.pending.append({"update_id": self._last, kind: body})
            self.waking.wake()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """None leaves it as it was; an empty list is what is told by default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def _wants(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in _ASKED_FOR

    def end_polls(self) -> None:
        """Ends the long poll that is under way: a webhook takes over."""
        self._poller, self._ended = None, _BY_WEBHOOK
        self.waking.wake()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Waits for updates, and confirms those before the offset.

        Raises:
            ApiError: when another poll began meanwhile.
        """
        me = self._poller = object()
        self._ended = _OTHER
        self.waking.wake()
        self._confirm(offset)
        try:
            async with asyncio.timeout(seconds):
                await self._until_pending(me)
        except TimeoutError:
            return []
        finally:
            self._poller = None if self._poller is me else self._poller
        return self.pending[:limit]

    async def _until_pending(self, me: object) -> None:
        while not self.pending:
            await self.waking.wait()
            if self._poller is not me:
                raise ApiError(409, self._ended)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset:
            self.pending = [one for one in self.pending if one["update_id"] >= offset]
