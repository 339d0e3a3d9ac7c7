"""Measures how many feeds one, two and three processes over one PostgreSQL poll in a minute.

Every feed is due again as soon as it was polled, so each process polls as fast as it may. Feeds are
served by a process of their own, which publishes all the time; another one is PostgreSQL. Where
they are more than the machine has cores, they take turns, and the gain of each process is less than
it is on machines of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.outbox import make_database
from bench.soak_sources import WORDS, plan_sources
from bench.soak_websites import sources_running
from bench.tables import facts, show
from postgres_server import PostgresServer

from adapters.sources.feed.factory import open_feed_sources
from bot.clock import SystemClock
from bot.config.schema import FeedsConfig
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.model import Source
from store.postgres.store import PostgresStore

_EVERY = timedelta(seconds=1)
_STORIES = 10  # of each feed at the beginning
_PUBLISH = 0.02  # seconds between two new stories of all feeds
_WARM = 6.0  # seconds in which every feed is polled for the first time

Process = asyncio.subprocess.Process


async def serve(count: int) -> None:
    """Serves so many feeds, tells their addresses on stdout, and publishes until killed."""
    sources = plan_sources(count, 0)
    chance = random.Random(7)  # noqa: S311 - the same feeds each time
    for source in sources:
        for word in chance.choices(WORDS, k=_STORIES):
            source.publish(word)
    async with sources_running(sources):
        print(json.dumps({one.id: one.url for one in sources}), flush=True)
        while True:
            chance.choice(sources).publish(chance.choice(WORDS))
            await asyncio.sleep(_PUBLISH)


async def poll(database: str, urls: Mapping[str, str], seconds: float) -> None:
    """Polls what falls to this process, once told to begin; prints how often, and its CPU."""
    hosts = frozenset(urlsplit(url).netloc for url in urls.values())
    config = FeedsConfig(allow_hosts=hosts, timeout=timedelta(seconds=10))
    clock = SystemClock()
    async with (
        open_feed_sources(config, clock) as factory,
        await PostgresStore.open(database) as store,
    ):
        sources = [
            factory.web_feed(Source(name, name, "feed", _EVERY), url) for name, url in urls.items()
        ]
        poller = Poller(store, clock, sources, StoryEnricher())
        await store.leases.renew()  # so that all know of one another when they begin
        await _say("ready")
        works = (poller.share.keep_renewing(), poller.keep_polling())
        tasks = [asyncio.create_task(one) for one in works]
        await asyncio.sleep(_WARM)
        before, cpu = poller.counters.outcomes.total(), time.process_time()
        await asyncio.sleep(seconds)
        polls = poller.counters.outcomes.total() - before
        print(json.dumps([polls, time.process_time() - cpu]), flush=True)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _say(word: str) -> None:
    """Says that this process is ready, and waits for a line."""
    print(word, flush=True)
    await asyncio.to_thread(sys.stdin.readline)


@asynccontextmanager
async def _started(*options: str) -> AsyncIterator[Process]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, *options, stdin=pipe, stdout=pipe, limit=1 << 20
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _line(process: Process) -> str:
    assert process.stdout
    return (await process.stdout.readline()).decode()


async def measure(database: str, feeds: str, count: int, seconds: float) -> list[Sequence[float]]:
    """Has so many processes poll; returns the polls and the seconds of CPU of each."""
    async with AsyncExitStack() as stack:
        processes = [
            await stack.enter_async_context(
                _started("--poll", database, "--urls", feeds, "--seconds", str(seconds))
            )
            for _ in range(count)
        ]
        for one in processes:
            await _line(one)
        for one in processes:
            assert one.stdin
            one.stdin.write(b"go\n")
        return [json.loads(await _line(one)) for one in processes]


async def run(options: argparse.Namespace) -> None:
    """Measures with one, two and three processes, each over an empty database."""
    print(f"{facts()}; {options.feeds} feeds, {options.seconds:g} s each")
    server = PostgresServer("fsync=on", "synchronous_commit=on")
    server.start()
    rows: list[Sequence[str]] = []
    first = 0.0
    try:
        for count in options.processes:
            async with _started("--serve", "--feeds", str(options.feeds)) as websites:
                feeds = await _line(websites)
                database = make_database(server, f"p{count}")
                found = await measure(database, feeds, count, options.seconds)
            polls, cpu = (sum(one[at] for one in found) for at in range(2))
            a_minute = polls * 60 / options.seconds
            first = first or a_minute
            least = min(one[0] for one in found) / max(1, polls)
            figures = (f"{a_minute:,.0f}", f"{a_minute / first:.2f}", f"{least:.0%}")
            rows.append((str(count), *figures, f"{cpu / max(1, polls) * 1_000:.1f}"))
    finally:
        server.remove()
    head = ("processes", "polls a minute", "times one", "least share", "CPU ms a poll")
    show(
        "Feeds polled in a minute; CPU without PostgreSQL's and the parser's processes", head, rows
    )


def main() -> None:
    """Reads the command line, and measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--poll", metavar="URL", help=argparse.SUPPRESS)
    parser.add_argument("--urls", help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("PYTHONPATH", str(Path(__file__).parents[2]))
    if options.serve:
        asyncio.run(serve(options.feeds))
    elif options.poll:
        asyncio.run(poll(options.poll, json.loads(options.urls), options.seconds))
    else:
        asyncio.run(run(options))


if __name__ == "__main__":
    main()
