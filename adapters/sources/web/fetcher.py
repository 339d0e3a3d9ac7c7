"""Fetches pages with conditional requests, a size limit, a deadline and a rate limit per host."""

from __future__ import annotations

import asyncio
import base64
import ssl
from copy import copy
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
from adapters.sources.web.connections import HttpConnections, collect_refusals
from adapters.sources.web.decompression import ACCEPT_ENCODING
from adapters.sources.web.errors import (
    FetchError,
    connection_error,
    refused_address_error,
    status_error,
)
from adapters.sources.web.politeness import ACCEPT_FEED, HostQueue, Politeness, user_agent
from adapters.sources.web.redirects import REDIRECT_STATUSES, RedirectChain

_SUCCESS = frozenset({HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION})
_WITH_RETRY_AFTER = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """A fetched page, or the news that it is unchanged.

    Attributes:
        url: Its URL after all redirects, without credentials.
        moved_to: Its new URL, without credentials, when every redirect was permanent; else None.
        body: Its bytes, decompressed; empty when unchanged.
        content_type: `application/rss+xml` or the like; empty when none is given.
        charset: As Python knows it; empty when none is given, or one that Python does not know.
        etag: The validator to send with the next request, as it is; may be empty.
        last_modified: As `etag`.
        fresh_for: Seconds for which asking again is pointless, a day at most; 0 when unknown.
        unchanged: True for 304 Not Modified.
        links: The Link headers, as they are.
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
    links: tuple[str, ...] = ()


@dataclass(slots=True)
class _Request:
    """One page that is asked for, along its redirects, and the time left for it."""

    redirects: RedirectChain
    headers: dict[str, str]
    allowed: AllowedHosts
    max_bytes: int
    seconds_left: float
    has_response: bool = False

    @property
    def validators(self) -> tuple[str, str]:
        """The ETag and the Last-Modified that are sent."""
        etag = self.headers.get(hdrs.IF_NONE_MATCH, "")
        return etag, self.headers.get(hdrs.IF_MODIFIED_SINCE, "")


class Fetcher:
    """HTTP client for feeds and pages; any number at once, but one request a host.

    Args:
        politeness: Limits, pauses and what it says of itself.
        resolver: Resolves host names; None for the system's.
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
        self._allowed = AllowedHosts(self._politeness.allow_hosts)
        self._connections = HttpConnections(resolver, tls)
        self._host_queue = HostQueue(self._politeness.pause)

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

    def allowing(self, hosts: AllowedHosts) -> Fetcher:
        """Returns the same client with these private hosts in place of `Politeness.allow_hosts`.

        Both share queues and connections, and are closed together.
        """
        made = copy(self)
        made._allowed = hosts  # noqa: SLF001 - it is one of us
        return made

    async def fetch(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        accept: str = ACCEPT_FEED,
        max_bytes: int | None = None,
    ) -> WebPage:
        """Fetches a page, unless it is unchanged.

        Args:
            url: Credentials in it are sent to its own host only.
            etag: Of the last `WebPage`.
            last_modified: Of the last `WebPage`.
            accept: The header of that name.
            max_bytes: A limit other than `Politeness.max_bytes`.

        Raises:
            FetchError: There is no page to be had.
        """
        politeness = self._politeness
        sent: dict[str, str] = {
            hdrs.USER_AGENT: self._agent,
            hdrs.ACCEPT: accept,
            hdrs.ACCEPT_ENCODING: ACCEPT_ENCODING,
            hdrs.IF_NONE_MATCH: headers.echoable_validator(etag),
            hdrs.IF_MODIFIED_SINCE: headers.echoable_validator(last_modified),
        }
        sent = {name: value for name, value in sent.items() if value}
        request = _Request(
            RedirectChain(url),
            sent,
            self._allowed,
            max_bytes or politeness.max_bytes,
            politeness.timeout,
        )
        while (page := await self._queue_and_send(request)) is None:
            pass
        return page

    async def _queue_and_send(self, request: _Request) -> WebPage | None:
        """Waits for the host's queue, then sends the request within the time left."""
        url = request.redirects.url
        async with self._host_queue.slot(url.raw_host or "", url.port or 0):
            loop = asyncio.get_running_loop()
            start = loop.time()
            try:
                async with asyncio.timeout(request.seconds_left):
                    return await self._send(request)
            except TimeoutError:
                raise self._timeout_error(request) from None
            finally:
                request.seconds_left -= loop.time() - start

    def _timeout_error(self, request: _Request) -> FetchError:
        seconds = f"within {self._politeness.timeout:g} s"
        if request.has_response:
            return FetchError(f"the response did not finish {seconds}", reached=True)
        return FetchError(f"no response {seconds}", reached=False)

    async def _send(self, request: _Request) -> WebPage | None:
        """Returns the page; None when a redirect leads on."""
        url = request.redirects.url
        host = url.host or ""
        session = self._connections.session(url, request.allowed)
        sent = request.headers | _authorization(request.redirects.credentials)
        with collect_refusals() as refusals:
            try:
                async with session.get(url, headers=sent, allow_redirects=False) as response:
                    request.has_response = True
                    return await _handle_response(request, response)
            except FetchError:
                raise
            except Exception as error:  # aiohttp and yarl raise more than they document
                if refusals:
                    raise refused_address_error(refusals[0], host) from error
                raise connection_error(error, host) from error


async def _handle_response(request: _Request, response: aiohttp.ClientResponse) -> WebPage | None:
    status = response.status
    if status in REDIRECT_STATUSES:
        request.redirects.follow(status, response.headers.get(hdrs.LOCATION, ""))
        request.has_response = False
        return None
    if status == HTTPStatus.NOT_MODIFIED and any(request.validators):
        return _web_page(request, response)
    if status in _WITH_RETRY_AFTER:
        raise status_error(status, wait=headers.retry_after(response.headers, datetime.now(UTC)))
    if status not in _SUCCESS:
        raise status_error(status)
    return _web_page(request, response, await read_body(response, request.max_bytes))


def _web_page(
    request: _Request, response: aiohttp.ClientResponse, body: bytes | None = None
) -> WebPage:
    """Builds the page from a response; without a body, it is unchanged."""
    received = response.headers
    etag, last_modified = request.validators if body is None else ("", "")
    return WebPage(
        url=str(request.redirects.url),
        moved_to=request.redirects.moved_to,
        body=body or b"",
        content_type=headers.content_type(received),
        charset=headers.charset(received),
        etag=headers.echoable_validator(received.get(hdrs.ETAG, "")) or etag,
        last_modified=headers.echoable_validator(received.get(hdrs.LAST_MODIFIED, ""))
        or last_modified,
        fresh_for=headers.fresh_for(received, datetime.now(UTC)),
        unchanged=body is None,
        links=tuple(received.getall(hdrs.LINK, ())),
    )


def _authorization(credentials: tuple[str, str] | None) -> dict[str, str]:
    if credentials is None:
        return {}
    encoded = base64.b64encode(":".join(credentials).encode()).decode()
    return {hdrs.AUTHORIZATION: f"Basic {encoded}"}
