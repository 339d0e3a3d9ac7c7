"""A page without a feed as a source: from a real server into the newsroom."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from feed_server import Answer, FeedServer
from newsdesk import TestDesk
from page_parsers import PagesHere

from adapters.sources.feed.factory import open_feed_sources
from adapters.sources.page.source import PageSource
from adapters.sources.page.state import address_form
from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness
from bot.config.schema import FeedsConfig
from bot.errors import SourceError
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.ports import PollMode
from bot.ingest.results import LoadReport
from bot.model import Source

HALL = Source("hall", "Town Hall", "page", timedelta(minutes=15))


def page(numbers: Sequence[int], where: str = "/news/2026", nonce: str = "") -> Answer:
    items = "".join(
        f'<li><h3><a href="{where}/a-story-of-the-harbour-{n}">The {n}th story of the harbour and '
        f"its boats</a></h3><span class=date>2026-11-{n:02}</span></li>"
        for n in numbers
    )
    body = f"<html><title>Town Hall</title><body><ul>{items}</ul><i>{nonce}</i></body></html>"
    return Answer(body.encode(), headers={"Content-Type": "text/html", "ETag": f'"{nonce}"'})


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as running:
        yield running


@pytest.fixture
async def source(server: FeedServer, desk: TestDesk) -> AsyncIterator[PageSource]:
    async with Fetcher(Politeness(pause=0.0, timeout=5.0)) as fetcher:
        allowed = fetcher.allowing(AllowedHosts([server.host]))
        yield PageSource(HALL, server.url("/press"), allowed, PagesHere(), desk.clock)


def poller(desk: TestDesk, source: PageSource) -> Poller:
    return Poller(desk.store, desk.clock, [source], StoryEnricher(), chance=lambda: 0.5)


async def poll(desk: TestDesk, source: PageSource, *, again: bool = False) -> LoadReport:
    (report,) = await poller(desk, source).load(again=again)
    return report


async def test_new_headlines_are_new_stories_and_no_story_comes_twice(
    server: FeedServer, source: PageSource, desk: TestDesk
) -> None:
    server.answers("/press", page(range(1, 6)), page(range(1, 6), nonce="x"), page(range(2, 8)))
    first = await poll(desk, source)
    assert (first.new, first.unchanged, first.error) == (5, 0, "")
    same = await poll(desk, source)
    assert (same.new, same.changed, same.unchanged) == (0, 0, 5)
    more = await poll(desk, source)
    assert (more.new, more.unchanged) == (2, 4)


async def test_a_day_without_a_time_is_the_same_day_everywhere(
    server: FeedServer, source: PageSource
) -> None:
    timed = b"<time datetime='2026-11-09T08:30:00+09:00'>today</time>"
    body = page(range(1, 6)).body.replace(b"<span class=date>2026-11-05</span>", timed)
    server.answers("/press", Answer(body))
    stories = (await source.fetch()).stories
    assert [story.date_only for story in stories] == [True, True, True, True, False]
    assert f"{stories[0].published:%Y-%m-%d %H:%M}" == "2026-11-01 00:00"
    assert f"{stories[-1].published:%Y-%m-%d %H:%M}" == "2026-11-08 23:30"


async def test_a_tracked_link_is_the_same_story(
    server: FeedServer, source: PageSource, desk: TestDesk
) -> None:
    before = page(range(1, 6)).body.decode()
    after = before.replace('">The', '?utm_source=press">The')
    server.answers("/press", Answer(before.encode()), Answer(after.encode()))
    await poll(desk, source)
    again = await poll(desk, source, again=True)
    assert (again.new, again.unchanged) == (0, 5)


async def test_validators_are_sent_back(
    server: FeedServer, source: PageSource, desk: TestDesk
) -> None:
    server.answers("/press", page(range(1, 6), nonce="v1"), Answer(status=304))
    await poll(desk, source)
    report = await poll(desk, source)
    assert server.asked[-1].headers["If-None-Match"] == '"v1"'
    assert (report.error, report.unchanged) == ("", 5)


async def test_a_page_that_is_a_list_no_more_says_so(
    server: FeedServer, source: PageSource, desk: TestDesk
) -> None:
    broken = Answer(b"<html><body><h1>We are moving</h1><p>Come back soon.</p></body></html>")
    server.answers("/press", broken, page(range(1, 6)), broken, page(range(1, 6), nonce="b"))
    assert "does not look like a list of stories" in (await poll(desk, source)).error
    assert (await poll(desk, source)).new == 5
    gone = await poll(desk, source)
    assert gone.error == "this page no longer looks like a list of stories"
    back = await poll(desk, source)
    assert (back.error, back.new, back.unchanged) == ("", 0, 5)


async def test_another_list_is_taken_only_when_a_person_asks(
    server: FeedServer, source: PageSource
) -> None:
    server.answers("/press", page(range(1, 6)), page(range(11, 16), "/shop/item/all"))
    known = await source.fetch()
    with pytest.raises(SourceError, match="something else than before"):
        await source.fetch(known.signature)
    taken = await source.fetch(known.signature, PollMode.REQUESTED)
    assert len(taken.stories) == 5


async def test_a_busy_page_may_have_all_its_headlines_replaced(
    server: FeedServer, source: PageSource
) -> None:
    server.answers("/press", page(range(1, 6)), page(range(21, 26)))
    known = await source.fetch()
    assert len((await source.fetch(known.signature)).stories) == 5


async def test_a_wall_against_bots_is_named(server: FeedServer, source: PageSource) -> None:
    server.answers("/press", Answer(b"<html><title>Just a moment...</title><body></body></html>"))
    with pytest.raises(SourceError, match="Cloudflare"):
        await source.fetch()


@pytest.mark.process
async def test_a_page_is_read_in_a_process_of_its_own(server: FeedServer, desk: TestDesk) -> None:
    server.answers("/press", page(range(1, 6)))
    head = '<meta name="description" content="News from the bay."><link rel="alternate" '
    head += 'type="application/rss+xml" href="/rss">'
    server.answers("/home", Answer(f"<html><head>{head}</head><body></body></html>".encode()))
    server.answers("/rss", Answer(b"<rss><channel><title>Bay</title></channel></rss>"))
    server.answers("/deep", Answer(b"<html><body>" + b"<div><a href=x>" * 60_000))
    config = FeedsConfig(allow_hosts=frozenset({server.host}))
    async with open_feed_sources(config, desk.clock) as feeds:
        whole = feeds.web_page(HALL, server.url("/press"))
        assert len((await whole.fetch()).stories) == 5
        with pytest.raises(SourceError):
            await feeds.web_page(replace(HALL, id="deep"), server.url("/deep")).fetch()
        assert len((await whole.fetch()).stories) == 5
        (found,) = await feeds.finder().find(server.url("/home"))
        assert (found.url, found.description) == (server.url("/rss"), "News from the bay.")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://e.org/news/12", "https://www.e.org/news/999"),
        ("https://e.org/news/a-long-slug-1", "https://e.org/news/another_slug.html"),
        ("https://e.org/show.php?id=5", "https://e.org/show.php?id=77"),
    ],
)
def test_addresses_of_one_form_are_alike(one: str, other: str) -> None:
    assert address_form(one) == address_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://e.org/news/12", "https://e.org/shop/12"),
        ("https://e.org/news/12", "https://x.org/news/12"),
        ("https://e.org/news/12", "https://e.org/news/12/comments"),
        ("https://e.org/show.php?id=5", "https://e.org/show.php?cat=5"),
    ],
)
def test_addresses_of_other_forms_are_not(one: str, other: str) -> None:
    assert address_form(one) != address_form(other)
