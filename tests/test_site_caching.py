"""What is sent of the website's pages: once, packed, guarded, and within limits."""

from __future__ import annotations

import asyncio
import gzip
from datetime import UTC, datetime

import aiohttp
import brotli
import pytest
from aiohttp import web
from newsdesk import TestDesk, twelve
from site_desk import serving_site
from stories import story

from adapters.web.admission import Admission, TooBusyError, address_of
from adapters.web.content import HTML, JSON, Content
from adapters.web.response_cache import ResponseCache, as_cached
from adapters.web.sending import chosen_encoding
from adapters.web_listener import WebListener
from bot.posting.page_links import story_path

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.server
async def test_what_a_reader_has_is_not_sent_again(desk: TestDesk, unused_tcp_port: int) -> None:
    await twelve(desk)
    async with serving_site(desk, unused_tcp_port) as reader:
        first = await reader.get("/")
        tag, date = first.headers["ETag"], first.headers["Last-Modified"]
        for known in ({"If_None_Match": tag}, {"If_None_Match": f'"x", W/{tag}'}):
            again = await reader.get("/", **known)
            assert (again.status, again.body) == (304, b"")
            assert again.headers["ETag"] == tag
        assert (await reader.get("/", If_Modified_Since=date)).status == 304
        assert (await reader.get("/", If_None_Match='"x"', If_Modified_Since=date)).status == 200
        for nonsense in ("", "yesterday", "Mon, 99 Nov 99999 99:99:99 GMT"):
            assert (await reader.get("/", If_Modified_Since=nonsense)).status == 200


