"""Measures how long readers on Telegram wait, many at once, over a large store.

The readers and their Telegram are a process of their own, on 127.0.0.1. Beside Dateline stands a
bot that sends one word back, on the same library and the same server: no bot takes less.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

os.environ.setdefault("PTB_TIMEDELTA", "true")
sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.corpus import RARE, desk_over, fill
from bench.headlines import cached_store, read
from bench.headlines import fill as fill_headlines
from bench.search_queries import first_of_each, read_queries
from bench.tables import Row, facts, memory_mib, ms, percentile, show
from pydantic import SecretStr
from servers.telegram.chats import Chat
from servers.telegram.people import Person
from servers.telegram.server import Server
from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

from adapters.telegram.messenger import RATE_LIMITS
from adapters.telegram.platform import Telegram
from bot.chat.dispatcher import Dispatcher
from bot.clock import SystemClock
from bot.config.platforms import TelegramConfig
from bot.posting.rate_limiter import RateLimiter

_DATA = Path(__file__).parents[3] / "shared" / "bench"
_PAUSE = 2.0  # seconds between rounds: Telegram lets a bot send sixty messages in that time
_PATIENCE = 60.0

Readers = Sequence[tuple[Person, Chat]]


@dataclass(frozen=True, slots=True)
class Workload:
    """The workload: a store, and the searches that are asked of it."""

    store: Path
    words: Sequence[str]


def generated_workload(options: argparse.Namespace, folder: Path) -> Workload:
    """Long stories that were made up, with searches of which one in three has a slip."""
    store = folder / "news.db"
    asyncio.run(fill(store, options.stories, folder))
    words = [f"{word} harbour tunnel" for word in RARE]
    words += [f"{word[:3]}{word[4:]} bridge" for word in RARE]
    words += [f"{word[:5]}" for word in RARE]
    return Workload(store, words)


def headline_workload(options: argparse.Namespace) -> Workload:
    """Real headlines, repeated with other words, with searches as readers type them."""
    corpus = read(_DATA / "news_dev_50k.jsonl.gz", None, options.stories)
    store = cached_store(corpus)
    if not store.exists():
        asyncio.run(fill_headlines(store, corpus))
    asked = read_queries(_DATA / "queries_dev_50k.json.gz", "test", corpus)
    return Workload(store, [one.text for one in first_of_each(asked, 100)])


async def time_answer(server: Server, person: Person, chat: Chat, text: str) -> float:
    """Returns the seconds from a question until its answer is in the chat."""
    start = time.perf_counter()
    asked = await person.says(chat, text)
    await server.replies(chat, after=asked)
    return time.perf_counter() - start


async def time_inline_query(person: Person, text: str) -> float:
    """Returns the seconds from an inline query until its results are there."""
    start = time.perf_counter()
    await person.asks_inline(text)
    return time.perf_counter() - start


async def rounds(server: Server, readers: Readers, count: int, words: Sequence[str]) -> list[float]:
    """The waits of all readers, who ask at once, several times."""
    waits: list[float] = []
    lines = (f"/search {text}" for text in cycle(words))
    for _ in range(count):
        asking = [(person, chat, next(lines)) for person, chat in readers]
        waits += await asyncio.gather(*(time_answer(server, *one) for one in asking))
        await asyncio.sleep(_PAUSE)
    return waits


async def inline_rounds(readers: Readers, count: int, texts: Sequence[str]) -> list[float]:
    """The waits of single inline queries, one after the other."""
    person = readers[0][0]
    return [await time_inline_query(person, texts[at % len(texts)]) for at in range(count)]


async def town(words: Sequence[str], readers: int, count: int, inline: int) -> None:
    """Telegram, in a process of its own: tells where it is, and then how long everybody waited.

    Calls are not checked against the specification here.
    """
    words = random.Random(0).sample(words, len(words))  # noqa: S311 - mixed, the same each time
    async with Server(patience=_PATIENCE, spec=Path("none")) as server:
        people = [server.person(f"Reader {number}") for number in range(readers)]
        talking = [(person, server.private(person)) for person in people]
        print(json.dumps([server.url, server.token]), flush=True)
        await server.called("getUpdates")
        await rounds(server, talking, 1, words)
        waits = await rounds(server, talking, count, words)
        print(json.dumps([waits, await inline_rounds(talking, inline, words)]), flush=True)


@asynccontextmanager
async def asked(
    words: Sequence[str], options: argparse.Namespace, inline: int
) -> AsyncIterator[tuple[str, str, Callable[[], Awaitable[list[list[float]]]]]]:
    """The town: where it is, the bot's token, and a way to wait for its figures."""
    command = [sys.executable, __file__, "--town", "--inline", str(inline)]
    command += ["--readers", str(options.readers), "--rounds", str(options.rounds)]
    child = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 24
    )
    stdin, stdout = child.stdin, child.stdout
    if stdin is None or stdout is None:
        raise AssertionError("both are pipes")
    stdin.write(json.dumps(words).encode() + b"\n")

    async def figures() -> list[list[float]]:
        told: list[list[float]] = json.loads(await stdout.readline())
        return told

    try:
        url, token = json.loads(await stdout.readline())
        yield url, token, figures
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()


