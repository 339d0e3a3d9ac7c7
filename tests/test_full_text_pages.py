"""Pages of stories: what goes wrong with one costs that page, and none leads inside."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from feed_server import Answer, FeedServer
from newsdesk import TestDesk
from raw_server import head, raw_server, saying
from test_feed_source import PAGE, item, rss

from adapters.sources.feed.factory import FeedSourceFactory, open_feed_sources
from bot.config.schema import FeedsConfig
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.results import LoadReport
from bot.search.query import Filter

pytestmark = [pytest.mark.process, pytest.mark.server]

LOCATIONS = [
    b"http://us@[::1]@?x",
    b"http://usrzpw@[::1]:8zpw@?=c#d",
    b"http://u@[::1]@[:::8/a?b=#d",
    b"http://[::1]@[:::8/?a",
    b"http://[",
    b"//[::1]x/",
    b"http://a:99999/",
    b"\xff\xfe\xff",
    b"http://\xff\xfe/",
    b"?" * 4_000,
]


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as running:
        running.answers("/page", Answer(PAGE.encode(), headers={"Content-Type": "text/html"}))
        yield running


@pytest.fixture
async def feeds(desk: TestDesk) -> AsyncIterator[FeedSourceFactory]:
    config = FeedsConfig(allow_hosts=frozenset({"127.0.0.1"}))
    async with open_feed_sources(config, desk.clock) as opened:
        yield opened


async def load(
    desk: TestDesk, feeds: FeedSourceFactory, url: str, *hosts: str
) -> tuple[LoadReport, list[str]]:
    """Loads a feed with its pages; the report, and the stories' texts, the newest first."""
    source = feeds.web_feed(desk.wire.source, url, full_text=True, allow_hosts=hosts)
    (report,) = await Poller(desk.store, desk.clock, [source], StoryEnricher(())).load()
    stories = (await desk.store.stories.latest(Filter(), 9)).stories
    return report, [story.text for story in stories]


@pytest.mark.parametrize("location", LOCATIONS)
async def test_a_redirect_to_nowhere_costs_its_page_alone(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk, location: bytes
) -> None:
    answer = head("Location: XX", "Content-Length: 0", status="302 Found")
    async with raw_server(saying(answer.replace(b"XX", location))) as bad:
        items = (item(2, link=bad.url), item(1, link=server.url("/page")))
        url = server.answers("/rss", Answer(rss(*items)))
        report, (second, first) = await load(desk, feeds, url, bad.host, server.host)
        assert bad.heads
    assert (report.error, report.new) == ("", 2)
    assert second == "What story 2 is about, in a sentence or two."
    assert "The tram line to the harbour opened" in first


async def test_a_link_out_of_a_feed_reaches_no_private_host_unless_the_source_names_it(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    async with FeedServer().running() as inner:
        inner.answers("/", Answer(PAGE.encode(), headers={"Content-Type": "text/html"}))
        server.redirects("/out", inner.url())
        items = (item(2, link=inner.url()), item(1, link=server.url("/out")))
        url = server.answers("/rss", Answer(rss(*items)))
        report, texts = await load(desk, feeds, url)
        assert (report.error, report.new, inner.asked) == ("", 2, [])
        assert not any("The tram line" in text for text in texts)

        items = (item(3, link=inner.url()), item(4, link=server.url("/out")))
        url = server.answers("/more", Answer(rss(*items)))
        await load(desk, feeds, url, server.host)
        assert inner.asked == []
        url = server.answers("/most", Answer(rss(item(5, link=inner.url()))))
        _, texts = await load(desk, feeds, url, inner.host)
        assert len(inner.asked) == 1
        assert sum("The tram line" in text for text in texts) == 1


async def test_a_redirect_of_a_feed_reaches_no_private_host_unless_the_source_names_it(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    async with FeedServer().running() as inner:
        inner.answers("/rss", Answer(rss(item(1))))
        url = server.url("/rss")
        for status in (301, 302, 307, 308):
            server.redirects("/rss", inner.url("/rss"), status)
            source = feeds.web_feed(desk.wire.source, url)
            (report,) = await Poller(desk.store, desk.clock, [source], StoryEnricher(())).load()
            assert "the operator can allow it by allow_hosts in the configuration" in report.error
        assert inner.asked == []
        source = feeds.web_feed(desk.wire.source, url, allow_hosts=[inner.host])
        first = await source.fetch()
        assert len(first.stories) == 1
        assert (await source.fetch(first.signature)).unchanged
    assert len(server.asked) == 5  # it has moved for good


async def test_a_page_in_place_of_a_feed_has_no_private_host_asked(
    server: FeedServer, feeds: FeedSourceFactory, desk: TestDesk
) -> None:
    async with FeedServer().running() as inner:
        inner.answers("/feed", Answer(rss(item(1))))
        page = f"<html><head><base href='{inner.url()}'></head><body>Hello</body></html>"
        url = server.answers("/", Answer(page.encode(), headers={"Content-Type": "text/html"}))
        source = feeds.web_feed(desk.wire.source, url)
        (report,) = await Poller(desk.store, desk.clock, [source], StoryEnricher(())).load()
    assert "web page, not a feed" in report.error
    assert inner.asked == []
