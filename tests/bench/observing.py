"""Measures what metrics and logs cost a command: at most 5 % of its time is the bar.

The same commands are answered by turns bare, with all that `dateline run` adds (metrics in
Prometheus' form, and the log of its level), and with a line of JSON for each answer, too, which
only `--debug` writes. The bar is for what `dateline run` adds.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.corpus import desk_over, fill
from bench.tables import facts, ms, percentile, show

from bot.chat.answer_timer import AnswerTimer
from bot.chat.dispatcher import Dispatcher
from bot.clock import SystemClock
from bot.ingest.counters import PollCounters
from bot.model import Chat, Person
from bot.monitoring.connections import PlatformConnections
from bot.monitoring.logs import JsonFormatter, RepeatFilter
from bot.monitoring.loop_lag import LoopLag
from bot.monitoring.metrics import Gauges, Metrics

READER = Person("reader", "Ada")
CHAT = Chat("bench", "room")
LINES = ("/latest", "/search storm harbour", "/topics", "/sources", "/help", "/read 1")
BAR = 5.0  # percent
WAYS = ("bare", "run", "lines")
WARM = 10  # runs


class Observer:
    """Counts and logs answers, or does not.

    Args:
        desk: Answers.
        log_file: Where the log goes.
    """

    def __init__(self, desk: Dispatcher, log_file: Path) -> None:
        clock = SystemClock()
        gauges = Gauges(clock, dict, PollCounters(), PlatformConnections(clock), LoopLag())
        handler = logging.FileHandler(log_file)
        handler.setFormatter(JsonFormatter())
        handler.addFilter(RepeatFilter())
        logging.getLogger().addHandler(handler)
        self._timer = desk.timer
        self._ways = {"bare": AnswerTimer().on_answer}
        self._ways |= dict.fromkeys(("run", "lines"), Metrics(gauges).note_answer)

    def use(self, way: str) -> None:
        """Observes in one of the ways: `bare`, `run` or `lines`."""
        self._timer.on_answer = self._ways[way]
        level = logging.DEBUG if way == "lines" else logging.INFO
        logging.getLogger("bot.chat.answer_timer").setLevel(level)


async def _time(desk: Dispatcher, line: str) -> float:
    start = time.perf_counter()
    await desk.answer(line, READER, CHAT)
    return time.perf_counter() - start


async def compare(path: Path, line: str, runs: int, log_file: Path) -> list[float]:
    """Returns the median seconds of an answer in each of the ways."""
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    async with desk_over(path) as desk:
        await desk.answer("/latest", READER, CHAT)  # for the number of `/read 1`
        observer = Observer(desk, log_file)
        for run in range(-WARM, runs):
            turn = run % len(WAYS)  # each way comes after each other one as often
            for way in (*WAYS[turn:], *WAYS[:turn]):
                observer.use(way)
                seconds = await _time(desk, line)
                if run >= 0:
                    times[way].append(seconds)
    return [percentile(times[way], 50) for way in WAYS]


def measure(path: Path, runs: int, log_file: Path) -> bool:
    """Measures, prints the table, and returns whether all is within the bar."""
    found = {line: asyncio.run(compare(path, line, runs, log_file)) for line in LINES}
    found["all"] = [sum(column) for column in zip(*found.values(), strict=True)]
    costs = {
        line: [100 * (each / bare - 1) for each in rest] for line, (bare, *rest) in found.items()
    }
    rows = [
        (line, *map(ms, times), *(f"{cost:+.1f} %" for cost in costs[line]))
        for line, times in found.items()
    ]
    print(f"{facts()}; {runs} runs of each")
    show("Answers, in ms", ("", *WAYS, "run's cost", "lines' cost"), rows)
    is_within = costs["all"][0] <= BAR  # one alone is noise
    print(f"{'within' if is_within else 'beyond'} the bar of {BAR:.0f} %")
    return is_within


def main() -> None:
    """Reads the options, makes a store and measures."""
    parser = argparse.ArgumentParser(description="Measure what metrics and logs cost a command.")
    parser.add_argument("--stories", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        asyncio.run(fill(path, options.stories, Path(folder)))
        is_within = measure(path, options.runs, Path(folder) / "log")
    sys.exit(not is_within)


if __name__ == "__main__":
    main()
