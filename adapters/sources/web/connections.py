"""Client sessions whose sockets refuse special-purpose addresses (SSRF protection)."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum, auto

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.errors import RefusedAddressError
from adapters.sources.web.resolver import ThreadResolver
from adapters.sources.web.response_repair import RepairingConnector
from bot.text.special_addresses import special_purpose_kind

_MAX_HEADER = 64 << 10  # bytes; aiohttp takes 128 of them
_UNLIMITED = 0  # connections; the queue of each host and `RequestLimit` bound them

_AddrInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]]

# What was refused for the request that runs in this context. aiohttp hands on only the text of an
# error where a host has several addresses.
_REFUSALS: ContextVar[list[RefusedAddressError]] = ContextVar("refusals")


@contextmanager
def collect_refusals() -> Iterator[list[RefusedAddressError]]:
    """Collects the addresses that are refused to requests in the block."""
    refusals: list[RefusedAddressError] = []
    token = _REFUSALS.set(refusals)
    try:
        yield refusals
    finally:
        _REFUSALS.reset(token)


class _Pool(Enum):
    GUARDED = auto()
    ALLOWED = auto()  # to hosts that may have any address
    PROXIED = auto()  # to proxies, which may have any address, too


class HttpConnections:
    """The client sessions that requests go through: guarded, to allowed hosts, or by proxies.

    They share nothing, so a connection of one kind never serves another.

    Args:
        resolver: Finds the addresses of names; None for the system's.
        tls: What certificates are checked by; None for what the system trusts.
    """

    def __init__(
        self,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._resolver = resolver
        self._tls = tls
        self._sessions: dict[tuple[_Pool, bool], aiohttp.ClientSession] = {}

    def session(
        self, url: URL, allowed: AllowedHosts, *, proxied: bool = False, repairs: bool = False
    ) -> aiohttp.ClientSession:
        """Returns the session for a URL; to be called where an event loop runs.

        Args:
            url: What is asked for.
            allowed: The hosts that may have any address.
            proxied: True when a proxy is connected to, and not the host.
            repairs: True to read responses that are hardly HTTP; see `response_repair`.
        """
        direct = _Pool.ALLOWED if allowed.allows(url) else _Pool.GUARDED
        pool = _Pool.PROXIED if proxied else direct
        key = (pool, repairs)
        if key not in self._sessions:
            self._sessions[key] = self._new_session(pool, repairs=repairs)
        return self._sessions[key]

    async def aclose(self) -> None:
        """Closes every connection; the next request opens new ones."""
        sessions = list(self._sessions.values())
        self._sessions.clear()
        for session in sessions:
            await session.close()

    def _new_session(self, pool: _Pool, *, repairs: bool) -> aiohttp.ClientSession:
        connector = (RepairingConnector if repairs else aiohttp.TCPConnector)(
            limit=_UNLIMITED,
            resolver=self._resolver or ThreadResolver(),
            socket_factory=_guarded_socket if pool is _Pool.GUARDED else None,
            ssl=self._tls or True,
            use_dns_cache=False,  # the system has one; a wrong answer is not to be kept
        )
        return aiohttp.ClientSession(
            auto_decompress=False,
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            max_field_size=_MAX_HEADER,
            max_line_size=_MAX_HEADER,
            timeout=aiohttp.ClientTimeout(total=None),  # the fetcher has a deadline of its own
            trust_env=False,  # neither proxies nor passwords of whoever started the bot
        )


def _guarded_socket(addr_info: _AddrInfo) -> socket.socket:
    """Makes the socket for an address about to be connected to, resolved or literal."""
    family, kind, protocol, _, to = addr_info
    address = str(to[0])
    if refusal := special_purpose_kind(address):
        error = RefusedAddressError(address, refusal)
        _REFUSALS.get().append(error)
        raise error
    return socket.socket(family, kind, protocol)
