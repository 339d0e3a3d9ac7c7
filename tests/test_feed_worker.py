from __future__ import annotations

import asyncio
import os
import sys

import pytest

from adapters.sources.feed.model import NotAFeedError
from adapters.sources.feed.worker import FeedParser
from bot.errors import SourceError

pytestmark = pytest.mark.process

SCRIPTED = "feed_worker_scripted"
RSS = b"<rss><channel><title>Paper</title><item><title>T</title></item></channel></rss>"


async def pid(parser: FeedParser) -> str:
    return (await parser.parse(b"x", "", "")).language


def is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    return True


async def test_feeds_are_read_and_refused_as_without_a_worker() -> None:
    async with FeedParser() as parser:
        feed = await parser.parse(RSS, "text/xml", "https://e.org/")
        assert (feed.title, feed.items[0].title) == ("Paper", "T")
        page = b"<html><link rel=alternate type='application/rss+xml' href='/f'></html>"
        with pytest.raises(NotAFeedError) as error:
            await parser.parse(page, "", "https://e.org/")
        assert error.value.feeds == ("https://e.org/f",)


async def test_a_worker_is_kept() -> None:
    async with FeedParser(module=SCRIPTED) as parser:
        assert await pid(parser) == await pid(parser)


async def test_there_are_no_more_workers_than_allowed() -> None:
    async with FeedParser(module=SCRIPTED, workers=2) as parser:
        assert len(set(await asyncio.gather(*(pid(parser) for _ in range(20))))) <= 2


async def test_one_that_takes_too_long_is_killed_and_replaced() -> None:
    async with FeedParser(module=SCRIPTED, workers=1, deadline=1) as parser:
        first = await pid(parser)
        with pytest.raises(SourceError, match="reading it took more than 1 s"):
            await parser.parse(b"hang", "", "")
        assert not is_alive(first)
        assert await pid(parser) != first


async def test_one_that_dies_is_replaced() -> None:
    async with FeedParser(module=SCRIPTED, workers=1) as parser:
        first = await pid(parser)
        with pytest.raises(SourceError, match="died"):
            await parser.parse(b"die", "", "")
        assert await pid(parser) != first


async def test_an_unforeseen_error_is_told_and_harms_nobody() -> None:
    async with FeedParser(module=SCRIPTED, workers=1) as parser:
        first = await pid(parser)
        with pytest.raises(SourceError, match="ValueError"):
            await parser.parse(b"raise", "", "")
        assert await pid(parser) == first


@pytest.mark.skipif(sys.platform != "linux", reason="the system limits no memory")
async def test_memory_is_limited() -> None:
    async with FeedParser(module=SCRIPTED, workers=1) as parser:
        first = await pid(parser)
        with pytest.raises(SourceError, match="too much memory"):
            await parser.parse(b"eat", "", "")
        assert await pid(parser) != first


async def test_who_is_cancelled_leaves_no_process_behind() -> None:
    async with FeedParser(module=SCRIPTED, workers=1) as parser:
        first = await pid(parser)
        task = asyncio.create_task(parser.parse(b"hang", "", ""))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not is_alive(first)
        assert await pid(parser) != first


async def test_closing_ends_the_workers_and_what_they_read() -> None:
    parser = FeedParser(module=SCRIPTED, workers=1)
    first = await pid(parser)
    task = asyncio.create_task(parser.parse(b"hang", "", ""))
    await asyncio.sleep(0.01)
    await parser.close()
    with pytest.raises(SourceError):
        await task
    assert not is_alive(first)
    with pytest.raises(SourceError, match="the bot is shutting down"):
        await parser.parse(RSS, "", "")


async def test_a_worker_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_TOKEN", "secret")
    async with FeedParser(module=SCRIPTED) as parser:
        process = await pid(parser)
        if sys.platform == "linux":
            with open(f"/proc/{process}/environ", "rb") as environment:  # noqa: PTH123
                assert b"secret" not in environment.read()
