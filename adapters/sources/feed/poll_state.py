"""State that a poll of a feed leaves for the next one: where the feed is, its validators."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from adapters.sources.feed.stories import STORY_FORMAT
from adapters.sources.web.responses import WebPage
from bot.ingest.ports import PollMode
from bot.ingest.websub.model import HubLinks

_HOUR, _DAY = 3_600.0, 86_400.0  # seconds
# How old a whole answer may be before the feed is asked for unconditionally: no validator of a
# server's, however wrong, can stick for longer.
_TRUSTED = {PollMode.SCHEDULED: _DAY, PollMode.REQUESTED: _HOUR, PollMode.FULL: 0.0}


@dataclass(frozen=True, slots=True)
class PollState:
    """The state that a poll leaves for the next one, as the signature of its result.

    Attributes:
        configured_url: The URL in the configuration, without credentials; with another one,
            nothing else here counts.
        url: Where the feed is now, after permanent redirects, without credentials.
        etag: The validator, as the server sent it.
        last_modified: As `etag`.
        digest: Of the feed's bytes, for servers that never answer 304 Not Modified.
        version: See `STORY_FORMAT`.
        update_interval: Seconds that the feed asks to leave between two polls.
        read_at: When it last came whole, in seconds since 1970.
        tried_at: When the URL in the configuration was last asked, likewise.
        hubs: The WebSub hubs that it named when it last changed.
        topic: What it is known by there.
        icon: The icon of its site that it named then.
    """

    configured_url: str
    url: str
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    version: int = STORY_FORMAT
    update_interval: float = 0.0
    read_at: float = 0.0
    tried_at: float = 0.0
    hubs: Sequence[str] = ()
    topic: str = ""
    icon: str = ""

    @classmethod
    def load(cls, signature: str, url: str) -> PollState:
        """Reads a signature; one of another URL gives an empty state.

        Args:
            signature: What the last poll left.
            url: The URL in the configuration, without credentials.
        """
        try:
            state = cls(**json.loads(signature)) if signature else None
        except (ValueError, TypeError):
            state = None
        if state is None or state.configured_url != url:
            return cls(url, url)
        return state if state.version == STORY_FORMAT else cls(url, state.url)

    @property
    def hub_links(self) -> HubLinks:
        """The hubs and the topic."""
        return HubLinks(tuple(self.hubs), self.topic)

    def dump(self) -> str:
        """Returns the signature."""
        return json.dumps(asdict(self))

    def for_poll(self, mode: PollMode, now: float) -> PollState:
        """Returns the state without validators, when it is time to ask for the feed whole.

        Args:
            mode: Why it is polled.
            now: The time, in seconds since 1970.
        """
        if abs(now - self.read_at) < _TRUSTED[mode]:
            return self
        digest = "" if mode is PollMode.FULL else self.digest
        return replace(self, etag="", last_modified="", digest=digest)

    def urls(self, now: float) -> tuple[str, ...]:
        """Returns the URLs to ask, the second one only where the first fails.

        Of a feed that has moved they are its new and its own, which is tried first once a day.
        """
        if self.url == self.configured_url:
            return (self.url,)
        both = (self.url, self.configured_url)
        return both[::-1] if abs(now - self.tried_at) >= _DAY else both

    def after(self, page: WebPage, asked: str, now: float, *, stays: bool) -> PollState:
        """Returns the state after a poll that brought this page.

        Args:
            page: What came.
            asked: The URL that was asked.
            now: The time, in seconds since 1970.
            stays: True when the feed is asked for at its own URL, wherever it moves: its user,
                headers or cookie go there alone.
        """
        tried = self.configured_url in {asked, self.urls(now)[0]}
        moved = replace(
            self,
            url=self.configured_url if stays else page.moved_to or asked,
            etag=page.etag,
            last_modified=page.last_modified,
            tried_at=now if tried else self.tried_at,
        )
        if page.unchanged:
            return moved
        digest = hashlib.blake2b(page.body, digest_size=16).hexdigest()
        return replace(moved, digest=digest, read_at=now)
