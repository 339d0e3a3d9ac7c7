"""Sites that keep bots out are named as such, with what to do; long headers and odd dates."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from feed_server import Answer, FeedServer
from raw_server import for_ever, head, raw_server, saying

from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as running:
        yield running


@pytest.fixture
async def fetcher(server: FeedServer) -> AsyncIterator[Fetcher]:
    async with _fetcher(server.host) as made:
        yield made


def _fetcher(host: str) -> Fetcher:
    return Fetcher(Politeness(allow_hosts=(host,), pause=0))


@pytest.mark.parametrize("status", [403, 429, 503])
@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"cf-mitigated": "challenge"}, "a Cloudflare challenge"),
        ({"CF-Mitigated": "Challenge", "Server": "cloudflare"}, "a Cloudflare challenge"),
        ({"x-vercel-mitigated": "challenge"}, "a Vercel challenge"),
        ({"x-amzn-waf-action": "captcha"}, "an AWS WAF challenge"),
        ({"X-DataDome": "protected"}, "DataDome"),
        ({"Server": "DDoS-Guard"}, "DDoS-Guard"),
    ],
)
async def test_a_wall_is_named(
    server: FeedServer, fetcher: Fetcher, status: int, headers: dict[str, str], name: str
) -> None:
    url = server.answers("/", Answer(b"Just a moment...", status=status, headers=headers))
    with pytest.raises(FetchError) as raised:
        await fetcher.fetch(url)
    assert str(raised.value).startswith(f"{name} keeps bots out of this site ({status} ")
    assert str(raised.value).endswith(
        "the operator can ask the site to let Dateline in, or set user_agent, cookie or proxy for "
        "this source"
    )
    assert raised.value.status == status


PAGES = {
    "a Cloudflare challenge": b"<html><title>Just a moment...</title><body>Wait</body></html>",
    "a Cloudflare challenge ": b"<html><script src='/cdn-cgi/challenge-platform/h/b'></script>",
    "a Cloudflare challenge  ": b"<script src='https://challenges.cloudflare.com/api.js'></script>",
    "SiteGround's captcha": b"<meta http-equiv=refresh content='0;/.well-known/sgcaptcha/?r=%2F'>",
    "Akamai": b"<title>Access Denied</title> https://errors.edgesuite.net/18.7b2c1160",
    "Cloudflare": b"<html><title>Attention Required! | Cloudflare</title></html>",
    "Imperva": b"<html><iframe src='/_Incapsula_Resource?SWUDNSAI=31'></iframe></html>",
    "DataDome": b"<html><script src='https://ct.captcha-delivery.com/c.js'></script></html>",
}


@pytest.mark.parametrize("status", [403, 429, 503])
@pytest.mark.parametrize(("name", "page"), PAGES.items(), ids=PAGES)
@pytest.mark.parametrize("packed", [False, True])
async def test_a_wall_is_known_by_its_page(
    server: FeedServer, fetcher: Fetcher, name: str, page: bytes, status: int, packed: bool
) -> None:
    body = gzip.compress(page + b" " * 50_000) if packed else page
    headers = {"Content-Encoding": "gzip"} if packed else {}
    url = server.answers("/", Answer(body, status=status, headers=headers))
    with pytest.raises(FetchError, match=rf"^{name.strip()} keeps bots out of this site"):
        await fetcher.fetch(url)


async def test_the_page_of_an_error_is_not_waited_for() -> None:
    speak = for_ever(head(status="403 Forbidden") + b"<html>", b"", 0.01)
    async with raw_server(speak) as server, _fetcher(server.host) as fetcher:
        with pytest.raises(FetchError, match="the response was 403 Forbidden"):
            await fetcher.fetch(server.url)


async def test_the_page_of_an_error_is_no_bomb(server: FeedServer, fetcher: Fetcher) -> None:
    bomb = gzip.compress(bytes(50 << 20))
    url = server.answers("/", Answer(bomb, status=403, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(FetchError, match="the response was 403 Forbidden"):
        await fetcher.fetch(url)


async def test_who_asks_to_wait_is_not_suspected_of_more(
    server: FeedServer, fetcher: Fetcher
) -> None:
    url = server.answers("/", Answer(status=403, headers={"Retry-After": "1800"}))
    with pytest.raises(FetchError, match=r"^the response was 403 Forbidden$"):
        await fetcher.fetch(url)


async def test_not_every_error_of_cloudflare_is_a_wall(
    server: FeedServer, fetcher: Fetcher
) -> None:
    url = server.answers("/", Answer(status=404, headers={"Server": "cloudflare"}))
    with pytest.raises(FetchError, match=r"^the response was 404 Not Found$"):
        await fetcher.fetch(url)


@pytest.mark.parametrize("size", [9_000, 16_384, 60_000])
async def test_headers_may_be_long(size: int) -> None:
    answer = head(f"Content-Security-Policy: {'x' * size}", "Content-Length: 5") + b"<rss>"
    async with raw_server(saying(answer)) as server, _fetcher(server.host) as fetcher:
        assert (await fetcher.fetch(server.url)).body == b"<rss>"


async def test_a_hundred_long_headers() -> None:
    lines = [f"Set-Cookie: c{n}={'x' * 4_000}" for n in range(100)]
    answer = head(*lines, "Content-Length: 5") + b"<rss>"
    async with raw_server(saying(answer)) as server, _fetcher(server.host) as fetcher:
        assert (await fetcher.fetch(server.url)).body == b"<rss>"


def _http(date: datetime) -> str:
    return format_datetime(date, usegmt=True)


NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("date", "server_date", "kept"),
    [
        ("Sat, 16 Nov 2041 19:11:00 GMT", "", False),
        (_http(NOW + timedelta(days=9)), "", False),
        (_http(NOW + timedelta(hours=3)), "", False),
        (_http(NOW + timedelta(hours=3)), _http(NOW + timedelta(hours=3)), True),
        ("Sat, 16 Nov 2041 19:11:00 GMT", "Sat, 16 Nov 2041 20:00:00 GMT", False),
        ("Tue, 19 Jan 2038 03:14:08 +0000", "", False),
        (_http(NOW - timedelta(days=9)), "", True),
        ("Wed, 29 Nov 2023 10:00:00 GMT", "", True),
        ("yesterday", "", True),
        ("0", "", True),
    ],
    ids=range(10),  # the times differ from process to process
)
async def test_a_date_in_the_future_is_not_sent_back(
    server: FeedServer, fetcher: Fetcher, date: str, server_date: str, *, kept: bool
) -> None:
    headers = {"Last-Modified": date} | ({"Date": server_date} if server_date else {})
    page = await fetcher.fetch(server.answers("/", Answer(b"x", headers=headers)))
    assert page.last_modified == (date if kept else "")
