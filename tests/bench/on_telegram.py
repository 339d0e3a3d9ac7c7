"""Measures how long readers on Telegram wait, many at once, over a large store.

Bot and Telegram are in one process here, on 127.0.0.1; beside Dateline stands a bot that sends one
line back, on the same server: less than that no bot can take.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

os.environ.setdefault("PTB_TIMEDELTA", "true")
sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.corpus import RARE, desk_over, fill
from bench.tables import Row, facts, memory_mib, ms, percentile, show
from pydantic import SecretStr
from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters
from telegram_api import BotApi
from telegram_chats import Chat
from telegram_people import Person

from adapters.telegram.platform import Telegram
from adapters.telegram.sending import PACE
from bot.clock import SystemClock
from bot.config.shape import TelegramConfig
from bot.desk import Desk
from bot.pacing import Pacer

_PAUSE = 2.0  # seconds between rounds: Telegram lets a bot send sixty messages in that time
_PATIENCE = 60.0

Readers = Sequence[tuple[Person, Chat]]


def questions(count: int) -> list[str]:
    """Searches as readers write them, one in three with a slip."""
    asked = [f"/search {word} harbour tunnel" for word in RARE]
    asked += [f"/search {word[:3]}{word[4:]} town" for word in RARE]
    asked += [f"/search {word[:5]}" for word in RARE]
    return [asked[at % len(asked)] for at in range(count)]


async def waited(server: BotApi, person: Person, chat: Chat, text: str) -> float:
    """Seconds from a question until its answer is in the chat."""
    start = time.perf_counter()
    asked = await person.says(chat, text)
    await server.replies(chat, after=asked)
    return time.perf_counter() - start


async def asked_inline(person: Person, text: str) -> float:
    """Seconds from an inline query until its results are there."""
    start = time.perf_counter()
    await person.asks_inline(text)
    return time.perf_counter() - start


async def rounds(server: BotApi, readers: Readers, count: int, lines: Sequence[str]) -> list[float]:
    """The waits of all readers, who ask at once, several times."""
    waits: list[float] = []
    for turn in range(count):
        texts = lines[turn:] + lines[:turn] if isinstance(lines, list) else list(lines)
        asked = zip(readers, texts, strict=False)
        waits += await asyncio.gather(
            *(waited(server, person, chat, text) for (person, chat), text in asked)
        )
        await asyncio.sleep(_PAUSE)
    return waits


async def inline_rounds(readers: Readers, count: int, texts: Sequence[str]) -> list[float]:
    """The waits of single inline queries, one after the other."""
    person = readers[0][0]
    return [await asked_inline(person, texts[at % len(texts)]) for at in range(count)]


@asynccontextmanager
async def town(readers: int) -> AsyncIterator[tuple[BotApi, Readers]]:
    """Telegram, with readers who have begun to talk to the bot. Calls are not checked here."""
    async with BotApi(patience=_PATIENCE, spec=Path("none")) as server:
        people = [server.user(f"Reader {number}") for number in range(readers)]
        yield server, [(person, server.private(person)) for person in people]


@asynccontextmanager
async def dateline(server: BotApi, desk: Desk) -> AsyncIterator[None]:
    """Dateline, serving."""
    config = TelegramConfig(api_url=server.url, token=SecretStr(server.token))
    task = asyncio.create_task(Telegram(desk, config, Pacer(SystemClock(), PACE)).serve())
    await server.called("getUpdates")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def echo(server: BotApi) -> AsyncIterator[None]:
    """A bot that says what it hears, on the same library."""

    async def say(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_message:
            await update.effective_message.reply_text("heard")

    application = (
        ApplicationBuilder()
        .token(server.token)
        .base_url(server.base_url)
        .concurrent_updates(256)
        .connection_pool_size(64)
        .build()
    )
    application.add_handler(MessageHandler(filters.ALL, say))
    async with application:
        if application.updater is None:
            raise AssertionError("the builder makes one")
        await application.start()
        await application.updater.start_polling()
        await server.called("getUpdates")
        yield
        await application.updater.stop()
        await application.stop()


def row(name: str, waits: Sequence[float], floor: float) -> Row:
    """The row of a table."""
    figures = [percentile(waits, percent) for percent in (50, 99, 100)]
    return (name, str(len(waits)), *map(ms, figures), f"{figures[1] / floor:.1f}")


async def measure(store: Path, options: argparse.Namespace) -> None:
    """Asks, and prints."""
    lines = questions(options.readers)
    rows: list[Row] = []
    async with town(options.readers) as (server, readers), echo(server):
        await rounds(server, readers, 1, lines)
        floor = await rounds(server, readers, options.rounds, lines)
    least = percentile(floor, 99)
    rows.append(row("echo bot", floor, least))
    before = memory_mib()
    async with desk_over(store) as desk, town(options.readers) as (server, readers):
        await desk.services.search.warm()
        async with dateline(server, desk):
            await rounds(server, readers, 1, lines)
            waits = await rounds(server, readers, options.rounds, lines)
            rows.append(row("/search", waits, least))
            texts = [line.removeprefix("/search ") for line in lines]
            inline = await inline_rounds(readers, 200, texts)
            rows.append(row("inline, one by one", inline, least))
    show(
        f"{options.readers} readers ask at once, {options.rounds} times",
        ("", "answers", "p50 ms", "p99", "max", "p99 × echo's"),
        rows,
    )
    print(f"\nPeak of the process: {memory_mib():.0f} MiB, {before:.0f} before Dateline began")


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--store", type=Path, help="kept there, and used again when it is there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or Path(folder) / "news.db"
        if not store.exists():
            print(f"making a store of {options.stories:,} stories ...", file=sys.stderr)
            asyncio.run(fill(store, options.stories, Path(folder)))
        print(facts())
        asyncio.run(measure(store, options))


if __name__ == "__main__":
    main()
