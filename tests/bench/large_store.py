"""Measures what very many stories and subscriptions cost in PostgreSQL: seconds, bytes, and waits.

Some thousand stories are loaded as the bot loads them, with all that it finds in them. The database
then multiplies their rows, each time under other ids, keys and dates, up to the number that was
asked for; so what stands beside each story is real, while no new words come. The subscriptions are
of every kind that people make. What is told of more than was made is marked as extrapolated: by the
bytes and the seconds that the last stories took.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import psycopg
from bench.corpus import RARE, SOURCES, TOPICS, archive, new_desk, write_archive
from bench.multiplied_rows import multiply, subscribe
from bench.outbox import make_database
from bench.tables import facts, memory_mib, ms, percentile, show
from postgres_server import PostgresServer
from stories import CHAT, READER, batch, story

from adapters.sources.archive.source import ArchiveSource
from bot.clock import SystemClock
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.posting.router import SubscriptionRouter
from store.postgres.store import PostgresStore

_BASE = 4_000  # stories that are loaded
_WRITES = 20
_QUESTIONS = 60
_DURABLE = ("fsync=on", "synchronous_commit=on", "max_wal_size=4GB", "shared_buffers=512MB")
_TARGET = 1_000_000  # stories

_TABLES = """
    SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class Size:
    """The size of a store at a moment.

    Attributes:
        stories: How many there are.
        tables: Bytes of each table, and of its indexes.
        seconds: Since the stories before began to be written.
    """

    stories: int
    tables: dict[str, tuple[int, int]]
    seconds: float

    @property
    def whole(self) -> int:
        """All bytes."""
        return sum(map(sum, self.tables.values()))


def measure_size(connection: psycopg.Connection, began: float) -> Size:
    """Measures a store."""
    seconds = time.perf_counter() - began
    connection.execute("VACUUM (ANALYZE)")
    (stories,) = connection.execute("SELECT count(*) FROM stories").fetchone() or (0,)
    found = connection.execute(_TABLES).fetchall()
    return Size(stories, {name: (table, indexes) for name, table, indexes in found}, seconds)


