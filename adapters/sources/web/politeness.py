"""Politeness to servers: one request a host with a pause after it, the User-Agent, limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot import __version__

_MAX_IDLE_HOSTS = 256  # hosts, above which those that nobody asks are forgotten


class _HostSlot:
    """The place that requests to one host wait for."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.users = 0
        self.free_at = 0.0


class HostQueue:
    """Rate limiter by host: requests to a host run one after another, with a pause between.

    Args:
        pause: Seconds between the end of one request to a host and the next one to it.
    """

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._hosts: dict[tuple[str, int], _HostSlot] = {}

    @asynccontextmanager
    async def slot(self, host: str, port: int) -> AsyncIterator[None]:
        """Holds the host's only slot as long as the block lasts; first come, first served."""
        self._evict_idle()
        slot = self._hosts.setdefault((host, port), _HostSlot())
        slot.users += 1
        try:
            async with slot.lock:
                await _sleep_until(slot.free_at)
                try:
                    yield
                finally:
                    slot.free_at = asyncio.get_running_loop().time() + self._pause
        finally:
            slot.users -= 1

    def _evict_idle(self) -> None:
        if len(self._hosts) <= _MAX_IDLE_HOSTS:
            return
        now = asyncio.get_running_loop().time()
        self._hosts = {
            key: host for key, host in self._hosts.items() if host.users or host.free_at > now
        }


async def _sleep_until(time: float) -> None:
    left = time - asyncio.get_running_loop().time()
    if left > 0:
        await asyncio.sleep(left)


ACCEPT_FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
"""The Accept header for feeds."""

ACCEPT_HTML = "text/html, application/xhtml+xml, */*;q=0.1"
"""The Accept header for web pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """Limits of every request, and what the bot says of itself.

    Attributes:
        contact: A URL or mail address for the people behind a site; empty for none.
        allow_hosts: Hosts that may have a private address; see `AllowedHosts`.
        max_bytes: The most that an answer may have, compressed or not.
        timeout: Seconds until an answer must have come, with all redirects; waiting in a host's
            queue does not count.
        pause: Seconds between two requests to one host.
    """

    contact: str = ""
    allow_hosts: tuple[str, ...] = ()
    max_bytes: int = 15 << 20
    timeout: float = 30.0
    pause: float = 1.0


def user_agent(contact: str = "") -> str:
    """Returns the User-Agent header.

    Args:
        contact: See `Politeness`.

    Raises:
        ValueError: The contact cannot stand in a header.
    """
    if not (contact.isascii() and contact.isprintable()) or any(sign in contact for sign in "()\\"):
        raise ValueError("a contact is a web or email address, in ASCII")
    return f"Dateline/{__version__}" + (f" (+{contact})" if contact else "")
