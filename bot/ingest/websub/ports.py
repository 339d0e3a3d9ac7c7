"""The hubs and the store, as the subscriber needs them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from bot.ingest.websub.model import HubSubscription, Mode


class Hubs(Protocol):
    """The hubs on the web."""

    async def request(self, subscription: HubSubscription, mode: Mode) -> None:
        """Asks the subscription's hub to begin or to end it; the hub verifies that later.

        Raises:
            SourceError: The hub cannot be reached, or does not accept the request.
        """
        ...


class WebSubStore(Protocol):
    """Store of the subscriptions at hubs. Every method may raise StoreError."""

    async def subscriptions(self) -> Sequence[HubSubscription]:
        """Returns all of them, whatever their phase."""
        ...

    async def update(
        self, saved: Iterable[HubSubscription] = (), removed: Iterable[HubSubscription] = ()
    ) -> None:
        """Saves some and removes others, in one transaction; each is known by its callback."""
        ...
