"""Measures what it costs to look for times in questions, beside parsing them (`bot.search.query`).

Each question is new to the caches. All is the time of the processor.
"""

from __future__ import annotations

import random
import string
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.tables import facts, percentile, show

from bot.search.query import parse
from bot.search.time_expressions.calendar import Calendar
from bot.search.time_expressions.lexicon import Lexicon
from bot.search.time_expressions.reading import may_hold_time, read_times

COUNT = 5_000
TIMES = ("last week", "in october 2023", "since monday", "latest on", "between may 1 and 15")
CALENDAR = Calendar(datetime(2026, 11, 25, 12, tzinfo=UTC), ZoneInfo("UTC"))


def questions(pick: random.Random, times: Sequence[str]) -> list[str]:
    """Questions of three made-up words and, where some are given, of a time."""
    return [
        " ".join([*(_word(pick) for _ in range(3)), *pick.sample(times, k=min(1, len(times)))])
        for _ in range(COUNT)
    ]


def _word(pick: random.Random) -> str:
    return "".join(pick.choices(string.ascii_lowercase, k=pick.randint(3, 9)))


def measure(asked: Sequence[str], act: Callable[[str], object]) -> list[float]:
    """Returns the microseconds that each question takes."""
    taken = []
    for question in asked:
        start = time.process_time_ns()
        act(question)
        taken.append((time.process_time_ns() - start) / 1_000)
    return taken


def main() -> None:
    """Prints the table."""
    pick, lexicon = random.Random(7), Lexicon("en")  # noqa: S311 - made-up words
    without, having = questions(pick, ()), questions(pick, TIMES)

    def read(question: str) -> object:
        return read_times(question, CALENDAR, lexicon, frozenset[str]().__contains__)

    floor = measure(without, parse)
    measured = {
        "parse the question (floor)": floor,
        "no time in it: the first look, new words": measure(
            without, lambda question: may_hold_time(question, lexicon)
        ),
        "no time in it: the first look, known words": measure(
            without[:1_000] * 2, lambda question: may_hold_time(question, lexicon)
        )[1_000:],
        "a time in it: read": measure(having, read),
    }
    base = percentile(floor, 50)
    rows = []
    for name, taken in measured.items():
        middle, most = percentile(taken, 50), percentile(taken, 99)
        rows.append((name, f"{middle:.1f}", f"{most:.1f}", f"{middle / base:.2f}"))
    print(facts())
    show("Times in questions", ("", "p50 µs", "p99 µs", "ratio"), rows)


if __name__ == "__main__":
    main()
