"""Measures how fast feeds are read, beside feedparser and beside lxml's bare parse, the floor.

It reads feeds of its own making, and those of a folder where one is named: all of them by everybody
in the same run. fastfeedparser, which makes no paragraphs, is measured where it is installed.

The last table is of the worker, as the bot uses it: while it reads, a task on the event loop asks
every millisecond whether it is still served.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib
import io
import random
import re
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import feedparser
from bench.tables import facts, ms, show, spread
from lxml import etree

from adapters.sources.feed.parse import parse_feed
from adapters.sources.feed.worker import FeedParser
from bot.errors import SourceError

URL = "https://feeds.example.org/all.xml"
_COMPARED = 30  # of our own, which are all alike: feedparser takes its time
_WORDS = "the city council voted on a new plan for trains and buses while markets rose".split()


def feeds(count: int, items: int) -> list[bytes]:
    """Feeds as blogs and papers have them: two of three RSS, one of three with whole texts."""
    chance = random.Random(7)  # noqa: S311 - the same feeds each time
    return [(_atom if n % 3 == 2 else _rss)(n, items, chance).encode() for n in range(count)]


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(_WORDS, k=count)).capitalize()


def _text(chance: random.Random, paragraphs: int) -> str:
    parts = (f"<p>{_words(chance, 60)} <a href='/x'>more</a>.</p>" for _ in range(paragraphs))
    return "<img src='/p.jpg' width='640'/>" + "".join(parts)


def _rss(number: int, items: int, chance: random.Random) -> str:
    rows = "".join(
        f"<item><title>{_words(chance, 9)} &amp; more</title><link>https://example.org/{n}?utm_source=rss"
        f"</link><guid isPermaLink='false'>{number}-{n}</guid><dc:creator>Ann Author</dc:creator>"
        f"<pubDate>Wed, {n % 28 + 1:02} Nov 2023 12:00:00 +0000</pubDate><category>News</category>"
        f"<media:content url='https://example.org/{n}.jpg' medium='image' width='800'/>"
        f"<description><![CDATA[<p>{_words(chance, 30)}.</p>]]></description>"
        + (f"<content:encoded><![CDATA[{_text(chance, 6)}]]></content:encoded>" * (number % 3 == 0))
        + "</item>"
        for n in range(items)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Paper</title>'
        f"<link>https://example.org/</link>{rows}</channel></rss>"
    )


def _atom(number: int, items: int, chance: random.Random) -> str:
    rows = "".join(
        f"<entry><title type='html'>{_words(chance, 9)}</title><id>tag:e.org,{number}:{n}</id>"
        f"<link href='https://example.org/{n}'/><updated>2023-11-{n % 28 + 1:02}T12:00Z</updated>"
        f"<author><name>Ann</name></author><summary>{_words(chance, 30)}</summary></entry>"
        for n in range(items)
    )
    return (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Blog</title>"
        f"<link href='https://example.org/'/>{rows}</feed>"
    )


Read = Callable[[bytes], object]


def _bare(body: bytes) -> object:
    return etree.fromstring(body)


def _ours(body: bytes) -> object:
    return parse_feed(body, "application/xml", URL)


def _feedparser(body: bytes) -> object:
    return feedparser.parse(io.BytesIO(body))


def _peers() -> dict[str, Read]:
    peers: dict[str, Read] = {"Dateline": _ours, "feedparser": _feedparser}
    peers["Floor: bare lxml"] = _bare
    with suppress(ImportError):
        peers["fastfeedparser"] = importlib.import_module("fastfeedparser").parse
    return peers


def _seconds(read: Read, bodies: Sequence[bytes]) -> float:
    """The processor time that it takes to read them; some peers refuse some feeds."""
    start = time.process_time()
    for body in bodies:
        with suppress(Exception):
            read(body)
    return time.process_time() - start


def compare(title: str, bodies: Sequence[bytes], runs: int) -> None:
    """Prints how many feeds each reads in a second of a core's time, turn by turn."""
    peers = _peers()
    for read in peers.values():
        _seconds(read, bodies[:1])  # what is imported late
    rates: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(runs):
        for name, read in peers.items():
            rates[name].append(len(bodies) / _seconds(read, bodies))
    floor = statistics.median(rates["Floor: bare lxml"])
    slow = statistics.median(rates["feedparser"])
    rows = [
        (
            name,
            spread(each, ",.0f"),
            f"{floor / statistics.median(each):.1f}",
            f"{statistics.median(each) / slow:.1f}",
        )
        for name, each in rates.items()
    ]
    show(title, ("Median (least–most)", "feeds/s", "x floor's time", "x feedparser's rate"), rows)


