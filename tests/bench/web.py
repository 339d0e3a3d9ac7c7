"""Measures the website: story pages and searches by many readers at once, and the bot beside them.

The site is served by a process of its own. Beside its pages, that process answers a bare page of
the same size through the same listener, and replies of the bot as in a chat.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import aiohttp
from aiohttp import web
from bench.corpus import RARE, desk_over, fill
from bench.tables import facts, ms, percentile, show

from adapters.web.website import READING, WebSite
from adapters.web_listener import WebListener
from bot.chat.dispatcher import Dispatcher
from bot.model import Chat, Person
from bot.posting.page_links import PageLinks, story_path
from bot.search.query import Filter
from bot.web.site import Site

_BARE, _REPLY = "/bare", "/reply"
_PAGE = b"x" * 9_000  # bytes: about a story's page
_STORIES = 2_000  # addresses that readers choose from: far more than are asked for twice
_WORDS = ("harbour tunnel", "battery solar", "school night", "tram rail", "island ferry", *RARE)


def _own(dispatcher: Dispatcher) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Answers what the readers' process asks of the other side."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == _BARE:
            return web.Response(body=_PAGE)
        start = time.perf_counter()
        chat, person = Chat("bench", request.query.get("by", "")), Person("bench")
        await dispatcher.dispatch("search", {"words": request.query["q"]}, person, chat)
        return web.Response(text=f"{time.perf_counter() - start}")

    return answer


async def serve(path: Path, port: int) -> None:
    """Serves the site of a store, until the process is ended."""
    async with desk_over(path) as dispatcher:
        await dispatcher.services.search.warm()
        listener = WebListener(f"127.0.0.1:{port}")
        website = WebSite(Site(dispatcher, PageLinks(f"http://127.0.0.1:{port}")), listener)
        own = listener.handling(_own(dispatcher), lambda at: at in {_BARE, _REPLY})
        async with own, listener.handling(website.handle, methods=READING):
            newest = await dispatcher.services.store.stories.latest(Filter(), _STORIES)
            print(" ".join(map(story_path, newest.stories)), flush=True)
            await asyncio.Event().wait()


async def _ask(session: aiohttp.ClientSession, address: str) -> float:
    start = time.perf_counter()
    async with session.get(address) as answer:
        answer.raise_for_status()
        await answer.read()
    return time.perf_counter() - start


async def read(
    base: str, paths: Sequence[str], readers: int, pause: float, seconds: float
) -> list[float]:
    """Has readers ask for pages, each with a pause of a second or so after one; returns waits."""
    chance = random.Random(7)  # noqa: S311 - repeatable, no secret
    end = time.perf_counter() + seconds
    waits: list[float] = []

    async def one(session: aiohttp.ClientSession) -> None:
        await asyncio.sleep(chance.random() * pause)
        while time.perf_counter() < end:
            waits.append(await _ask(session, base + chance.choice(paths)))
            await asyncio.sleep(pause * (0.5 + chance.random()))

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(one(session) for _ in range(readers)))
    return waits


async def replies(base: str, seconds: float) -> list[float]:
    """Returns how long the bot takes for its own replies, one after the other."""
    end, times = time.perf_counter() + seconds, list[float]()
    async with aiohttp.ClientSession() as session:
        while time.perf_counter() < end:
            async with session.get(f"{base}{_REPLY}", params={"q": random.choice(_WORDS)}) as told:  # noqa: S311 - as above
                times.append(float(await told.text()))
            await asyncio.sleep(0.1)
    return times


def _searches(stories: Sequence[str]) -> list[str]:
    """Returns searches for words of headlines, as readers remember them."""
    chance = random.Random(3)  # noqa: S311 - as above
    slugs = (path.rpartition("/")[2].split("-") for path in chance.choices(stories, k=1_000))
    return [f"/search?q={'+'.join(slug[at : at + 3])}" for slug in slugs for at in (0, 2)]


def _row(name: str, waits: Sequence[float]) -> tuple[str, ...]:
    figures = (ms(percentile(waits, percent)) for percent in (50, 90, 99, 100))
    return (name, str(len(waits)), *figures)


async def measure(base: str, stories: Sequence[str], options: argparse.Namespace) -> None:
    """Measures, and prints what it has found."""
    searched = _searches(stories)
    given = options.readers, options.pause, options.seconds
    own = await read(base, [f"{_REPLY}{one.removeprefix('/search')}" for one in searched], *given)
    bare = await read(base, [_BARE], *given)
    pages = await read(base, stories, *given)
    searches = await read(base, searched, *given)
    alone = await replies(base, options.seconds)
    mixed = [*stories, *searched]
    beside, _ = await asyncio.gather(replies(base, options.seconds), read(base, mixed, *given))
    head = ("ms", "requests", "p50", "p90", "p99", "max")
    title = f"Waits of {options.readers} readers at once, a page each {options.pause:g} s"
    rows = [_row("a bare page", bare), _row("a story's page", pages)]
    rows += [_row("the bot's search, without a page", own), _row("a search", searches)]
    show(title, head, rows)
    rows = [_row("alone", alone), _row("beside these readers", beside)]
    show("The bot's own replies", head, rows)


def main() -> None:
    """Runs the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between a reader's pages")
    parser.add_argument("--seconds", type=float, default=8.0, help="of each part")
    parser.add_argument("--port", type=int, default=8_391)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.serve, options.port))
        return
    path = Path(tempfile.gettempdir()) / "dateline-bench" / f"web-{options.stories}.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            new = Path(folder) / "new.db"
            asyncio.run(fill(new, options.stories, Path(folder)))
            new.rename(path)
    print(f"{facts()}; {options.stories:,} stories")
    command = [sys.executable, "-P", __file__, "--serve", str(path), "--port", str(options.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        if server.stdout is None:
            raise AssertionError("a pipe was asked for")
        try:
            stories = server.stdout.readline().split()
            asyncio.run(measure(f"http://127.0.0.1:{options.port}", stories, options))
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
