"""Feeds as sources: from a real server, or real files, into the newsroom."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from feed_server import Answer, FeedServer
from newsdesk import TestDesk
from stories import NOW, HandClock

from adapters.sources.feed.factory import FeedSourceFactory, open_feed_sources
from bot.config.schema import FeedsConfig
from bot.errors import SourceError
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.ports import NewsSource
from bot.ingest.results import LoadReport
from bot.search.query import Filter

pytestmark = pytest.mark.process

WIRE = "wire"
XML = {"Content-Type": "application/rss+xml; charset=utf-8"}


def rss(*items: str, more: str = "") -> bytes:
    """A feed of items, the newest first as feeds have them."""
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Feed</title>'
        f"<link>https://news.example/</link><language>en-gb</language>{more}{''.join(items)}"
        "</channel></rss>"
    ).encode()


def item(number: int, **other: str) -> str:
    """An item, with other words where they are given."""
    fields = {
        "title": f"Story {number}",
        "link": f"https://news.example/{number}?utm_source=rss",
        "guid": f"id-{number}",
        "description": f"What story {number} is about, in a sentence or two.",
        "pubDate": f"Mon, 23 Nov 2026 0{number}:00:00 GMT",
    } | other
    return f"<item>{''.join(f'<{k}>{v}</{k}>' for k, v in fields.items() if v)}</item>"


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as running:
        yield running


@pytest.fixture
async def feeds(server: FeedServer, desk: TestDesk) -> AsyncIterator[FeedSourceFactory]:
    config = FeedsConfig(allow_hosts=frozenset({server.host}))
    async with open_feed_sources(config, desk.clock) as opened:
        yield opened


def poller(desk: TestDesk, source: NewsSource) -> Poller:
    return Poller(desk.store, desk.clock, [source], StoryEnricher(), chance=lambda: 0.5)


async def poll(desk: TestDesk, source: NewsSource, *, again: bool = False) -> LoadReport:
    (report,) = await poller(desk, source).load(again=again)
    return report


async def test_items_become_stories(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    more = (
        "<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>Ada</dc:creator>"
        "<category>Trams</category><category>Towns</category>"
        "<enclosure url='https://news.example/a.jpg' type='image/jpeg' length='1'/>"
    )
    first = item(1, description="Tom &amp;amp; Jerry &lt;b&gt;ran&lt;/b&gt;.").replace(
        "</item>", f"{more}</item>"
    )
    url = server.answers("/rss", Answer(rss(item(2), first), headers=XML))
    report = await poll(desk, feeds.web_feed(desk.wire.source, url))

    assert (report.new, report.error, report.unreadable) == (2, "", ())
    newest, oldest = (await desk.store.stories.latest(Filter(), 9)).stories
    assert (newest.title, newest.url) == ("Story 2", "https://news.example/2")
    assert (oldest.title, oldest.summary) == ("Story 1", "Tom & Jerry ran.")
    assert (oldest.byline, oldest.categories) == ("Ada", ("Trams", "Towns"))
    assert (oldest.image, oldest.language) == ("https://news.example/a.jpg", "en-gb")
    assert oldest.published.isoformat() == "2026-11-23T01:00:00+00:00"


async def test_the_icon_that_a_feed_names_is_known_while_the_feed_is_unchanged(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    named = rss(item(1), more="<image><url>https://news.example/i.png</url></image>")
    headers = {**XML, "ETag": '"a"'}
    answers = (
        Answer(named, headers=headers),
        Answer(status=304),
        Answer(rss(item(1)), headers=headers),
    )
    source = feeds.web_feed(desk.wire.source, server.answers("/rss", *answers))
    known = []
    for _ in answers:
        one = poller(desk, source)  # as after a restart
        await one.load(again=False)
        known.append(one.icons.urls)
    assert known == [{WIRE: "https://news.example/i.png"}] * 2 + [{WIRE: ""}]


async def test_an_unchanged_feed_is_not_read_again(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    headers = {
        **XML,
        "ETag": 'W/"a b"',
        "Last-Modified": "yesterday",
        "Cache-Control": "max-age=3600",
    }
    url = server.answers("/rss", Answer(rss(item(1)), headers=headers), Answer(status=304))
    source = feeds.web_feed(desk.wire.source, url)
    await poll(desk, source)
    report = await poll(desk, source)

    assert (report.new, report.unchanged) == (0, 1)
    asked = server.asked[1].headers
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('W/"a b"', "yesterday")
    state = (await desk.store.sources.states())[WIRE]
    assert json.loads(state.signature)["etag"] == 'W/"a b"'
    (first, second) = server.asked
    assert "If-None-Match" not in first.headers
    assert second.headers["User-Agent"].startswith("Dateline/")


async def test_a_server_without_etags_is_found_unchanged_by_what_it_sends(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    url = server.answers("/rss", Answer(rss(item(1)), headers=XML))
    source = feeds.web_feed(desk.wire.source, url)
    first = await source.fetch()
    again = await source.fetch(first.signature)
    assert (again.unchanged, again.stories) == (True, ())
    assert len((await source.fetch("nonsense")).stories) == 1


async def test_a_feed_that_has_moved_is_looked_for_there(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    server.answers("/new", Answer(rss(item(1)), headers=XML))
    url = server.redirects("/old", "/new", 301)
    source = feeds.web_feed(desk.wire.source, url)
    await poll(desk, source)
    await poll(desk, source)
    assert [asked.path for asked in server.asked] == ["/old", "/new", "/new"]
    other = feeds.web_feed(desk.wire.source, server.answers("/third", Answer(rss(item(1)))))
    await poll(desk, other)  # the operator has given another address
    assert server.asked[-1].path == "/third"


async def test_new_and_edited_stories_are_told_apart_whatever_the_feed_does(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    url = server.answers(
        "/rss",
        Answer(rss(item(1), item(2)), headers=XML),
        Answer(rss(item(1, guid="other-1"), item(2, guid="other-2"), item(3)), headers=XML),
        Answer(rss(item(3), item(2, guid="other-2", title="Story 2, mended")), headers=XML),
    )
    source = feeds.web_feed(desk.wire.source, url)
    reports = [await poll(desk, source) for _ in range(3)]
    assert [(r.new, r.changed) for r in reports] == [(2, 0), (1, 2), (0, 1)]
    titles = {story.title for story in (await desk.store.stories.latest(Filter(), 9)).stories}
    assert titles == {"Story 1", "Story 2, mended", "Story 3"}


async def test_items_without_a_date_keep_when_they_were_first_seen(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    undated = item(1, pubDate="", description="")
    url = server.answers("/rss", Answer(rss(undated)), Answer(rss(item(2), undated)))
    source = feeds.web_feed(desk.wire.source, url)
    await poll(desk, source)
    desk.clock.pass_(3_600)
    report = await poll(desk, source)
    assert (report.new, report.changed, report.unchanged) == (1, 0, 1)
    stories = (await desk.store.stories.latest(Filter(), 9)).stories
    first_seen = next(s for s in stories if s.title == "Story 1").published
    assert first_seen == NOW - timedelta(days=1)


async def test_one_guid_for_all_items_loses_none(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    items = [item(n, guid="the-same") for n in (3, 2, 1)]
    url = server.answers("/rss", Answer(rss(*items, items[0])))
    assert (await poll(desk, feeds.web_feed(desk.wire.source, url))).new == 3
    nothing = [item(n, guid="", link="") for n in (2, 1)]
    url = server.answers("/bare", Answer(rss(*nothing, item(4, title="", link="", guid=""))))
    source = feeds.web_feed(desk.other.source, url)
    assert len((await source.fetch()).stories) == 3


async def test_a_title_is_made_for_what_has_none(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    long = "A short message that is somewhat longer than a title may be, " * 3
    url = server.answers(
        "/rss", Answer(rss(item(1, title="", description=long), item(2, title="")))
    )
    found = (await feeds.web_feed(desk.wire.source, url).fetch()).stories
    assert found[0].title.endswith("may be, A short message that is somewhat…")
    assert found[1].title == "What story 2 is about, in a sentence or two."


# What is no feed


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (
            b"<html><head><link rel=alternate type='application/rss+xml' href='/news.xml'></head>",
            "set url to {host}/news.xml",
        ),
        (b"<html><body>Hello</body></html>", "set url to {host}/feed.xml"),
    ],
)
async def test_a_page_in_place_of_its_feed_tells_where_that_is(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk, page: bytes, told: str
) -> None:
    server.answers("/feed.xml", Answer(rss(item(1)), headers=XML))
    server.answers("/feed", Answer(status=404))
    server.answers("/rss.xml", Answer(page, headers={"Content-Type": "text/html"}))
    url = server.answers("/", Answer(page, headers={"Content-Type": "text/html"}))
    report = await poll(desk, feeds.web_feed(desk.wire.source, url))
    assert "web page, not a feed" in report.error
    assert told.format(host=f"http://{server.host}") in report.error


@pytest.mark.parametrize(
    ("answer", "told", "gone"),
    [
        (Answer(status=404), "404", False),
        (Answer(status=410), "410", True),
        (Answer(status=500), "500", False),
        (Answer(b"", headers=XML), "empty", False),
        (Answer(b"\x00\x01garbage", headers=XML), "", False),
    ],
)
async def test_what_goes_wrong_stands_in_the_health_of_the_source(
    server: FeedServer,
    feeds: FeedSourceFactory,
    desk: TestDesk,
    answer: Answer,
    told: str,
    gone: bool,
) -> None:
    url = server.answers("/rss", answer)
    await poll(desk, feeds.web_feed(desk.wire.source, url))
    report = (await desk.store.sources.states())[WIRE].report
    assert report
    assert told in report.error
    assert (bool(report.error), report.gone) == (True, gone)


async def test_what_a_server_asks_for_is_kept(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    url = server.answers("/rss", Answer(status=429, headers={"Retry-After": "7200"}))
    report = await poll(desk, feeds.web_feed(desk.wire.source, url))
    assert report.next_check
    assert (report.next_check - NOW).total_seconds() == 7_200


async def test_a_private_address_is_refused_unless_it_is_allowed(
    server: FeedServer, desk: TestDesk
) -> None:
    url = server.answers("/rss", Answer(rss(item(1))))
    async with open_feed_sources(FeedsConfig(), desk.clock) as strict:
        with pytest.raises(SourceError, match="allow_hosts"):
            await strict.web_feed(desk.wire.source, url).fetch()
    assert server.asked == []


async def test_a_truncated_feed_gives_its_good_items(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    whole = rss(item(3), item(2), item(1))
    url = server.answers("/rss", Answer(whole[:-200], headers=XML))
    report = await poll(desk, feeds.web_feed(desk.wire.source, url))
    assert report.new == 2
    assert "malformed" in report.unreadable[0].reason


# Whole stories


PAGE = """<html><head><title>x</title></head><body><nav>Home</nav><article><h1>Story 1</h1>
<p>The tram line to the harbour opened on Monday after eleven years of building, said the city.</p>
<p>Kobe and Nara are to follow next year, with lines that will be shorter but cheaper to ride.</p>
<p>It is about time, said a woman who had waited since dawn for the very first of the trams.</p>
</article><footer>Copyright</footer></body></html>"""


async def test_whole_stories_come_from_their_pages(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    page = server.answers("/1", Answer(PAGE.encode(), headers={"Content-Type": "text/html"}))
    missing = server.answers("/2", Answer(status=404))
    items = (item(2, link=missing), item(1, link=page))
    url = server.answers("/rss", Answer(rss(*items)), Answer(rss(*items, more="<ttl>9</ttl>")))
    hosts = {server.host}
    source = feeds.web_feed(desk.wire.source, url, full_text=True, allow_hosts=hosts)
    assert (await poll(desk, source)).new == 2
    second, first = (await desk.store.stories.latest(Filter(), 9)).stories
    assert [p.text.split()[0] for p in first.paragraphs] == ["The", "Kobe", "It"]
    assert second.text == "What story 2 is about, in a sentence or two."
    again = await poll(desk, source)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert [asked.path for asked in server.asked].count("/1") == 1  # only what is new is read


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("trafilatura", "No module named 'trafilatura'"),
        ("lxml_html_clean", "lxml.html.clean module is now a separate project lxml_html_clean"),
    ],
)
async def test_the_error_tells_which_library_whole_stories_lack(module: str, words: str) -> None:
    script = Path(__file__).with_name("full_text_import.py")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(script), module), stdout=asyncio.subprocess.PIPE
    )
    shown, _ = await process.communicate()
    assert shown.decode().startswith(
        f"source wire: full_text needs the extra full-text, which cannot be imported ({words}"
    )
    assert shown.decode().endswith("`make full-text`, or as dateline[full-text]")


# Saved feeds


async def test_saved_feeds_are_read_and_read_again_when_they_change(
    feeds: FeedSourceFactory, desk: TestDesk, tmp_path: Path
) -> None:
    (tmp_path / "a.xml").write_bytes(rss(item(2), item(1)))
    (tmp_path / "b.json").write_text(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "J",
                "items": [{"id": "9", "title": "From JSON", "content_text": "Hello."}],
            }
        )
    )
    (tmp_path / "c.xml").write_text("<html><body>no feed</body></html>")
    (tmp_path / "d.xml").write_bytes(b"x" * 2_000_000)
    patterns = (str(tmp_path / "*.xml"), str(tmp_path / "*.json"))
    small = replace(feeds, max_bytes=1_000_000)
    source = small.saved_feed(desk.wire.source, patterns)
    report = await poll(desk, source)
    assert report.new == 3
    told = {Path(bad.where).name: bad.reason for bad in report.unreadable}
    assert set(told) == {"c.xml", "d.xml"}
    assert "more than" in told["d.xml"]
    assert (await poll(desk, source)).unchanged == 3
    (tmp_path / "a.xml").write_bytes(rss(item(3), item(2), item(1)))
    assert (await poll(desk, source)).new == 1
    with pytest.raises(SourceError, match="no file matches"):
        await feeds.saved_feed(desk.other.source, (str(tmp_path / "*.rss"),)).fetch()


async def test_nothing_is_begun_that_is_not_needed() -> None:
    async with open_feed_sources(FeedsConfig(), HandClock()):
        pass