class Pauses:
    """Watches an event loop.

    Attributes:
        worst: The longest time, in seconds, for which it served nobody.
        busiest: The most processor time, in seconds, that it used in between, which is what is our
            own doing.
    """

    def __init__(self) -> None:
        self.worst = self.busiest = 0.0

    async def watch(self) -> None:
        """Watches until it is cancelled."""
        while True:
            start, used = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.001)
            self.worst = max(self.worst, time.perf_counter() - start - 0.001)
            self.busiest = max(self.busiest, time.thread_time() - used)


def _peak_of_children() -> float:
    """The most memory that a process of ours had, in MiB; 0 where the system does not tell."""
    peaks = [0]
    for children in Path("/proc/self/task").glob("*/children"):
        for child in children.read_text(encoding="ascii").split():
            status = Path(f"/proc/{child}/status").read_text(encoding="utf-8")
            peaks += [int(kib) for kib in re.findall(r"VmHWM:\s+([0-9]+) kB", status)]
    return max(peaks) / 1024


async def _watched(work: Awaitable[object]) -> tuple[float, Pauses]:
    """Awaits the work; returns the seconds that it took, and how the loop fared."""
    pauses = Pauses()
    watching = asyncio.create_task(pauses.watch())
    await asyncio.sleep(0)
    start = time.perf_counter()
    await work
    took = time.perf_counter() - start
    watching.cancel()
    return took, pauses


async def _read(parser: FeedParser, body: bytes) -> None:
    """Reads a feed and forgets it, as the bot does once its stories are written."""
    with suppress(SourceError):
        await parser.parse(body, "application/xml", URL)


async def _in_workers(bodies: list[bytes], workers: int) -> tuple[float, Pauses, float]:
    """Feeds a second, how the loop fared, and a worker's peak memory in MiB."""
    async with FeedParser(workers=workers) as parser:
        parser.prepare()
        await parser.parse(bodies[0], "", URL)
        reading = (_read(parser, body) for body in bodies)
        took, pauses = await _watched(asyncio.gather(*reading))
        return len(bodies) / took, pauses, _peak_of_children()


def in_workers(bodies: list[bytes], runs: int) -> None:
    """Prints how the bot fares while feeds are read."""
    peaks: list[float] = []
    gc.freeze()  # as the application does
    _, at_rest = asyncio.run(_watched(asyncio.sleep(3)))
    rows = [("none", "", ms(at_rest.worst), ms(at_rest.busiest))]
    for workers in (1, 2):
        rates, pauses, memory = zip(
            *(asyncio.run(_in_workers(bodies, workers)) for _ in range(runs)), strict=True
        )
        peaks += memory
        worst, busiest = max(p.worst for p in pauses), max(p.busiest for p in pauses)
        rows.append((f"{workers}", spread(rates, ",.0f"), ms(worst), ms(busiest)))
    columns = ("Workers", "feeds/s", "worst pause of the loop, ms", "its own work in it, ms")
    show(f"In workers, {len(bodies)} feeds", columns, rows)
    if any(peaks):
        print(f"\nPeak memory of a worker: {max(peaks):.0f} MiB")


def main() -> None:
    """Reads the options, and measures."""
    parser = argparse.ArgumentParser(description="Measure how fast feeds are read.")
    parser.add_argument("folder", type=Path, nargs="?", help="of real feeds, one a file")
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--items", type=int, default=50)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    bodies = feeds(options.feeds, options.items)
    print(f"{facts()}; {options.feeds} feeds of {options.items} items ({_mebibytes(bodies)} MiB)")
    compare("Reading our own", bodies[:_COMPARED], options.runs)
    if options.folder:
        files = sorted(path for path in options.folder.rglob("*") if path.is_file())
        real = [path.read_bytes() for path in files]
        title = f"Reading {len(real)} of {options.folder} ({_mebibytes(real)} MiB)"
        compare(title, real, options.runs)
        bodies = (real * (options.feeds // max(1, len(real)) + 1))[: options.feeds]
    in_workers(bodies, options.runs)


def _mebibytes(bodies: Sequence[bytes]) -> str:
    return f"{sum(map(len, bodies)) / (1 << 20):.1f}"


if __name__ == "__main__":
    main()
