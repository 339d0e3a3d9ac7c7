"""Where redirects may lead, and where not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from feed_server import Answer, FeedServer
from raw_server import head, raw_server, saying

from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as running:
        running.answers("/end", Answer(b"end"))
        yield running


@pytest.fixture
async def fetcher(server: FeedServer) -> AsyncIterator[Fetcher]:
    async with Fetcher(Politeness(allow_hosts=(server.host,), pause=0)) as made:
        yield made


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ([301], True),
        ([308], True),
        ([301, 308, 301], True),
        ([302], False),
        ([303], False),
        ([307], False),
        ([301, 302], False),
        ([302, 301], False),
        ([301, 301, 301, 301, 307], False),
    ],
)
async def test_only_what_moved_for_ever_has_moved(
    server: FeedServer, fetcher: Fetcher, statuses: list[int], moved: bool
) -> None:
    paths = [f"/{number}" for number in range(len(statuses))] + ["/end"]
    for path, to, status in zip(paths, paths[1:], statuses, strict=False):
        server.redirects(path, to, status)
    page = await fetcher.fetch(server.url("/0"))
    assert (page.url, page.body) == (server.url("/end"), b"end")
    assert page.moved_to == (server.url("/end") if moved else None)


async def test_what_moved_may_be_unchanged(server: FeedServer, fetcher: Fetcher) -> None:
    server.answers("/new", Answer(status=304))
    page = await fetcher.fetch(server.redirects("/", "/new", 301), etag='"1"')
    assert page.unchanged
    assert page.moved_to == server.url("/new")
    assert server.asked[1].headers["If-None-Match"] == '"1"'


async def test_twenty_redirects_are_followed_but_no_more(
    server: FeedServer, fetcher: Fetcher
) -> None:
    for number in range(21):
        server.redirects(f"/{number}", f"/{number + 1}")
    server.answers("/21", Answer(b"too far"))
    with pytest.raises(FetchError, match=r"^redirected more than 20 times$"):
        await fetcher.fetch(server.url("/0"))
    assert (await fetcher.fetch(server.url("/1"))).body == b"too far"


@pytest.mark.parametrize("ring", [["/a"], ["/a", "/b"], ["/a", "/b", "/c#x"]])
async def test_a_circle_is_told(server: FeedServer, fetcher: Fetcher, ring: list[str]) -> None:
    for path, to in zip(ring, ring[1:] + ring[:1], strict=True):
        server.redirects(path.partition("#")[0], to, 301)
    with pytest.raises(FetchError, match=r"^redirected in a loop$"):
        await fetcher.fetch(server.url("/a"))
    assert len(server.asked) == len(ring)


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("there", "/in/there"),
        ("../there", "/there"),
        ("?page=2", "/in/here?page=2"),
        ("/a%2Fb%7e?x=%41%2f&y=a+b", "/a%2Fb%7e?x=%41%2f&y=a+b"),
        ("/with blanks", "/with%20blanks"),
        (" /trimmed ", "/trimmed"),
        ("/ümläut", "/%C3%BCml%C3%A4ut"),
        ("/100%", "/100%25"),
    ],
)
async def test_locations(server: FeedServer, fetcher: Fetcher, location: str, path: str) -> None:
    server.answers(path, Answer(b"found"))
    page = await fetcher.fetch(server.redirects("/in/here", location))
    assert server.asked[-1].path == path
    assert page.body == b"found"


async def test_a_location_in_another_encoding(server: FeedServer) -> None:
    location = server.url("/caf").encode() + b"\xe9"
    answer = head("Location: XX", "Content-Length: 0", status="302 Found")
    async with raw_server(saying(answer.replace(b"XX", location))) as other:
        server.answers("/caf%E9", Answer(b"found"))
        async with Fetcher(Politeness(allow_hosts=(server.host, other.host), pause=0)) as fetcher:
            assert (await fetcher.fetch(other.url)).url == server.url("/caf%E9")


@pytest.mark.parametrize(
    "location",
    """file:///etc/passwd ftp://x.example/ data:text/html,x javascript:alert(1) unix:///run/x
    gopher://127.0.0.1:6379/_x http:// http:///etc http://[::1 http:relative""".split(),
)
async def test_only_the_web_is_led_to(server: FeedServer, fetcher: Fetcher, location: str) -> None:
    with pytest.raises(FetchError, match=r"redirected to .*, which is not a web address"):
        await fetcher.fetch(server.redirects("/", location))
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_nowhere(server: FeedServer, fetcher: Fetcher, status: int) -> None:
    with pytest.raises(FetchError, match="redirected to nowhere") as raised:
        await fetcher.fetch(server.answers("/", Answer(status=status)))
    assert raised.value.status == status


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("10.0.0.5", "10.0.0.5 is a private address; the operator can allow it by allow_hosts"),
        ("169.254.169.254", "169.254.169.254 is a link-local address"),
        ("2130706433", "not a valid host name|(loopback|unspecified) address"),
        ("0x7f.1", "0x7f.1 is at 127.0.0.1, a loopback address"),
        ("0177.0.0.1", "not a valid host name|(loopback|unspecified) address"),
        ("127.1", "not a valid host name|(loopback|unspecified) address"),
        ("0", "not a valid host name|(loopback|unspecified) address"),
        ("[::ffff:127.0.0.1]", "is an IPv4-mapped address"),
        ("[::]", "is an unspecified address"),
        ("[64:ff9b::7f00:1]", "is a NAT64 address"),
        ("localhost", "localhost is at .*, a loopback address"),
        ("user:pass@127.0.0.1", "^127.0.0.1 is a loopback address"),
        ("public.example@127.0.0.1", "^127.0.0.1 is a loopback address"),
    ],
)
async def test_no_redirect_leads_into_the_operators_network(
    server: FeedServer, host: str, words: str
) -> None:
    async with FeedServer().running() as inner, raw_server(saying(b"")) as other:
        inner.answers("/", Answer(b"secret"))
        server.redirects("/", f"http://{host}:{inner.port}/")
        politeness = Politeness(allow_hosts=(server.host, other.host), pause=0)
        async with Fetcher(politeness) as fetcher:
            for url in (server.url("/"), f"http://{host}:{inner.port}/"):
                with pytest.raises(FetchError, match=words) as raised:
                    await fetcher.fetch(url)
                assert "pass" not in str(raised.value)
        assert inner.asked == []
