"""Feeds that mean harm, through the whole way into the store: each ends as a line in its health."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from bombs import BOMBS
from feed_server import Answer, FeedServer
from newsdesk import TestDesk
from raw_server import RawServer, raw_server
from stories import MODERATOR
from test_feed_source import item, rss

from adapters.sources.feed.factory import open_feed_sources
from bot.config.schema import FeedsConfig
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.results import SourceState
from bot.search.query import Filter

pytestmark = pytest.mark.process

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;">]>
<rss><channel><title>&f;</title><item><title>&f;</title></item></channel></rss>"""


async def health(desk: TestDesk, urls: dict[str, str], *allowed: str) -> dict[str, SourceState]:
    """Looks at feeds, of which one is well; what the store knows of each then."""
    config = FeedsConfig(allow_hosts=frozenset(allowed), timeout=timedelta(seconds=2))
    async with open_feed_sources(config, desk.clock) as feeds:
        sources = [
            feeds.web_feed(source.source, urls[source.source.id])
            for source in (desk.wire, desk.other)
        ]
        await Poller(desk.store, desk.clock, sources, StoryEnricher()).load()
    return dict(await desk.store.sources.states())


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as running:
        running.answers("/well", Answer(rss(item(1))))
        yield running


def _bomb(encoding: str) -> Callable[[FeedServer], str]:
    headers = {"Content-Encoding": encoding, "Content-Type": "application/rss+xml"}
    return lambda server: server.answers("/bad", Answer(BOMBS[encoding](), headers=headers))


def _answer(body: bytes, status: int = 200) -> Callable[[FeedServer], str]:
    return lambda server: server.answers("/bad", Answer(body, status))


def _cycle(server: FeedServer) -> str:
    server.redirects("/there", "/bad")
    return server.redirects("/bad", "/there")


TROUBLES: dict[str, tuple[Callable[[FeedServer], str], str]] = {
    **{f"a {name} bomb": (_bomb(name), "times its size") for name in BOMBS},
    "billion laughs": (_answer(LAUGHS), "entit"),
    "a web page": (_answer(b"<html><body>hello</body></html>"), "web page, not a feed"),
    "a cycle of redirects": (_cycle, "in a loop"),
    "no such host": (lambda _: "http://nowhere.invalid/rss", "has no address"),
    "a private host": (lambda _: "http://10.0.0.5/rss", "private address"),
    "random bytes": (_answer(bytes(range(256)) * 9), ""),
    "nothing": (_answer(b""), "empty"),
    "an error": (_answer(b"oops", 503), "503"),
}


@pytest.mark.parametrize(("trouble", "words"), TROUBLES.values(), ids=TROUBLES)
async def test_a_bad_feed_is_told_and_stops_no_other(
    server: FeedServer, desk: TestDesk, trouble: Callable[[FeedServer], str], words: str
) -> None:
    urls = {"wire": trouble(server), "other": server.url("/well")}
    states = await health(desk, urls, server.host)
    assert (states["other"].stories, states["wire"].stories) == (1, 0)
    report = states["wire"].report
    assert report
    assert words in report.error
    assert report.error
    assert "\n" not in report.error
    assert report.failures == 1
    told = await desk.ask("/sources", MODERATOR)
    assert any(report.error in entry.text for entry in told.entries)


async def _drips(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.2)


async def _never_ends(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n")
    while True:
        writer.write(b"<item><title>again</title></item>" * 4_000)
        await writer.drain()


@pytest.mark.parametrize(
    ("speak", "words"),
    [(_drips, "did not finish within 2 s"), (_never_ends, "larger than 32.0 MB")],
)
async def test_a_body_without_an_end_is_told_and_stops_no_other(
    server: FeedServer,
    desk: TestDesk,
    speak: Callable[[asyncio.StreamWriter], AsyncIterator[None]],
    words: str,
) -> None:
    async with AsyncExitStack() as stack:
        bad: RawServer = await stack.enter_async_context(raw_server(speak))  # type: ignore[arg-type] # never returns
        urls = {"wire": bad.url, "other": server.url("/well")}
        states = await health(desk, urls, server.host, bad.host)
    assert states["other"].stories == 1
    report = states["wire"].report
    assert report
    assert words in report.error


async def test_fifty_thousand_items_and_a_title_of_a_megabyte_are_taken_in_part(
    server: FeedServer, desk: TestDesk
) -> None:
    items = [f"<item><guid>{n}</guid><title>Story {n}</title></item>" for n in range(50_000)]
    many = server.answers("/many", Answer(rss(*items)))
    long = server.answers("/long", Answer(rss(item(1, title="x" * 1_000_000))))
    states = await health(desk, {"wire": many, "other": long}, server.host)
    report = states["wire"].report
    assert report
    assert 0 < states["wire"].stories < 50_000
    assert "50,000" in report.unreadable[0].reason
    (titled,) = (await desk.store.stories.latest(Filter(source="other"), 1)).stories
    assert len(titled.title) <= 1_001
