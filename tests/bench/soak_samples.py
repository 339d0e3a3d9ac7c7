"""Samples of the process that is soaked: memory, open files, threads, its store, and its log."""

from __future__ import annotations

import asyncio
import re
import resource
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

_PROC = Path("/proc")
_HEAD = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ (DEBUG|INFO|WARNING|ERROR|CRITICAL) ")
_VARIES = re.compile(r"\d+")
_NO_TROUBLE = ("DEBUG", "INFO")
_MOST_LINES = 20_000  # kept; a flood beyond that is one, anyway


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample.

    Attributes:
        at: Seconds since the run began.
        rss: Bytes of memory of the process.
        workers_rss: Bytes of memory of its workers, together.
        files: Open file descriptors of the process.
        store: Bytes of the store, with its journal.
    """

    at: float
    rss: int
    workers_rss: int
    workers: int
    files: int
    threads: int
    store: int


def take_sample(pid: int, database: Path, at: float) -> Sample:
    """Takes a sample of a process and its children.

    Raises:
        OSError: The process has ended, or this system has no /proc.
    """
    workers = list(_descendants(pid))
    return Sample(
        at,
        _rss(pid),
        sum(_rss(each) for each in workers if (_PROC / str(each)).exists()),
        len(workers),
        len(list((_PROC / str(pid) / "fd").iterdir())),
        len(list((_PROC / str(pid) / "task").iterdir())),
        sum(one.stat().st_size for one in database.parent.glob(f"{database.name}*")),
    )


def _rss(pid: int) -> int:
    pages = int((_PROC / str(pid) / "statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize()


def _descendants(pid: int) -> Iterator[int]:
    """Yields the processes that a process has started, and those that they have."""
    for task in (_PROC / str(pid) / "task").iterdir():
        for child in (task / "children").read_text("ascii").split():
            yield int(child)
            yield from _descendants(int(child))


@dataclass
class Log:
    """The log of a process, read as it comes.

    Attributes:
        lines: Each record's text without its time, and when it came, by the monotonic clock.
        others: Lines that are no record: tracebacks, and what libraries print.
    """

    lines: list[tuple[float, str]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    async def read(self, stream: asyncio.StreamReader) -> None:
        """Reads until the process ends."""
        async for raw in stream:
            line = raw.decode("utf-8", "replace").rstrip()
            found = _HEAD.match(line)
            if found and len(self.lines) < _MOST_LINES:
                self.lines.append((time.monotonic(), line[found.start(1) :]))
            elif len(self.others) < _MOST_LINES:
                self.others.append(line)

    def kinds(self) -> Counter[str]:
        """Counts the lines by kind: what they say, whatever numbers are in it."""
        return Counter(_VARIES.sub("#", text) for _, text in self.lines)

    def troubles(self) -> list[tuple[float, str]]:
        """Returns the warnings and errors."""
        return [line for line in self.lines if not line[1].startswith(_NO_TROUBLE)]

    def repeats(self) -> list[tuple[float, str]]:
        """Returns each trouble that was told more than once, with the least seconds between."""
        times: dict[str, list[float]] = {}
        for at, text in self.troubles():
            times.setdefault(text, []).append(at)
        return sorted((_least_gap(each), text) for text, each in times.items() if len(each) > 1)


def _least_gap(times: Sequence[float]) -> float:
    return min(later - earlier for earlier, later in pairwise(times))


def growth(points: Iterable[tuple[float, float]]) -> float:
    """Returns how much a line through points (least squares) rises over them all, by its mean."""
    at, values = zip(*points, strict=True)
    middle, mean = sum(at) / len(at), sum(values) / len(values)
    spread = sum((one - middle) ** 2 for one in at)
    if not spread:
        return 0.0
    slope = sum((x - middle) * (y - mean) for x, y in zip(at, values, strict=True)) / spread
    return float(slope * (max(at) - min(at)) / mean)
