"""Requests to hubs (WebSub, section 5.1), through sockets that refuse private addresses."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

import aiohttp
from aiohttp import hdrs
from typing_extensions import override
from yarl import URL

from adapters.sources.web import headers
from adapters.sources.web.addresses import NO_HOSTS, AllowedHosts
from adapters.sources.web.connections import HttpConnections, collect_refusals
from adapters.sources.web.errors import (
    FetchError,
    connection_error,
    refused_address_error,
    status_error,
)
from adapters.sources.web.host_queue import HostQueue
from adapters.sources.web.politeness import Politeness, user_agent
from adapters.sources.web.redirects import RedirectChain
from bot.clock import Clock
from bot.ingest.websub.lifecycle import LEASE
from bot.ingest.websub.model import HubSubscription, Mode
from bot.ingest.websub.ports import Hubs

_REDIRECTS = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})


class HubClient(Hubs):
    """Asks hubs, one request a host at a time.

    A secret goes with each subscription, even to the few hubs without HTTPS (section 5.1 would have
    it left out): a signature that an eavesdropper can forge is better than none, and wakes a poll
    at most.
    """

    def __init__(
        self, politeness: Politeness, clock: Clock, allowed: Mapping[str, AllowedHosts]
    ) -> None:
        """Prepares requests; no connection is opened before it is needed.

        Args:
            politeness: Limits, pauses and what it says of itself.
            clock: Tells the time.
            allowed: The private hosts that the feed of a source may lead to, by the source's id.
        """
        self._politeness = politeness
        self._clock = clock
        self._allowed = allowed
        self._connections = HttpConnections()
        self._host_queue = HostQueue(politeness.pause, politeness.rest)

    async def aclose(self) -> None:
        """Ends every connection."""
        await self._connections.aclose()

    @override
    async def request(self, subscription: HubSubscription, mode: Mode) -> None:
        redirects = RedirectChain(subscription.hub)
        form = _form(subscription, mode)
        allowed = self._allowed.get(subscription.source, NO_HOSTS)
        while await self._queue_and_send(redirects, form, allowed):
            pass

    async def _queue_and_send(
        self, redirects: RedirectChain, form: Mapping[str, str], allowed: AllowedHosts
    ) -> bool:
        """Sends a request; returns True when it is to be sent again, to where it was redirected."""
        redirects.visit("")  # hubs are sent no cookies
        url, timeout = redirects.url, self._politeness.timeout
        async with self._host_queue.slot(url):
            try:
                async with asyncio.timeout(timeout):
                    return await self._send(redirects, form, allowed)
            except TimeoutError:
                raise FetchError(f"no response within {timeout:g} s", reached=False) from None

    async def _send(
        self, redirects: RedirectChain, form: Mapping[str, str], allowed: AllowedHosts
    ) -> bool:
        url, host = redirects.url, redirects.url.host or ""
        session = self._connections.session(url, allowed)
        agent = {hdrs.USER_AGENT: user_agent(self._politeness.contact)}
        with collect_refusals() as refusals:
            try:
                async with session.post(
                    url, data=form, headers=agent, allow_redirects=False
                ) as response:
                    return self._is_redirected(redirects, response)
            except FetchError:
                raise
            except Exception as error:  # aiohttp and yarl raise more than they document
                if refusals:
                    raise refused_address_error(refusals[0], host) from error
                raise connection_error(error, host) from error

    def _is_redirected(self, redirects: RedirectChain, response: aiohttp.ClientResponse) -> bool:
        """Reads the head of a response (section 5.1.2); what its body says is for developers."""
        status = response.status
        if status in _REDIRECTS:
            before = redirects.url
            redirects.follow(status, response.headers.get(hdrs.LOCATION, ""))
            refuse_downgrade(before, redirects.url)
            return True
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            refused = status == HTTPStatus.TOO_MANY_REQUESTS
            wait = headers.asked_wait(response.headers, self._clock.now(), refused=refused)
            raise status_error(status, response.headers, wait=wait)
        return False


def refuse_downgrade(before: URL, after: URL) -> None:
    """Refuses a redirect that would send the secret unencrypted.

    Raises:
        FetchError: It leads from https to http.
    """
    if before.scheme == "https" and after.scheme != "https":
        raise FetchError("redirected from https to http, which would give the secret away")


def _form(subscription: HubSubscription, mode: Mode) -> Mapping[str, str]:
    form = {
        "hub.callback": subscription.callback,
        "hub.mode": mode.value,
        "hub.topic": subscription.topic,
        "hub.verify": "async",  # hubs of PubSubHubbub 0.3 insist on it, others ignore it
    }
    if mode is Mode.UNSUBSCRIBE:
        return form
    lease = round(LEASE.total_seconds())
    return {**form, "hub.lease_seconds": str(lease), "hub.secret": subscription.secret}
