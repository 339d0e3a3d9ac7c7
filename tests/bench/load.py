"""Measures a load: an archive on the disk becomes stories in a store.

Beside it stand two floors, which no store of these rows can beat: the very same rows put by
`executemany`, in one transaction, into a plain table; and into the store's own tables, with their
indexes and the triggers of the full-text index.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.corpus import SOURCES, TOPICS, archive, write_archive
from bench.tables import facts, show, spread

from bot.clock import SystemClock
from bot.ingest.batch import StoryBatch
from bot.ingest.change_detection import decide
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.ports import NewsSource, PollMode
from bot.ingest.results import FetchResult, StoryRecord
from bot.ingest.topics.catalogue import TopicCatalogue
from bot.ingest.topics.upkeep import TopicUpkeep
from bot.model import Source
from store.codec import story_values, to_micros
from store.dedup import add_functions
from store.ingest import SqlIngest
from store.schema import STEPS
from store.sqlite import SqliteStore

Rows = Sequence[dict[str, Any]]


@dataclass
class Times:
    """Seconds that a load took, in all and by stage."""

    whole: float = 0.0
    parse: float = 0.0
    write: float = 0.0

    @property
    def between(self) -> float:
        """The seconds of neither parsing nor writing: change detection, summaries, topics."""
        return self.whole - self.parse - self.write


class TimedSource:
    """A source that notes how long its polls take."""

    def __init__(self, inner: NewsSource, times: Times) -> None:
        self._inner = inner
        self._times = times

    @property
    def source(self) -> Source:
        return self._inner.source

    async def fetch(self, signature: str = "", mode: PollMode = PollMode.SCHEDULED) -> FetchResult:
        start = time.perf_counter()
        fetched = await self._inner.fetch(signature, mode)
        self._times.parse += time.perf_counter() - start
        return fetched

    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        return await self._inner.complete(filed)


class TimedIngest(SqlIngest):
    """An ingest that notes how long its writes take."""

    times = Times()

    async def write(self, batch: StoryBatch) -> int:
        start = time.perf_counter()
        posts = await super().write(batch)
        self.times.write += time.perf_counter() - start
        return posts


async def load(text: Path, path: Path) -> Times:
    """Loads an archive into a new store, in the way the bot does."""
    times = Times()
    async with await SqliteStore.open(path) as store:
        store.ingest = ingest = TimedIngest(store._connections)  # noqa: SLF001 - the same, timed
        ingest.times = times
        await store.ingest.set_topics(TOPICS)
        source = TimedSource(archive(SOURCES[0], text), times)
        catalogue, clock = TopicCatalogue(TOPICS), SystemClock()
        upkeep = TopicUpkeep(store.topics, catalogue, clock)
        enricher = StoryEnricher(TOPICS, catalogue=catalogue)
        poller = Poller(store, clock, [source], enricher, topic_upkeep=upkeep)
        start = time.perf_counter()
        await poller.load()
        times.whole = time.perf_counter() - start
    return times


async def rows_of(text: Path) -> Rows:
    """The rows that the load writes."""
    fetched = await archive(SOURCES[0], text).fetch()
    now = SystemClock().now()
    new = decide({}, fetched.stories).new
    enricher = StoryEnricher()
    return [
        {**story_values(enricher.enrich(one, now), to_micros(now)), "revision": 1} for one in new
    ]


def plain(path: Path, rows: Rows) -> float:
    """Seconds to insert the rows into a table with no index at all."""
    return _inserted(path, rows, [f"CREATE TABLE stories ({', '.join(rows[0])})"])


def indexed(path: Path, rows: Rows) -> float:
    """Seconds to insert the rows into the store's own tables."""
    return _inserted(path, rows, [statement for step in STEPS for statement in step])


def _inserted(path: Path, rows: Rows, schema: Sequence[str]) -> float:
    names = ", ".join(rows[0])
    values = ", ".join(f":{name}" for name in rows[0])
    insert = f"INSERT INTO stories ({names}) VALUES ({values})"  # noqa: S608 - names of columns
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -16384"):
            connection.execute(f"PRAGMA {pragma}")
        add_functions(connection)
        for statement in schema:
            connection.execute(statement)
        start = time.perf_counter()
        connection.execute("BEGIN")
        connection.executemany(insert, rows)
        connection.execute("COMMIT")
        return time.perf_counter() - start


def _floor(
    insert: Callable[[Path, Rows], float], folder: Path, rows: Rows, runs: int
) -> list[float]:
    return [insert(folder / f"{insert.__name__}{run}.db", rows) for run in range(runs)]


def measure(count: int, runs: int, folder: Path) -> None:
    """Measures, and prints the tables."""
    text = folder / "archive.txt"
    write_archive(text, count)
    rows = asyncio.run(rows_of(text))
    bare = _floor(plain, folder, rows, runs)
    full = _floor(indexed, folder, rows, runs)
    times = [asyncio.run(load(text, folder / f"load{run}.db")) for run in range(runs)]
    size = text.stat().st_size / (1 << 20)
    print(f"{facts()}; {count:,} stories ({size:.1f} MiB), {runs} runs, {len(TOPICS)} topics")
    _show_speed(count, [one.whole for one in times], bare, full)
    _show_stages(times, statistics.median(bare))


def _show_speed(count: int, whole: list[float], bare: list[float], full: list[float]) -> None:
    least, more = statistics.median(bare), statistics.median(full)
    rows = [
        (
            name,
            spread([count / one for one in seconds], ",.0f"),
            spread(seconds, ".2f"),
            spread([one / least for one in seconds], ".1f"),
            spread([one / more for one in seconds], ".2f"),
        )
        for name, seconds in (
            ("Load: archive to store", whole),
            ("Floor: plain table", bare),
            ("Floor: the store's tables", full),
        )
    ]
    head = ("Median (least–most)", "stories/s", "seconds", "x plain", "x store's tables")
    show("Loading", head, rows)


def _show_stages(times: list[Times], floor: float) -> None:
    stages: dict[str, Callable[[Times], float]] = {
        "Parse": lambda one: one.parse,
        "Decide, summarise, find topics": lambda one: one.between,
        "Write": lambda one: one.write,
    }
    rows = [
        (
            name,
            spread([stage(one) for one in times], ".2f"),
            spread([stage(one) / one.whole for one in times], ".0%"),
            spread([stage(one) / floor for one in times], ".1f"),
        )
        for name, stage in stages.items()
    ]
    show("Stages of the load", ("Stage", "seconds", "share", "x plain"), rows)


def main() -> None:
    """Reads the options, and measures in a folder that is gone afterwards."""
    parser = argparse.ArgumentParser(description="Measure how fast an archive is loaded.")
    parser.add_argument("--stories", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(options.stories, options.runs, Path(folder))


if __name__ == "__main__":
    main()
