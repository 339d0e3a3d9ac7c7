"""Pings of a hub that passes the site's own feeds on, in the form that public hubs take.

WebSub leaves the form open (section 6); it is that of PubSubHubbub 0.3, section 7.1.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from http import HTTPStatus

from aiohttp import FormData, hdrs
from typing_extensions import override

from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.connections import HttpConnections
from adapters.sources.web.politeness import user_agent
from bot.errors import ConfigError, HubError
from bot.text.urls import request_url
from bot.web.ports import HubPublisher

_WITHIN = 15.0  # seconds


class WebSubPublisher(HubPublisher):
    """Tells one hub; it may be a private one, since the operator has named it."""

    def __init__(self, hub: str, contact: str = "") -> None:
        """Prepares requests; no connection is opened before it is needed.

        Args:
            hub: Its address.
            contact: See `Politeness`.

        Raises:
            ConfigError: It is no address that can be asked.
        """
        asked = request_url(hub)
        if asked is None:
            raise ConfigError("web.hub: expected an address that can be asked")
        self._hub = asked.url
        self._allowed = AllowedHosts([self._hub.host or ""])
        self._agent = user_agent(contact)
        self._connections = HttpConnections()

    @override
    async def aclose(self) -> None:
        await self._connections.aclose()

    @override
    async def publish(self, feeds: Sequence[str]) -> None:
        form = FormData([("hub.mode", "publish"), *(("hub.url", one) for one in feeds)])
        session = self._connections.session(self._hub, self._allowed)
        try:
            async with (
                asyncio.timeout(_WITHIN),
                session.post(
                    self._hub,
                    data=form,
                    headers={hdrs.USER_AGENT: self._agent},
                    allow_redirects=False,
                ) as answer,
            ):
                status = answer.status
        except Exception as error:  # aiohttp raises more than it documents
            raise HubError(f"{self._hub.host} cannot be told of new stories: {error}") from error
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise HubError(f"{self._hub.host} does not take that there are new stories ({status})")
