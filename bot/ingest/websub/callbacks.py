"""The calls of hubs: verifications, denials, and what they push (WebSub, sections 5.2, 5.3, 7).

What a hub pushes is not read: it only has the source polled at once. A hub may leave out of a push
what it has delivered before (section 7), so a push is a part of a feed, and nothing tells what is
missing from it; the feed itself goes through the same fetching, parsing and limits as ever; and
whoever got hold of a secret cannot write a story, only wake a poll.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.ingest.websub import lifecycle
from bot.ingest.websub.model import Phase
from bot.ingest.websub.subscriptions import HubSubscriptions
from bot.text.display import shorten

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HubCalls:
    """Takes the calls of hubs, which name a subscription by the token of its callback.

    Attributes:
        subscriptions: Keeps the subscriptions.
        clock: Tells the time.
        wake: Polls a source, by its id.
        chance: Spreads renewals over time, by numbers from 0 to 1.
    """

    subscriptions: HubSubscriptions
    clock: Clock
    wake: Callable[[str], None]
    chance: Callable[[], float] = random.random

    async def verify(self, token: str, mode: str, topic: str, lease_seconds: str) -> bool:
        """Carries out what a hub asks us to confirm; returns False if we never asked for that.

        Args:
            token: Of the callback.
            mode: As the hub wrote it, like the others.
            topic: The feed.
            lease_seconds: How long the subscription lasts.

        Raises:
            StoreError: It cannot be saved; nothing is confirmed then.
        """
        one = self.subscriptions.get(token)
        if one is None or not lifecycle.is_intended(one, mode, topic):
            return False
        if one.phase is Phase.LEAVING:
            await self.subscriptions.remove(one)
            log.info("source %s: unsubscribed at its hub %s", one.source, one.hub)
            return True
        now, chance = self.clock.now(), self.chance()
        after = await self.subscriptions.change(
            token, lambda one: lifecycle.granted(one, lease_seconds, now, chance)
        )
        if after is None:
            return False
        await self.subscriptions.supersede(after)
        log.info(
            "source %s: subscribed at its hub %s until %s", one.source, one.hub, after.lease_end
        )
        return True

    async def deny(self, token: str, topic: str, reason: str) -> bool:
        """Notes that a hub denies a subscription; returns False for one that it has not.

        Raises:
            StoreError: It cannot be saved.
        """
        one = self.subscriptions.get(token)
        if one is None or one.topic != topic:
            return False
        if one.phase is Phase.LEAVING:
            await self.subscriptions.remove(one)
            return True
        why = f": {shorten(reason)}" if reason else ""
        log.warning("source %s: its hub %s has denied it%s", one.source, one.hub, why)
        now = self.clock.now()
        await self.subscriptions.change(token, lambda one: lifecycle.denied(one, now))
        return True

    def secret(self, token: str) -> str | None:
        """Returns the key of the signatures for a callback; None when nothing is to be pushed."""
        one = self.subscriptions.get(token)
        return one.secret if one and one.phase not in _OVER else None

    async def receive(self, token: str) -> None:
        """Has the source polled for which a hub has pushed something with the right signature.

        Raises:
            StoreError: What it says of the hub cannot be saved.
        """
        one = self.subscriptions.get(token)
        if one and one.is_pushed(self.clock.now()):
            self.wake(one.source)
            await self.subscriptions.note_push(one)


_OVER = frozenset({Phase.LEAVING, Phase.DENIED})
