"""Fetches pages with conditional requests, a size limit, a deadline and a rate limit per host."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from datetime import datetime
from types import TracebackType
from typing import Self, TypeAlias

from aiohttp import hdrs
from aiohttp.abc import AbstractResolver

from adapters.sources.web import headers
from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.connections import HttpConnections, collect_refusals
from adapters.sources.web.decompression import ACCEPT_ENCODING
from adapters.sources.web.errors import (
    FetchError,
    MalformedResponseError,
    RefusedAddressError,
    connection_error,
    refused_address_error,
)
from adapters.sources.web.host_queue import Host, HostQueue
from adapters.sources.web.identity import PLAIN, Identity
from adapters.sources.web.page_request import PageRequest
from adapters.sources.web.politeness import ACCEPT_FEED, Politeness, user_agent
from adapters.sources.web.redirects import RedirectChain
from adapters.sources.web.request_limit import RequestLimit
from adapters.sources.web.responses import WebPage, handle_response, note_answer

HearTime: TypeAlias = Callable[[str, datetime], None]
"""Takes a host and the time that its clock shows."""

_SLOW_SHARE = 0.1  # of the time; who cannot be reached after it is as good as silent
_OWN_SHARE = 0.5  # of the time; a host that had less of it is not to blame for the redirects before


class Fetcher:
    """HTTP client for feeds and pages; any number at once, but one request a host.

    Args:
        politeness: Limits, pauses and what it says of itself.
        resolver: Resolves host names; None for the system's.
        tls: What certificates are checked by; None for what the system trusts.
        on_time: Told the time that a host's clock shows, whenever one says so.

    Raises:
        ValueError: The contact cannot stand in a header, or an allowed host is no host.
    """

    def __init__(
        self,
        politeness: Politeness | None = None,
        *,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        on_time: HearTime = lambda _host, _time: None,
    ) -> None:
        self._politeness = politeness or Politeness()
        self._agent = user_agent(self._politeness.contact)
        self._allowed = AllowedHosts(self._politeness.allow_hosts)
        self._identity = PLAIN
        self._on_time = on_time
        self._connections = HttpConnections(resolver, tls)
        self._host_queue = HostQueue(self._politeness.pause, self._politeness.rest)
        self._request_limit = RequestLimit(self._politeness.most)

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

    def forget_silences(self) -> None:
        """Lets hosts be asked again that are let be since they did not answer."""
        self._host_queue.forget_silences()

    def allowing(self, hosts: AllowedHosts) -> Fetcher:
        """Returns the same client with these private hosts in place of `Politeness.allow_hosts`.

        Both share queues and connections, and are closed together.
        """
        made = copy(self)
        made._allowed = hosts  # noqa: SLF001 - it is one of us
        return made

    def identified(self, identity: Identity) -> Fetcher:
        """Returns the same client, whose requests bear what a source's operator wants them to."""
        made = copy(self)
        made._identity = identity  # noqa: SLF001 - it is one of us
        return made

    async def fetch(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        accept: str = ACCEPT_FEED,
        max_bytes: int | None = None,
        insists: bool = False,
    ) -> WebPage:
        """Fetches a page, unless it is unchanged.

        Args:
            url: Its URL, with or without credentials.
            etag: Of the last `WebPage`.
            last_modified: Of the last `WebPage`.
            accept: The header of that name.
            max_bytes: A limit other than `Politeness.max_bytes`.
            insists: True when a person asks: a host is tried although it is let be for a while
                since it was silent. One that asked to be left alone is left alone.

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
        request = PageRequest(
            RedirectChain(url),
            sent,
            self._allowed,
            self._identity,
            max_bytes or politeness.max_bytes,
            politeness.timeout,
            insists,
        )
        while (page := await self._queue_and_send(request)) is None:
            pass
        return page

    async def _queue_and_send(self, request: PageRequest) -> WebPage | None:
        """Waits for the host's queue, then sends the request within the time left."""
        url, sent = request.redirects.url, request.visit()
        async with (
            self._host_queue.slot(url, insists=request.insists) as host,
            self._request_limit.slot(is_suspect=host.silences > 0),
        ):
            start = _now()
            try:
                async with asyncio.timeout(request.seconds_left):
                    page = await self._send(request, sent, host)
            except TimeoutError:
                if _now() - start >= self._politeness.timeout * _OWN_SHARE:
                    host.note_silence()
                raise self._timeout_error(request) from None
            except FetchError as error:
                if (
                    error.reached is False
                    and _now() - start >= self._politeness.timeout * _SLOW_SHARE
                ):
                    host.note_silence()
                raise
            finally:
                request.seconds_left -= _now() - start
            return page

    def _timeout_error(self, request: PageRequest) -> FetchError:
        seconds = f"within {self._politeness.timeout:g} s"
        if request.has_response:
            return FetchError(f"the response did not finish {seconds}", reached=True)
        return FetchError(f"no response {seconds}", reached=False)

    async def _send(self, request: PageRequest, sent: dict[str, str], host: Host) -> WebPage | None:
        """Returns the page; None when a redirect leads on.

        A response that is not HTTP as it should be is asked for once more, to be repaired.
        """
        try:
            page = await self._ask(request, sent, host)
        except MalformedResponseError:
            return await self._ask(request, sent, host, repairs=True)
        if page and page.may_go_on:
            with suppress(FetchError):
                return await self._ask(request, sent, host, repairs=True)
        return page

    async def _ask(
        self, request: PageRequest, sent: dict[str, str], host: Host, *, repairs: bool = False
    ) -> WebPage | None:
        url, proxy = request.redirects.url, request.identity.proxy
        session = self._connections.session(
            url, request.allowed, proxied=bool(proxy), repairs=repairs
        )
        with collect_refusals() as refusals:
            try:
                if proxy:
                    request.identity.check_by_name(url, request.allowed)
                asking = session.get(url, headers=sent, allow_redirects=False, proxy=proxy or None)
                async with asking as response:
                    request.has_response = True
                    request.cookies.note(response)
                    note_answer(host, response)
                    if its_time := headers.clock_of_server(response.headers):
                        self._on_time(url.host or "", its_time)
                    return await handle_response(request, response)
            except FetchError:
                raise
            except RefusedAddressError as error:
                raise refused_address_error(error, url.host or "") from error
            except Exception as error:  # aiohttp and yarl raise more than they document
                if refusals:
                    raise refused_address_error(refusals[0], url.host or "") from error
                raise connection_error(error, url.host or "") from error


def _now() -> float:
    return asyncio.get_running_loop().time()
