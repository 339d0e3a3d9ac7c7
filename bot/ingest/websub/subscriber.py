"""The subscriber of WebSub (https://www.w3.org/TR/websub/), which asks hubs to push feeds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.errors import SourceError
from bot.ingest.poll_tasks import PollTasks
from bot.ingest.websub import lifecycle
from bot.ingest.websub.model import HubLinks, HubSubscription, Mode, Phase
from bot.ingest.websub.ports import Hubs
from bot.ingest.websub.subscriptions import Change, HubSubscriptions

log = logging.getLogger(__name__)

_LONGEST_SLEEP = 60.0  # seconds, after which a clock that was set is noticed
_UNVERIFIED = (
    "it has not verified the request; does your web server forward everything below the bot's "
    "public address?"
)


@dataclass(slots=True)
class WebSubSubscriber:
    """Begins, renews and ends the subscriptions of feeds at the hubs that they name.

    Attributes:
        subscriptions: Keeps them.
        hubs: Takes requests to hubs.
        clock: Tells the time.
        sources: The ids of the sources to subscribe to; what others have is ended.
        sleep: Waits for a number of seconds.
    """

    subscriptions: HubSubscriptions
    hubs: Hubs
    clock: Clock
    sources: Collection[str]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _links: dict[str, HubLinks] = field(default_factory=dict)
    _to_follow: set[str] = field(default_factory=set)

    def note_links(self, source: str, links: HubLinks) -> None:
        """Notes which hubs the feed of a source names now."""
        if source in self.sources and self._links.get(source) != links:
            self._links[source] = links
            self._to_follow.add(source)
            self.subscriptions.changed.set()

    def change_sources(self, sources: Collection[str]) -> None:
        """Subscribes to these sources from now on; what others have is ended."""
        self.sources = frozenset(sources)
        for source in self._links.keys() - self.sources:
            del self._links[source]
            self._to_follow.discard(source)
        self.subscriptions.changed.set()

    async def load(self) -> None:
        """Reads the subscriptions from the store.

        Raises:
            StoreError: They cannot be read.
        """
        await self.subscriptions.load(self.sources)
        self._to_follow.update(self._links)

    async def keep_subscribed(self) -> None:
        """Looks after each subscription when it is due, until cancelled; `load` comes first.

        Raises:
            StoreError: They cannot be saved.
        """
        async with PollTasks(self.subscriptions.changed, self.sleep) as requests:
            while True:
                self.subscriptions.changed.clear()
                await self.subscriptions.repair()
                await self.subscriptions.end_others(self.sources)
                await self._follow_links()
                for one in self.subscriptions.due():
                    if one.token not in requests.sources:
                        requests.start(one.token, self._look_after(one))
                wait = self.subscriptions.time_until_due().total_seconds()
                await requests.wait(min(wait, _LONGEST_SLEEP))

    async def _follow_links(self) -> None:
        for source in tuple(self._to_follow):
            links = self._links.get(source)
            if links is not None:  # else the source was removed
                await self.subscriptions.follow(source, links)
            if self._links.get(source) == links:
                self._to_follow.discard(source)

    async def _look_after(self, one: HubSubscription) -> None:
        """Does what is due for a subscription, unless it has changed since."""
        if self.subscriptions.get(one.token) != one:
            return
        if one.phase is Phase.ACTIVE:
            await self._renew(one)
        elif one.phase is Phase.LEAVING:
            await self._unsubscribe(one)
        elif one.phase is Phase.PENDING:
            await self._note_failure(one, _UNVERIFIED)
        elif one.phase is Phase.DENIED:
            await self._begin_anew(one, self._next_hub(one))
        else:
            await self._request(one, Mode.SUBSCRIBE)

    async def _renew(self, one: HubSubscription) -> None:
        """Adds the successor of a subscription; removes one whose lease has ended."""
        if all(other.token == one.token for other in self.subscriptions.of(one.source)):
            await self.subscriptions.add(one.source, one.hub, one.topic, self.clock.now())
        if one.is_pushed(self.clock.now()):
            await self._change(one, lifecycle.renewing)
        else:
            log.warning("source %s: the lease of its hub %s has ended", one.source, one.hub)
            await self.subscriptions.remove(one)

    async def _unsubscribe(self, one: HubSubscription) -> None:
        is_over = self.subscriptions.end(one) is None
        if is_over or one.failures >= lifecycle.MAX_UNSUBSCRIBE_REQUESTS:
            await self.subscriptions.remove(one)
        else:
            await self._request(one, Mode.UNSUBSCRIBE)

    async def _request(self, one: HubSubscription, mode: Mode) -> None:
        try:
            await self.hubs.request(one, mode)
        except SourceError as error:
            await self._note_failure(one, str(error), error.wait or 0.0)
        else:
            await self._change(one, lambda now: lifecycle.accepted(now, self.clock.now()))

    async def _note_failure(self, one: HubSubscription, reason: str, asked: float = 0.0) -> None:
        level = logging.DEBUG if one.failures else logging.WARNING
        log.log(level, "source %s: its hub %s: %s; trying again", one.source, one.hub, reason)
        after = await self._change(one, lambda now: lifecycle.failed(now, self.clock.now(), asked))
        hub = self._next_hub(one)
        if after and after.phase is Phase.NEW and hub != one.hub:
            await self._begin_anew(after, hub)

    async def _begin_anew(self, one: HubSubscription, hub: str) -> None:
        """Puts another subscription in the place of one that was not to be had.

        A callback is of one hub alone (WebSub, section 5.1.1).
        """
        await self.subscriptions.remove(one)
        await self.subscriptions.add(one.source, hub, one.topic, one.due, one.failures)

    def _next_hub(self, one: HubSubscription) -> str:
        """Returns the hub that the feed names behind a subscription's, in a circle."""
        links = self._links.get(one.source, HubLinks())
        if one.hub not in links.hubs:
            return one.hub
        return links.hubs[(links.hubs.index(one.hub) + 1) % len(links.hubs)]

    async def _change(self, one: HubSubscription, change: Change) -> HubSubscription | None:
        """Changes a subscription, unless its hub has called meanwhile."""
        return await self.subscriptions.change(
            one.token,
            lambda now: (
                change(now) if (now.phase, now.granted) == (one.phase, one.granted) else now
            ),
        )
