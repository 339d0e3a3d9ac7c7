"""No address, however it is written or come by, leads a request into the operator's network.

Every connection that this process attempts is seen by an audit hook, so nothing that the fetcher
says of itself is believed.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from feed_server import Answer, FeedServer

from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness
from bot.errors import SourceError

LOOPBACK = """
    127.0.0.1 127.1 127.0.1 127.255.255.254 2130706433 017700000001 0177.0.0.1 0x7f000001 0x7F.1
    0x7f.0x0.0x0.0x1 0177.0x0.0.1 127.0.0.1. 127.000.000.001 localhost LOCALHOST localhost. 0
    0.0.0.0 １２７.0.0.1 ①②⑦.⓪.⓪.① 127。0。0。1 127%2E0%2E0%2E1 %31%32%37.0.0.1 [::1] [::]
    [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [::ffff:0:127.0.0.1]
    [64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2001:0:7f00:1::1]
    user:pw@127.0.0.1 public.example@127.0.0.1 public.example:80@[::1] 127.0.0.1#@public.example
    127.0.0.1?@public.example 127.0.0.1\\@public.example public.example%23@127.0.0.1
""".split()
INSIDE = """
    10.0.0.5 167772165 0xa000005 012.0.0.5 10.5 172.16.0.1 192.168.1.1 192.168.257 3232235777
    0xc0a80101 100.64.0.1 169.254.169.254 2852039166 0xa9fea9fe 0251.0376.0251.0376 169.254.43518
    198.18.0.1 224.0.0.1 255.255.255.255 192.0.0.192 192.88.99.1 [fc00::1] [fd00:ec2::254] [fe80::1]
    [fe80::1%25lo] [fec0::1] [ff02::1] [::ffff:10.0.0.5] [::ffff:169.254.169.254] [::a9fe:a9fe]
    [64:ff9b::a9fe:a9fe] [2002:a00:5::] [2002:c0a8:101::1] [2001:db8::1] [100::1] [5f00::1]
""".split()
ANSWERS = """
    127.0.0.1 0.0.0.0 10.0.0.5 172.31.255.255 192.168.0.1 100.100.0.1 169.254.169.254 198.19.0.1
    224.0.0.1 240.0.0.1 255.255.255.255 ::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.5 ::127.0.0.1
    64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: 2001:0:7f00:1::1 fc00::1 fd00:ec2::254 fe80::1
    fec0::1 ff02::1 2001:db8::1 100::1 4000::1
""".split()

_seen: list[list[object]] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"} and _seen:
        _seen[-1].append(arguments[1])


sys.addaudithook(_watch)


@contextmanager
def connections() -> Iterator[list[object]]:
    """Collects where to this process connects."""
    _seen.append([])
    try:
        yield _seen[-1]
    finally:
        _seen.pop()


class Resolver(AbstractResolver):
    """Answers every name with the same addresses."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=family * 0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Holds nothing."""


@pytest.fixture
async def inner() -> AsyncIterator[FeedServer]:
    """A server in the operator's network."""
    async with FeedServer().running() as running:
        running.answers("/", Answer(b"secret"))
        yield running


def fetcher(*hosts: str, resolver: AbstractResolver | None = None) -> Fetcher:
    politeness = Politeness(pause=0, timeout=2, allow_hosts=hosts)
    return Fetcher(politeness, resolver=resolver)


@pytest.mark.parametrize("scheme", ["http", "https", "HTTP"])
@pytest.mark.parametrize("host", LOOPBACK + INSIDE)
async def test_no_url_leads_inside(inner: FeedServer, host: str, scheme: str) -> None:
    async with fetcher() as web:
        with connections() as made, pytest.raises(FetchError):
            await web.fetch(f"{scheme}://{_with_port(host, inner.port)}/")
    assert (made, inner.asked) == ([], [])


@pytest.mark.parametrize("location", ["http://{}/", "https://{}/", "//{}/", "\\\\{}/"])
@pytest.mark.parametrize("host", LOOPBACK + INSIDE)
async def test_no_redirect_leads_inside(inner: FeedServer, host: str, location: str) -> None:
    async with FeedServer().running() as outer, fetcher(outer.host) as web:
        url = outer.redirects("/", location.format(_with_port(host, inner.port)))
        with connections() as made, pytest.raises(FetchError):
            await web.fetch(url)
        assert set(made) <= {("127.0.0.1", outer.port)}
    assert inner.asked == []


@pytest.mark.parametrize("first", [(), ("::1",), ("10.0.0.5",), ("fe80::1",)])
@pytest.mark.parametrize("address", ANSWERS)
async def test_no_answer_of_a_name_server_leads_inside(
    inner: FeedServer, address: str, first: tuple[str, ...]
) -> None:
    async with fetcher(resolver=Resolver(*first, address)) as web:
        with connections() as made, pytest.raises(FetchError, match="the operator can allow it"):
            await web.fetch(f"http://rebinding.example:{inner.port}/")
    assert (made, inner.asked) == ([], [])


@pytest.mark.parametrize(
    "url",
    """file:///etc/passwd ftp://127.0.0.1/ gopher://127.0.0.1:6379/_x unix:///run/docker.sock
    dict://127.0.0.1/ data:text/html,x javascript:alert(1) ws://127.0.0.1/ jar:http://127.0.0.1!/
    view-source:http://127.0.0.1/ blob:http://127.0.0.1/ //127.0.0.1/ http:127.0.0.1 ldap://[::1]/
    netdoc:///etc/passwd""".split(),
)
async def test_no_other_scheme_is_asked(inner: FeedServer, url: str) -> None:
    async with FeedServer().running() as outer, fetcher(outer.host) as web:
        with connections() as made, pytest.raises(FetchError):
            await web.fetch(url)
        assert made == []
        if not url.startswith("//"):
            with connections() as made, pytest.raises(FetchError):
                await web.fetch(outer.redirects("/", url))
            assert set(made) <= {("127.0.0.1", outer.port)}
    assert inner.asked == []


# What the operator allows


async def test_an_allowed_feed_leads_to_no_other_private_host(inner: FeedServer) -> None:
    """Both are on the list; only one is in the configuration."""
    async with FeedServer().running() as outer, fetcher() as web:
        allowed = AllowedHosts([outer.host, inner.host])
        feed = web.allowing(allowed.for_configured(outer.url("/")))
        outer.redirects("/same", "/well")
        outer.answers("/well", Answer(b"well"))
        assert (await feed.fetch(outer.url("/same"))).body == b"well"
        with pytest.raises(FetchError, match="loopback address; the operator can allow it"):
            await feed.fetch(outer.redirects("/", inner.url("/")))
        assert inner.asked == []
        named = web.allowing(allowed.for_configured(outer.url()) | AllowedHosts([inner.host]))
        assert (await named.fetch(outer.url("/"))).body == b"secret"


@pytest.mark.parametrize(
    ("configured", "url", "allowed"),
    [
        ("http://news.lan/", "http://news.lan/b", True),
        ("http://news.lan/", "https://news.lan/b", True),
        ("http://NEWS.lan./", "https://news.lan/b", True),
        ("https://news.lan/", "http://news.lan/b", False),
        ("http://news.lan/", "http://news.lan:8080/", False),
        ("http://news.lan:8080/", "http://news.lan:8080/b", True),
        ("http://news.lan:8080/", "https://news.lan/", False),
        ("http://news.lan/", "http://other.lan/", False),
        ("http://else.example/", "http://news.lan/", False),
        ("http://u:p@news.lan/", "http://news.lan/", True),
        ("http://u@[::1]@?x", "http://news.lan/", False),
    ],
)
def test_what_an_allowed_url_of_the_configuration_allows(
    configured: str, url: str, *, allowed: bool
) -> None:
    from bot.text.urls import request_url  # noqa: PLC0415

    hosts = AllowedHosts(["news.lan", "other.lan"]).for_configured(configured)
    asked = request_url(url)
    assert asked
    assert hosts.allows(asked.url) is allowed


def _with_port(host: str, port: int) -> str:
    """The host with the port where it belongs."""
    for sign in ("#", "?", "\\"):
        if sign in host:
            before, after = host.split(sign, 1)
            return f"{before}:{port}{sign}{after}"
    return f"{host}:{port}"


def test_the_hook_sees_connections() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, connections() as made:
        with socket.create_connection(server.getsockname()):
            pass
        assert made == [server.getsockname()]
    assert issubclass(FetchError, SourceError)
