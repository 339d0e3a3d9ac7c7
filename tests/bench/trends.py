"""Measures how long the answers to /trends take, with their pictures, and their memory.

A store of stories over two years, under some hundreds of topics, is asked as a reader and as a
moderator would. Memory is that of the process that draws, and what the bot's own grows by.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.polling import fill
from bench.tables import facts, memory_mib, ms, percentile, show
from newsdesk import desk_over
from scripted_renderer import size_of_png
from stories import MODERATOR, HandClock

from adapters.pictures.renderer import open_renderer
from bot.chat.dispatcher import Dispatcher
from bot.i18n import load
from bot.model import Capability, Chat, Topic
from bot.trends.counts import Series, Trend
from bot.trends.periods import make_period
from bot.trends.stream import MOST_TOPICS, draw_stream
from bot.trends.theme import LIGHT
from bot.trends.wording import TrendWords
from store.codec import to_micros

STORIES, TOPICS = 100_000, 300
TIME_BAR, MEMORY_BAR = 400.0, 40.0  # ms for 95 of 100 answers; MiB
QUESTIONS = ("/trends", "/trends since:1y", '/trends topic:"Topic 7"', "/trends source:wire")
_DRAW = """
import sys
from adapters.pictures.worker_main import draw
draw(sys.stdin.read(), 2.5)
print([int(line.split()[1]) / 1024 for line in open("/proc/self/status") if "VmHWM" in line][0])
"""
_CHAT = Chat("bench", "room", capabilities=Capability.PICTURES)
_END = datetime(2024, 1, 1, tzinfo=UTC)
_DAYS = 730
_TOPICS_EACH = 3  # of a story
_MICROS = 1_000_000


def spread_out(path: Path, count: int) -> None:
    """Spreads the stories over two years, and puts each under some topics, a few of which lead."""
    chance = random.Random(0)  # noqa: S311 - repeatable figures, no secret
    with closing(sqlite3.connect(path)) as connection, connection:
        topics = [row for (row,) in connection.execute("SELECT row FROM topics ORDER BY row")]
        step = _DAYS * 24 * 3600 * _MICROS // count
        connection.execute("UPDATE stories SET published = ? - row * ?", (to_micros(_END), step))
        connection.executemany(
            "INSERT OR IGNORE INTO story_topics SELECT ?, published, row FROM stories"
            " WHERE row = ?",
            _assigned(chance, topics, count),
        )


def _assigned(chance: random.Random, topics: list[int], count: int) -> Iterator[tuple[int, int]]:
    for story in range(1, count + 1):
        for _ in range(_TOPICS_EACH):
            yield topics[int(len(topics) * chance.random() ** 3)], story


async def longest_pause(stop: asyncio.Event) -> float:
    """Returns the longest time in which the event loop did nothing else, in seconds."""
    longest = 0.0
    while not stop.is_set():
        start = time.perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, time.perf_counter() - start)
    return longest


async def ask(desk: Dispatcher, line: str, turns: int) -> tuple[list[float], int]:
    """Asks so often; the seconds of each answer, and the bytes of its picture."""
    seconds, size = [], 0
    for _ in range(turns):
        start = time.perf_counter()
        reply = await desk.answer(line, MODERATOR, _CHAT)
        seconds.append(time.perf_counter() - start)
        assert reply.picture, f"{line} shows no picture"
        assert size_of_png(reply.picture.content)[0] >= 2 * 400
        size = len(reply.picture.content)
    return seconds, size


def drawing_mib() -> float:
    """Returns the most memory of a process that draws one picture, with both fonts."""
    days = make_period(_END.date(), 366, ZoneInfo("UTC"))
    counts = [tuple(range(at, at + len(days.spans))) for at in range(MOST_TOPICS)]
    trend = Trend(days, tuple(Series(f"大阪 {at}", one) for at, one in enumerate(counts)))
    svg = draw_stream(trend, TrendWords(load("en")), LIGHT)
    drawn = subprocess.run(
        [sys.executable, "-c", _DRAW], input=svg, capture_output=True, check=True, text=True
    )
    return float(drawn.stdout)


async def measure(path: Path, turns: int) -> bool:
    """Measures, and prints the table; returns whether the bars are kept."""
    topics = tuple(Topic(f"Topic {n}", f"topic{n}") for n in range(TOPICS))
    async with desk_over(
        path, topics=topics, clock=HandClock(_END + timedelta(hours=1)), pictures=open_renderer()
    ) as desk:
        await asyncio.to_thread(spread_out, path, STORIES)
        await ask(desk.dispatcher, QUESTIONS[0], 1)  # opens files, imports, compiles statements
        before, stop = memory_mib(), asyncio.Event()
        watching = asyncio.create_task(longest_pause(stop))
        found = {line: await ask(desk.dispatcher, line, turns) for line in QUESTIONS}
        stop.set()
        pause, grown = await watching, memory_mib() - before
    drawing = drawing_mib()
    rows = [
        (
            line,
            ms(percentile(seconds, 50)),
            ms(percentile(seconds, 95)),
            f"{size / 1024:.0f}",
        )
        for line, (seconds, size) in found.items()
    ]
    show(
        f"{STORIES:,} stories under {TOPICS} topics; {facts()}",
        ("question", "p50 ms", "p95 ms", "KiB"),
        rows,
    )
    worst = max(percentile(seconds, 95) for seconds, _size in found.values()) * 1_000
    print(
        f"\np95 {worst:.0f} ms (bar {TIME_BAR:.0f}); drawing takes {drawing:.0f} MiB "
        f"(bar {MEMORY_BAR:.0f}), and the bot's own memory grew by {grown:.1f} MiB; "
        f"the event loop paused for {pause * 1_000:.0f} ms at most"
    )
    return worst <= TIME_BAR and drawing <= MEMORY_BAR


def main() -> int:
    """Measures, as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=40, help="answers to each question")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        fill(path, STORIES)
        is_kept = asyncio.run(measure(path, given.turns))
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
