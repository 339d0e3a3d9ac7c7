"""WebSub as one thing that runs: the subscriber, and the callback that hubs call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.politeness import Politeness
from adapters.sources.websub.hub_client import HubClient
from bot.clock import Clock
from bot.config.schema import Config, FeedsConfig, SourceConfig
from bot.ingest.ports import NewsSource
from bot.ingest.websub.callbacks import HubCalls
from bot.ingest.websub.ports import WebSubStore
from bot.ingest.websub.pushed_source import PushedSource
from bot.ingest.websub.subscriber import WebSubSubscriber
from bot.ingest.websub.subscriptions import HubSubscriptions
from bot.live_mapping import LiveMapping

if TYPE_CHECKING:
    from adapters.web_listener import WebListener


@dataclass(frozen=True, slots=True)
class WebSubService:
    """Keeps feeds subscribed at their hubs.

    Attributes:
        subscriber: Begins, renews and ends subscriptions.
        listener: Where hubs call.
        max_bytes: The most that a hub may push at once.
        allowed: The private hosts that the feed of a source may lead to, by the source's id.
    """

    subscriber: WebSubSubscriber
    listener: WebListener
    max_bytes: int
    allowed: LiveMapping[str, AllowedHosts]

    def change_sources(self, sources: Iterable[SourceConfig], config: FeedsConfig) -> None:
        """Keeps these sources subscribed from now on, and ends what others have."""
        self.allowed.put(_allowed_hosts(sources))
        self.subscriber.change_sources(_wanted(self.allowed, config))

    def watch(self, sources: Iterable[NewsSource]) -> Sequence[NewsSource]:
        """Returns sources whose hubs are heeded, among the others as they are."""
        subscriber = self.subscriber
        return [
            PushedSource(one, subscriber, subscriber.clock)
            if one.source.id in subscriber.sources and not isinstance(one, PushedSource)
            else one
            for one in sources
        ]

    async def serve(self, wake: Callable[[str], None]) -> None:
        """Listens to hubs, and keeps feeds subscribed, until cancelled.

        Args:
            wake: Polls a source, by its id, of which a hub has pushed something.

        Raises:
            OSError: The address cannot be listened on.
            StoreError: The subscriptions cannot be read or saved.
        """
        # Only here and below, since most have no public address, and a web server takes memory.
        from adapters.sources.websub import callback  # noqa: PLC0415 - as above

        subscriber = self.subscriber
        await subscriber.load()
        calls = HubCalls(subscriber.subscriptions, subscriber.clock, wake)
        answering = callback.WebSubCallback(calls, self.max_bytes)
        async with self.listener.handling(answering.handle, callback.is_callback):
            await subscriber.keep_subscribed()


@asynccontextmanager
async def open_websub(
    config: Config, store: WebSubStore, clock: Clock
) -> AsyncIterator[WebSubService | None]:
    """Opens what takes part in WebSub, for as long as the block lasts; None without an address.

    With `feeds.websub` off it only ends the subscriptions that there are.

    Args:
        config: The operator's configuration.
        store: Keeps the subscriptions.
        clock: Tells the time.
    """
    if not config.public_url:
        yield None
        return
    from adapters.sources.websub.callback import PATH  # noqa: PLC0415 - as in `serve`
    from adapters.web_listener import WebListener  # noqa: PLC0415 - as in `serve`

    politeness = Politeness(
        contact=config.feeds.contact, timeout=config.feeds.timeout.total_seconds()
    )
    allowed = LiveMapping(_allowed_hosts(config.sources))
    subscriptions = HubSubscriptions(store, clock, f"{config.public_url}/{PATH}")
    hubs = HubClient(politeness, clock, allowed)
    wanted = _wanted(allowed, config.feeds)
    subscriber = WebSubSubscriber(subscriptions, hubs, clock, wanted)
    listener = WebListener(config.public_listen)
    try:
        yield WebSubService(subscriber, listener, config.feeds.max_size, allowed)
    finally:
        await hubs.aclose()


def _allowed_hosts(sources: Iterable[SourceConfig]) -> dict[str, AllowedHosts]:
    """Returns the private hosts that each feed on the web may lead to, by its source's id."""
    return {one.id: AllowedHosts(one.allow_hosts) for one in sources if one.url}


def _wanted(feeds: Iterable[str], config: FeedsConfig) -> frozenset[str]:
    return frozenset(feeds) if config.websub else frozenset()
