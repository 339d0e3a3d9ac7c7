"""Fetches pages from the web: no more than asked for, from nowhere it should not, and politely."""

from __future__ import annotations

import asyncio
import base64
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import hdrs
from aiohttp.abc import AbstractResolver

from adapters.sources.web import headers
from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.body import read_body
from adapters.sources.web.connections import HttpConnections, noting_refusals
from adapters.sources.web.errors import FetchError, answered, failed, refused
from adapters.sources.web.politeness import FEEDS, HostQueue, Politeness, user_agent
from adapters.sources.web.redirects import REDIRECTS, RedirectChain
from adapters.sources.web.unpacking import ACCEPTED

_READ = frozenset({HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION})
_LATER = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """What was fetched.

    Attributes:
        url: Where it came from in the end, without a password.
        moved_to: Its new address, without a password, when the one that was asked for is so for
            ever; else None.
        body: Its bytes, unpacked; empty when unchanged.
        content_type: `application/rss+xml` or the like; empty when none is given.
        charset: As Python knows it; empty when none is given, or one that Python does not know.
        etag: To be handed in with the next request, as it is; may be empty.
        last_modified: As `etag`.
        fresh_for: Seconds for which asking again is pointless, a day at most; 0 when not told.
        unchanged: True when it is as it was when `etag` and `last_modified` were given.
    """

    url: str
    moved_to: str | None = None
    body: bytes = b""
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    fresh_for: float = 0.0
    unchanged: bool = False


@dataclass(slots=True)
class _Request:
    """One page that is asked for, and how far that has come."""

    redirects: RedirectChain
    headers: dict[str, str]
    max_bytes: int
    left: float
    is_answered: bool = False

    @property
    def conditions(self) -> tuple[str, str]:
        """The ETag and the Last-Modified that are handed in."""
        etag = self.headers.get(hdrs.IF_NONE_MATCH, "")
        return etag, self.headers.get(hdrs.IF_MODIFIED_SINCE, "")


class Fetcher:
    """Fetches pages; any number at once, but one from a host.

    Args:
        politeness: How it behaves.
        resolver: Finds the addresses of names; None for the system's.
        tls: What certificates are checked by; None for what the system trusts.

    Raises:
        ValueError: The contact cannot stand in a header, or an allowed host is no host.
    """

    def __init__(
        self,
        politeness: Politeness | None = None,
        *,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._politeness = politeness or Politeness()
        self._agent = user_agent(self._politeness.contact)
        allowed = AllowedHosts(self._politeness.allow_hosts)
        self._connections = HttpConnections(allowed, resolver, tls)
        self._turns = HostQueue(self._politeness.pause)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Ends every connection; closing twice is harmless."""
        await self._connections.aclose()

    async def fetch(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        accept: str = FEEDS,
        max_bytes: int | None = None,
    ) -> WebPage:
        """Fetches a page, unless it is as it was.

        Args:
            url: Its address; a name and a password in it are told to that host only.
            etag: What the last `WebPage` had.
            last_modified: What the last `WebPage` had.
            accept: The header of that name.
            max_bytes: Where it may have more or less than the manners allow.

        Raises:
            FetchError: There is no page to be had.
        """
        politeness = self._politeness
        sent: dict[str, str] = {
            hdrs.USER_AGENT: self._agent,
            hdrs.ACCEPT: accept,
            hdrs.ACCEPT_ENCODING: ACCEPTED,
            hdrs.IF_NONE_MATCH: headers.sendable(etag),
            hdrs.IF_MODIFIED_SINCE: headers.sendable(last_modified),
        }
        sent = {name: value for name, value in sent.items() if value}
        request = _Request(
            RedirectChain(url), sent, max_bytes or politeness.max_bytes, politeness.timeout
        )
        while (page := await self._in_turn(request)) is None:
            pass
        return page

    async def _in_turn(self, request: _Request) -> WebPage | None:
        """Asks once, when it is the host's turn."""
        url = request.redirects.url
        async with self._turns.turn(url.raw_host or "", url.port or 0):
            loop = asyncio.get_running_loop()
            began = loop.time()
            try:
                async with asyncio.timeout(request.left):
                    return await self._ask(request)
            except TimeoutError:
                raise self._late(request) from None
            finally:
                request.left -= loop.time() - began

    def _late(self, request: _Request) -> FetchError:
        seconds = f"within {self._politeness.timeout:g} s"
        if request.is_answered:
            return FetchError(f"the answer did not end {seconds}")
        return FetchError(f"no answer {seconds}")

    async def _ask(self, request: _Request) -> WebPage | None:
        """The page; None when the trail leads on."""
        url = request.redirects.url
        host = url.host or ""
        session = self._connections.session(url)
        sent = request.headers | _authorization(request.redirects.login)
        with noting_refusals() as refusals:
            try:
                async with session.get(url, headers=sent, allow_redirects=False) as response:
                    request.is_answered = True
                    return await _read(request, response)
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise (refused(refusals[0], host) if refusals else failed(error, host)) from error


async def _read(request: _Request, response: aiohttp.ClientResponse) -> WebPage | None:
    status = response.status
    if status in REDIRECTS:
        request.redirects.follow(status, response.headers.get(hdrs.LOCATION, ""))
        request.is_answered = False
        return None
    if status == HTTPStatus.NOT_MODIFIED and any(request.conditions):
        return _page(request, response)
    if status in _LATER:
        raise answered(status, wait=headers.retry_after(response.headers, datetime.now(UTC)))
    if status not in _READ:
        raise answered(status)
    return _page(request, response, await read_body(response, request.max_bytes))


def _page(
    request: _Request, response: aiohttp.ClientResponse, body: bytes | None = None
) -> WebPage:
    """The page that was read; without a body, it is unchanged."""
    given = response.headers
    etag, last_modified = request.conditions if body is None else ("", "")
    return WebPage(
        url=str(request.redirects.url),
        moved_to=request.redirects.moved_to,
        body=body or b"",
        content_type=headers.content_type(given),
        charset=headers.charset(given),
        etag=headers.sendable(given.get(hdrs.ETAG, "")) or etag,
        last_modified=headers.sendable(given.get(hdrs.LAST_MODIFIED, "")) or last_modified,
        fresh_for=headers.fresh_for(given, datetime.now(UTC)),
        unchanged=body is None,
    )


def _authorization(login: tuple[str, str] | None) -> dict[str, str]:
    if login is None:
        return {}
    packed = base64.b64encode(":".join(login).encode()).decode()
    return {hdrs.AUTHORIZATION: f"Basic {packed}"}
