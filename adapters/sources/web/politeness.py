"""How the bot behaves on the web, and what it says of itself there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot import __version__

_MANY = 256  # hosts, above which those that nobody asks are forgotten


class _Host:
    """A host's turn."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.users = 0
        self.free_at = 0.0


class HostQueue:
    """Whose turn it is to ask a host.

    Args:
        pause: Seconds between the end of one request to a host and the next one to it.
    """

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._hosts: dict[tuple[str, int], _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, port: int) -> AsyncIterator[None]:
        """Nobody else asks the host as long as the block lasts; first come, first served."""
        self._forget()
        turn = self._hosts.setdefault((host, port), _Host())
        turn.users += 1
        try:
            async with turn.lock:
                await _sleep_until(turn.free_at)
                try:
                    yield
                finally:
                    turn.free_at = asyncio.get_running_loop().time() + self._pause
        finally:
            turn.users -= 1

    def _forget(self) -> None:
        if len(self._hosts) <= _MANY:
            return
        now = asyncio.get_running_loop().time()
        self._hosts = {
            key: host for key, host in self._hosts.items() if host.users or host.free_at > now
        }


async def _sleep_until(time: float) -> None:
    left = time - asyncio.get_running_loop().time()
    if left > 0:
        await asyncio.sleep(left)


FEEDS = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
"""What is asked for when a feed is wanted."""

PAGES = "text/html, application/xhtml+xml, */*;q=0.1"
"""What is asked for when a page for people is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """How the bot behaves on the web.

    Attributes:
        contact: Where the people behind a site can complain: an address on the web or of mail;
            empty for nowhere.
        allow_hosts: Hosts that may have a private address; see `AllowedHosts`.
        max_bytes: The most that an answer may have, packed or not.
        timeout: Seconds until an answer must have come, with all redirects; waiting for the turn
            at a host does not count.
        pause: Seconds between two requests to one host.
    """

    contact: str = ""
    allow_hosts: tuple[str, ...] = ()
    max_bytes: int = 15 << 20
    timeout: float = 30.0
    pause: float = 1.0


def user_agent(contact: str = "") -> str:
    """Who the bot says it is.

    Args:
        contact: See `Politeness`.

    Raises:
        ValueError: The contact cannot stand in a header.
    """
    if not (contact.isascii() and contact.isprintable()) or any(sign in contact for sign in "()\\"):
        raise ValueError("a contact is an address on the web or of mail, in ASCII")
    return f"Dateline/{__version__}" + (f" (+{contact})" if contact else "")
