"""No host keeps another waiting, and one that hangs or wants to be left alone is let be."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from feed_server import Answer, FeedServer
from raw_server import for_ever, head, raw_server
from yarl import URL

from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.host_queue import HostQueue
from adapters.sources.web.politeness import Politeness
from adapters.sources.web.request_limit import RequestLimit
from adapters.sources.web.resolver import ThreadResolver


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as running:
        yield running


def _fetcher(*hosts: str, timeout: float = 20, rest: float = 60, **more: Any) -> Fetcher:
    return Fetcher(Politeness(allow_hosts=hosts, pause=0, timeout=timeout, rest=rest), **more)


async def _failures(
    fetcher: Fetcher, urls: Sequence[str], *, insists: bool = False
) -> list[FetchError]:
    results = await asyncio.gather(
        *(fetcher.fetch(url, insists=insists) for url in urls), return_exceptions=True
    )
    failures = [one for one in results if isinstance(one, FetchError)]
    assert len(failures) == len(urls)
    return failures


# Hosts that hang

SILENCES = {
    "nothing comes": for_ever(b"", b""),
    "half a head": for_ever(b"HTTP/1.1 200 OK\r\nX: ", b"x", 0.01),
    "a body that drips": for_ever(head(), b"x", 0.01),
}


@pytest.mark.parametrize("speak", SILENCES.values(), ids=SILENCES)
async def test_feeds_of_a_host_that_hangs_do_not_each_wait_for_it(speak: Any) -> None:
    async with raw_server(speak) as hanging, _fetcher(hanging.host, timeout=0.4) as fetcher:
        urls = [f"{hanging.url}{number}" for number in range(16)]
        failures = await _failures(fetcher, urls)
        assert len(hanging.heads) == 1
        first, *others = failures
        assert not first.put_off
        for error in others:
            assert error.put_off
            assert error.reached is None
            assert 50 < (error.wait or 0) <= 60
            assert str(error).startswith("127.0.0.1 did not respond a moment ago")


async def test_hanging_hosts_delay_no_good_one(server: FeedServer) -> None:
    url = server.answers("/", Answer(b"good"))
    async with AsyncExitStack() as stack:
        hanging = [
            await stack.enter_async_context(raw_server(SILENCES["nothing comes"]))
            for _ in range(200)
        ]
        hosts = [one.host for one in hanging]
        fetcher = await stack.enter_async_context(_fetcher(server.host, *hosts))
        waiting = [asyncio.create_task(fetcher.fetch(one.url)) for one in hanging]
        while not all(one.heads for one in hanging):
            await asyncio.sleep(0.01)
        assert (await fetcher.fetch(url)).body == b"good"
        assert not any(task.done() for task in waiting)
        for task in waiting:
            task.cancel()


@pytest.mark.parametrize("slow", [False, True])
async def test_a_name_that_takes_long_to_have_no_address_is_as_good_as_silent(
    *, slow: bool
) -> None:
    asked: list[str] = []

    def look_up(host: str, _port: int, **_how: Any) -> Sequence[tuple[Any, ...]]:
        asked.append(host)
        if slow:
            time.sleep(0.5)
        raise socket.gaierror

    politeness = Politeness(pause=0, timeout=4)
    async with Fetcher(politeness, resolver=ThreadResolver(look_up)) as fetcher:
        failures = await _failures(fetcher, [f"http://x.example/{n}" for n in range(5)])
    assert [error.put_off for error in failures] == [False, *[slow] * 4]
    assert len(asked) == (1 if slow else 5)


async def test_rests_double_up_to_five_minutes_and_end_with_an_answer(server: FeedServer) -> None:
    url = server.answers("/", Answer(hold=asyncio.Event()))
    async with _fetcher(server.host, timeout=0.1, rest=0.2) as fetcher:
        waits = []
        for _ in range(3):
            await _failures(fetcher, [url])
            (error,) = await _failures(fetcher, [url])
            waits.append(round(error.wait or 0, 1))
            await asyncio.sleep((error.wait or 0) + 0.01)
        assert waits == [0.2, 0.4, 0.8]
        server.answers("/", Answer(b"back"))
        for _ in range(3):
            assert (await fetcher.fetch(url)).body == b"back"


async def test_a_person_has_a_silent_host_tried_but_not_again_and_again(
    server: FeedServer,
) -> None:
    url = server.answers("/", Answer(hold=asyncio.Event()))
    async with _fetcher(server.host, timeout=0.1) as fetcher:
        await _failures(fetcher, [url])
        await _failures(fetcher, [url] * 9, insists=True)
    assert len(server.asked) == 1  # it was silent a moment ago


@pytest.mark.parametrize("asks", [False, True])
async def test_what_a_person_may_try(*, asks: bool) -> None:
    times = [0.0]
    queue = HostQueue(0, 60, lambda: times[0])
    url = URL("http://news.example/")
    async with queue.slot(url) as host:
        host.note_wish(40) if asks else host.note_silence()
    for moment in (4.9, 5.1, 39.9):
        times[0] = moment
        with pytest.raises(FetchError) as raised:
            host.check(insists=False)
        assert raised.value.wait == pytest.approx((40 if asks else 60) - moment)
        if asks or moment < 5:
            with pytest.raises(FetchError):
                host.check(insists=True)
        else:
            host.check(insists=True)
    times[0] = 60.0
    host.check(insists=False)


async def test_of_many_hosts_those_that_nobody_asks_are_forgotten_but_no_rest() -> None:
    times = [0.0]
    queue = HostQueue(1, 60, lambda: times[0])
    async with queue.slot(URL("http://silent.example/")) as silent:
        silent.note_silence()
    for number in range(1_000):
        times[0] += 2
        async with queue.slot(URL(f"http://{number}.example/")):
            pass
    times[0] = 50.0
    with pytest.raises(FetchError, match="did not respond"):
        async with queue.slot(URL("http://silent.example/")):
            pass
    assert queue.count <= 300


async def test_when_the_network_is_back_silent_hosts_are_asked_again(server: FeedServer) -> None:
    url = server.answers("/", Answer(hold=asyncio.Event()), Answer(b"back"))
    limited = server.answers("/limited", Answer(status=429))
    async with _fetcher(server.host, timeout=0.1) as fetcher:
        await _failures(fetcher, [url])
        fetcher.forget_silences()
        assert (await fetcher.fetch(url)).body == b"back"
        await _failures(fetcher, [limited])
        fetcher.forget_silences()
        (error,) = await _failures(fetcher, [url])
        assert "asked to be left alone" in str(error)


async def test_a_redirect_that_took_the_time_is_no_silence_of_where_it_leads(
    server: FeedServer,
) -> None:
    async with FeedServer().running() as slow:
        hold = asyncio.Event()
        slow.answers("/", Answer(status=302, headers={"Location": server.url("/")}, hold=hold))
        url = server.answers("/", Answer(hold=asyncio.Event()), Answer(b"well"))
        async with _fetcher(server.host, slow.host, timeout=0.8) as fetcher:
            asking = asyncio.create_task(fetcher.fetch(slow.url("/")))
            await slow.called(1)
            await asyncio.sleep(0.6)
            hold.set()
            with pytest.raises(FetchError, match="no response within"):
                await asking
            assert (await fetcher.fetch(url)).body == b"well"


# Hosts that ask to be left alone


def _dated(value: str) -> str:
    """`in 60` becomes the time in a minute as HTTP writes it; `at 60` in seconds since 1970, ..."""
    way, _, seconds = value.partition(" ")
    if way not in {"in", "at", "ms", "iso"}:
        return value
    date = datetime.now(UTC) + timedelta(seconds=float(seconds))
    if way == "in":
        return format_datetime(date, usegmt=True)
    if way == "iso":
        return date.isoformat()
    return str(int(date.timestamp() * (1 if way == "at" else 1_000)))


WISHES = {
    "429 and Retry-After": (429, {"Retry-After": "600"}, 600),
    "429 and a date": (429, {"Retry-After": "in 600"}, 600),
    "503 and Retry-After": (503, {"Retry-After": "120"}, 120),
    "403 and Retry-After": (403, {"Retry-After": "1800"}, 1_800),
    "429 alone": (429, {}, 60),
    "429 and seconds": (429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "500"}, 500),
    "429, seconds in parts": (429, {"x-ratelimit-reset": "499.5"}, 500),
    "429 and a time": (429, {"x-ratelimit-reset": "at 700"}, 700),
    "429, milliseconds": (429, {"x-ratelimit-reset": "ms 700"}, 700),
    "429, the draft": (429, {"RateLimit": 'limit=9, remaining=0, reset="x", reset=300'}, 300),
    "429, the newer draft": (429, {"RateLimit": '"default";r=0;t=240'}, 240),
    "403 and a used-up limit": (
        403,
        {"x-rate-limit-remaining": "0.0", "x-rate-limit-reset": "90"},
        90,
    ),
    "what is too long": (429, {"Retry-After": "99999999"}, 604_800),
    "429 and a day": (429, {"x-ratelimit-reset": "iso 700"}, 700),
    "429 and a day as in HTTP": (429, {"x-ratelimit-reset": "in 700"}, 700),
    "429 and a delay": (429, {"x-ratelimit-reset-after": "77.25"}, 77),
    "429 and decimals": (429, {"Retry-After": "88.8"}, 89),
    "Retry-After before the limit": (429, {"Retry-After": "99", "RateLimit-Reset": "500"}, 99),
}


@pytest.mark.parametrize(("status", "headers", "wait"), WISHES.values(), ids=WISHES)
async def test_a_wish_to_be_left_alone_counts_for_the_host(
    server: FeedServer, status: int, headers: dict[str, str], wait: float
) -> None:
    sent = {name: _dated(value) for name, value in headers.items()}
    urls = [
        server.answers(f"/{n}", Answer(status=status, headers=sent if n == 0 else {}))
        for n in range(5)
    ]
    async with _fetcher(server.host) as fetcher:
        first, *others = await _failures(fetcher, urls)
        assert first.status == status
        assert first.wait == (None if not headers else pytest.approx(wait, abs=3))
        for error in others:
            assert error.put_off
            assert error.wait == pytest.approx(wait, abs=3)
            assert str(error) == "127.0.0.1 asked to be left alone; it is tried again later"
        await _failures(fetcher, urls, insists=True)
    assert [asked.path for asked in server.asked] == ["/0"]


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (403, {}),
        (403, {"x-ratelimit-remaining": "5", "x-ratelimit-reset": "500"}),
        (404, {"Retry-After": "600"}),
        (500, {}),
        (503, {}),
        (503, {"Retry-After": "soon"}),
    ],
)
async def test_other_errors_are_of_one_address(
    server: FeedServer, status: int, headers: dict[str, str]
) -> None:
    bad = server.answers("/bad", Answer(status=status, headers=headers))
    good = server.answers("/good", Answer(b"good"))
    async with _fetcher(server.host) as fetcher:
        await _failures(fetcher, [bad])
        assert (await fetcher.fetch(good)).body == b"good"


async def test_another_host_is_not_meant(server: FeedServer) -> None:
    bad = server.answers("/", Answer(status=429, headers={"Retry-After": "600"}))
    async with FeedServer().running() as other, _fetcher(server.host, other.host) as fetcher:
        good = other.answers("/", Answer(b"good"))
        await _failures(fetcher, [bad])
        assert (await fetcher.fetch(good)).body == b"good"


async def test_a_limit_that_is_used_up_by_an_answer_is_waited_for(server: FeedServer) -> None:
    used = {"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "0.3"}
    urls = [
        server.answers("/a", Answer(b"a", headers=used)),
        server.answers("/b", Answer(b"b", headers=used | {"x-ratelimit-reset": "600"})),
    ]
    async with _fetcher(server.host) as fetcher:
        pages = [await fetcher.fetch(url) for url in urls]
        assert [page.body for page in pages] == [b"a", b"b"]
        assert server.asked[1].at - server.asked[0].at >= 0.29
        (error,) = await _failures(fetcher, urls[:1])
        assert error.wait == pytest.approx(600, abs=3)


# What is bounded


async def test_hosts_that_have_hung_leave_half_of_the_requests_to_others() -> None:
    limit = RequestLimit(4)
    let_go = asyncio.Event()
    inside: list[bool] = []

    async def hold(*, is_suspect: bool) -> None:
        async with limit.slot(is_suspect=is_suspect):
            inside.append(is_suspect)
            await let_go.wait()

    tasks = [asyncio.create_task(hold(is_suspect=True)) for _ in range(9)]
    tasks += [asyncio.create_task(hold(is_suspect=False)) for _ in range(2)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert sorted(inside) == [False, False, True, True]
    let_go.set()
    await asyncio.gather(*tasks)
    assert len(inside) == 11


async def test_names_that_nobody_looks_up_in_time_delay_no_other() -> None:
    may_go = threading.Event()

    def look_up(host: str, port: int, **how: Any) -> Sequence[tuple[Any, ...]]:
        if host.startswith("hanging"):
            may_go.wait(20)
            raise socket.gaierror
        return socket.getaddrinfo("127.0.0.1", port, **how)

    resolver = ThreadResolver(look_up)
    hanging = [asyncio.create_task(resolver.resolve(f"hanging{n}.example")) for n in range(100)]
    await asyncio.sleep(0)
    (found,) = await resolver.resolve("good.example", 80)
    assert (found["host"], found["port"], found["hostname"]) == ("127.0.0.1", 80, "good.example")
    assert not any(task.done() for task in hanging)
    may_go.set()
    for end in await asyncio.gather(*hanging, return_exceptions=True):
        assert isinstance(end, socket.gaierror)
