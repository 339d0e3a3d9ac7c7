"""Conditional requests for each kind of page: by its tag, by its date alone, and by nonsense."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import quote

import pytest
from feed_server import Answer, FeedServer
from newsdesk import TestDesk, twelve
from site_desk import BASE, Reader, serving_site
from stories import NOW, story

from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.picture_fetcher import WebPictureFetcher
from adapters.sources.web.politeness import Politeness
from adapters.web.content import Content
from adapters.web.response_cache import ResponseCache, as_cached
from bot.posting.page_links import story_path

pytestmark = pytest.mark.server

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
BRIDGE = story("Bridge opens", "The bridge opened.")
STORY = story_path(BRIDGE)
KINDS = (
    *("/", "/?page=1", STORY, "/topics", "/topic/World", "/sources", "/source/wire"),
    *("/search", "/search?q=story", "/search?q=zzzz", "/archive", "/archive/2026"),
    *(f"/archive/{NOW:%Y/%m}", f"/archive/{NOW:%Y/%m/%d}", "/robots.txt"),
    *("/sitemap.xml", "/sitemap/pages.xml", "/sitemap/1.xml"),
    *("/feed.atom", "/feed.json", "/topic/World/feed.atom", "/source/wire/feed.json"),
    *("/search/feed.atom?q=story", "/search/feed.json?q=story", "/search/feed.atom?q=zzzz"),
    *("/api/search?q=story", "/api/latest", f"/api/story/{BRIDGE.id}", "/api/suggest?q=sto"),
    *("/api/openapi.json", f"/oembed?url={quote(BASE + STORY, safe='')}"),
    *("STYLE", "SCRIPT", "ICON", f"/picture/{BRIDGE.id}"),
)
"""An address of each kind; what is fixed has its own, which the front page tells."""

_FILES = {
    "STYLE": "//link[@rel='stylesheet']/@href",
    "SCRIPT": "//script[@src]/@src",
    "ICON": "//link[@rel='icon']/@href",
}
NONSENSE = (
    *("", "0", "yesterday", "Mon, 99 Nov 99999 99:99:99 GMT", "\t", "-1", "é"),
    *("Mon, 23 Nov 2026 12:00:00 +9999", "Mon, 23 Nov 2026 12:00:00 -99999999", "x" * 5_000),
    *("Thu, 01 Jan 1970 00:00:00 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "1e309"),
)
"""Dates that are none, or long ago."""


@pytest.fixture
async def reader(desk: TestDesk, unused_tcp_port: int) -> AsyncIterator[Reader]:
    async with FeedServer().running() as host:
        await twelve(desk)
        pictured = story(
            "Bridge opens", "The bridge opened.", image=host.answers("/a", Answer(PNG))
        )
        assert pictured.id == BRIDGE.id
        await desk.has(pictured)
        politeness = Politeness(allow_hosts=(host.host,), pause=0)
        async with (
            Fetcher(politeness) as fetcher,
            serving_site(desk, unused_tcp_port, pictures=WebPictureFetcher(fetcher)) as opened,
        ):
            yield opened


async def address(reader: Reader, kind: str) -> str:
    """The address of a kind."""
    if kind not in _FILES:
        return kind
    return str((await reader.get("/")).page.xpath(_FILES[kind])[0])


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_unchanged_is_not_sent_again_by_its_date_or_its_tag_alone(
    reader: Reader, kind: str, desk: TestDesk
) -> None:
    path = await address(reader, kind)
    first = await reader.get(path)
    assert (first.status, bool(first.body)) == (200, True)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    assert parsedate_to_datetime(date) <= desk.clock.now()
    desk.clock.pass_(3_600)
    reader.website._revision.asked = float("-inf")  # noqa: SLF001 - a moment later
    later = format_datetime(parsedate_to_datetime(date) + timedelta(hours=1), usegmt=True)
    earlier = format_datetime(parsedate_to_datetime(date) - timedelta(seconds=1), usegmt=True)
    for method in ("GET", "HEAD"):
        for known in (
            {"If_Modified_Since": date},
            {"If_Modified_Since": later},
            {"If_None_Match": tag},
            {"If_None_Match": f'W/{tag}, "other"'},
            {"If_None_Match": "*"},
            {"If_None_Match": tag, "If_Modified_Since": earlier},  # the tag decides
        ):
            again = await reader.get(path, method, **known)
            assert (again.status, again.body) == (304, b""), known
            assert (again.headers["ETag"], again.headers["Last-Modified"]) == (tag, date)
            assert "Cache-Control" in again.headers
        for known in (
            {"If_Modified_Since": earlier},
            {"If_None_Match": '"other"'},
            {"If_None_Match": '"other"', "If_Modified_Since": date},
        ):
            assert (await reader.get(path, method, **known)).status == 200, known


@pytest.mark.parametrize("kind", ["/", STORY, "/feed.atom", "/api/latest", "STYLE"])
async def test_conditions_that_say_nothing_are_left_aside(reader: Reader, kind: str) -> None:
    path = await address(reader, kind)
    whole = await reader.get(path)
    for nonsense in NONSENSE:
        answer = await reader.get(path, If_Modified_Since=nonsense)
        assert (answer.status, answer.body) == (200, whole.body), nonsense
    for nonsense in ('"', "W/", ",,,", '""', "x" * 5_000, f"{whole.headers['ETag'][1:9]}"):
        answer = await reader.get(path, If_None_Match=nonsense)
        assert answer.status == 200, nonsense
    for part in ("bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=0-,0-,0-", "x"):
        answer = await reader.get(path, Range=part, If_Range=whole.headers["ETag"])
        assert (answer.status, answer.body) == (200, whole.body), part  # parts are not given


@pytest.mark.parametrize(
    "path", ["/api/search?q=story", "/api/latest?source=wire", f"/api/story/{BRIDGE.id}"]
)
async def test_how_long_an_answer_took_makes_no_other_one_of_it(
    reader: Reader, desk: TestDesk, path: str
) -> None:
    first = await reader.get(path)
    await desk.has(story("Elsewhere", source="other"))  # the store's state is another one
    reader.website._revision.asked = float("-inf")  # noqa: SLF001 - a moment later
    again = await reader.get(path, If_None_Match=first.headers["ETag"])
    assert again.status == 304
    assert (await reader.get(path)).body == first.body


async def test_what_changed_within_a_second_is_sent_to_who_knows_its_date(
    reader: Reader, desk: TestDesk
) -> None:
    date = (await reader.get("/feed.atom")).headers["Last-Modified"]
    await desk.has(story("Extra"))  # in the same second
    reader.website._revision.asked = float("-inf")  # noqa: SLF001 - a moment later
    again = await reader.get("/feed.atom", If_Modified_Since=date)
    assert again.status == 200
    assert "Extra" in again.text


def test_of_two_answers_of_a_second_the_later_has_no_date_until_it_is_made_anew() -> None:
    cache, now = ResponseCache(), datetime(2026, 11, 23, 12, tzinfo=UTC)
    first, second = (as_cached(Content(body), now, body.decode()) for body in (b"a", b"b"))
    assert cache.put(("x",), first).is_dated
    assert not cache.put(("x",), second).is_dated
    assert not cache.put(("x",), as_cached(Content(b"b"), now)).is_dated
    later = now + timedelta(minutes=1)
    dated = cache.put(("x",), as_cached(Content(b"b"), later))
    assert (dated.is_dated, dated.modified) == (True, later)
    before = cache.put(("x",), as_cached(Content(b"c"), now))  # the clock was set back
    assert not before.is_dated
    assert not as_cached(Content(b"a", is_kept=False), now).is_dated