async def load(store: PostgresStore, folder: Path) -> None:
    """Loads some stories as the bot does."""
    paths = [folder / f"{source.id}.txt" for source in SOURCES]
    for seed, path in enumerate(paths):
        write_archive(path, _BASE // len(paths), seed)
    sources: list[ArchiveSource] = [archive(*pair) for pair in zip(SOURCES, paths, strict=True)]
    await store.ingest.set_topics(TOPICS)
    await Poller(store, SystemClock(), sources, StoryEnricher(TOPICS)).load()


def show_stories(base: Size, size: Size) -> None:
    """Prints what stories take."""
    added = max(1, size.stories - base.stories)
    each = (size.whole - base.whole) / added
    rows = [
        (
            name,
            f"{table / size.stories:,.0f}",
            f"{indexes / size.stories:,.0f}",
            f"{(table + indexes) / (1 << 20):,.0f}",
        )
        for name, (table, indexes) in sorted(size.tables.items(), key=lambda one: -sum(one[1]))
        if table + indexes > size.whole / 200
    ]
    head = ("table", "bytes a story", "and its indexes", "MiB in all")
    show(f"{size.stories:,} stories: {size.whole / (1 << 20):,.0f} MiB", head, rows)
    more = max(0, _TARGET - size.stories)
    mark = "extrapolated" if more else "measured"
    whole = (size.whole + more * each) / (1 << 30)
    seconds = size.seconds * (1 + more / added)
    print(f"\nA story more takes {each:,.0f} bytes, and {size.seconds / added * 1e6:,.0f} µs.")
    print(f"{_TARGET:,} stories: {whole:.1f} GiB, {seconds:,.0f} s to write ({mark})")


async def _timed(action: Callable[[int], Awaitable[object]], times: int) -> tuple[str, ...]:
    waits = []
    for turn in range(times):
        began = time.perf_counter()
        await action(turn)
        waits.append(time.perf_counter() - began)
    return (str(times), *(ms(percentile(waits, part)) for part in (50, 99)))


async def measure_waits(store: PostgresStore) -> None:
    """Prints how long readers and polls wait, and the memory that a process needs."""
    desk, before = new_desk(store), memory_mib()
    began = time.perf_counter()
    await desk.services.search.warm()
    warm, memory = time.perf_counter() - began, memory_mib() - before

    async def ask(line: str) -> None:
        await desk.answer(line, READER, CHAT)

    now = datetime.now(UTC)

    async def write(turn: int) -> None:
        one = story(f"Ferry {turn} sails", "It sails to the island.", published=now)
        await store.ingest.write(batch([replace(one, source="harbour")]))

    rows = [
        ("/latest", *await _timed(lambda _: ask("/latest"), _QUESTIONS)),
        (
            "/search, rare words",
            *await _timed(
                lambda turn: ask(f"/search {RARE[turn % len(RARE)]} harbour"), _QUESTIONS
            ),
        ),
        ("/search, common words", *await _timed(lambda _: ask("/search harbour town"), _QUESTIONS)),
        ("/trends", *await _timed(lambda _: ask("/trends"), 5)),
        ("a new story is written", *await _timed(write, _WRITES)),
    ]
    await desk.aclose()
    show("Waits with that many stories, ms", ("what", "times", "p50", "p99"), rows)
    print(f"\nReady to search after {warm:.1f} s, with {memory:.0f} MiB for words and titles")


async def measure_subscriptions(
    store: PostgresStore, connection: psycopg.Connection, count: int
) -> None:
    """Prints what subscriptions cost."""
    began = time.perf_counter()
    subscribe(connection, count)
    copied = time.perf_counter() - began
    connection.execute("VACUUM (ANALYZE) subscriptions")
    size = {name: sum(both) for name, *both in connection.execute(_TABLES).fetchall()}
    router, before = SubscriptionRouter(store.subscriptions), memory_mib()
    now = datetime.now(UTC)
    began = time.perf_counter()
    await router.route([story("Nothing", "Of no matter.")], now, {})
    read_in, memory = time.perf_counter() - began, memory_mib() - before
    news = [
        story(f"Tram {turn} to the harbour tunnel", "Solar school of the island town.")
        for turn in range(20)
    ]
    began = time.perf_counter()
    routed = await router.route(news, now, {})
    each = (time.perf_counter() - began) / len(news)
    rows = [
        ("rows copied in, s", f"{copied:.1f}"),
        ("bytes each, with indexes", f"{size['subscriptions'] / count:,.0f}"),
        ("read by a process at its start, s", f"{read_in:.1f}"),
        ("memory of a process, MiB", f"{memory:.0f}"),
        ("a story matched with all, ms", ms(each)),
        ("posts of such a story", f"{len(routed.posts) / max(1, routed.stories):,.0f}"),
    ]
    show(f"{count:,} subscriptions", ("what", "figure"), rows)


async def run(options: argparse.Namespace) -> None:
    """Measures all, over a server of its own."""
    print(facts())
    server = PostgresServer(*_DURABLE)
    server.start()
    try:
        url = make_database(server, "large")
        with tempfile.TemporaryDirectory() as folder:
            async with await PostgresStore.open(url) as store:
                with psycopg.connect(url, autocommit=True) as connection:
                    await load(store, Path(folder))
                    base = measure_size(connection, time.perf_counter())
                    began = time.perf_counter()
                    multiply(connection, _BASE, options.stories)
                    show_stories(base, measure_size(connection, began))
                    await measure_waits(store)
                    await measure_subscriptions(store, connection, options.subscriptions)
    finally:
        server.remove()


def main() -> None:
    """Reads the command line, and measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--subscriptions", type=int, default=100_000)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
