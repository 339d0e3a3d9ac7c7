"""What a source sends of its own reaches its own site, by whatever way, and nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from feed_server import Answer, FeedServer
from proxy_server import ProxyServer
from test_ssrf import INSIDE, LOOPBACK, connections

from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.identity import Identity
from adapters.sources.web.politeness import Politeness
from bot import __version__

AGENT = "Mozilla/5.0 (X11; Linux x86_64)"


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as running:
        yield running


@pytest.fixture
async def fetcher(server: FeedServer) -> AsyncIterator[Fetcher]:
    politeness = Politeness(allow_hosts=(server.host, f"localhost:{server.port}"), pause=0)
    async with Fetcher(politeness) as made:
        yield made


def _everything(home: str, proxy: str = "") -> Identity:
    headers = (("Authorization", "Bearer secret-1"), ("X-Key", "secret-2"), ("accept", "*/*"))
    return Identity(
        home=home, user_agent=AGENT, headers=headers, cookie="sid=secret-3", proxy=proxy
    )


async def test_a_source_sends_what_its_operator_wants(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.answers("/", Answer(b"x"))
    await fetcher.identified(_everything(url)).fetch(url)
    await fetcher.fetch(url)
    own, plain = (asked.headers for asked in server.asked)
    assert own["User-Agent"] == AGENT
    assert own["Authorization"] == "Bearer secret-1"
    assert own["X-Key"] == "secret-2"
    assert own["Cookie"] == "sid=secret-3"
    assert own["Accept"] == "*/*"
    assert len([name for name in own if name.lower() == "accept"]) == 1
    assert plain["User-Agent"] == f"Dateline/{__version__}"
    assert plain.keys() == {"Host", "User-Agent", "Accept", "Accept-Encoding"}


async def test_only_who_knows_the_agent_gets_in(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.answers("/", Answer(b"no", status=403))
    with pytest.raises(FetchError, match="the operator can set user_agent for this source"):
        await fetcher.fetch(url)


@pytest.mark.parametrize("status", [301, 302, 307])
async def test_secrets_follow_no_redirect_to_another_site(
    server: FeedServer, fetcher: Fetcher, status: int
) -> None:
    server.redirects("/", "/here", status)
    server.redirects("/here", f"http://localhost:{server.port}/there", status)
    server.redirects("/there", server.url("/back"), status)
    server.answers("/back", Answer(b"x"))
    url = server.url("/")
    assert (await fetcher.identified(_everything(url)).fetch(url)).body == b"x"
    sent = [asked.headers for asked in server.asked]
    assert [one.get("X-Key", "") for one in sent] == ["secret-2", "secret-2", "", "secret-2"]
    assert "secret" not in str(sent[2].items())
    assert {one["User-Agent"] for one in sent} == {AGENT}


async def test_a_page_of_another_site_gets_no_secret(server: FeedServer, fetcher: Fetcher) -> None:
    own = fetcher.identified(_everything("https://news.example/feed"))
    await own.fetch(server.answers("/", Answer(b"x")))
    assert "secret" not in str(server.asked[0].headers.items())


@pytest.mark.parametrize(
    ("home", "url", "told"),
    [
        ("http://news.example/feed", "http://news.example/other?x", True),
        ("http://news.example/feed", "https://news.example/", True),
        ("https://news.example/feed", "http://news.example/", False),
        ("http://news.example:8080/feed", "https://news.example/", False),
        ("http://news.example/feed", "http://news.example:8080/", False),
        ("http://news.example/feed", "http://www.news.example/", False),
        ("http://u:p@news.example/feed", "http://news.example/", True),
        ("", "http://news.example/", False),
    ],
)
def test_the_site_of_a_source(home: str, url: str, *, told: bool) -> None:
    from bot.text.urls import request_url  # noqa: PLC0415

    asked = request_url(url)
    assert asked
    assert ("X-Key" in _everything(home).headers_for(asked.url)) is told
    assert (_everything(home).cookie_for(asked.url, "a=1") == "sid=secret-3; a=1") is told


async def test_own_cookies_and_those_of_a_gate_go_together(
    server: FeedServer, fetcher: Fetcher
) -> None:
    gate = {"Set-Cookie": "seen=1", "Location": "/"}
    url = server.answers("/", Answer(status=302, headers=gate), Answer(b"in"))
    await fetcher.identified(_everything(url)).fetch(url)
    sent = [asked.headers["Cookie"] for asked in server.asked]
    assert sent == ["sid=secret-3", "sid=secret-3; seen=1"]


def test_no_text_form_shows_a_secret() -> None:
    assert "secret" not in repr(_everything("http://x.example/", "http://u:secret@127.0.0.1"))


# Proxies


async def test_requests_go_through_a_proxy(server: FeedServer) -> None:
    server.answers("/feed?a=1", Answer(b"by proxy"))
    proxy = ProxyServer({"news.example": server.port})
    async with proxy.running(), Fetcher(Politeness(pause=0)) as fetcher:
        own = fetcher.identified(Identity(proxy=proxy.url("me:s%3Acret@")))
        with connections() as made:
            page = await own.fetch("http://news.example/feed?a=1")
        assert (page.body, page.url) == (b"by proxy", "http://news.example/feed?a=1")
        assert made[0] == ("127.0.0.1", proxy.port)
    assert proxy.asked == ["GET http://news.example/feed?a=1 HTTP/1.1"]
    assert proxy.headers[0]["proxy-authorization"] == "Basic bWU6czpjcmV0"
    assert "Proxy-Authorization" not in server.asked[0].headers


async def test_secure_requests_go_through_a_tunnel() -> None:
    proxy = ProxyServer({})
    proxy.refuses = "403 Forbidden"
    async with proxy.running(), Fetcher(Politeness(pause=0)) as fetcher:
        own = fetcher.identified(Identity(proxy=proxy.url()))
        with pytest.raises(FetchError, match=r"^the proxy answered 403 Forbidden$"):
            await own.fetch("https://news.example/feed")
    assert proxy.asked == ["CONNECT news.example:443 HTTP/1.1"]


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_is_not_there_is_told_without_its_password(scheme: str) -> None:
    proxy = ProxyServer({})
    async with proxy.running():
        url = proxy.url("me:secret@")
    async with Fetcher(Politeness(pause=0)) as fetcher:
        with pytest.raises(FetchError, match=r"^the proxy refused the connection$") as raised:
            await fetcher.identified(Identity(proxy=url)).fetch(f"{scheme}://news.example/")
    assert "secret" not in str(raised.value)
    assert raised.value.reached is None


async def test_only_requests_with_a_proxy_reach_it(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.answers("/", Answer(b"direct"))
    proxy = ProxyServer({})
    async with proxy.running():
        fetcher.identified(Identity(proxy=proxy.url()))
        assert (await fetcher.fetch(url)).body == b"direct"
    assert proxy.asked == []


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", [*LOOPBACK, *INSIDE, "printer", "nas.local", "db.internal"])
async def test_no_proxy_is_asked_for_a_private_address(host: str, scheme: str) -> None:
    proxy = ProxyServer({})
    async with proxy.running(), Fetcher(Politeness(pause=0, timeout=2)) as fetcher:
        own = fetcher.identified(Identity(proxy=proxy.url()))
        with pytest.raises(FetchError):
            await own.fetch(f"{scheme}://{host}/")
    assert proxy.asked == []


@pytest.mark.parametrize("host", [*LOOPBACK, *INSIDE])
async def test_no_redirect_leads_a_proxy_inside(server: FeedServer, host: str) -> None:
    server.redirects("/", f"http://{host}/")
    proxy = ProxyServer({"news.example": server.port})
    async with proxy.running(), Fetcher(Politeness(pause=0, timeout=2)) as fetcher:
        own = fetcher.identified(Identity(proxy=proxy.url()))
        with pytest.raises(FetchError):
            await own.fetch("http://news.example/")
    assert proxy.asked == ["GET http://news.example/ HTTP/1.1"]


async def test_an_allowed_private_host_may_be_asked_by_a_proxy(server: FeedServer) -> None:
    server.answers("/", Answer(b"home"))
    proxy = ProxyServer({"nas.lan": server.port})
    async with proxy.running(), Fetcher(Politeness(pause=0)) as fetcher:
        own = fetcher.identified(Identity(proxy=proxy.url()))
        with pytest.raises(FetchError, match=r"^nas.lan is a local address; the operator can"):
            await own.fetch("http://nas.lan/")
        allowed = own.allowing(AllowedHosts(["nas.lan"]))
        assert (await allowed.fetch("http://nas.lan/")).body == b"home"
