"""Measures the outbox: claims and marks a second on both stores, and how soon a standby takes over.

The takeover is one between processes that post as fast as they may over one PostgreSQL: the one
that posts is killed or stopped, and the time is taken until the other one sends something.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import psycopg
from bench.tables import facts, ms, percentile, show
from postgres_server import PostgresServer
from stories import filed, story

from bot.chat.settings import ChatSettings
from bot.clock import SystemClock
from bot.i18n import load
from bot.ingest.batch import StoryBatch
from bot.model import Chat
from bot.posting.context import DeliveryContext
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.messenger import Message
from bot.posting.model import Delivery, RoutedPost
from bot.posting.rate_limiter import Rate, RateLimiter, RateLimits
from bot.posting.router import FloodLimits
from bot.posting.worker import PostingWorkers
from bot.subscriptions.model import Subscription, TargetKind
from store.postgres.store import PostgresStore
from store.sqlite import SqliteStore

BAR = 3_000  # claims and marks a second over PostgreSQL, in batches of thirty
_PLATFORM = "bench"
_DURABLE = ("fsync=on", "synchronous_commit=on")
_A_SECOND = Rate(10, 1.0)  # messages, so that there are some left when one process is killed
_FREE = Rate(1_000, 1.0)
_AT_ONCE = 2  # batches on their way
_SINGLES = 10  # times fewer posts where each has commits of its own
_UNTIL_TAKEN = 2.0  # seconds for which the first process posts
_TROUBLES = (("killed", signal.SIGKILL), ("stopped", signal.SIGSTOP))

Store = PostgresStore | SqliteStore
Opened = Callable[[], Awaitable[Store]]


async def fill(store: Store, chats: int, stories: int) -> None:
    """Puts so many stories into the outbox, for so many chats."""
    now = datetime.now(UTC)
    followed = [
        await store.subscriptions.put(
            Subscription(Chat(_PLATFORM, str(n)), TargetKind.SOURCE, "wire", made=now)
        )
        for n in range(chats)
    ]
    for number in range(stories):
        one = story(f"Story {number}", f"This is what story {number} says.", published=now)
        posts = [RoutedPost(one.id, each, (), now, waiting=False) for each in followed]
        await store.ingest.write(StoryBatch(filed([one]), now, posts))


async def drain(store: Store, batch: int) -> tuple[int, float, list[float]]:
    """Claims and marks all; returns how many, the seconds, and those of each batch.

    As the worker does, it claims what is next while it marks what is sent.
    """
    assert await store.outbox.lock_platform(_PLATFORM)
    now, done, batches, working = datetime.now(UTC), 0, list[float](), 0.0

    async def send(ids: Sequence[int]) -> int:
        at = time.perf_counter()
        claimed = await store.outbox.claim(_PLATFORM, ids, now)
        await store.outbox.mark([Delivery(one, f"m{one}") for one in claimed], now)
        batches.append(time.perf_counter() - at)
        return len(claimed)

    while due := await store.outbox.due(_PLATFORM, now, 2_000):
        began = time.perf_counter()
        left = iter([one.id for one in due])

        async def work(left: Iterator[int] = left) -> int:
            sent = 0
            while ids := tuple(islice(left, batch)):
                sent += await send(ids)
            return sent

        done += sum(await asyncio.gather(*(work() for _ in range(_AT_ONCE))))
        working += time.perf_counter() - began
    return done, working, batches


async def measure_claims(
    stores: dict[str, Opened], options: argparse.Namespace, server: PostgresServer
) -> None:
    """Prints how many posts a second each store claims and marks, and the CPU that it takes."""
    rows: list[Sequence[str]] = []
    for name, opened in stores.items():
        for batch in options.batch:
            async with await opened() as store:
                posts = options.posts if batch > 1 else options.posts // _SINGLES
                await fill(store, options.chats, max(1, posts // options.chats))
                own, servers = time.process_time(), server.cpu_seconds()
                done, seconds, batches = await drain(store, batch)
                own, servers = time.process_time() - own, server.cpu_seconds() - servers
            waits = [ms(percentile(batches, percent)) for percent in (50, 99)]
            cpu = [f"{spent / done * 1e6:,.0f}" for spent in (own, servers)]
            figures = (f"{done:,}", f"{done / seconds:,.0f}", f"{2 * done / seconds:,.0f}")
            rows.append((name, str(batch), *figures, *waits, *cpu))
    head = (
        *("store", "batch", "posts", "posts/s", f"claims and marks/s (bar: {BAR:,})"),
        *("p50 ms", "p99 ms", "CPU µs a post", "and the server's"),
    )
    show("Posts that are claimed, committed, marked and committed again", head, rows)


class _Reporter:
    """A platform that says on standard output when it takes something."""

    platform = _PLATFORM
    deduplicates = False

    def __init__(self) -> None:
        clock = SystemClock()
        limits = RateLimits(_A_SECOND, _A_SECOND, lambda _: _FREE, lambda _: _FREE)
        self.rate_limiter = RateLimiter(clock, limits, asyncio.sleep)

    def direct(self, person: str) -> Chat | None:
        """Returns the private chat of a person."""
        return Chat(_PLATFORM, person)

    async def send(self, message: Message) -> str:
        """Takes a message."""
        sys.stdout.write(f"{message.chat.id}\n")
        sys.stdout.flush()
        return "1"

    async def edit(self, message: Message, shown: str) -> None:
        """Takes an edit."""


async def post(url: str) -> None:
    """Posts whenever this process has the right to, until it is killed."""
    async with await PostgresStore.open(url) as store:
        context = DeliveryContext(
            store,
            SystemClock(),
            PostComposer(DisplayNames(load("en"), {})),
            FloodLimits(),
            ChatSettings(store.chats).move,
        )
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await PostingWorkers(context).run(_Reporter())


@asynccontextmanager
async def _posting(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "--post", url, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _take_over(url: str, number: int) -> float:
    """Ends the process that posts by a signal; returns the seconds until another one does."""
    async with _posting(url) as first:
        assert first.stdout
        await first.stdout.readline()
        await first.stdout.readline()
        async with _posting(url) as second:
            assert second.stdout
            await second.stdout.readline()
            await asyncio.sleep(_UNTIL_TAKEN)
            began = time.monotonic()
            first.send_signal(number)
            await second.stdout.readline()
            return time.monotonic() - began


async def measure_takeover(server: PostgresServer, rounds: int) -> None:
    """Prints how soon a standby posts."""
    rows = []
    for name, number in _TROUBLES:
        url = make_database(server, name)
        async with await PostgresStore.open(url) as store:
            await fill(store, 500, 1)
        taken = [await _take_over(url, number) for _ in range(rounds)]
        rows.append((name, str(rounds), *(f"{percentile(taken, p):.1f}" for p in (50, 100))))
    show("Seconds until a standby posts", ("the other one is", "times", "p50", "worst"), rows)


def make_database(server: PostgresServer, name: str) -> str:
    """Makes an empty database; returns its URL."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server.url(name)


async def run(options: argparse.Namespace) -> None:
    """Measures all, over a server of its own."""
    print(facts())
    server = PostgresServer(*_DURABLE)
    server.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            names = (str(number) for number in range(100))
            stores: dict[str, Opened] = {
                "SQLite": lambda: SqliteStore.open(Path(folder, next(names))),
                "PostgreSQL": lambda: PostgresStore.open(make_database(server, f"d{next(names)}")),
            }
            await measure_claims(stores, options, server)
        if options.rounds:
            await measure_takeover(server, options.rounds)
    finally:
        server.remove()


def main() -> None:
    """Reads the command line, and measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=1_000)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--batch", type=int, nargs="*", default=[1, 30, 100])
    parser.add_argument("--rounds", type=int, default=3, help="takeovers of each kind")
    parser.add_argument("--post", metavar="URL", help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("PYTHONPATH", str(Path(__file__).parents[2]))
    asyncio.run(post(options.post) if options.post else run(options))


if __name__ == "__main__":
    main()
