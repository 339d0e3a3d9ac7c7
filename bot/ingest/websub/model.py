"""Subscriptions to feeds at their hubs, and what feeds say of hubs. Times are in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum


class Mode(Enum):
    """The two things that a subscriber asks of a hub: `hub.mode` (WebSub, section 5.1)."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


class Phase(Enum):
    """The phases of a subscription."""

    NEW = "new"
    """The hub is to be asked for it."""
    PENDING = "pending"
    """The hub has accepted the request, and has still to verify it."""
    ACTIVE = "active"
    """Verified: the hub pushes until the lease ends."""
    LEAVING = "leaving"
    """The hub is to end it."""
    DENIED = "denied"
    """The hub does not want it; kept so that it is not asked again soon."""


@dataclass(frozen=True, slots=True)
class HubLinks:
    """The hubs that a feed names (WebSub, section 4).

    Attributes:
        hubs: URLs of its hubs (http or https), the best first; empty when it names none.
        topic: The URL that it is known by at its hubs.
    """

    hubs: tuple[str, ...] = ()
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSubscription:
    """A subscription to a feed at a hub.

    Attributes:
        callback: The URL that the hub calls. Whoever knows it may confirm and end the subscription
            (a capability URL), so it is unguessable, and of this subscription alone.
        secret: The key by which the hub signs what it pushes.
        source: The id of the source whose feed it is.
        hub: The hub's URL.
        topic: The feed's URL, as the hub knows it.
        phase: How far it has come.
        due: When it is to be looked after next.
        granted: When the hub last verified it; None for never.
        lease: How long it then lasts.
        failures: Requests that have led to nothing, in a row.
        proven: True when the hub has pushed, and no new story has come without a push since.
    """

    callback: str = field(repr=False)
    secret: str = field(repr=False)
    source: str
    hub: str
    topic: str
    phase: Phase
    due: datetime
    granted: datetime | None = None
    lease: timedelta = timedelta()
    failures: int = 0
    proven: bool = False

    @property
    def token(self) -> str:
        """The unguessable part of the callback."""
        return self.callback.rpartition("/")[2]

    @property
    def lease_end(self) -> datetime | None:
        """Time at which the hub stops pushing unless it is asked again; None before it began."""
        return self.granted + self.lease if self.granted else None

    @property
    def is_wanted(self) -> bool:
        """True unless it is ending."""
        return self.phase is not Phase.LEAVING

    def is_pushed(self, now: datetime) -> bool:
        """Returns True while the hub has to push."""
        end = self.lease_end
        return self.phase is Phase.ACTIVE and end is not None and now < end