@pytest.mark.server
async def test_parameters_of_trackers_lead_to_the_same_page(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    await twelve(desk)
    async with serving_site(desk, unused_tcp_port) as reader:
        plain = await reader.get("/topics")
        for more in ("utm_source=x", "fbclid=1&a=%3Cb%3E", "&&&=", "lang=xx", "page=0"):
            answer = await reader.get(f"/topics?{more}")
            assert answer.status == 200
            if more.partition("=")[0] not in {"lang", "page"}:
                assert answer.body == plain.body


@pytest.mark.server
async def test_what_is_new_is_seen_at_once(desk: TestDesk, unused_tcp_port: int) -> None:
    await twelve(desk)
    async with serving_site(desk, unused_tcp_port) as reader:
        tag = (await reader.get("/")).headers["ETag"]
        await desk.has(story("Extra"))
        reader.website._revision.asked = float("-inf")  # noqa: SLF001 - a moment later
        again = await reader.get("/", If_None_Match=tag)
        assert again.status == 200
        assert "Extra" in again.text


@pytest.mark.server
@pytest.mark.parametrize("path", ["/", "/feed.atom", "/feed.json", "/api/latest", "/sitemap.xml"])
async def test_it_is_packed_as_the_reader_takes_it(
    desk: TestDesk, unused_tcp_port: int, path: str
) -> None:
    await twelve(desk)
    async with serving_site(desk, unused_tcp_port) as reader:
        plain = await reader.get(path)
        by_gzip = await reader.get(path, Accept_Encoding="gzip, br;q=0")
        by_brotli = await reader.get(path, Accept_Encoding="gzip, deflate, br")
        assert "Content-Encoding" not in plain.headers
        assert gzip.decompress(by_gzip.body) == plain.body
        assert brotli.decompress(by_brotli.body) == plain.body
        assert len({plain.headers["ETag"], by_gzip.headers["ETag"], by_brotli.headers["ETag"]}) == 3
        held = await reader.get(path, If_None_Match=by_gzip.headers["ETag"])
        assert held.status == 304
        head = await reader.get(path, method="HEAD")
        assert (head.status, head.body) == (200, b"")
        assert head.headers["Content-Length"] == str(len(plain.body))


@pytest.mark.server
async def test_each_answer_is_guarded_and_only_reading_is_allowed(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    one = story("Bridge opens")
    await desk.has(one)
    async with serving_site(desk, unused_tcp_port) as reader:
        style = (await reader.get("/")).page.xpath("//link[@rel='stylesheet']/@href")[0]
        for path in ("/", "/nope", f"/s/{one.id}", story_path(one), "/api/latest", style):
            answer = await reader.get(path)
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "Set-Cookie" not in answer.headers
        assert "immutable" in (await reader.get(style)).headers["Cache-Control"]
        for method in ("POST", "PUT", "DELETE", "TRACE"):
            refused = await reader.get("/", method=method)
            assert (refused.status, refused.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.server
async def test_whoever_comes_when_too_many_wait_is_told(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    await twelve(desk)
    async with serving_site(desk, unused_tcp_port, waiting=0) as reader:
        page, api = await reader.get("/topics"), await reader.get("/api/latest")
        assert (page.status, page.headers["Retry-After"]) == (503, "5")
        assert page.words("//h1") == ["A moment, please"]
        assert api.status == 503
        assert "error" in api.text
        assert page.headers["Cache-Control"] == "no-cache"


@pytest.mark.server
async def test_a_store_that_fails_is_said_in_words(desk: TestDesk, unused_tcp_port: int) -> None:
    await twelve(desk)
    async with serving_site(desk, unused_tcp_port) as reader:
        await desk.store.aclose()
        answer = await reader.get("/")
    assert answer.status == 503
    assert answer.words("//h1") == ["Something went wrong"]


async def test_only_so_many_are_admitted() -> None:
    admission, order = Admission(at_once=1, waiting=2), list[int]()

    async def enter(number: int) -> None:
        async with admission.slot():
            order.append(number)
            await asyncio.sleep(0)

    told = await asyncio.gather(*map(enter, range(4)), return_exceptions=True)
    assert order == [0, 1]
    assert [type(one) for one in told[2:]] == [TooBusyError, TooBusyError]
    await enter(9)
    assert order[-1] == 9


async def test_one_reader_leaves_room_for_the_others() -> None:
    admission, admitted = Admission(at_once=1, of_one=2), list[str]()

    async def enter(reader: str) -> None:
        async with admission.slot(reader):
            admitted.append(reader)
            await asyncio.sleep(0)

    told = await asyncio.gather(*map(enter, "aaaab"), return_exceptions=True)
    assert admitted == ["a", "a", "b"]
    assert [type(one) for one in told[2:4]] == [TooBusyError, TooBusyError]
    await enter("a")


@pytest.mark.server
@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("", "127.0.0.1"),
        ("203.0.113.9", "203.0.113.9"),
        ("10.0.0.1, 198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("x" * 500, "x" * 45),
        (" , ", "127.0.0.1"),
    ],
)
async def test_who_asks_is_told_by_the_server_in_front(
    unused_tcp_port: int, forwarded: str, address: str
) -> None:
    async def handle(request: web.Request) -> web.Response:
        return web.Response(text=address_of(request))

    listener = WebListener(f"127.0.0.1:{unused_tcp_port}")
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    async with (
        listener.handling(handle),
        aiohttp.ClientSession(headers=headers) as session,
        session.get(f"http://127.0.0.1:{unused_tcp_port}/") as answer,
    ):
        assert await answer.text() == address


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        *(("gzip", "gzip"), ("br", "br"), ("gzip, br", "br"), ("br;q=0, gzip;q=0.5", "gzip")),
        *(("", ""), ("identity", ""), ("zstd", ""), ("BR ; q=1", "br"), ("gzip;q=0.000", "")),
    ],
)
def test_encodings_are_chosen(header: str, chosen: str) -> None:
    assert chosen_encoding(header) == chosen


def test_the_cache_keeps_what_was_asked_for_last() -> None:
    cache = ResponseCache(most_bytes=6_000)
    for name in "abcd":
        cache.put((name,), as_cached(Content(name.encode() * 1_000), NOW, "1", 0.0))
        cache.get(("a",), "1", 0.0)
    kept = [name for name in "abcd" if cache.get((name,), "1", 0.0)]
    assert kept == ["a", "d"]
    assert cache.get(("a",), "2", 0.0) is None
    assert cache.get(("a",), "1", 61.0) is None


def test_what_is_made_anew_and_the_same_keeps_its_date() -> None:
    cache = ResponseCache()
    cache.put(("a",), as_cached(Content(b"same"), NOW, "1", 0.0))
    later = NOW.replace(hour=13)
    assert cache.put(("a",), as_cached(Content(b"same"), later, "2", 0.0)).modified == NOW
    assert cache.put(("a",), as_cached(Content(b"other"), later, "3", 0.0)).modified == later


@pytest.mark.parametrize(
    ("kind", "packed"),
    [
        *((one, False) for one in ("image/png", "image/jpeg", "image/gif", "image/avif")),
        *((one, True) for one in ("image/svg+xml", "text/css; charset=utf-8", HTML, JSON)),
    ],
)
def test_what_is_small_already_is_not_packed_again(kind: str, packed: bool) -> None:
    assert Content(b"", kind).is_text is packed
