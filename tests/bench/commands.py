"""Measures every command over a large store, as any adapter asks them.

Beside each stands its floor: the bare SQL that it needs, run by plain sqlite3 on the same file.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.corpus import desk_over, fill
from bench.questions import Question, Statement, questions
from bench.tables import Row, facts, memory_mib, ms, percentile, show

from bot.chat.dispatcher import Dispatcher
from bot.model import Chat, Person

READER = Person("reader", "Ada")
CHAT = Chat("bench", "room")
WARM = 3
FIRSTS = 5  # a first time takes long, and each is one


async def time_answer(desk: Dispatcher, question: Question, line: str) -> float:
    """Returns the seconds until the dispatcher has answered."""
    start = time.perf_counter()
    if question.completes:
        await desk.complete(*question.completes, line, READER)
    else:
        await desk.answer(line, READER, CHAT)
    return time.perf_counter() - start


async def time_answers(path: Path, question: Question, runs: int) -> list[float]:
    """Returns the seconds of each answer."""
    lines = question.lines
    if question.first:
        return [
            await _time_first_answer(path, question, lines[run % len(lines)])
            for run in range(FIRSTS)
        ]
    async with desk_over(path) as desk:
        await desk.answer("/latest", READER, CHAT)  # for the numbers of `/read 3`
        for run in range(max(WARM, len(lines))):
            await time_answer(desk, question, lines[run % len(lines)])
        return [await time_answer(desk, question, lines[run % len(lines)]) for run in range(runs)]


async def _time_first_answer(path: Path, question: Question, line: str) -> float:
    async with desk_over(path) as desk:
        await desk.answer("/latest", READER, CHAT)
        return await time_answer(desk, question, line)


def floor(path: Path, question: Question, runs: int) -> list[float]:
    """Seconds of the bare SQL; none for a question that needs none."""
    needed = question.floor
    if not needed:
        return []
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA cache_size = -16384")
        for statements in needed:
            _run(connection, statements)
        count = FIRSTS if question.first else runs
        return [_run(connection, needed[run % len(needed)]) for run in range(count)]


def _run(connection: sqlite3.Connection, statements: Sequence[Statement]) -> float:
    start = time.perf_counter()
    for sql, values in statements:
        connection.execute(sql, values).fetchall()
    return time.perf_counter() - start


def measure_question(path: Path, question: Question, runs: int) -> Row:
    """A question's row of the table."""
    times = asyncio.run(time_answers(path, question, runs))
    least = floor(path, question, runs)
    p50 = percentile(times, 50)
    bare = percentile(least, 50) if least else 0.0
    return (
        question.name,
        ms(p50),
        ms(percentile(times, 99)),
        ms(max(times)),
        ms(bare) if least else "–",
        f"{p50 / bare:.1f}" if bare else "–",
    )


async def memory(path: Path, asking: Sequence[Question]) -> tuple[float, float]:
    """MiB of this process before it opens the store, and after it has answered everything."""
    before = memory_mib()
    async with desk_over(path) as desk:
        for question in asking:
            for line in question.lines:
                await time_answer(desk, question, line)
        return before, memory_mib()


def measure(path: Path, runs: int) -> None:
    """Measures, and prints the table."""
    with closing(sqlite3.connect(path)) as known:
        (stories,) = known.execute("SELECT count(*) FROM stories").fetchone()
        (words,) = known.execute("SELECT count(*) FROM words").fetchone()
        asking = questions(known)
    size = path.stat().st_size / (1 << 20)
    print(f"{facts()}; {stories:,} stories, {words:,} words, {size:.0f} MiB; {runs} runs")
    before, after = asyncio.run(memory(path, asking))
    rows = [measure_question(path, question, runs) for question in asking]
    show("Commands, in ms", ("", "p50", "p99", "max", "floor", "p50/floor"), rows)
    print(
        f"\nMemory: {before:.0f} MiB before the store is opened, "
        f"{after:.0f} MiB (+{after - before:.0f}) once everything was asked"
    )


def main() -> None:
    """Reads the options, makes the store unless there is one, and measures."""
    parser = argparse.ArgumentParser(description="Measure how fast commands are answered.")
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--store", type=Path, help="kept there, and used again when it is there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.store or Path(folder) / "bench.db"
        if not path.exists():
            print(f"making a store of {options.stories:,} stories ...", file=sys.stderr)
            asyncio.run(fill(path, options.stories, Path(folder)))
        measure(path, options.runs)


if __name__ == "__main__":
    main()
