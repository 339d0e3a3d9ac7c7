"""Measures how well stories are put into events, and how long each takes.

For a file of labelled stories it prints, for events and for developments, the precision and the
recall of pairs, B-cubed, and the same for parts of the file that share no event: what holds in each
part was not tuned to one. The file is CSV, TSV or JSON lines, packed or not, with the fields
`title`, `event` and, where it has them, `lead` (or `desc`, `summary`), `host` (or `source`) and
`time` (milliseconds since 1970). Without a file, it is the tests' own (`tests/data/events`):
made-up headlines with leads of some fifty events, look-alikes among them, with leads and without.

Times are of the processor, so that others on the machine do not count.

For the speed, a window is filled with stories of made-up words that are about as common as words
are (Zipf's law), in events of several stories each.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from zlib import crc32

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.tables import percentile, show

from bot.ingest.events.clusterer import DatedTerms, EventClusterer
from bot.ingest.events.placement import Placement
from bot.ingest.events.terms import TermReader
from bot.ingest.similarity import sketch

BARS = "bars: pairs' precision .95 at recall .30 on titles; B-cubed F1 .80 with leads; 2 ms a story"
OWN = Path(__file__).parents[1] / "data" / "events" / "headlines.tsv"
PARTS = 5
_START = datetime(2026, 1, 1, tzinfo=UTC)
_WORDS = 30_000


@dataclass(frozen=True)
class Labelled:
    """A story and the event that it is said to be of."""

    title: str
    lead: str
    source: str
    at: datetime
    event: str


@dataclass(frozen=True)
class Scores:
    """How clusters agree with labels, each figure from 0 to 1."""

    precision: float
    recall: float
    bcubed_precision: float
    bcubed_recall: float

    @property
    def bcubed_f1(self) -> float:
        both = self.bcubed_precision + self.bcubed_recall
        return 2 * self.bcubed_precision * self.bcubed_recall / both if both else 0.0


def read_labelled(path: Path) -> list[Labelled]:
    """Reads labelled stories, the oldest first; lines without an event are left out."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode()
    found = [_labelled(row, n) for n, row in enumerate(_rows(text)) if row.get("event")]
    return sorted(found, key=lambda one: one.at)


def _rows(text: str) -> Iterator[Mapping[str, str]]:
    if text.startswith("{"):
        yield from map(json.loads, text.splitlines())
    else:
        dialect = "excel-tab" if "\t" in text.partition("\n")[0] else "excel"
        yield from csv.DictReader(io.StringIO(text), dialect=dialect)


def _labelled(row: Mapping[str, str], number: int) -> Labelled:
    lead = row.get("lead") or row.get("desc") or row.get("summary") or ""
    moment = row.get("time")
    at = _START + timedelta(seconds=number)
    if moment:
        at = datetime.fromtimestamp(int(moment) / 1_000, UTC)
    return Labelled(
        row["title"], lead, row.get("host") or row.get("source") or "", at, row["event"]
    )


def place(stories: Sequence[Labelled], *, sources: bool) -> tuple[list[Placement], list[float]]:
    """Places stories; returns where, and the seconds that each took, its terms included."""
    reader, clusterer, places, seconds = TermReader(), EventClusterer(), [], []
    for n, one in enumerate(stories):
        begun = time.thread_time()
        terms = reader.read(one.title, one.lead, sketch(one.lead) if one.lead else b"")
        source = one.source if sources else ""
        places.append(clusterer.assign(DatedTerms(str(n), terms, one.at, source)))
        seconds.append(time.thread_time() - begun)
    return places, seconds


def score(labels: Sequence[str], clusters: Sequence[str]) -> Scores:
    """Compares clusters with labels."""
    whole = len(labels)
    gold, found = Counter(labels), Counter(clusters)
    both = Counter(zip(labels, clusters, strict=True))
    shared = sum(map(_pairs, both.values()))
    return Scores(
        shared / max(1, sum(map(_pairs, found.values()))),
        shared / max(1, sum(map(_pairs, gold.values()))),
        sum(n * n / found[cluster] for (_, cluster), n in both.items()) / max(1, whole),
        sum(n * n / gold[label] for (label, _), n in both.items()) / max(1, whole),
    )


def _pairs(many: int) -> int:
    return many * (many - 1) // 2


def judge(stories: Sequence[Labelled], *, sources: bool) -> None:
    """Prints how stories are placed, in the whole and in parts that share no event."""
    places, seconds = place(stories, sources=sources)
    labels = [one.event for one in stories]
    rows = [
        _row("events", score(labels, [one.event for one in places])),
        _row("developments", score(labels, [one.development for one in places])),
    ]
    for part in range(PARTS):
        some = [one for one in stories if crc32(one.event.encode()) % PARTS == part]
        if some:
            found, _ = place(some, sources=sources)
            labels = [one.event for one in some]
            rows.append(_row(f"part {part + 1}", score(labels, [one.event for one in found])))
    leads = "with leads" if any(one.lead for one in stories) else "titles alone"
    show(f"stories of events, {leads}", ("", "precision", "recall", "B³ P", "B³ R", "B³ F1"), rows)
    print(f"{len(stories)} stories, {1_000 * sum(seconds) / len(seconds):.2f} ms a story\n{BARS}")


def _row(name: str, one: Scores) -> tuple[str, ...]:
    values = (
        one.precision,
        one.recall,
        one.bcubed_precision,
        one.bcubed_recall,
        one.bcubed_f1,
    )
    return (name, *(f"{value:.3f}" for value in values))


def measure_speed(many: int) -> None:
    """Prints what a story takes with many in the window."""
    chance = random.Random(1)  # noqa: S311 - the same stories each time
    reader, clusterer, seconds = TermReader(), EventClusterer(), []
    step = timedelta(hours=36) / many
    for n, (title, lead) in enumerate(_made_up(chance, many)):
        begun = time.thread_time()
        terms = reader.read(title, lead, sketch(lead))
        clusterer.assign(DatedTerms(str(n), terms, _START + n * step, f"source {n % 40}"))
        seconds.append(time.thread_time() - begun)
    last = seconds[-many // 10 :]
    mean = 1_000 * sum(last) / len(last)
    worst = 1_000 * percentile(last, 99)
    print(f"with {many} stories in the window: {mean:.2f} ms a story, p99 {worst:.2f} ms")


def _made_up(chance: random.Random, many: int) -> Iterator[tuple[str, str]]:
    words = [f"{chance.randrange(16**6):06x}".translate(_LETTERS) for _ in range(_WORDS)]
    weights = list(accumulate(1 / (n + 3) for n in range(_WORDS)))
    for start in range(0, many, 4):
        core = chance.choices(words, cum_weights=weights, k=25)
        for _ in range(min(4, many - start)):
            own = chance.choices(words, cum_weights=weights, k=12)
            yield " ".join((*core[:5], *own[:4])), " ".join((*core[5:], *own[4:]))


_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def main() -> None:
    """Measures what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, nargs="?", help="labelled stories; the tests' own")
    parser.add_argument("--no-leads", action="store_true", help="take titles alone")
    parser.add_argument("--sources", action="store_true", help="tell who gives each story")
    parser.add_argument(
        "--window", type=int, default=100_000, help="stories for the speed; 0: none"
    )
    given = parser.parse_args()
    stories = read_labelled(given.file or OWN)
    if not given.no_leads:
        judge(stories, sources=given.sources)
    if given.no_leads or not given.file:
        judge([replace(one, lead="") for one in stories], sources=given.sources)
    if given.window:
        measure_speed(given.window)


if __name__ == "__main__":
    main()
