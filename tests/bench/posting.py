"""Measures how fast one story reaches very many chats, beside the least that the limits allow.

Dateline is a process of its own, as the operator runs it. The platform is in this process, on
127.0.0.1; it enforces the documented limits, and remembers when it took what. Meanwhile a reader
asks, one question after the other. With `--standby` there are two such processes over one
PostgreSQL, of which one posts.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.corpus import RARE, fill
from bench.tables import facts, ms, percentile, show
from postgres_server import PostgresServer
from servers.discord.limits import Limits as DiscordLimits
from servers.discord.server import Server as DiscordServer
from servers.discord.server import discord_server
from servers.telegram.limits import Limits as TelegramLimits
from servers.telegram.server import Server as TelegramServer

from bot.model import Chat
from bot.subscriptions.model import Subscription, TargetKind
from store.sqlite import SqliteStore

_TOKEN = "MTIzNDU2Nzg5.Gabcde.a-token-that-opens-nothing"  # noqa: S105
_HEADLINE = "Story 1 breaks"
_QUIET = 20  # questions before the story comes
_POLL = 0.1  # seconds
_PAUSE = 1.3  # seconds between two questions: who asks faster is told to wait

Ask = Callable[[str], Awaitable[float]]


@dataclass
class Measurement:
    """The measurement of one platform.

    Attributes:
        allowed: Messages a second that the platform allows.
        replies_count: Whether replies are among these.
        times: When posts were taken, in seconds.
        chats: How many chats had the story, each once.
        refused: How often the platform said that it was too much.
        quiet: Seconds that a reader waited before the story came.
        meanwhile: And while it was posted.
        memory: MiB of the process before, and the most of it later.
    """

    allowed: float
    replies_count: bool
    times: list[float] = field(default_factory=list)
    chats: int = 0
    refused: int = 0
    quiet: list[float] = field(default_factory=list)
    meanwhile: list[float] = field(default_factory=list)
    memory: tuple[float, float] = (0.0, 0.0)


@dataclass
class Town:
    """A platform, as the measurement needs it.

    Attributes:
        platform: Its name.
        chats: The ids of those that follow.
        allowed: Messages a second that it allows.
        settings: What the configuration says of it.
        tokens: The environment.
        posts: When the story was taken, and by which chat.
        refused: How often it was too much so far.
        ask: A reader searches; gives the seconds until there is an answer.
        ready: Waits until the bot serves.
    """

    platform: str
    chats: Sequence[int]
    allowed: float
    settings: str
    tokens: dict[str, str]
    posts: Callable[[], Sequence[tuple[float, int]]]
    refused: Callable[[], int]
    ask: Ask
    ready: Callable[[], Awaitable[object]]


@asynccontextmanager
async def on_telegram(chats: int) -> AsyncIterator[Town]:
    """Telegram: private chats, thirty messages a second."""
    async with TelegramServer(patience=120, spec=Path("none")) as server:
        ids = [server.private(server.person(f"Reader {number}")).id for number in range(chats)]
        ada = server.person("Ada")
        chat = server.private(ada)
        server.limits = TelegramLimits(burst=5.0)  # as it lets short bursts pass

        async def ask(words: str) -> float:
            start = time.perf_counter()
            await server.replies(chat, after=await ada.says(chat, f"/search {words}"))
            return time.perf_counter() - start

        yield Town(
            "telegram",
            ids,
            30.0,
            f'[telegram]\napi_url = "{server.url}"\n',
            {"DATELINE_TELEGRAM_TOKEN": server.token},
            lambda: [(one.at, one.chat) for one in server.accepted if _HEADLINE in one.text],
            lambda: server.too_many,
            ask,
            lambda: server.called("getUpdates"),
        )


@asynccontextmanager
async def on_discord(chats: int) -> AsyncIterator[Town]:
    """Discord: channels of many servers, fifty requests a second."""
    async with discord_server(token=_TOKEN, spec=Path("none")) as server:
        ids = [channel.id for channel in server.channels(chats)]
        readers = server.guild("Readers")
        ada = server.person("Ada", readers)
        server.limits = DiscordLimits()

        async def ask(words: str) -> float:
            start = time.perf_counter()
            await ada.command(readers, "search", words=words)
            return time.perf_counter() - start

        yield Town(
            "discord",
            ids,
            50.0,
            f'[discord]\napi_url = "{server.api_url}"\n',
            {"DATELINE_DISCORD_TOKEN": _TOKEN},
            lambda: [
                (one.at, one.channel) for one in server.accepted if _HEADLINE in " ".join(one.says)
            ],
            lambda: server.too_many,
            ask,
            lambda: _wait_for_commands(server),
        )


async def _wait_for_commands(server: DiscordServer) -> None:
    await server.ready()
    while not server.commands.syncs:
        await asyncio.sleep(_POLL)


def publish(folder: Path, count: int) -> None:
    """An archive of so many stories."""
    today = datetime.now(UTC)
    stories = (
        f"Story {n} breaks\n\nOSAKA, {today:%b. %d, %Y}—This is what story {n} says.\n\n###\n"
        for n in range(count)
    )
    (folder / "wire.new").write_text("".join(stories), "utf-8")
    (folder / "wire.new").replace(folder / "wire.txt")


async def prepare(folder: Path, town: Town, stories: int, url: str) -> Sequence[str]:
    """A store, an archive that has been loaded, and those who follow it; gives the command.

    With the URL of an empty database, all is copied there.
    """
    await fill(folder / "news.db", stories, folder)
    configure(folder, town, "")
    publish(folder, 1)
    command = (sys.executable, "-m", "bot.cli", "--config", str(folder / "config.toml"))
    loading = await asyncio.create_subprocess_exec(*command, "load")
    await loading.wait()
    async with await SqliteStore.open(folder / "news.db") as store:
        for one in town.chats:
            chat = Chat(town.platform, str(one))
            now = datetime.now(UTC)
            await store.subscriptions.put(Subscription(chat, TargetKind.SOURCE, "wire", made=now))
    if url:
        configure(folder, town, url)
        copy = ("copy", "--from", "sqlite", "--to", "postgresql")
        copying = await asyncio.create_subprocess_exec(*command, *copy)
        await copying.wait()
    return command


def configure(folder: Path, town: Town, url: str) -> None:
    """Writes the configuration; with a URL, that of a store in PostgreSQL."""
    store = f'url = "{url}"\n' if url else ""
    (folder / "config.toml").write_text(
        f'[store]\npath = "news.db"\n{store}[[sources]]\nid = "wire"\nkind = "archive"\n'
        f'path = "wire.txt"\nevery = "1m"\n[monitoring]\nlisten = ""\n{town.settings}',
        "utf-8",
    )


def memory(pid: int, kind: str) -> float:
    """MiB of a process: `VmRSS` now, `VmHWM` at most."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return next(int(s.split()[1]) for s in status.splitlines() if s.startswith(kind)) / 1024


