"""A site may set a cookie and send back to where one came from; it ends with the fetch."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from feed_server import Answer, FeedServer

from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as running:
        yield running


@pytest.fixture
async def fetcher(server: FeedServer) -> AsyncIterator[Fetcher]:
    async with Fetcher(Politeness(allow_hosts=(server.host, "localhost"), pause=0)) as made:
        yield made


def _sets(cookie: str, to: str) -> Answer:
    return Answer(status=302, headers={"Set-Cookie": cookie, "Location": to})


def _sent(server: FeedServer) -> list[str]:
    return [asked.headers.get("Cookie", "") for asked in server.asked]


@pytest.mark.parametrize(
    "cookie",
    [
        "seen=1",
        "seen=1; Path=/",
        "seen=1; Max-Age=60; HttpOnly; SameSite=Lax",
        "seen=a-very.odd!value*(1)",
        "seen=a=b=c",
    ],
)
async def test_a_gate_is_passed(server: FeedServer, fetcher: Fetcher, cookie: str) -> None:
    server.answers(
        "/feed",
        Answer(status=302, headers={"Location": "/gate?to=/feed"}),
        Answer(b"the feed"),
    )
    server.answers("/gate?to=/feed", _sets(cookie, "/feed"))
    page = await fetcher.fetch(server.url("/feed"))
    assert page.body == b"the feed"
    assert [asked.path for asked in server.asked] == ["/feed", "/gate?to=/feed", "/feed"]
    assert _sent(server) == ["", "", cookie.partition(";")[0]]


async def test_the_first_answer_may_set_it_and_send_to_itself(
    server: FeedServer, fetcher: Fetcher
) -> None:
    url = server.answers("/", _sets("a=1", "/"), _sets("b=2", "/"), Answer(b"in"))
    assert (await fetcher.fetch(url)).body == b"in"
    assert _sent(server) == ["", "a=1", "a=1; b=2"]


async def test_a_cookie_that_changes_nothing_is_still_a_loop(
    server: FeedServer, fetcher: Fetcher
) -> None:
    with pytest.raises(FetchError, match=r"^redirected in a loop$"):
        await fetcher.fetch(server.answers("/", _sets("a=1", "/")))
    assert len(server.asked) == 2


async def test_a_cookie_that_changes_for_ever_ends_somewhere(
    server: FeedServer, fetcher: Fetcher
) -> None:
    url = server.answers("/", *(_sets(f"a={n}", "/") for n in range(99)))
    with pytest.raises(FetchError, match=r"^redirected more than 20 times$"):
        await fetcher.fetch(url)


async def test_cookies_end_with_their_fetch(server: FeedServer, fetcher: Fetcher) -> None:
    server.answers("/end", Answer(b"end", headers={"Set-Cookie": "late=1"}))
    url = server.answers("/", _sets("a=1", "/end"))
    for _ in range(2):
        await fetcher.fetch(url)
    assert _sent(server) == ["", "a=1", "", "a=1"]


@pytest.mark.parametrize(
    "cookie", ["a=1", "a=1; Domain=localhost", "a=1; Domain=127.0.0.1", "a=1; Domain=0.0.1"]
)
async def test_no_other_host_is_told(server: FeedServer, fetcher: Fetcher, cookie: str) -> None:
    server.answers("/end", Answer(b"end"))
    url = server.answers("/", _sets(cookie, f"http://localhost:{server.port}/end"))
    assert (await fetcher.fetch(url)).body == b"end"
    assert _sent(server) == ["", ""]


@pytest.mark.parametrize("cookie", ["a=1; Path=/gate", "a=1; Max-Age=0", "a=1; Secure"])
async def test_a_cookie_that_is_not_for_this_request(
    server: FeedServer, fetcher: Fetcher, cookie: str
) -> None:
    server.answers("/end", Answer(b"end"))
    await fetcher.fetch(server.answers("/gate", _sets(cookie, "/end")))
    assert _sent(server) == ["", ""]


async def test_a_cookie_that_can_be_sent_nowhere_is_left_out(
    server: FeedServer, fetcher: Fetcher
) -> None:
    server.answers("/end", Answer(b"end"))
    long = "".join(f"{n:08}" for n in range(700))
    url = server.answers("/", *(_sets(f"c{n}={long}", f"/{n}") for n in range(1)))
    for n in range(4):
        server.answers(f"/{n}", _sets(f"c{n + 1}={long}", f"/{n + 1}" if n < 3 else "/end"))
    assert (await fetcher.fetch(url)).body == b"end"
    assert all(len(sent) <= 16 << 10 for sent in _sent(server))
