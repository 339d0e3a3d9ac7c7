"""Measures how late sources are polled, by what they are like, while a tenth of them is bad.

Three hundred feeds on local web servers, of which ten hang, ten lie and ten are dead, are polled by
the real poller, fetcher and parser for some minutes, and are written to a store. The servers are a
process of their own, so that the pauses of the event loop are the bot's. A failing source is due
after its backoff. Exits with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.feeds import Pauses
from bench.soak_sources import WORDS, Behaviour, SoakSource, plan_sources
from bench.soak_websites import sources_running
from bench.tables import facts, ms, show
from typing_extensions import override

from adapters.sources.feed.factory import open_feed_sources
from bot.clock import SystemClock
from bot.config.schema import FeedsConfig
from bot.errors import SourceError
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.ports import NewsSource, PollMode
from bot.ingest.results import FetchResult, StoryRecord
from bot.model import Source
from store.sqlite import SqliteStore

LATE_BAR = 0.10  # of the interval
PAUSE_BAR = 0.05  # seconds
_MOST_DOUBLINGS = 10
_DEAD = "dead"


@dataclass
class Polls:
    """The polls of one source.

    Attributes:
        kind: What the source is like.
        began: When each began, by the monotonic clock.
        ended: When each ended.
        failures: How many in a row had failed after each.
    """

    kind: str
    began: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)

    def end(self, *, failed: bool) -> None:
        """Notes the end of a poll."""
        self.ended.append(time.monotonic())
        before = self.failures[-1] if self.failures else 0
        self.failures.append(before + 1 if failed else 0)

    def lateness(self, every: float, end: float) -> list[float]:
        """Returns how late each poll but the first was, as a part of the interval that it had.

        One that is overdue at the end counts, too.
        """
        late = []
        for at, (began, ended, failures) in enumerate(
            zip(self.began, self.ended, self.failures, strict=False)
        ):
            interval = every * 2.0 ** min(failures, _MOST_DOUBLINGS)
            due = max(began + interval, ended)
            following = self.began[at + 1] if at + 1 < len(self.began) else None
            if following is not None or end > due:
                late.append(((end if following is None else following) - due) / interval)
        return late


class _TimedSource(NewsSource):
    """A source whose polls are noted."""

    def __init__(self, source: NewsSource, polls: Polls) -> None:
        self._source = source
        self._polls = polls

    @property
    @override
    def source(self) -> Source:
        return self._source.source

    @override
    async def fetch(self, signature: str = "", mode: PollMode = PollMode.SCHEDULED) -> FetchResult:
        self._polls.began.append(time.monotonic())
        failed = True
        try:
            found = await self._source.fetch(signature, mode)
            failed = False
        except SourceError as error:
            failed = not error.put_off
            raise
        else:
            return found
        finally:
            self._polls.end(failed=failed)

    @override
    async def complete(self, filed: Sequence[StoryRecord]) -> Sequence[StoryRecord]:
        return await self._source.complete(filed)


async def serve(count: int, bad: int) -> None:
    """Serves the feeds, tells their kinds and addresses on stdout, and publishes until killed."""
    sources = plan_sources(count, bad)
    chance = random.Random(7)  # noqa: S311 - the same feeds each time
    for source in sources:
        source.dead = source.behaviour is Behaviour.DYING
        for word in chance.choices(WORDS, k=10):
            source.publish(word)
    async with sources_running(sources):
        told = {one.id: (_kind(one), one.url) for one in sources}
        print(json.dumps(told), flush=True)
        while True:
            chance.choice(sources).publish(chance.choice(WORDS))
            await asyncio.sleep(0.2)


def _kind(source: SoakSource) -> str:
    return _DEAD if source.dead else source.kind


@asynccontextmanager
async def _websites(count: int, bad: int) -> AsyncIterator[Mapping[str, tuple[str, str]]]:
    """Has a process serve the feeds as long as the block lasts; gives kinds and URLs by ids."""
    command = (sys.executable, __file__, "--serve", "--sources", str(count), "--bad", str(bad))
    server = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, limit=1 << 20
    )
    assert server.stdout
    try:
        yield json.loads(await server.stdout.readline())
    finally:
        server.kill()
        await server.wait()


def _config(urls: Iterable[str]) -> FeedsConfig:
    hosts = frozenset(urlsplit(url).netloc for url in urls)
    return FeedsConfig(allow_hosts=hosts, timeout=timedelta(seconds=10))


async def poll(
    minutes: float, every: float, count: int, bad: int, path: Path
) -> tuple[Mapping[str, Polls], Pauses, float]:
    """Polls for some minutes; returns the polls by source, the loop's pauses, and the end."""
    clock, pauses = SystemClock(), Pauses()
    async with (
        _websites(count, bad) as sites,
        open_feed_sources(_config(url for _, url in sites.values()), clock) as factory,
        await SqliteStore.open(path) as store,
    ):
        polls = {name: Polls(kind) for name, (kind, _) in sites.items()}
        interval = timedelta(seconds=every)
        sources = [
            _TimedSource(factory.web_feed(Source(name, name, "feed", interval), url), polls[name])
            for name, (_, url) in sites.items()
        ]
        poller = Poller(store, clock, sources, StoryEnricher())
        gc.freeze()  # as the application does
        tasks = [asyncio.create_task(poller.keep_polling()), asyncio.create_task(pauses.watch())]
        await asyncio.sleep(minutes * 60)
        end = time.monotonic()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return polls, pauses, end


def report(polls: Mapping[str, Polls], pauses: Pauses, every: float, end: float) -> bool:
    """Prints the table, and returns whether the bars are kept."""
    kinds: dict[str, list[Polls]] = defaultdict(list)
    for one in polls.values():
        kinds[one.kind].append(one)
    late = {
        kind: [part for one in of for part in one.lateness(every, end)]
        for kind, of in kinds.items()
    }
    rows = [
        (
            kind,
            f"{len(of)}",
            f"{sum(len(one.began) for one in of)}",
            f"{statistics.median(late[kind]):+.1%}" if late[kind] else "",
            f"{max(late[kind]):+.1%}" if late[kind] else "",
        )
        for kind, of in sorted(kinds.items(), key=lambda pair: -len(pair[1]))
    ]
    head = ("Sources", "count", "polls", "median lateness", "worst")
    show(f"Lateness against an interval of {every:g} s, with backoff (bar: 10%)", head, rows)
    print(f"\nLongest pause of the loop: {ms(pauses.worst)} ms; its own work in one, at most:")
    print(f"{ms(pauses.busiest)} ms (bar: {PAUSE_BAR * 1_000:.0f})")
    worst = max(part for parts in late.values() for part in parts)
    return worst <= LATE_BAR and pauses.busiest <= PAUSE_BAR


def main() -> int:
    """Reads the options, and measures with a store that is gone afterwards."""
    parser = argparse.ArgumentParser(description="Measure how late sources are polled.")
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--every", type=float, default=60, help="seconds")
    parser.add_argument("--sources", type=int, default=300)
    parser.add_argument("--bad", type=int, default=10, help="that hang; as many lie or are dead")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.sources, options.bad))
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(
            poll(
                options.minutes, options.every, options.sources, options.bad, Path(folder) / "d.db"
            )
        )
    print(f"{facts()}; {options.sources} sources, {options.minutes:g} minutes")
    polls, pauses, end = found
    return 0 if report(polls, pauses, options.every, end) else 1


if __name__ == "__main__":
    sys.exit(main())
