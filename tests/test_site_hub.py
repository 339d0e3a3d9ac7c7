"""The hub that the site's feeds name: it is told what is new, once, and later where it fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web
from newsdesk import TestDesk, seen_at
from site_desk import BASE
from stories import NOW, story

from adapters.sources.websub.publisher import WebSubPublisher
from bot.errors import HubError
from bot.posting.page_links import PageLinks
from bot.web.announcer import HubAnnouncer
from bot.web.site import Site


class ScriptedHub:
    """A hub that fails as often as a test wants it to."""

    def __init__(self, failures: int = 0) -> None:
        self.told: list[Sequence[str]] = []
        self._failures = failures

    async def publish(self, feeds: Sequence[str]) -> None:
        self.told.append(feeds)
        if len(self.told) <= self._failures:
            raise HubError("the hub is away")

    async def aclose(self) -> None:
        """Has nothing to close."""


async def test_it_hears_of_new_stories_once(desk: TestDesk) -> None:
    hub = ScriptedHub()
    announcer = HubAnnouncer(Site(desk.dispatcher, PageLinks(BASE)), hub)
    await seen_at(desk.store, NOW - timedelta(minutes=1), story("Old"))
    await announcer.announce()
    assert hub.told == []
    desk.clock.pass_(10)
    await seen_at(desk.store, desk.clock.now(), story("New"))
    desk.clock.pass_(10)
    for _ in range(3):
        await announcer.announce()
    (feeds,) = hub.told
    assert feeds == [
        f"{BASE}{page}/feed.{end}"
        for page in ("", "/source/wire", "/topic/World")
        for end in ("atom", "json")
    ]


async def test_what_it_could_not_be_told_is_told_later(desk: TestDesk) -> None:
    hub = ScriptedHub(failures=2)
    announcer = HubAnnouncer(Site(desk.dispatcher, PageLinks(BASE)), hub)
    await announcer.announce()
    desk.clock.pass_(10)
    await seen_at(desk.store, desk.clock.now(), story("New"))
    desk.clock.pass_(10)
    for _ in range(5):
        await announcer.announce()
    assert len(hub.told) == 3
    assert hub.told[0] == hub.told[2]


async def test_archives_that_are_loaded_are_no_news(desk: TestDesk) -> None:
    hub = ScriptedHub()
    announcer = HubAnnouncer(Site(desk.dispatcher, PageLinks(BASE)), hub)
    await announcer.announce()
    desk.clock.pass_(10)
    old = story("Old", published=NOW - timedelta(days=400))
    await seen_at(desk.store, desk.clock.now(), old)
    desk.clock.pass_(10)
    await announcer.announce()
    assert hub.told == []


@asynccontextmanager
async def hub_server(status: int) -> AsyncIterator[tuple[str, list[list[tuple[str, str]]]]]:
    """A hub on this machine, and what it was told."""
    told: list[list[tuple[str, str]]] = []

    async def handle(request: web.BaseRequest) -> web.Response:
        told.append([(name, str(value)) for name, value in (await request.post()).items()])
        return web.Response(status=status, headers={"Location": "http://127.0.0.1:1/"})

    runner = web.ServerRunner(web.Server(handle), shutdown_timeout=0.001)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/", told
    finally:
        await runner.cleanup()


@pytest.mark.server
async def test_it_is_told_in_the_form_that_hubs_take() -> None:
    async with hub_server(204) as (address, told):
        publisher = WebSubPublisher(address)
        await publisher.publish([f"{BASE}/feed.atom", f"{BASE}/feed.json"])
        await publisher.aclose()
    assert told == [
        [
            ("hub.mode", "publish"),
            ("hub.url", f"{BASE}/feed.atom"),
            ("hub.url", f"{BASE}/feed.json"),
        ]
    ]


@pytest.mark.server
@pytest.mark.parametrize("status", [307, 400, 429, 500])
async def test_a_refusal_is_an_error(status: int) -> None:
    async with hub_server(status) as (address, told):
        publisher = WebSubPublisher(address)
        with pytest.raises(HubError, match=str(status)):
            await publisher.publish(["x"])
        await publisher.aclose()
    assert len(told) == 1


@pytest.mark.server
async def test_a_hub_that_is_away_is_an_error(unused_tcp_port: int) -> None:
    publisher = WebSubPublisher(f"http://127.0.0.1:{unused_tcp_port}/")
    with pytest.raises(HubError, match="cannot be told"):
        await publisher.publish(["x"])
    await publisher.aclose()
