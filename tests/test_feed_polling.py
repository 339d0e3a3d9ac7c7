"""How a feed is polled over time: where it is, what its validators are worth, and how often."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime

import pytest
from feed_server import Answer, FeedServer
from newsdesk import TestDesk
from stories import MODERATOR
from test_feed_source import WIRE, XML, item, poll, poller, rss

from adapters.sources.feed.factory import FeedSourceFactory, open_feed_sources
from adapters.sources.feed.parse import parse_feed
from adapters.sources.feed.update_interval import update_interval
from adapters.sources.web.identity import Identity
from bot.config.schema import FeedsConfig
from bot.errors import SourceError
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.ports import NewsSource
from bot.ingest.results import LoadReport
from bot.model import Source

pytestmark = pytest.mark.process

HOUR, DAY = 3_600.0, 86_400.0
ONE, TWO = rss(item(1)), rss(item(2), item(1))


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as running:
        yield running


@pytest.fixture
async def feeds(server: FeedServer, desk: TestDesk) -> AsyncIterator[FeedSourceFactory]:
    config = FeedsConfig(allow_hosts=frozenset({server.host}))
    async with open_feed_sources(config, desk.clock) as opened:
        yield opened


async def reload(desk: TestDesk, source: NewsSource) -> LoadReport:
    desk.clock.pass_(1)  # later than what another poller told, which would be enough
    (report,) = await poller(desk, source).reload(None, 0)
    return report


def _paths(server: FeedServer) -> list[str]:
    return [asked.path for asked in server.asked]


def _conditional(server: FeedServer) -> list[bool]:
    names = {"If-None-Match", "If-Modified-Since"}
    return [bool(names & asked.headers.keys()) for asked in server.asked]


# Where it is


@pytest.mark.parametrize("status", [301, 308])
@pytest.mark.parametrize("way", ["timed", "reload", "load"])
async def test_a_feed_that_has_moved_is_asked_for_there_whoever_asks(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk, way: str, status: int
) -> None:
    server.answers("/new", Answer(ONE, headers=XML), Answer(TWO, headers=XML))
    url = server.answers(
        "/old", Answer(status=status, headers={"Location": "/new"}), Answer(status=404)
    )
    source = feeds.web_feed(desk.wire.source, url)
    await poll(desk, source)
    report = await {
        "timed": lambda: poll(desk, source),
        "reload": lambda: reload(desk, source),
        "load": lambda: poll(desk, source, again=True),
    }[way]()
    assert (report.new, report.error) == (1, "")
    assert _paths(server) == ["/old", "/new", "/new"]


async def test_its_own_address_is_tried_again_once_a_day(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    server.answers("/new", Answer(ONE, headers=XML))
    url = server.answers(
        "/old",
        Answer(status=301, headers={"Location": "/new"}),
        Answer(status=404),
        Answer(TWO, headers=XML),
    )
    source = feeds.web_feed(desk.wire.source, url)
    for hours in (0, 12, 13, 12, 13, 1):
        desk.clock.pass_(hours * HOUR)
        assert (await poll(desk, source)).error == ""
    assert _paths(server) == ["/old", "/new", "/new", "/old", "/new", "/new", "/old", "/old"]


async def test_when_it_is_gone_from_where_it_moved_to_its_own_address_is_tried(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    server.answers("/new", Answer(ONE, headers=XML), Answer(status=410))
    url = server.answers(
        "/old", Answer(status=301, headers={"Location": "/new"}), Answer(TWO, headers=XML)
    )
    source = feeds.web_feed(desk.wire.source, url)
    reports = [await poll(desk, source) for _ in range(3)]
    assert [(r.new, r.error) for r in reports] == [(1, ""), (1, ""), (0, "")]
    assert _paths(server) == ["/old", "/new", "/new", "/old", "/old"]


async def test_the_error_is_that_of_where_it_is(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    server.answers("/new", Answer(ONE, headers=XML), Answer(status=500), Answer(status=404))
    url = server.answers(
        "/old", Answer(status=301, headers={"Location": "/new"}), Answer(status=410)
    )
    source = feeds.web_feed(desk.wire.source, url)
    reports = [await poll(desk, source) for _ in range(3)]
    assert [r.error for r in reports] == [
        "",
        "the response was 500 Internal Server Error",
        "the response was 404 Not Found",
    ]
    assert not reports[-1].gone
    assert _paths(server) == ["/old", "/new", "/new", "/new", "/old"]


async def test_what_has_secrets_is_asked_for_at_its_own_address_for_ever(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    server.answers("/new", Answer(ONE, headers=XML))
    url = server.redirects("/old", "/new", 301)
    source = feeds.web_feed(desk.wire.source, url, identity=Identity(home=url, cookie="sid=1"))
    for _ in range(2):
        await poll(desk, source)
    assert _paths(server) == ["/old", "/new"] * 2
    signature = (await desk.store.sources.states())[WIRE].signature
    assert "sid" not in signature


async def test_a_new_format_of_stories_forgets_no_address(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    server.answers("/new", Answer(ONE, headers=XML))
    source = feeds.web_feed(desk.wire.source, server.redirects("/old", "/new", 301))
    signature = (await source.fetch()).signature
    older = json.dumps(json.loads(signature) | {"version": 0})
    assert len((await source.fetch(older)).stories) == 1


# What its validators are worth


async def test_a_reload_asks_conditionally_and_now_and_then_for_the_whole(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    headers = XML | {"ETag": '"1"', "Last-Modified": "Wed, 29 Nov 2023 10:00:00 GMT"}
    url = server.answers("/rss", Answer(ONE, headers=headers), Answer(status=304))
    source = feeds.web_feed(desk.wire.source, url)
    await poll(desk, source)
    report = await reload(desk, source)
    assert (report.unchanged, report.error) == (1, "")
    server.answers("/rss", Answer(ONE, headers=headers))
    desk.clock.pass_(HOUR + 1)
    assert (await reload(desk, source)).unchanged == 1
    assert _conditional(server) == [False, True, False]


@pytest.mark.parametrize("way", ["timed", "reload"])
async def test_no_validator_sticks_for_longer_than_a_day(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk, way: str
) -> None:
    """The server says for ever that nothing has changed; its ETag never changes, either."""
    headers = XML | {"ETag": '"always"'}
    url = server.answers("/rss", Answer(ONE, headers=headers), Answer(status=304))
    source = feeds.web_feed(desk.wire.source, url)
    await poll(desk, source)
    for _ in range(3):
        desk.clock.pass_(7 * HOUR if way == "timed" else 900)
        await (poll if way == "timed" else reload)(desk, source)
    server.answers("/rss", Answer(TWO, headers=headers))
    desk.clock.pass_(4 * HOUR)
    assert (await (poll if way == "timed" else reload)(desk, source)).new == 1
    assert _conditional(server) == [False, True, True, True, False]


@pytest.mark.parametrize(
    "date", ["Sat, 16 Nov 2041 19:11:00 GMT", "Thu, 31 Dec 2099 23:59:59 GMT", "soon"]
)
async def test_a_date_in_the_future_hides_nothing(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk, date: str
) -> None:
    now = format_datetime(desk.clock.now(), usegmt=True)
    headers = XML | {"Last-Modified": date, "Date": now}
    url = server.answers("/rss", Answer(ONE, headers=headers), Answer(TWO, headers=headers))
    source = feeds.web_feed(desk.wire.source, url)
    reports = [await poll(desk, source) for _ in range(2)]
    assert [r.new for r in reports] == [1, 1]
    assert _conditional(server) == [False, date == "soon"]


async def test_a_load_reads_everything_again(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    url = server.answers("/rss", Answer(ONE, headers=XML | {"ETag": '"1"'}))
    source = feeds.web_feed(desk.wire.source, url)
    await poll(desk, source, again=True)
    assert (await poll(desk, source, again=True)).unchanged == 1
    assert _conditional(server) == [False, False]


# How often


@pytest.mark.parametrize(
    ("more", "minutes"),
    [
        ("<ttl>120</ttl>", 120),
        ("<ttl> 60 </ttl>", 60),
        ("<ttl>5</ttl>", 15),
        ("<ttl>999999999999</ttl>", 15),
        ("<ttl>99999</ttl>", 1_440),
        ("<ttl>soon</ttl>", 15),
        ("<ttl/>", 15),
        ("{sy}<sy:updatePeriod>hourly</sy:updatePeriod>", 60),
        (
            (
                "{sy}<sy:updatePeriod> hourly </sy:updatePeriod>"
                "<sy:updateFrequency>2</sy:updateFrequency>"
            ),
            30,
        ),
        ("{sy}<sy:updatePeriod>weekly</sy:updatePeriod>", 1_440),
        ("{sy}<sy:updateFrequency>4</sy:updateFrequency>", 15),
        ("{sy}<sy:updatePeriod>hourly</sy:updatePeriod><ttl>180</ttl>", 180),
    ],
)
async def test_a_feed_says_how_often_it_changes(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk, more: str, minutes: int
) -> None:
    whole = rss(item(1), more=more.replace("{sy}", "")).replace(
        b'version="2.0"',
        b'version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"',
    )
    url = server.answers("/rss", Answer(whole, headers=XML))
    source = feeds.web_feed(desk.wire.source, url)
    for _ in range(2):  # the second time it is unchanged
        report = await poll(desk, source)
        assert report.next_check
        wait = report.next_check - desk.clock.now()
        assert wait.total_seconds() == minutes * 60


def test_feedparser_finds_the_same() -> None:
    body = (
        b'<rss version="2.0"><channel><title>x</title><ttl>120</ttl><item><title>a</title>'
        b"<itunes:odd/></item></channel></rss>"
    )
    assert parse_feed(body, "", "").update_interval == 7_200


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ({}, 0),
        ({"ttl": "-5"}, 0),
        ({"ttl": "1.5"}, 0),
        ({"period": "daily"}, DAY),
        ({"period": "Daily", "frequency": "24"}, HOUR),
        ({"period": "yearly"}, DAY),
        ({"period": "never"}, 0),
        ({"period": "hourly", "frequency": "0"}, HOUR),
    ],
)
def test_intervals(said: dict[str, str], seconds: float) -> None:
    assert update_interval(**said) == seconds


# A feed that was mended


MENDED = {
    "a control character": rss(item(2), item(1)).replace(b"Story 2", b"Story\x0b 2"),
    "a stray ampersand": rss(item(2), item(1)).replace(b"Story 2", b"Story & 2"),
    "an entity of HTML": rss(item(2), item(1)).replace(b"Story 2", b"Story&nbsp;2"),
    "something behind it": rss(item(2), item(1)) + b"<script>x()</script>",
    "a wrong byte": rss(item(2), item(1)).replace(b"Story 2", b"Story \xff 2"),
}


@pytest.mark.parametrize("body", MENDED.values(), ids=MENDED)
async def test_a_feed_of_which_all_was_read_is_read_with_a_warning(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk, body: bytes
) -> None:
    source = feeds.web_feed(desk.wire.source, server.answers("/rss", Answer(body, headers=XML)))
    first, second = await poll(desk, source), await poll(desk, source)
    for report in (first, second):
        assert (report.unreadable, report.error) == ((), "")
        assert len(report.warnings) == 1
    kept = (await desk.store.sources.states())[WIRE].report
    assert kept
    assert kept.warnings == first.warnings
    (line, *_) = [one.text for one in (await desk.ask("/sources", MODERATOR)).entries]
    assert "read, with a warning: " in line
    assert "read, with a warning: " not in (await desk.ask("/sources")).entries[0].text


@pytest.mark.parametrize("cut", [120, 40])
async def test_a_feed_that_lost_something_is_not(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk, cut: int
) -> None:
    body = rss(item(2), item(1))[:-cut]
    source = feeds.web_feed(desk.wire.source, server.answers("/rss", Answer(body, headers=XML)))
    report = await poll(desk, source)
    assert report.unreadable
    assert not report.warnings


async def test_a_wall_in_the_place_of_a_feed_is_named_and_asked_for_nothing_more(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    page = b"<html><head><title>Just a moment...</title></head><body>Enable cookies</body></html>"
    url = server.answers("/rss", Answer(page, headers={"Content-Type": "text/html"}))
    report = await poll(desk, feeds.web_feed(desk.wire.source, url))
    assert report.error.startswith("a Cloudflare challenge keeps bots out of this site; the oper")
    assert len(server.asked) == 1


# A host that is let be


async def test_of_five_feeds_of_a_host_that_asks_to_be_left_alone_one_is_asked(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    url = server.answers("/rss", Answer(status=429, headers={"Retry-After": "600"}))
    source = feeds.web_feed(desk.wire.source, url)
    other = feeds.web_feed(desk.other.source, url)
    first = await poll(desk, source)
    put_off = await poll(desk, other)
    assert (first.failures, first.put_off) == (1, False)
    assert (put_off.failures, put_off.put_off, put_off.reached) == (0, True, None)
    assert len(server.asked) == 1
    assert put_off.next_check
    assert 600 <= (put_off.next_check - desk.clock.now()).total_seconds() < 610
    told = (await desk.ask("/sources", MODERATOR)).entries
    assert "last check failed: the response was 429" in told[0].text
    assert "not checked now: 127.0.0.1 asked to be left alone" in told[1].text
    again = await poll(desk, source)
    assert (again.failures, again.error) == (1, first.error)  # what it failed by is still true


async def test_the_first_error_stays_while_a_host_is_let_be(
    feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    del feeds
    desk.wire.gives = [
        SourceError("no response within 5 s", reached=False),
        SourceError("it is let be", wait=60, put_off=True),
        SourceError("it is let be", wait=60, put_off=True),
    ]
    reports = [
        (await desk.dispatcher.services.poller.load(["wire"], again=False))[0] for _ in range(3)
    ]
    assert [(r.error, r.failures) for r in reports] == [("no response within 5 s", 1)] * 3


async def test_sixteen_feeds_of_a_host_that_hangs_keep_three_good_ones_waiting_for_nothing(
    server: FeedServer, desk: TestDesk
) -> None:
    async with FeedServer().running() as hanging:
        hosts = frozenset({server.host, hanging.host})
        config = FeedsConfig(allow_hosts=hosts, timeout=timedelta(seconds=6))
        async with open_feed_sources(config, desk.clock) as feeds:
            bad = [
                feeds.web_feed(
                    _source(f"bad{n}"), hanging.answers(f"/{n}", Answer(hold=asyncio.Event()))
                )
                for n in range(16)
            ]
            good = [
                feeds.web_feed(_source(f"good{n}"), server.answers(f"/{n}", Answer(ONE)))
                for n in range(3)
            ]
            came_in: list[LoadReport] = []
            polls = Poller(desk.store, desk.clock, [*bad, *good], StoryEnricher())
            await polls.reload(None, 0, came_in.append)
    assert [report.source[:4] for report in came_in[:3]] == ["good"] * 3
    assert not any(report.error for report in came_in[:3])
    assert [report.put_off for report in came_in[3:]] == [False] + [True] * 15
    assert len(hanging.asked) == 1


async def test_a_reload_waits_no_longer_than_its_patience(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    url = server.answers("/rss", Answer(hold=asyncio.Event()))
    source = feeds.web_feed(desk.wire.source, url)
    assert await poller(desk, source).reload(None, 0, patience=0.1) == []


def _source(name: str) -> Source:
    return Source(name, name, "feed", timedelta(minutes=15))
