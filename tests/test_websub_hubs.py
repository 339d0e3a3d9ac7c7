"""Requests to hubs: what is sent, where redirects lead, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from feed_server import Answer, FeedServer
from raw_server import for_ever, head, raw_server, saying
from servers.websub_hub import Hub
from stories import NOW, HandClock
from yarl import URL

from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.errors import FetchError
from adapters.sources.web.politeness import Politeness
from adapters.sources.websub.hub_client import HubClient, refuse_downgrade
from bot.errors import SourceError
from bot.ingest.websub.model import HubSubscription, Mode, Phase

ONE = HubSubscription(
    callback="https://bot.example/websub/token",
    secret="s" * 43,
    source="wire",
    hub="https://hub.example/",
    topic="https://news.example/?a=1&b=ü",
    phase=Phase.NEW,
    due=NOW,
)


@asynccontextmanager
async def client(*hosts: str, timeout: float = 5.0) -> AsyncIterator[HubClient]:
    made = HubClient(
        Politeness(pause=0.0, timeout=timeout, contact="desk@bot.example"),
        HandClock(),
        {"wire": AllowedHosts(hosts)},
    )
    try:
        yield made
    finally:
        await made.aclose()


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    async with Hub(verifies=False).running() as running:
        yield running


async def test_a_hub_is_told_all_that_it_needs(hub: Hub) -> None:
    async with client(hub.host) as hubs:
        await hubs.request(replace(ONE, hub=hub.url), Mode.SUBSCRIBE)
        await hubs.request(replace(ONE, hub=hub.url), Mode.UNSUBSCRIBE)
    first, second = hub.asked
    assert (first.mode, first.topic, first.callback) == ("subscribe", ONE.topic, ONE.callback)
    assert (first.secret, first.lease) == (ONE.secret, "864000")
    assert (second.mode, second.topic, second.callback) == ("unsubscribe", ONE.topic, ONE.callback)
    assert second.secret == ""


@pytest.mark.parametrize("status", [307, 308])
async def test_a_redirect_to_another_hub_is_followed(hub: Hub, status: int) -> None:
    hub.statuses, hub.headers = [status], {"Location": "/other?key=1"}
    async with client(hub.host) as hubs:
        await hubs.request(replace(ONE, hub=hub.url), Mode.SUBSCRIBE)
    assert [one.secret for one in hub.asked] == [ONE.secret]


@pytest.mark.parametrize("status", [301, 302, 303, 304, 400, 401, 404, 405, 410, 429, 500, 503])
async def test_anything_else_is_no_acceptance(hub: Hub, status: int) -> None:
    hub.statuses, hub.headers = [status], {"Location": "/other", "Retry-After": "90"}
    async with client(hub.host) as hubs:
        with pytest.raises(SourceError, match=str(status)) as refused:
            await hubs.request(replace(ONE, hub=hub.url), Mode.SUBSCRIBE)
    assert refused.value.wait == 90
    assert hub.asked == []


async def test_redirects_do_not_go_on_for_ever() -> None:
    async with FeedServer().running() as server, client(server.host) as hubs:
        loop = server.redirects("/loop", "/loop", 307)
        with pytest.raises(FetchError, match="redirected in a loop"):
            await hubs.request(replace(ONE, hub=loop), Mode.SUBSCRIBE)
        for number in range(30):
            server.redirects(f"/{number}", f"/{number + 1}", 308)
        with pytest.raises(FetchError, match="redirected more than"):
            await hubs.request(replace(ONE, hub=server.url("/0")), Mode.SUBSCRIBE)


PRIVATE = ["http://127.0.0.1:1/", "http://[::1]/", "http://10.0.0.7/", "http://169.254.169.254/x"]


@pytest.mark.parametrize("address", PRIVATE)
async def test_a_private_hub_is_refused(address: str) -> None:
    async with client() as hubs:
        with pytest.raises(FetchError, match="address; the operator can allow it"):
            await hubs.request(replace(ONE, hub=address), Mode.SUBSCRIBE)


@pytest.mark.parametrize("address", PRIVATE)
async def test_a_redirect_to_a_private_hub_is_refused(hub: Hub, address: str) -> None:
    hub.statuses, hub.headers = [307], {"Location": address}
    async with client(hub.host) as hubs:
        with pytest.raises(FetchError, match="address; the operator can allow it"):
            await hubs.request(replace(ONE, hub=hub.url), Mode.SUBSCRIBE)


async def test_what_one_source_may_reach_another_may_not(hub: Hub) -> None:
    async with client(hub.host) as hubs:
        with pytest.raises(FetchError, match="loopback"):
            await hubs.request(replace(ONE, hub=hub.url, source="other"), Mode.SUBSCRIBE)
    assert hub.asked == []


@pytest.mark.parametrize("address", ["", "hub", "ftp://hub.example/", "http://[", "http://"])
async def test_what_is_no_address_is_told(address: str) -> None:
    async with client() as hubs:
        with pytest.raises(FetchError, match="is not a web address"):
            await hubs.request(replace(ONE, hub=address), Mode.SUBSCRIBE)


async def test_a_hub_that_hangs_is_given_up() -> None:
    async with FeedServer().running() as server, client(server.host, timeout=0.2) as hubs:
        hanging = server.answers("/", Answer(hold=asyncio.Event()))
        with pytest.raises(FetchError, match="no response within"):
            await hubs.request(replace(ONE, hub=hanging), Mode.SUBSCRIBE)


async def test_what_a_hub_says_besides_is_not_read() -> None:
    endless = for_ever(head("Content-Length: 999999999", status="202 Accepted"), b"x" * 9_999)
    async with raw_server(endless) as server, client(server.host) as hubs:
        await hubs.request(replace(ONE, hub=server.url), Mode.SUBSCRIBE)


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 99999 x\r\n\r\n"])
async def test_a_hub_that_speaks_no_http_fails(answer: bytes) -> None:
    async with raw_server(saying(answer)) as server, client(server.host) as hubs:
        with pytest.raises(FetchError):
            await hubs.request(replace(ONE, hub=server.url), Mode.SUBSCRIBE)


def test_a_secret_never_goes_from_https_to_http() -> None:
    secure, plain = URL("https://hub.example/"), URL("http://hub.example/")
    with pytest.raises(FetchError, match="give the secret away"):
        refuse_downgrade(secure, plain)
    for before, after in ((secure, secure), (plain, plain), (plain, secure)):
        refuse_downgrade(before, after)
