"""Measures how soon all readers on Discord are acknowledged at once, also during a load.

The bot runs in a process of its own against the tests' Discord. Beside it stands the floor: the
same for a bot on the same library that knows nothing and says "pong".
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import discord
from bench.corpus import COMMON, RARE, SOURCES, TOPICS, archive, desk_over, fill, write_archive
from bench.tables import Row, facts, memory_mib, ms, percentile, show
from pydantic import SecretStr
from servers.discord.interaction import Interaction
from servers.discord.people import Person
from servers.discord.server import A_TOKEN, Server, discord_server, pointed_at
from servers.discord.world import Guild

from adapters.discord.platform import discord as discord_bot
from bot.clock import SystemClock
from bot.config.platforms import DiscordConfig
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.threads import favour_event_loop

LATE = 3.0  # seconds after which Discord takes no answer
NO_SPEC = Path("no specification")  # its checks would cost more than the bot
Ask = Callable[[Person, Guild, random.Random], Awaitable[Interaction]]


@dataclass
class Waits:
    """Seconds until each question was acknowledged, and until its answer was there."""

    seconds: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    late: int = 0

    def row(self, name: str) -> Row:
        return (
            name,
            f"{len(self.seconds):,}",
            *(ms(percentile(self.seconds, percent)) for percent in (50, 99, 100)),
            str(self.late),
            *(ms(percentile(self.whole, percent)) for percent in (50, 99)),
        )


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a measurement."""

    stories: int
    load: int
    readers: int
    rounds: int
    pause: float


# What runs beside this process


async def pong() -> None:
    """The floor."""
    client = discord.AutoShardedClient(
        intents=discord.Intents(guilds=True),
        max_messages=None,
        allowed_mentions=discord.AllowedMentions.none(),
    )
    tree = discord.app_commands.CommandTree(client)

    @tree.command()
    async def latest(interaction: discord.Interaction) -> None:
        """Say pong."""
        await interaction.response.send_message("pong")

    async with client:
        await client.login(A_TOKEN)
        await tree.sync()
        await client.connect()


async def dateline(api: str, store: Path, text: Path) -> None:
    """The bot; loads an archive whenever it is told to."""
    config = DiscordConfig(token=SecretStr(A_TOKEN), api_url=api)
    async with desk_over(store) as desk:
        await desk.services.search.warm()
        gc.freeze()  # as the application does
        sources = [archive(SOURCES[0], text)]
        poller = Poller(
            desk.services.store,
            SystemClock(),
            sources,
            StoryEnricher(TOPICS),
            give_way=desk.services.foreground.give_way,
        )
        serving = asyncio.create_task(discord_bot(desk, config).serve())
        while await asyncio.to_thread(sys.stdin.readline):
            start = time.perf_counter()
            await poller.load()
            print(f"{time.perf_counter() - start:.2f} {memory_mib():.0f}", flush=True)
        serving.cancel()
        await asyncio.wait({serving})


# What measures


