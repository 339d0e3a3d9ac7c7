"""How pages are asked for, and what is made of an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from feed_server import Answer, FeedServer
from raw_server import head, raw_server, saying

from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import ACCEPT_HTML, Politeness, user_agent
from bot import __version__

TAGS = ['"strong"', 'W/"weak"', "unquoted", '""', '"ümläut ☃"', "a,b", '"a\tb"', "-", "*"]


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as running:
        yield running


@pytest.fixture
async def fetcher(server: FeedServer) -> AsyncIterator[Fetcher]:
    contact = "mailto:desk@news.example"
    politeness = Politeness(contact=contact, allow_hosts=(server.host, "localhost"), pause=0)
    async with Fetcher(politeness) as made:
        yield made


async def test_a_page_comes_with_what_is_said_of_it(server: FeedServer, fetcher: Fetcher) -> None:
    given = {
        "Content-Type": 'Application/RSS+xml; Charset="ISO-8859-15"',
        "ETag": '"1"',
        "Last-Modified": "Wed, 29 Nov 2023 10:00:00 GMT",
        "Cache-Control": "public, max-age=600",
    }
    url = server.answers("/feed?a=1&b=%2F~x", Answer(b"<rss/>", headers=given))
    page = await fetcher.fetch(url + "#part")
    assert (page.url, page.moved_to, page.body) == (url, None, b"<rss/>")
    assert (page.content_type, page.charset) == ("application/rss+xml", "iso8859-15")
    assert (page.etag, page.last_modified) == ('"1"', "Wed, 29 Nov 2023 10:00:00 GMT")
    assert page.fresh_for == 600
    assert not page.unchanged


async def test_a_request_says_who_asks_and_for_what(server: FeedServer, fetcher: Fetcher) -> None:
    await fetcher.fetch(server.answers("/", Answer()))
    await fetcher.fetch(server.url(), accept=ACCEPT_HTML)
    first, second = (asked.headers for asked in server.asked)
    assert first["User-Agent"] == f"Dateline/{__version__} (+mailto:desk@news.example)"
    assert first["Accept"].startswith("application/atom+xml, application/rss+xml")
    assert second["Accept"].startswith("text/html")
    assert first["Accept-Encoding"] == "gzip, deflate, br, zstd"
    assert first.keys() == {"Host", "User-Agent", "Accept", "Accept-Encoding"}


@pytest.mark.parametrize("contact", ["a\nb", "naïve", "a(b)", "a\\b"])
def test_a_contact_that_no_header_can_hold_is_refused(contact: str) -> None:
    with pytest.raises(ValueError, match="contact"):
        user_agent(contact)


def test_without_a_contact_there_is_the_name() -> None:
    assert user_agent() == f"Dateline/{__version__}"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text/xml", ("text/xml", "")),
        ("text/xml;charset=utf-8", ("text/xml", "utf-8")),
        ("text/xml; charset='koi8-r'", ("text/xml", "koi8-r")),
        ("text/xml; charset=klingon", ("text/xml", "")),
        ("text/xml; charset=base64", ("text/xml", "")),
        ("text/xml; charset=", ("text/xml", "")),
        ("rubbish", ("", "")),
    ],
)
async def test_types_and_encodings(
    server: FeedServer, fetcher: Fetcher, kind: str, expected: tuple[str, str]
) -> None:
    url = server.answers("/", Answer(b"x", headers={"Content-Type": kind}))
    page = await fetcher.fetch(url)
    assert (page.content_type, page.charset) == expected


@pytest.mark.parametrize("tag", TAGS)
async def test_an_etag_is_sent_back_byte_for_byte(tag: str) -> None:
    answer = head(f"ETag: {tag}", "Last-Modified: yesterday, or so", "Content-Length: 0")
    async with raw_server(saying(answer)) as server, _fetcher(server.host) as fetcher:
        page = await fetcher.fetch(server.url)
        await fetcher.fetch(server.url, etag=page.etag, last_modified=page.last_modified)
    assert f"\r\nIf-None-Match: {tag}\r\n".encode() in server.heads[1]
    assert b"\r\nIf-Modified-Since: yesterday, or so\r\n" in server.heads[1]


async def test_an_etag_that_cannot_be_sent_back_as_it_is_is_not_kept() -> None:
    answer = head("ETag: XX", "Content-Length: 0").replace(b"XX", b'"\xfc\xff"')
    async with raw_server(saying(answer)) as server, _fetcher(server.host) as fetcher:
        page = await fetcher.fetch(server.url)
        assert page.etag == ""
        await fetcher.fetch(server.url, etag='"\udcff"', last_modified="a\r\nb: c")
    assert b"If-" not in server.heads[1]


async def test_what_is_unchanged_is_not_sent_again(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.answers("/", Answer(status=304, headers={"Cache-Control": "max-age=60"}))
    page = await fetcher.fetch(url, etag='"1"', last_modified="then")
    assert page.unchanged
    assert (page.body, page.etag, page.last_modified) == (b"", '"1"', "then")
    assert page.fresh_for == 60


async def test_unchanged_is_no_answer_to_who_knows_nothing(
    server: FeedServer, fetcher: Fetcher
) -> None:
    with pytest.raises(FetchError, match="the response was 304 Not Modified"):
        await fetcher.fetch(server.answers("/", Answer(status=304)))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "the response was 404 Not Found"),
        (
            403,
            (
                "the response was 403 Forbidden; if a browser gets the feed, the site refuses "
                "agents that it does not know; the operator can set user_agent for this source"
            ),
        ),
        (
            401,
            (
                "the response was 401 Unauthorized; the operator can set headers or cookie for "
                "this source, or a password in its url"
            ),
        ),
        (500, "the response was 500 Internal Server Error"),
        (202, "the response was 202 Accepted"),
        (204, "the response was 204 No Content"),
        (206, "the response was 206 Partial Content"),
        (300, "the response was 300 Multiple Choices"),
        (599, "the response was 599"),
    ],
)
async def test_any_other_answer_is_an_error(
    server: FeedServer, fetcher: Fetcher, status: int, words: str
) -> None:
    with pytest.raises(FetchError) as raised:
        await fetcher.fetch(server.answers("/", Answer(status=status)))
    assert str(raised.value) == words
    assert (raised.value.status, raised.value.wait, raised.value.gone) == (status, None, False)


async def test_what_is_gone_is_gone(server: FeedServer, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="the response was 410 Gone") as raised:
        await fetcher.fetch(server.answers("/", Answer(status=410)))
    assert raised.value.gone


async def test_a_host_is_asked_one_thing_at_a_time(server: FeedServer, fetcher: Fetcher) -> None:
    hold = asyncio.Event()
    urls = [server.answers(f"/{number}", Answer(hold=hold)) for number in range(5)]
    elsewhere = f"http://localhost:{server.port}/elsewhere"
    server.answers("/elsewhere", Answer(b"free"))
    asking = [asyncio.create_task(fetcher.fetch(url)) for url in urls]
    await server.called(1)
    assert (await fetcher.fetch(elsewhere)).body == b"free"
    assert server.most_at_once == 2
    hold.set()
    await asyncio.gather(*asking)
    assert [asked.path for asked in server.asked if asked.path != "/elsewhere"] == [
        f"/{number}" for number in range(5)
    ]
    assert server.most_at_once == 2


async def test_waiting_for_a_turn_is_not_waiting_for_an_answer(server: FeedServer) -> None:
    holds = [asyncio.Event() for _ in range(3)]
    urls = [server.answers(f"/{at}", Answer(b"x", hold=hold)) for at, hold in enumerate(holds)]
    politeness = Politeness(allow_hosts=(server.host,), pause=0, timeout=0.5)
    async with Fetcher(politeness) as fetcher:
        asking = [asyncio.create_task(fetcher.fetch(url)) for url in urls]
        for number, hold in enumerate(holds, start=1):
            await server.called(number)
            await asyncio.sleep(0.3)
            hold.set()
        assert [page.body for page in await asyncio.gather(*asking)] == [b"x"] * 3


async def test_between_two_requests_there_is_a_pause(server: FeedServer) -> None:
    url = server.answers("/", Answer())
    async with Fetcher(Politeness(allow_hosts=(server.host,), pause=0.02)) as fetcher:
        await asyncio.gather(*(fetcher.fetch(url) for _ in range(3)))
    times = [asked.at for asked in server.asked]
    assert all(later - earlier >= 0.019 for earlier, later in pairwise(times))


async def test_who_gives_up_waiting_holds_up_nobody(server: FeedServer, fetcher: Fetcher) -> None:
    url = server.answers("/", Answer(hold=asyncio.Event()), Answer(b"x"))
    asking = [asyncio.create_task(fetcher.fetch(url)) for _ in range(3)]
    await server.called(1)
    for task in asking[:2]:
        task.cancel()
    assert (await asking[2]).body == b"x"


async def test_nothing_is_remembered_but_what_is_handed_in(
    server: FeedServer, fetcher: Fetcher
) -> None:
    url = server.answers("/", Answer(headers={"Set-Cookie": "who=you; Path=/", "ETag": '"1"'}))
    await fetcher.fetch(url)
    await fetcher.fetch(url)
    assert server.asked[1].headers == server.asked[0].headers


async def test_the_environment_has_no_say(
    server: FeedServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secrets = tmp_path / "netrc"
    secrets.write_text("machine 127.0.0.1 login me password secret\n")
    secrets.chmod(0o600)
    monkeypatch.setenv("NETRC", str(secrets))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    page = await fetcher.fetch(server.answers("/", Answer(b"x")))
    assert page.body == b"x"
    assert "Authorization" not in server.asked[0].headers


async def test_a_password_in_an_address_is_told_to_its_host_only(
    server: FeedServer, fetcher: Fetcher
) -> None:
    server.redirects("/", "/here")
    server.redirects("/here", f"http://localhost:{server.port}/there")
    server.redirects("/there", f"http://a:b@localhost:{server.port}/end")
    server.answers("/end", Answer())
    page = await fetcher.fetch(f"http://m%C3%A9:s%3Acret@{server.host}/")
    sent = [asked.headers.get("Authorization") for asked in server.asked]
    assert sent == ["Basic bcOpOnM6Y3JldA=="] * 2 + [None] * 2
    assert page.url == f"http://localhost:{server.port}/end"


async def test_a_fetcher_may_be_closed_twice(server: FeedServer, fetcher: Fetcher) -> None:
    await fetcher.aclose()
    await fetcher.fetch(server.answers("/", Answer()))
    await fetcher.aclose()
    await fetcher.aclose()


def _fetcher(host: str) -> Fetcher:
    return Fetcher(Politeness(allow_hosts=(host,), pause=0))
