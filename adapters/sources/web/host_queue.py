"""The queue of each host: one request at a time, a pause after each, and rests.

A host rests after it was silent, and for as long as it asks to be left alone. Whoever wants it
meanwhile is refused at once and holds nothing that others wait for.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from yarl import URL

from adapters.sources.web.errors import FetchError
from bot.text.display import shorten

_MAX_IDLE_HOSTS = 256  # hosts, above which those that nobody asks are forgotten
_LONGEST_REST = 300.0  # seconds, after many silences in a row
_REMEMBERED = 3_600.0  # seconds after a rest for which a silent host is known as one
_DOUBLINGS = 10  # after so many silences the longest rest is reached, whatever it began with
_SHORT_WAIT = 60.0  # seconds that a request is held in the queue rather than refused
_JUST_NOW = 5.0  # seconds; a host that was silent within them is not even tried for a person


@dataclass(frozen=True, slots=True)
class _Rest:
    """A time in which a host is not asked.

    Attributes:
        since: When it began, by the queue's clock.
        until: When it ends, by the same.
        is_asked: True when the host asked for it; False when it was silent.
    """

    since: float
    until: float
    is_asked: bool


@dataclass(slots=True)
class Host:
    """A host, as its answers and silences tell it.

    Attributes:
        name: As it stands in URLs.
        first_rest: Seconds that it is let be after a silence; doubled by each further one.
        now: Tells the time, in seconds.
        lock: Held by the request that is under way.
        users: How many requests wait, or are under way.
        free_at: When the next may begin, by the same clock.
        silences: How often in a row it did not answer in time, or wanted to be left alone without
            saying for how long.
    """

    name: str
    first_rest: float
    now: Callable[[], float]
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0
    silences: int = 0
    _rest: _Rest | None = field(default=None, init=False)

    def note_answer(self) -> None:
        """Notes that it answered."""
        self.silences = 0
        self._rest = None

    def note_silence(self) -> None:
        """Notes that it did not answer in time: it is let be, the longer the more often."""
        self._begin_rest(self._backoff(), is_asked=False)

    def note_wish(self, seconds: float | None) -> None:
        """Notes that it refused an answer and wants to be left alone.

        Args:
            seconds: For how long; None when it does not say.
        """
        self._begin_rest(self._backoff() if seconds is None else seconds, is_asked=True)

    def note_limit(self, seconds: float) -> None:
        """Notes that its rate limit is used up for some seconds, although it answered."""
        if seconds > _SHORT_WAIT:
            self._begin_rest(seconds, is_asked=True)
        else:
            self.free_at = max(self.free_at, self.now() + seconds)

    def check(self, *, insists: bool) -> None:
        """Makes sure that it may be asked.

        Args:
            insists: True to try one that was silent, unless that was just now.

        Raises:
            FetchError: It rests; the error says for how long, and that nothing was asked.
        """
        rest, now = self._rest, self.now()
        if rest is None or rest.until <= now:
            return
        if insists and not rest.is_asked and now - rest.since > _JUST_NOW:
            return
        why = "asked to be left alone" if rest.is_asked else "did not respond a moment ago"
        raise FetchError(
            f"{shorten(self.name)} {why}; it is tried again later",
            wait=rest.until - now,
            put_off=True,
        )

    def forget_silence(self) -> None:
        """Lets it be asked again, unless it has asked to be left alone."""
        if self._rest and not self._rest.is_asked:
            self._rest = None

    def is_idle(self, now: float) -> bool:
        """Returns True when nothing is known of it that matters."""
        rested = self._rest is None or self._rest.until + _REMEMBERED <= now
        return not self.users and self.free_at <= now and rested

    def _backoff(self) -> float:
        self.silences += 1
        doubled = self.first_rest * 2.0 ** min(self.silences - 1, _DOUBLINGS)
        return min(doubled, _LONGEST_REST)

    def _begin_rest(self, seconds: float, *, is_asked: bool) -> None:
        now = self.now()
        self._rest = _Rest(now, now + seconds, is_asked)


class HostQueue:
    """Rate limiter by host: requests to a host run one after another, with a pause between.

    Args:
        pause: Seconds between the end of one request to a host and the next one to it.
        rest: Seconds that a host is let be after its first silence.
        now: Tells the time, in seconds.
    """

    def __init__(
        self, pause: float, rest: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._pause = pause
        self._rest = rest
        self._now = now
        self._hosts: dict[tuple[str, int], Host] = {}

    @property
    def count(self) -> int:
        """The number of hosts that are remembered."""
        return len(self._hosts)

    @asynccontextmanager
    async def slot(self, url: URL, *, insists: bool = False) -> AsyncIterator[Host]:
        """Holds the only slot of a URL's host as long as the block lasts; first come, first served.

        Raises:
            FetchError: The host rests; see `Host.check`.
        """
        host = self._host(url)
        host.check(insists=insists)
        host.users += 1
        try:
            async with host.lock:
                host.check(insists=insists)  # what came of those before it
                await asyncio.sleep(max(0.0, host.free_at - self._now()))
                try:
                    yield host
                finally:
                    host.free_at = max(host.free_at, self._now() + self._pause)
        finally:
            host.users -= 1

    def forget_silences(self) -> None:
        """Lets hosts be asked that were silent: the network was away."""
        for host in self._hosts.values():
            host.forget_silence()

    def _host(self, url: URL) -> Host:
        if len(self._hosts) > _MAX_IDLE_HOSTS:
            now = self._now()
            self._hosts = {key: host for key, host in self._hosts.items() if not host.is_idle(now)}
        name = url.host or ""
        return self._hosts.setdefault((name, url.port or 0), Host(name, self._rest, self._now))
