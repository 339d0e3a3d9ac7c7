"""Measures what a poll of one feed costs, by how many stories are kept of it.

The feed gives thirty stories each time, of which one is new. Each size is polled by a process of
its own, so that its peak of memory can be told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.tables import facts, peak_mib, show
from newsdesk import WIRE, ScriptedSource
from stories import filed, story

from bot.clock import SystemClock
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.results import FetchResult
from bot.model import Story
from store.codec import story_values, to_micros
from store.dedup import KEEP_KEYS, key_values
from store.shared_stories import KEEP_ADDRESS, addresses
from store.sqlite import SqliteStore

SIZES = (1_000, 1_000_000)
BAR = 1.5
_FEED = 30  # stories that the feed gives
_STEP = timedelta(minutes=7)  # between two stories
_END = datetime(2024, 1, 1, tzinfo=UTC)
_TEXT = "The harbour of the town has opened a new quay, and all who could walk came to see it. " * 4
_AT_ONCE = 20_000


def one_story(number: int, end: datetime) -> Story:
    """The story of that number; the newest has the number 0."""
    return story(
        f"What happened on day {number}",
        f"{number}. {_TEXT}",
        key=f"guid-{number}",
        url=f"https://example.org/story?id={number}",
        published=end - _STEP * number,
    )


def fill(path: Path, count: int) -> None:
    """Puts so many stories into a new store, without the words that a poll never asks for."""
    asyncio.run(_make(path))
    with closing(sqlite3.connect(path)) as connection:
        kept = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'stories_added'")
        (trigger,) = kept.fetchone()
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -1000000")  # KiB
        connection.execute("DROP TRIGGER stories_added")
        for start in range(0, count, _AT_ONCE):
            rows = list(_rows(start, min(start + _AT_ONCE, count)))
            names = ", ".join(rows[0])
            marks = ", ".join(f":{name}" for name in rows[0])
            insert = f"INSERT INTO stories ({names}) VALUES ({marks})"  # noqa: S608 - names of columns
            with connection:
                connection.executemany(insert, rows)
                connection.executemany(KEEP_KEYS, [row | _keys(row) for row in rows])
                connection.executemany(KEEP_ADDRESS, [*_addresses(start, rows)])
        connection.execute(trigger)


async def _make(path: Path) -> None:
    async with await SqliteStore.open(path):
        pass


def _rows(start: int, end: int) -> Iterator[dict[str, Any]]:
    for record in filed(one_story(number, _END) for number in range(start, end)):
        yield {**story_values(record, to_micros(_END)), "revision": 1}


def _addresses(start: int, rows: Sequence[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(rows, start):
        yield from ((address, row["id"]) for address in addresses(one_story(number, _END)))


def _keys(row: dict[str, Any]) -> dict[str, Any]:
    return key_values(row["source"], row["title"], row["url"], row["text_only"])


async def poll(path: Path, polls: int) -> list[float]:
    """Polls so many times, each time with one new story; the CPU seconds of each."""
    source = ScriptedSource(WIRE)
    seconds: list[float] = []
    async with await SqliteStore.open(path) as store:
        poller = Poller(store, SystemClock(), [source], StoryEnricher())
        for turn in range(polls + 1):
            numbers = range(_FEED - 2 - turn, -2 - turn, -1)
            source.gives = [FetchResult(tuple(one_story(number, _END) for number in numbers))]
            start = time.process_time()
            (report,) = await poller.load()
            seconds.append(time.process_time() - start)
            assert (report.new, report.changed) == (1, 0), report
    return seconds[1:]  # the first one opens files and compiles statements


def measure(sizes: Sequence[int], polls: int, folder: Path) -> bool:
    """Measures, and prints the table; returns whether the bar is kept."""
    found = [_measure_size(size, polls, folder / f"{size}.db") for size in sizes]
    rows = [
        (f"{size:,}", f"{cpu * 1_000:.1f}", f"{memory:.0f}")
        for size, (cpu, memory) in zip(sizes, found, strict=True)
    ]
    cpu, memory = (found[-1][at] / found[0][at] for at in range(2))
    rows.append(("ratio", f"{cpu:.2f}", f"{memory:.2f}"))
    print(facts())
    head = ("Stories kept", "CPU ms a poll", "peak MiB")
    show(f"A poll of a feed of {_FEED} stories, one of them new (bar: {BAR})", head, rows)
    return max(cpu, memory) <= BAR


def _measure_size(size: int, polls: int, path: Path) -> tuple[float, float]:
    start = time.perf_counter()
    fill(path, size)
    print(f"{size:,} stories put in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    command = [sys.executable, __file__, "--polled", str(path), "--polls", str(polls)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    cpu, memory = json.loads(answer.stdout)
    path.unlink()
    return cpu, memory


def main() -> int:
    """Reads the options, and measures in a folder that is gone afterwards."""
    parser = argparse.ArgumentParser(description="Measure what a poll costs.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--polls", type=int, default=20)
    parser.add_argument("--polled", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.polled:
        seconds = asyncio.run(poll(options.polled, options.polls))
        print(json.dumps([sum(seconds) / len(seconds), peak_mib()]))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return 0 if measure(options.sizes, options.polls, Path(folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
