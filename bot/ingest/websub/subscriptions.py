"""The subscriptions at hubs, in memory and in the store; what they mean for their sources."""

from __future__ import annotations

import asyncio
import math
import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.ingest.websub.lifecycle import ended, repaired
from bot.ingest.websub.model import HubLinks, HubSubscription, Phase
from bot.ingest.websub.ports import WebSubStore

_TOKEN_BYTES = 32  # of a callback and of a secret, which has to be shorter than 200 (section 5.1)

Change = Callable[[HubSubscription], HubSubscription | None]
"""Returns what a subscription becomes; None to remove it."""


class HubSubscriptions:
    """All subscriptions; a change of one is in the store before it counts.

    Every method that changes something may raise StoreError.

    Attributes:
        changed: Set by each change.
    """

    def __init__(self, store: WebSubStore, clock: Clock, callback_base: str) -> None:
        """Keeps them in a store.

        Args:
            store: Where they survive a restart.
            clock: Tells the time.
            callback_base: The public URL below which hubs call, without a slash at its end.
        """
        self.changed = asyncio.Event()
        self._store = store
        self._clock = clock
        self._base = callback_base
        self._by_token: dict[str, HubSubscription] = {}
        self._by_source: dict[str, dict[str, HubSubscription]] = defaultdict(dict)
        self._pushed_at: dict[str, float] = {}  # by source, on the monotonic clock
        self._changing = asyncio.Lock()

    async def load(self, sources: Collection[str]) -> None:
        """Reads them from the store; those of other sources are to end.

        Those with callbacks at another public address are forgotten: no hub can reach us there.
        """
        found = await self._store.subscriptions()
        kept = [one for one in found if self._is_ours(one)]
        await self._store.update(removed=[one for one in found if not self._is_ours(one)])
        self._by_token.clear()
        self._by_source.clear()
        for one in kept:
            self._remember(one)
        await self.end_others(sources)

    async def end_others(self, sources: Collection[str]) -> None:
        """Ends those of other sources than these."""
        for one in list(self._by_token.values()):
            if one.source not in sources and one.phase is not Phase.LEAVING:
                await self.change(one.token, self.end)

    def _is_ours(self, one: HubSubscription) -> bool:
        return one.callback == f"{self._base}/{one.token}"

    def get(self, token: str) -> HubSubscription | None:
        """Returns the one whose callback ends in a token; None for none."""
        return self._by_token.get(token)

    def of(self, source: str) -> Sequence[HubSubscription]:
        """Returns those of a source that are not ending."""
        there = self._by_source.get(source, {})
        return [one for one in there.values() if one.phase is not Phase.LEAVING]

    def is_trusted(self, source: str) -> bool:
        """Returns True while the hub of a source can be relied on.

        It has pushed, and nothing new has come without; its lease lasts, and it neither denies nor
        fails to renew that.
        """
        now, there = self._clock.now(), self.of(source)
        is_pushed = any(one.proven and one.is_pushed(now) for one in there)
        return is_pushed and not any(one.failures or one.phase is Phase.DENIED for one in there)

    def seconds_since_push(self, source: str) -> float:
        """Returns the seconds since the hub of a source last pushed; infinite for never."""
        return self._clock.monotonic() - self._pushed_at.get(source, -math.inf)

    def due(self) -> Sequence[HubSubscription]:
        """Returns those that are to be looked after now."""
        now = self._clock.now()
        return [one for one in self._by_token.values() if one.due <= now]

    def time_until_due(self) -> timedelta:
        """Returns the time until another one is to be looked after; the longest for never."""
        now = self._clock.now()
        waits = (one.due - now for one in self._by_token.values() if one.due > now)
        return min(waits, default=timedelta.max)

    async def change(self, token: str, change: Change) -> HubSubscription | None:
        """Changes one, unless it is gone; returns what it is now."""
        async with self._changing:
            before = self._by_token.get(token)
            if before is None:
                return None
            after = change(before)
            if after is None:
                await self._store.update(removed=[before])
                del self._by_token[token], self._by_source[before.source][token]
                self.changed.set()
            elif after != before:
                await self._save(after)
            return after

    async def add(
        self, source: str, hub: str, topic: str, due: datetime, failures: int = 0
    ) -> None:
        """Adds one that its hub has still to be asked for, with a callback and a secret."""
        made = HubSubscription(
            callback=f"{self._base}/{secrets.token_urlsafe(_TOKEN_BYTES)}",
            secret=secrets.token_urlsafe(_TOKEN_BYTES),
            source=source,
            hub=hub,
            topic=topic,
            phase=Phase.NEW,
            due=due,
            failures=failures,
        )
        async with self._changing:
            await self._save(made)

    async def remove(self, subscription: HubSubscription) -> None:
        """Removes one: its callback is unknown from then on."""
        await self.change(subscription.token, lambda _: None)

    async def follow(self, source: str, links: HubLinks) -> None:
        """Ends what the feed of a source does not name any more, and begins what it names."""
        is_there = False
        for one in self.of(source):
            if one.hub in links.hubs and one.topic == links.topic:
                is_there = True
            else:
                await self.change(one.token, self.end)
        if links.hubs and not is_there:
            await self.add(source, links.hubs[0], links.topic, self._clock.now())

    async def supersede(self, successor: HubSubscription) -> None:
        """Ends the others of a source; the new one is trusted as they were."""
        others = [one for one in self.of(successor.source) if one.token != successor.token]
        if any(one.proven for one in others):
            await self.change(successor.token, lambda one: replace(one, proven=True))
        for one in others:
            await self.change(one.token, self.end)

    async def note_push(self, pushed: HubSubscription) -> None:
        """Notes that a hub has pushed."""
        self._pushed_at[pushed.source] = self._clock.monotonic()
        await self.change(pushed.token, lambda one: replace(one, proven=True))

    async def note_miss(self, source: str) -> None:
        """Notes that something new of a source has come without a push."""
        for one in self.of(source):
            await self.change(one.token, lambda one: replace(one, proven=False))

    async def repair(self) -> None:
        """Makes those due whose times only a clock that was ahead can have set."""
        now = self._clock.now()
        for one in list(self._by_token.values()):
            if repaired(one, now) != one:
                await self.change(one.token, lambda one: repaired(one, now))

    def end(self, subscription: HubSubscription) -> HubSubscription | None:
        """Returns what a subscription becomes that is to end; for `change`."""
        return ended(subscription, self._clock.now())

    async def _save(self, subscription: HubSubscription) -> None:
        await self._store.update([subscription])
        self._remember(subscription)
        self.changed.set()

    def _remember(self, subscription: HubSubscription) -> None:
        self._by_token[subscription.token] = subscription
        self._by_source[subscription.source][subscription.token] = subscription


async def forget_subscriptions(store: WebSubStore) -> None:
    """Forgets all subscriptions, where no hub can reach us any more; their leases just end.

    Raises:
        StoreError: They cannot be removed.
    """
    await store.update(removed=await store.subscriptions())
