"""Measures fetching: decompression bombs, and large pages beside a plain download.

Run it as `python tests/bench/fetching.py`.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import aiohttp
import brotli
from backports import zstd
from bench.tables import facts, show, spread
from bombs import BOMBS
from feed_server import Answer, FeedServer

from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness

FETCHING = Path(__file__).parents[1] / "bomb_fetching.py"
MEBIBYTE = 1 << 20
TIMES = 5
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.compress,
    "br": lambda data: brotli.compress(data, quality=5),
    "zstd": zstd.compress,
}


async def _bomb(server: FeedServer, encoding: str) -> tuple[str, ...]:
    harmless = server.answers("/", Answer(b"harmless"))
    url = server.answers("/b", Answer(BOMBS[encoding](), headers={"Content-Encoding": encoding}))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(FETCHING), harmless, url, server.host),
        stdout=asyncio.subprocess.PIPE,
    )
    told = json.loads((await process.communicate())[0])
    return encoding, f"{told['took'] / MEBIBYTE:.1f}", f"{told['pause'] * 1_000:.1f}"


async def _page(server: FeedServer, fetcher: Fetcher, encoding: str) -> tuple[str, ...]:
    body = " ".join(f"word{number} 大阪" for number in range(600_000)).encode()
    packed = PACKERS[encoding](body)
    url = server.answers("/p", Answer(packed, headers={"Content-Encoding": encoding}))
    ratios = []
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        for _ in range(TIMES):
            start = time.perf_counter()
            async with session.get(url) as response:
                await response.read()
            between = time.perf_counter()
            assert (await fetcher.fetch(url)).body == body
            ratios.append((time.perf_counter() - between) / (between - start))
    return encoding, f"{len(body) / MEBIBYTE:.1f}", spread(ratios, ".1f")


async def _measure() -> None:
    print(facts())
    async with FeedServer().running() as server:
        bombs = [await _bomb(server, encoding) for encoding in BOMBS]
        show("A gigabyte of nothing, packed", ("by", "MB taken", "ms others wait"), bombs)
        async with Fetcher(Politeness(allow_hosts=(server.host,), pause=0)) as fetcher:
            pages = [await _page(server, fetcher, encoding) for encoding in PACKERS]
        show("A large page", ("by", "MB", "times as long as a plain download"), pages)


if __name__ == "__main__":
    asyncio.run(_measure())
