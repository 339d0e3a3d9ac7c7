"""Figures as tables: time statistics, the machine they were taken on, and columns that line up."""

from __future__ import annotations

import math
import os
import platform
import resource
import sqlite3
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

Row = Sequence[str]

_MACOS_UNIT = 1 << 20  # there the peak is told in bytes, elsewhere in KiB


def facts() -> str:
    """Describes the machine and the versions that the figures depend on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{cores} cores, {platform.machine()}, {platform.system()}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def show(title: str, head: Row, rows: Sequence[Row]) -> None:
    """Prints a table: the first column to the left, figures to the right."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    print(f"\n{title}\n")
    print(_line(head, widths))
    print("  ".join("-" * width for width in widths))
    for row in rows:
        print(_line(row, widths))


def _line(row: Row, widths: Sequence[int]) -> str:
    name, *figures = row
    cells = [figure.rjust(width) for figure, width in zip(figures, widths[1:], strict=True)]
    return "  ".join([name.ljust(widths[0]), *cells]).rstrip()


def spread(values: Sequence[float], form: str) -> str:
    """The median, with the least and the greatest."""
    middle, least, most = statistics.median(values), min(values), max(values)
    return f"{middle:{form}} ({least:{form}}–{most:{form}})"


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def ms(seconds: float) -> str:
    """A time, with as many digits as tell something."""
    value = seconds * 1_000
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def memory_mib() -> float:
    """The memory that this process has now; where the system does not tell, the most it had."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return _most_mib()
    return pages * resource.getpagesize() / (1 << 20)


def peak_mib() -> float:
    """The most memory that this process had, without what the one had that started it."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return _most_mib()
    (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak) / (1 << 10)


def _most_mib() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (_MACOS_UNIT if sys.platform == "darwin" else 1 << 10)