@asynccontextmanager
async def beside(server: Server, *given: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A bot in a process of its own, connected."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        __file__,
        "--beside",
        server.api_url,
        server.gateway_url,
        *given,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        await server.gateway.until(lambda: server.gateway.session(0), wait=300)
        while not server.commands.syncs:
            await asyncio.sleep(0.05)
        yield process
    finally:
        process.terminate()
        await process.wait()


async def ask_latest(user: Person, guild: Guild, chance: random.Random) -> Interaction:
    del chance
    return await user.start_command(guild, "latest")


async def ask_anything(user: Person, guild: Guild, chance: random.Random) -> Interaction:
    match chance.randrange(5):
        case 0:
            return await user.start_command(guild, "latest", page=chance.randint(1, 50))
        case 1:
            return await user.start_command(
                guild, "search", words=f"{COMMON} {chance.choice(RARE)}"
            )
        case 2:
            return await user.start_command(guild, "search", words=f"{chance.choice(RARE)[:-1]}x")
        case 3:
            return await user.start_command(guild, "topic", name="Rail")
        case _:
            return await user.start_command(guild, "read", story=chance.choice(RARE))


async def one(server: Server, guild: Guild, ask: Ask, chance: random.Random, waits: Waits) -> None:
    """Asks as a new reader, so that no rate limit applies."""
    user = server.person("Reader", guild)
    start = time.monotonic()
    answer = await ask(user, guild, chance)
    await answer.until(lambda: answer.type, wait=60)
    seconds = time.monotonic() - start
    waits.seconds.append(seconds)
    waits.late += seconds > LATE
    await answer.until(lambda: answer.has_response, wait=60)
    waits.whole.append(time.monotonic() - start)


async def rounds(
    server: Server, guild: Guild, ask: Ask, options: Options, over: Callable[[int], bool]
) -> Waits:
    """All readers ask at once, again and again."""
    chance = random.Random(0)  # noqa: S311 - repeatable questions, no secret
    waits, done = Waits(), 0
    while not over(done):
        await asyncio.gather(
            *(one(server, guild, ask, chance, waits) for _ in range(options.readers))
        )
        guild.channel.messages.clear()
        server.calls.clear()
        done += 1
        await asyncio.sleep(options.pause)
    return waits


async def floor(options: Options) -> Waits:
    """Measures how soon the bare bot answers."""
    async with discord_server(spec=NO_SPEC) as server:
        guild = server.guild("Readers")
        async with beside(server, "pong"):
            await rounds(server, guild, ask_latest, options, lambda done: done >= 2)
            return await rounds(
                server, guild, ask_latest, options, lambda done: done >= options.rounds
            )


async def ours(options: Options, store: Path, text: Path) -> tuple[Waits, Waits, str]:
    """Measures how soon the bot answers, without and with a load; adds the load's report."""
    async with discord_server(spec=NO_SPEC) as server:
        guild = server.guild("Readers")
        async with beside(server, "dateline", str(store), str(text)) as process:
            await rounds(server, guild, ask_anything, options, lambda done: done >= 2)
            idle = await rounds(
                server, guild, ask_anything, options, lambda done: done >= options.rounds
            )
            if process.stdin is None or process.stdout is None:
                raise AssertionError("it was started with pipes")
            process.stdin.write(b"load\n")
            loaded = asyncio.create_task(process.stdout.readline())
            busy = await rounds(server, guild, ask_anything, options, lambda _: loaded.done())
            return idle, busy, (await loaded).decode()


def measure(options: Options, store: Path, folder: Path) -> None:
    """Measures, and prints the table."""
    text = folder / "load.txt"
    write_archive(text, options.load, seed=99)
    working = folder / "working.db"
    shutil.copy(store, working)
    gc.freeze()  # a search for cycles here would be taken for a wait
    bare = asyncio.run(floor(options))
    idle, busy, told = asyncio.run(ours(options, working, text))
    seconds, memory = told.split()
    print(
        f"{facts()}; {options.stories:,} stories, {options.readers} readers at once, "
        f"{options.pause:g} s between rounds"
    )
    rows = [
        bare.row('Floor: a bot that says "pong"'),
        idle.row("Dateline"),
        busy.row(f"Dateline, loading {options.load:,} stories"),
    ]
    head = (
        "Until acknowledged, in ms",
        "answers",
        "p50",
        "p99",
        "max",
        "over 3 s",
        "answered p50",
        "p99",
    )
    show("Readers on Discord", head, rows)
    print(f"\nThe load took {seconds} s beside the readers; the bot had {memory} MiB after it.")


def run_beside(api: str, gateway: str, what: str, *given: str) -> None:
    """Runs a bot, for another process that measures it."""
    favour_event_loop()
    with pointed_at(api, gateway):
        asyncio.run(pong() if what == "pong" else dateline(api, *map(Path, given)))


def main(arguments: Sequence[str]) -> None:
    """Reads the options, makes the store unless there is one, and measures."""
    if arguments[:1] == ["--beside"]:
        run_beside(*arguments[1:])
        return
    parser = argparse.ArgumentParser(description="Measure how soon readers are acknowledged.")
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument(
        "--load", type=int, default=10_000, help="stories that are loaded meanwhile"
    )
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two rounds")
    parser.add_argument("--store", type=Path, help="kept there, and used again when it is there")
    given = vars(parser.parse_args(arguments))
    kept: Path | None = given.pop("store")
    options = Options(**given)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = kept or folder / "bench.db"
        if not store.exists():
            print(f"making a store of {options.stories:,} stories ...", file=sys.stderr)
            asyncio.run(fill(store, options.stories, folder))
        measure(options, store, folder)


if __name__ == "__main__":
    main(sys.argv[1:])
