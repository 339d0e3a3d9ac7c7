from __future__ import annotations

import asyncio
import io
import os
import platform
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.sources.feed.model import NotAFeedError, ParsedFeed, ParsedItem
from adapters.sources.feed.system_calls import ARCHITECTURES, opening_calls, refused_calls
from adapters.sources.feed.worker import FeedParser
from adapters.sources.feed.worker_protocol import (
    ParseRequest,
    ParseResult,
    decode_answer,
    decode_items,
    encode_answer,
    encode_request,
    read_frame,
    read_request,
)
from bot.errors import SourceError
from bot.model import Enclosure, Paragraph

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


async def test_workers_start_before_they_are_needed() -> None:
    async with FeedParser(module=SCRIPTED, workers=2) as parser:
        parser.prepare()
        parser.prepare()
        while len(parser._idle) < 2:  # noqa: SLF001 - nothing else tells of them
            await asyncio.sleep(0.001)
        ready = {str(worker.pid) for worker in parser._idle}  # noqa: SLF001
        assert {await pid(parser) for _ in range(4)} <= ready


async def test_a_start_is_no_part_of_a_deadline() -> None:
    async with FeedParser(workers=1, deadline=0.3) as parser:  # a start takes longer
        assert (await parser.parse(RSS, "", "")).title == "Paper"


async def test_a_module_that_cannot_start_is_told() -> None:
    async with FeedParser(workers=1, module="no_such_module") as parser:
        parser.prepare()
        with pytest.raises(SourceError, match="the process that reads feeds cannot start"):
            await parser.parse(RSS, "", "")


async def test_closing_ends_what_is_starting() -> None:
    parser = FeedParser(module=SCRIPTED, workers=2)
    parser.prepare()
    await asyncio.sleep(0.01)
    await parser.close()
    parser.prepare()
    with pytest.raises(SourceError, match="the bot is shutting down"):
        await parser.parse(RSS, "", "")
    assert not parser._alive  # noqa: SLF001 - nothing else tells of them


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


# The sandbox


linux = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ARCHITECTURES,
    reason="the system cannot refuse calls",
)


@linux
@pytest.mark.parametrize(
    "what",
    "connect datagram run fork write append remove rename chmod kill open".split(),
)
@pytest.mark.server
async def test_a_worker_can_do_no_harm(tmp_path: Path, what: str) -> None:
    file = tmp_path / "kept"
    file.write_bytes(b"as it was")
    async with FeedParser(module=SCRIPTED, workers=1) as parser:
        with socket.create_server(("127.0.0.1", 0)) as server:
            where = {"connect": str(server.getsockname()[1]), "kill": str(os.getpid())}
            attempt = parser.parse(b"attack", what, where.get(what, str(file)))
            said = (await attempt).title
        assert said == ("EMFILE" if what == "open" else "EPERM")
        assert (await parser.parse(b"attack", "read", str(file))).title == "done"
    assert [(one, one.read_bytes()) for one in tmp_path.iterdir()] == [(file, b"as it was")]


@linux
async def test_a_worker_gives_up_its_privileges() -> None:
    async with FeedParser() as parser:
        await parser.parse(RSS, "", "")
        (worker,) = parser._idle  # noqa: SLF001 - to look at the process from outside
        status = Path(f"/proc/{worker.pid}/status").read_text("ascii")
        limits = Path(f"/proc/{worker.pid}/limits").read_text("ascii")
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status
    found = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()}
    assert found["Max cpu time"] == ["300", "300"]
    assert found["Max processes"] == ["0", "0"]
    assert found["Max file size"] == ["0", "0"]
    assert found["Max open files"] == ["64", "64"]


def test_no_call_is_named_twice_or_unknown() -> None:
    for machine in ARCHITECTURES:
        numbers = [*refused_calls(machine), *opening_calls(machine)]
        assert len(numbers) == len(set(numbers)) > 40


# The protocol


@pytest.mark.parametrize(
    "message",
    [
        *("", "nonsense", "[]", "{}", '{"retiring": 1}', "cos\nsystem\n(S'true'\ntR."),
        '{"retiring": false, "feed": {"items": 3}}',
        '{"retiring": false}{"retiring": false}',
    ],
)
async def test_what_is_no_answer_is_refused_and_the_worker_replaced(message: str) -> None:
    async with FeedParser(module=SCRIPTED, workers=1) as parser:
        first = await pid(parser)
        with pytest.raises(SourceError, match="the process reading it died"):
            await parser.parse(b"lie", message, "")
        assert await pid(parser) != first


async def test_an_answer_without_end_is_refused() -> None:
    async with FeedParser(module=SCRIPTED, workers=1) as parser:
        with pytest.raises(SourceError, match="the process reading it died"):
            await parser.parse(b"flood", "", "")


def sent(answer: ParseResult) -> ParseResult:
    """An answer as it arrives."""
    stream = io.BytesIO(encode_answer(answer))
    head = decode_answer(read_frame(stream) or b"")
    batches = [decode_items(read_frame(stream) or b"") for _ in range(head.batches)]
    assert stream.read() == b""
    return head.with_items(item for batch in batches for item in batch)


async def test_an_answer_leads_to_web_pages_alone() -> None:
    enclosures = (Enclosure("file:///etc/passwd", "audio/mpeg"),)
    item = ParsedItem(url="javascript:alert(1)", image="http://[", title="T", enclosures=enclosures)
    answer = ParseResult(retiring=False, feed=ParsedFeed(items=(item,), link="file:///"))
    assert sent(answer).feed == ParsedFeed(items=(ParsedItem(title="T"),))


def test_all_that_a_feed_has_goes_through() -> None:
    moment = datetime(2026, 11, 27, 12, 30, 15, 123456, tzinfo=UTC)
    item = ParsedItem(
        "1", "https://e.org/1", "T ☃ 😀 \x00 \u2028", "S", (Paragraph("P", heading=True),), moment,
        moment, ("A",), ("C",), "https://e.org/i.png", "A ship", "K",
        (Enclosure("https://e.org/e.mp3", "audio/mpeg", 5, 6, "E"),), "pt-BR",
    )  # fmt: skip
    items, icon = (item, ParsedItem()), "https://e.org/icon.png"
    feed = ParsedFeed("F", "https://e.org/", "en", items, ("a problem",), icon=icon)
    assert sent(ParseResult(retiring=True, feed=feed)) == ParseResult(retiring=True, feed=feed)


def test_a_long_feed_goes_through_in_batches() -> None:
    items = tuple(ParsedItem(str(n), paragraphs=(Paragraph("x" * 30_000),)) for n in range(50))
    answer = ParseResult(retiring=False, feed=ParsedFeed(items=items))
    assert decode_answer(read_frame(io.BytesIO(encode_answer(answer))) or b"").batches > 10
    assert sent(answer) == answer


def test_a_request_has_a_document_as_it_is() -> None:
    requests = [
        ParseRequest(bytes(range(256)), "text/\udcff", "http://e.org/ä"),
        ParseRequest(b"", "", ""),
    ]
    stream = io.BytesIO(b"".join(map(encode_request, requests)))
    assert [read_request(stream) for _ in range(3)] == [*requests, None]
