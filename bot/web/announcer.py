"""Announcement of new stories to the hub that the feeds name (WebSub, section 6)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import HubError
from bot.model import Story
from bot.web.addresses import source_path, topic_path
from bot.web.ports import HubPublisher
from bot.web.site import Site

log = logging.getLogger(__name__)

_EVERY = 20.0  # seconds between two looks
_MOST = 200  # stories that one look is about
_MOST_FEEDS = 60  # that are announced at once
_LATE = timedelta(days=30)  # older stories are no news to any reader
_ENDS = ("atom", "json")


@dataclass(slots=True)
class HubAnnouncer:
    """Tells a hub which feeds have something new, and again later where it could not be told.

    Attributes:
        site: The site.
        publisher: Speaks to the hub.
        looked: The time up to which stories were announced; None before the first look.
        sleep: Waits for a number of seconds.
    """

    site: Site
    publisher: HubPublisher
    looked: datetime | None = None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def keep_announcing(self) -> None:
        """Announces what comes, until it is cancelled.

        Raises:
            StoreError: The store cannot be read.
        """
        while True:
            await self.announce()
            await self.sleep(_EVERY)

    async def announce(self) -> None:
        """Announces what has come since the last look; what was there before it is no news."""
        now = self.site.services.clock.now()
        since = self.looked or now
        found = await self.site.services.store.stories.new_since(since, since - _LATE, _MOST)
        if found.stories:
            try:
                await self.publisher.publish(self._feeds(found.stories))
            except HubError as error:
                log.warning("web.hub: %s", error)
                return
        self.looked = now

    def _feeds(self, stories: Sequence[Story]) -> Sequence[str]:
        """Returns the addresses of the feeds that have one of these stories."""
        pages = [""]
        pages += [source_path(source) for one in stories for source in one.sources]
        pages += [topic_path(name) for one in stories for name in one.topics]
        chosen = [*dict.fromkeys(pages)][: _MOST_FEEDS // len(_ENDS)]
        base = self.site.links.base
        return [f"{base}{page}/feed.{end}" for page in chosen for end in _ENDS]
