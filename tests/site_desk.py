"""The website over a test's desk, on a port of this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import aiohttp
from lxml import html
from newsdesk import TestDesk

from adapters.web.admission import Admission
from adapters.web.pictures import PictureProxy
from adapters.web.website import WebSite
from adapters.web_listener import WebListener
from bot.posting.page_links import PageLinks
from bot.web.ports import PictureFetcher
from bot.web.related import RelatedMemory
from bot.web.site import Site

_PATIENCE = 20.0  # seconds that a page waits for related stories: no test is to be in a hurry

BASE = "https://news.example.org"
"""The site's public address."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answered."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def page(self) -> html.HtmlElement:
        return html.document_fromstring(self.text)

    def words(self, path: str) -> list[str]:
        """The texts of the elements that an XPath finds."""
        return [" ".join(one.text_content().split()) for one in self.page.xpath(path)]

    def links(self, path: str = "//a") -> list[str]:
        return [str(one.get("href")) for one in self.page.xpath(path)]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads the site."""

    address: str
    session: aiohttp.ClientSession
    website: WebSite

    async def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Asks for a page; headers by their names with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        asking = self.session.request(
            method, f"{self.address}{path}", headers=sent, allow_redirects=False
        )
        async with asking as answer:
            return Answer(answer.status, await answer.read(), answer.headers)


@asynccontextmanager
async def serving_site(
    desk: TestDesk,
    port: int,
    base: str = BASE,
    pictures: PictureFetcher | None = None,
    hub: str = "",
    waiting: int = 200,
) -> AsyncIterator[Reader]:
    """Serves a desk's site, where so many may wait for a page."""
    listener = WebListener(f"127.0.0.1:{port}")
    site = Site(desk.dispatcher, PageLinks(base), RelatedMemory(_PATIENCE))
    proxy = PictureProxy(pictures) if pictures else None
    website = WebSite(site, listener, proxy, hub, admission=Admission(waiting=waiting))
    async with (
        listener.handling(website.handle, methods=frozenset({"GET", "HEAD"})),
        aiohttp.ClientSession(
            auto_decompress=False, skip_auto_headers=["Accept-Encoding"]
        ) as session,
    ):
        yield Reader(f"http://127.0.0.1:{port}", session, website)


def with_services(desk: TestDesk, **services: object) -> TestDesk:
    """The same desk, with other services of its bot."""
    changed = replace(desk.dispatcher.services, **services)  # type: ignore[arg-type] # by name
    return replace(desk, dispatcher=desk.dispatcher.with_services(changed))
