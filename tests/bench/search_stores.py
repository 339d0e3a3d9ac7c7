"""Measures the search over PostgreSQL beside the search over SQLite: what it finds, and how fast.

Both stores hold the same stories. Each question is asked of both, one right after the other, so
that whatever else the machine does slows both.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

import psycopg
from bench.corpus import new_desk
from bench.headlines import Corpus, read, write
from bench.own_search import ask_each
from bench.search import DATA
from bench.search_queries import (
    Outcome,
    SearchQuery,
    first_of_each,
    misspell,
    read_misspellings,
    read_queries,
    statistics_by_kind,
)
from bench.tables import facts, percentile, show
from postgres_server import PostgresServer

from bot.app.memory import spare_long_lived
from bot.chat.dispatcher import Dispatcher
from bot.chat.ports import Store
from store.postgres.store import PostgresStore
from store.sqlite import SqliteStore

_MOST_LOST = 0.005
"""Of a kind's share of right answers, which may be less over PostgreSQL by so much."""

_MOST_TIMES = 1.5
"""The p99 over PostgreSQL may be so many times that over SQLite."""

_WARM = 5


@asynccontextmanager
async def filled_stores(corpus: Corpus) -> AsyncIterator[Sequence[Store]]:
    """Opens a store of each kind, and puts the same stories into both."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        server = PostgresServer("fsync=off", "shared_buffers=128MB")  # which is its own default
        stack.callback(server.remove)
        server.start()
        sqlite = await SqliteStore.open(Path(folder, "dateline.db"))
        postgres = await PostgresStore.open(server.url())
        for name, store in (("SQLite", sqlite), ("PostgreSQL", postgres)):
            stack.push_async_callback(store.aclose)
            start = time.perf_counter()
            await write(store, corpus)
            print(f"{name} is filled in {time.perf_counter() - start:.0f} s", file=sys.stderr)
        # As autovacuum would have done by the time that anybody asks.
        async with await psycopg.AsyncConnection.connect(server.url(), autocommit=True) as vacuum:
            await vacuum.execute("VACUUM ANALYZE")
        yield sqlite, postgres


async def ask_both(
    desks: Sequence[Dispatcher], queries: Sequence[SearchQuery]
) -> Sequence[Sequence[Outcome]]:
    """Asks each query of both, of either first in turn; returns the outcomes of each."""
    for desk in desks:
        await desk.services.search.warm()
        await ask_each(desk, queries[:: max(1, len(queries) // _WARM)])
    spare_long_lived()  # as the process does once its search is warm
    outcomes: Sequence[list[Outcome]] = [[] for _ in desks]
    for turn, query in enumerate(queries):
        for at in (0, 1) if turn % 2 else (1, 0):
            outcomes[at] += await ask_each(desks[at], [query])
    return outcomes


def judge(sqlite: Sequence[Outcome], postgres: Sequence[Outcome]) -> Sequence[str]:
    """Prints a row for each kind of query, and returns what is beyond the bars."""
    rows, trouble = [], list[str]()
    ours, theirs = (statistics_by_kind(one) for one in (sqlite, postgres))
    for kind, known in ours.items():
        other = theirs[kind]
        figures = [f"{one[name]:.3f}" for name in ("r1", "r5") for one in (known, other)]
        times = [f"{one[name]:.1f}" for name in ("p50_ms", "p99_ms") for one in (known, other)]
        ratio = other["p99_ms"] / known["p99_ms"]
        rows.append((kind, f"{known['queries']:.0f}", *figures, *times, f"{ratio:.2f}"))
        trouble += [
            f"{kind}: {name} is {known[name] - other[name]:.4f} less"
            for name in ("r1", "r5")
            if known[name] - other[name] > _MOST_LOST
        ]
    head = "queries", "R@1", "PG", "R@5", "PG", "p50 ms", "PG", "p99 ms", "PG", "times"
    show("SQLite, and PostgreSQL (PG), by kind of query", ("", *head), rows)
    return [*trouble, *_judge_times(sqlite, postgres)]


def _judge_times(sqlite: Sequence[Outcome], postgres: Sequence[Outcome]) -> Sequence[str]:
    ours, theirs = ([one.seconds * 1_000 for one in some] for some in (sqlite, postgres))
    pairs = zip(sqlite, postgres, strict=True)
    same = sum(one.found[:1] == other.found[:1] for one, other in pairs)
    low, high = percentile(ours, 99), percentile(theirs, 99)
    print(f"\nThe first answer is the same to {same} of {len(sqlite)} queries.")
    print(f"p99 of all: {low:.1f} ms, and {high:.1f} ms, {high / low:.2f} times as long")
    return [f"p99 is {high / low:.2f} times as long"] if high > _MOST_TIMES * low else []


async def measure(options: argparse.Namespace) -> None:
    """Measures, and prints the table; ends the process where a bar is missed."""
    corpus = read(options.stories, options.limit, options.repeat_to)
    queries = read_queries(options.queries, options.set, corpus)
    if options.misspellings.exists():
        queries += misspell(queries, read_misspellings(options.misspellings), options.seed)
    queries = first_of_each(queries, options.queries_per_kind)
    if not queries:
        raise SystemExit("There is no such query for these stories.")
    print(f"{facts()}; {corpus.total:,} stories; {len(queries):,} queries of set {options.set}")
    async with filled_stores(corpus) as stores, AsyncExitStack() as stack:
        desks = [new_desk(store) for store in stores]
        for desk in desks:
            stack.push_async_callback(desk.aclose)
        trouble = judge(*await ask_both(desks, queries))
    if trouble:
        raise SystemExit("\n".join(trouble))


def parse_options() -> argparse.Namespace:
    """The options; ends the process when the files are not there."""
    parser = argparse.ArgumentParser(description="Measure the search over both stores.")
    parser.add_argument("--stories", type=Path, default=DATA / "news_dev_50k.jsonl.gz")
    parser.add_argument("--queries", type=Path, default=DATA / "queries_dev_50k.json.gz")
    parser.add_argument("--misspellings", type=Path, default=DATA / "misspellings_dev.json.gz")
    parser.add_argument("--set", choices=("test", "dev"), default="test")
    parser.add_argument("--limit", type=int, help="read only so many stories")
    parser.add_argument("--repeat-to", type=int, default=0, help="repeat them to so many")
    parser.add_argument("--queries-per-kind", type=int)
    parser.add_argument("--seed", type=int, default=0, help="of the misspelled queries")
    options = parser.parse_args()
    for path in (options.stories, options.queries):
        if not path.exists():
            parser.error(f"there is no {path}; name another with an option")
    return options


if __name__ == "__main__":
    asyncio.run(measure(parse_options()))
