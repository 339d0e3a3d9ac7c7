"""The website's feeds: read by the parser of a feed reader, and by Dateline itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import feedparser
import pytest
from lxml import etree
from newsdesk import TestDesk
from site_desk import BASE, Reader, serving_site
from stories import NOW, story

from bot.model import Enclosure
from bot.posting.page_links import story_path

pytestmark = pytest.mark.server

OWN = story(
    "Osaka Expo: “<i>open</i>” & busy\ufffe",
    "The gates opened.\n# Queues\nA < B & C.",
    summary="The gates opened.",
    byline="MU.",
    language="en",
    enclosures=(Enclosure("https://example.org/a.mp3", "audio/mpeg", 12, 34),),
)
ELSEWHERE = story(
    "Trams return",
    "A secret end.",
    source="other",
    url="https://trams.example.org/return",
    summary="They are back.",
    published=NOW - timedelta(hours=3),
)
HUB = "https://hub.example.org/"
ENDS = ["/feed", "/topic/Osaka_Expo/feed", "/source/wire/feed"]


@pytest.fixture
async def reader(desk: TestDesk, unused_tcp_port: int) -> AsyncIterator[Reader]:
    await desk.has(OWN, ELSEWHERE)
    async with serving_site(desk, unused_tcp_port, hub=HUB) as opened:
        yield opened


@pytest.mark.parametrize("path", [*(f"{one}.atom" for one in ENDS), "/search/feed.atom?q=gates"])
async def test_a_feed_reader_reads_atom(reader: Reader, path: str) -> None:
    answer = await reader.get(path)
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    read = feedparser.parse(answer.body)
    assert (read.bozo, read.version) == (False, "atom10")
    entry = next(one for one in read.entries if one.link.startswith(BASE))
    assert entry.title_detail.type == "text/plain"
    assert entry.title == OWN.title.rstrip("\ufffe")
    assert (
        entry.content[0].value == "<p>The gates opened.</p><h2>Queues</h2><p>A &lt; B &amp; C.</p>"
    )
    assert entry.author == "MU."
    assert entry.published_parsed[:5] == NOW.timetuple()[:5]
    assert entry.enclosures[0].href == "https://example.org/a.mp3"
    assert {one.rel: one.href for one in read.feed.links}["self"] == f"{BASE}{path}"
    assert {one.rel: one.href for one in read.feed.links}["hub"] == HUB


@pytest.mark.parametrize("path", [*(f"{one}.json" for one in ENDS), "/search/feed.json?q=gates"])
async def test_json_feed_has_what_its_specification_asks_for(reader: Reader, path: str) -> None:
    answer = await reader.get(path)
    assert answer.headers["Content-Type"].startswith("application/feed+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    read = json.loads(answer.text)
    assert read["version"] == "https://jsonfeed.org/version/1.1"
    assert read["feed_url"] == f"{BASE}{path}"
    assert read["home_page_url"].startswith(f"{BASE}/")
    assert read["hubs"] == [{"type": "WebSub", "url": HUB}]
    item = next(one for one in read["items"] if "external_url" not in one)
    assert item["url"] == f"{BASE}{story_path(OWN)}"
    assert item["content_html"].startswith("<p>The gates opened.</p>")
    assert item["attachments"] == [{"url": "https://example.org/a.mp3", "mime_type": "audio/mpeg"}]


async def test_a_text_that_is_the_publishers_is_not_in_feeds(reader: Reader) -> None:
    for path in ("/feed.atom", "/feed.json", "/source/other/feed.atom"):
        text = (await reader.get(path)).text
        assert "They are back." in text
        assert "A secret end." not in text
    read = feedparser.parse((await reader.get("/source/other/feed.atom")).body)
    assert read.entries[0].link == ELSEWHERE.url


async def test_entries_are_the_same_at_another_address(
    desk: TestDesk, reader: Reader, unused_tcp_port_factory: object
) -> None:
    ids = [one.id for one in feedparser.parse((await reader.get("/feed.atom")).body).entries]
    port = unused_tcp_port_factory()  # type: ignore[operator] # of pytest-asyncio
    async with serving_site(desk, port, base="https://moved.example.org") as moved:
        again = feedparser.parse((await moved.get("/feed.atom")).body).entries
    assert [one.id for one in again] == ids
    assert len(set(ids)) == 2


async def test_an_empty_feed_is_one_all_the_same(desk: TestDesk, unused_tcp_port: int) -> None:
    async with serving_site(desk, unused_tcp_port) as reader:
        for path in ("/feed.atom", "/search/feed.atom?q=nothing", "/search/feed.atom"):
            root = etree.fromstring((await reader.get(path)).body)
            assert root.tag.endswith("feed")
            assert root.find("{http://www.w3.org/2005/Atom}updated") is not None


async def test_pages_name_their_feeds(reader: Reader) -> None:
    for path, feed in (
        ("/", "/feed.atom"),
        ("/topic/Osaka_Expo", "/topic/Osaka_Expo/feed.atom"),
        ("/search?q=gates", "/search/feed.atom?q=gates"),
    ):
        named = (await reader.get(path)).links("//link[@type='application/atom+xml']")
        assert named == [feed]