@asynccontextmanager
async def dateline(url: str, token: str, desk: Dispatcher) -> AsyncIterator[None]:
    """Dateline, serving."""
    config = TelegramConfig(api_url=url, token=SecretStr(token))
    task = asyncio.create_task(
        Telegram(desk, config, RateLimiter(SystemClock(), RATE_LIMITS)).serve()
    )
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def echo(url: str, token: str) -> AsyncIterator[None]:
    """A bot that says one word to all it hears, on the same library."""

    async def say(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_message:
            await update.effective_message.reply_text("heard")

    builder = ApplicationBuilder().token(token).base_url(f"{url}/bot")
    application = builder.concurrent_updates(256).connection_pool_size(64).build()
    application.add_handler(MessageHandler(filters.ALL, say))
    async with application:
        if application.updater is None:
            raise AssertionError("the builder makes one")
        await application.start()
        await application.updater.start_polling()
        yield
        await application.updater.stop()
        await application.stop()


def row(name: str, waits: Sequence[float], floor: float) -> Row:
    """The row of a table."""
    figures = [percentile(waits, percent) for percent in (50, 99, 100)]
    return (name, str(len(waits)), *map(ms, figures), f"{figures[1] / floor:.1f}")


async def measure(given: Workload, options: argparse.Namespace) -> None:
    """Asks, and prints."""
    async with asked(given.words, options, 0) as (url, token, figures), echo(url, token):
        floor, _ = await figures()
    least = percentile(floor, 99)
    before = memory_mib()
    async with desk_over(given.store) as desk, asked(given.words, options, 300) as town:
        url, token, figures = town
        await desk.services.search.warm()
        async with dateline(url, token, desk):
            waits, inline = await figures()
    rows = [
        row("echo bot", floor, least),
        row("Dateline: /search", waits, least),
        row("inline, one by one", inline, least),
    ]
    show(
        f"{options.readers} readers ask at once, {options.rounds} times",
        ("", "answers", "p50 ms", "p99", "max", "p99 × echo's"),
        rows,
    )
    print(f"\nPeak of the bot's process: {memory_mib():.0f} MiB ({before:.0f} before Dateline)")


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--made-up", action="store_true", help="use made-up stories, not headlines")
    parser.add_argument("--town", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--inline", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.town:
        words = json.loads(sys.stdin.readline())
        asyncio.run(town(words, options.readers, options.rounds, options.inline))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(f"making a store of {options.stories:,} stories ...", file=sys.stderr)
        is_made_up = options.made_up or not _DATA.exists()
        given = (
            generated_workload(options, Path(folder)) if is_made_up else headline_workload(options)
        )
        kind = "made-up stories" if is_made_up else "headlines with descriptions"
        print(f"{facts()}; {options.stories:,} {kind}")
        asyncio.run(measure(given, options))


if __name__ == "__main__":
    main()
