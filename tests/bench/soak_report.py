"""The report of a soak: tables of what was measured, and a verdict for each bar."""

from __future__ import annotations

from collections.abc import Sequence

from bench.soak_bars import Bar
from bench.soak_samples import Log, Sample
from bench.soak_town import Answer
from bench.tables import Row, ms, percentile, show

_ROWS = 16  # of the table of samples
_LINES = 25  # kinds of log lines, and places where a bar was missed
_MIB = 1 << 20


def show_samples(samples: Sequence[Sample], answers: Sequence[Answer], begun: float) -> None:
    """Prints the samples over time, with the longest wait of a reader since the row before."""
    if not samples:
        return
    step = max(1, len(samples) // _ROWS)
    chosen = [*samples[:-1:step], samples[-1]]
    rows: list[Row] = []
    before = 0.0
    for one in chosen:
        waits = [a.wait or 0.0 for a in answers if before <= a.at - begun < one.at]
        rows.append(_sample_row(one, ms(max(waits)) if waits else "-"))
        before = one.at
    head = ("minute", "RSS MiB", "workers", "their MiB", "files", "threads", "store MiB", "wait ms")
    show("The process, over time (waits: the longest of a reader)", head, rows)


def _sample_row(one: Sample, wait: str) -> Row:
    return (
        f"{one.at / 60:.1f}",
        f"{one.rss / _MIB:.1f}",
        str(one.workers),
        f"{one.workers_rss / _MIB:.0f}",
        str(one.files),
        str(one.threads),
        f"{one.store / _MIB:.2f}",
        wait,
    )


def show_waits(answers: Sequence[Answer], posts: Sequence[float]) -> None:
    """Prints how long readers and posts waited."""
    waits = {"all posts, from publication (s)": [one * 1e-3 for one in posts]}
    for platform in ("telegram", "discord"):
        mine = [one.wait for one in answers if one.platform == platform and one.wait is not None]
        waits[f"answers on {platform} (ms)"] = mine
    rows = [
        (name, f"{len(each):,}", *(ms(percentile(each, percent)) for percent in (50, 95, 99, 100)))
        for name, each in waits.items()
        if each
    ]
    show("Waits", ("", "count", "p50", "p95", "p99", "max"), rows)


def show_log(log: Log) -> None:
    """Prints the kinds of lines in the log."""
    kinds = log.kinds().most_common(_LINES)
    show("The log, by kind", ("lines", "what"), [(f"{n:5}", text[:150]) for text, n in kinds])
    print(f"{len(log.lines)} lines, and {len(log.others)} that are no records (tracebacks)")
    for line in log.others[:_LINES]:
        print(f"    {line[:150]}")


def show_bars(bars: Sequence[Bar]) -> None:
    """Prints the verdicts, and where bars were missed."""
    rows = [(one.name, one.wanted, one.found, "met" if one.is_met else "MISSED") for one in bars]
    show("Verdicts", ("bar", "wanted", "found", ""), rows)
    for bar in bars:
        if not bar.is_met and bar.details:
            print(f"\n{bar.name}:")
            print("\n".join(f"    {line}" for line in bar.details[:_LINES]))
            if len(bar.details) > _LINES:
                print(f"    ... and {len(bar.details) - _LINES} more")
