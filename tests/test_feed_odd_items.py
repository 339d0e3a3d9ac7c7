"""One odd item, or one odd field of it, costs itself alone."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from feed_server import Answer, FeedServer
from hypothesis import given
from hypothesis import strategies as st
from newsdesk import TestDesk
from stories import NOW

from adapters.sources.feed.factory import open_feed_sources
from adapters.sources.feed.model import ParsedFeed
from adapters.sources.feed.parse import parse_feed
from adapters.sources.feed.stories import stories
from bot.config.schema import FeedsConfig
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller

pytestmark = [pytest.mark.process, pytest.mark.server]

BAD_LINKS = """
    http://[::1]@[:::8/?a http://[::1/?a http://us@[::1]@?x http://u@[::1]@[:::8/a?b=#d
    http://usrzpw@[::1]:8zpw@?=c#d http://e.org:99999/ http://e.org:x/ https://℀.example/ http://
    javascript:alert(1) http://[v1.x]/ http://]/ http://a[b]c/?x
""".split()

GOOD = "https://e.org/1"


def rss(link: str, more: str = "") -> bytes:
    link = link.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f"<rss version='2.0'><channel><title>t</title>{more}"
        f"<item><title>ok</title><link>{GOOD}</link></item>"
        f"<item><title>bad</title><link>{link}</link><description>Text</description></item>"
        "</channel></rss>"
    ).encode()


def atom(link: str) -> bytes:
    link = link.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;")
    return (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title>"
        f"<entry><title>ok</title><link href='{GOOD}'/></entry>"
        f"<entry><title>bad</title><link href='{link}'/><summary>Text</summary></entry></feed>"
    ).encode()


def json_feed(link: str) -> bytes:
    items = [{"title": "ok", "url": GOOD}, {"title": "bad", "url": link, "summary": "Text"}]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()


def by_feedparser(link: str) -> bytes:
    return rss(link, "<language><b>en</b></language>")  # markup where none belongs


def check(feed: ParsedFeed) -> None:
    good, bad = feed.items
    assert (good.title, good.url) == ("ok", GOOD)
    assert (bad.title, bad.url, bad.summary) == ("bad", None, "Text")
    assert [problem for problem in feed.problems if "one item is kept without a link" in problem]


@pytest.mark.parametrize("document", [rss, atom, json_feed, by_feedparser])
@pytest.mark.parametrize("link", BAD_LINKS)
def test_a_bad_link_costs_itself_and_is_counted(
    document: Callable[[str], bytes], link: str
) -> None:
    check(parse_feed(document(link), "", "https://e.org/feed"))


@pytest.mark.parametrize("link", BAD_LINKS)
def test_a_bad_link_to_a_picture_costs_the_picture(link: str) -> None:
    body = rss(GOOD).replace(
        b"<description>Text",
        f"<enclosure url='{link}' type='image/png'/><guid>{link}</guid><comments>{link}</comments>"
        f"<source url='{link}'>x</source><description>&lt;p>&lt;img src='{link}'/>&lt;a "
        f"href='{link}'>Text&lt;/a>".encode(),
    )
    ok, bad = parse_feed(body, "", "https://e.org/feed").items
    assert (ok.title, bad.title, bad.summary, bad.image) == ("ok", "bad", "Text", None)


@pytest.mark.parametrize(
    "odd",
    [
        "<description>&#99999999999;</description>",
        "<gml:pos xmlns:gml='http://www.opengis.net/gml'>1</gml:pos>",
        "<pubDate>Mon, 99 Foo 99999999999999 99:99:99 +9999999</pubDate>",
        "<description>&lt;![foo</description><Title>x</Title>",
    ],
)
def test_an_item_that_a_library_trips_over_costs_itself_alone(odd: str) -> None:
    items = "".join(f"<item><title>Story {n}</title></item>" for n in range(9))
    body = f"<rss><channel><title>t</title>{items}<item><title>odd</title>{odd}</item>{items}"
    feed = parse_feed(f"{body}</channel></rss>".encode(), "", "https://e.org/feed")
    assert [item.title for item in feed.items].count("Story 3") == 2
    assert len(feed.items) == 19


def test_a_lone_surrogate_costs_itself() -> None:
    body = json_feed(GOOD).replace(b'"bad"', b'"b\\ud800ad", "id": "\\udfff1", "tags": ["\\ud800"]')
    feed = parse_feed(body, "", "https://e.org/feed")
    assert [item.title for item in feed.items] == ["ok", "bad"]
    repr(feed).encode()


@given(st.text("http:/@[]?#%&.1ax ℀", max_size=30))
def test_no_link_costs_a_feed(link: str) -> None:
    for document in (rss, atom, json_feed):
        feed = parse_feed(document(f"http://{link}"), "", "https://e.org/feed")
        assert [item.title for item in feed.items] == ["ok", "bad"]


async def test_it_is_counted_in_the_report(desk: TestDesk) -> None:
    async with (
        FeedServer().running() as server,
        open_feed_sources(FeedsConfig(allow_hosts=frozenset({server.host})), desk.clock) as feeds,
    ):
        url = server.answers("/", Answer(rss("http://me:secret@[::1]@[:::8/?a")))
        source = feeds.web_feed(desk.wire.source, url)
        (report,) = await Poller(desk.store, desk.clock, [source], StoryEnricher(())).load()
    assert (report.new, report.error, len(report.unreadable)) == (2, "", 1)
    assert "one item is kept without a link" in report.unreadable[0].reason
    assert "secret" not in str(report)


@pytest.mark.parametrize(
    "names",
    [
        ("", ""),
        ("<guid>1</guid>", "<guid>2</guid>"),
        ("<guid>1</guid>", "<guid>1</guid>"),
        ("<link>https://e.org/log</link>", "<link>https://e.org/log</link>"),
    ],
)
@pytest.mark.parametrize("is_dated", [True, False])
def test_items_of_the_same_words_are_two_stories_by_their_dates(
    names: tuple[str, str], is_dated: bool
) -> None:
    days = ("21", "20") if is_dated else ("20", "20")
    items = "".join(
        f"<item>{name}<title>Gate closed</title><description>For now.</description>"
        f"<pubDate>{day} Nov 2026 10:00:00 GMT</pubDate></item>"
        for name, day in zip(names, days, strict=True)
    )
    body = f"<rss version='2.0'><channel><title>Gates</title>{items}</channel></rss>".encode()
    made = list(stories(parse_feed(body, "", "https://e.org/feed"), "s", NOW))
    assert len(made) == (2 if is_dated else 1)
    assert len({story.id for story in made}) == len(made)