@asynccontextmanager
async def standing_by(command: Sequence[str], town: Town, count: int) -> AsyncIterator[None]:
    """Has so many more processes beside the one that was begun first."""
    environment = {**os.environ, **town.tokens}
    processes = [
        await asyncio.create_subprocess_exec(*command, "run", env=environment) for _ in range(count)
    ]
    try:
        yield
    finally:
        for one in processes:
            one.terminate()
            await one.wait()


async def measure(town: Town, folder: Path, options: argparse.Namespace, url: str) -> Measurement:
    """Posts one story to all chats."""
    command = await prepare(folder, town, options.stories, url)
    figures = Measurement(town.allowed, town.platform == "telegram")
    process = await asyncio.create_subprocess_exec(
        *command, "run", env={**os.environ, **town.tokens}
    )
    try:
        await town.ready()
        async with standing_by(command, town, 1 if url else 0):
            await post(town, folder, figures, process.pid)
    finally:
        process.terminate()
        await process.wait()
    posts = town.posts()
    figures.times = [at for at, _ in posts]
    figures.chats = len({chat for _, chat in posts}) if len(posts) == len(town.chats) else -1
    figures.refused = town.refused()
    return figures


async def post(town: Town, folder: Path, figures: Measurement, pid: int) -> None:
    """Publishes a story, and waits until all chats have it, while a reader asks."""
    words = [f"{word} harbour" for word in RARE]
    await asyncio.sleep(3)  # it learns all words
    for turn in range(_QUIET):
        figures.quiet.append(await town.ask(words[turn % len(words)]))
        await asyncio.sleep(_PAUSE)
    before = memory(pid, "VmRSS")
    publish(folder, 2)
    while not town.posts():
        await asyncio.sleep(_POLL)
    asked = 0
    while len(town.posts()) < len(town.chats):
        figures.meanwhile.append(await town.ask(words[asked % len(words)]))
        asked += 1
        await asyncio.sleep(_PAUSE)
    figures.memory = before, memory(pid, "VmHWM")


def table(name: str, figures: Measurement) -> None:
    """Prints what was measured."""
    taken = max(figures.times) - min(figures.times)
    posts = len(figures.times) - 1
    least = posts / figures.allowed
    # On Telegram replies count against the same limit, and go first.
    replies = len(figures.meanwhile) if figures.replies_count else 0
    show(
        f"{name}: one story to {figures.chats:,} chats, each once",
        ("seconds", "least allowed", "posts of the rate", "with replies", "answers of 429"),
        [
            (
                f"{taken:.1f}",
                f"{least:.1f}",
                f"{least / taken:.1%}",
                f"{(posts + replies) / figures.allowed / taken:.1%}",
                str(figures.refused),
            )
        ],
    )
    show(
        "a reader's /search, ms",
        ("", "questions", "p50", "p99", "worst"),
        [
            (what, str(len(waits)), *(ms(percentile(waits, p)) for p in (50, 99, 100)))
            for what, waits in (("before", figures.quiet), ("meanwhile", figures.meanwhile))
        ],
    )
    before, most = figures.memory
    print(f"\nMemory: {before:.0f} MiB before, {most:.0f} MiB at most")


@contextmanager
def database(*, standby: bool) -> Iterator[str]:
    """Lends the URL of an empty database where there is a standby; else an empty text."""
    if not standby:
        yield ""
        return
    server = PostgresServer("fsync=on")
    server.start()
    try:
        yield server.url()
    finally:
        server.remove()


async def run(options: argparse.Namespace) -> None:
    """Measures on each platform that was asked for."""
    towns = {"telegram": on_telegram, "discord": on_discord}
    print(facts())
    for name in options.platform or towns:
        with tempfile.TemporaryDirectory() as folder, database(standby=options.standby) as url:
            async with towns[name](options.chats) as town:
                table(name.title(), await measure(town, Path(folder), options, url))


def main() -> None:
    """Reads the command line, and measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=10_000)
    parser.add_argument("--stories", type=int, default=10_000, help="stories to search in")
    parser.add_argument("--platform", action="append", choices=["telegram", "discord"])
    parser.add_argument("--standby", action="store_true", help="over PostgreSQL, beside a standby")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
