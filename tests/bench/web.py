"""Measures the website: lists, stories and searches by many readers at once, and the bot beside.

The site is served by a process of its own. Beside its pages, that process answers a bare page of
the same size through the same listener, and replies of the bot as in a chat. Readers think between
two pages. Most open a list, a new one rather than an old one, and then stories of it; in a row of
its own they come by links to stories that nobody was led to before.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import hashlib
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

sys.path.insert(0, str(Path(__file__).parents[1]))

import aiohttp
from aiohttp import web
from bench.corpus import RARE, desk_over, fill
from bench.tables import facts, ms, percentile, show

from adapters.web.website import WebSite
from adapters.web_listener import WebListener
from bot.chat.dispatcher import Dispatcher
from bot.model import Chat, Person
from bot.posting.page_links import PageLinks, story_path
from bot.search.index_upkeep import merge_index
from bot.search.query import Filter
from bot.threads import favour_event_loop
from bot.web.site import Site
from store.schema import STEPS
from store.sqlite import SqliteStore

_BARE, _REPLY = "/bare", "/reply"
_LIST, _STORY, _LINK, _SEARCH, _OWN = "list", "story", "link", "search", "own"
_NAMES = {
    _BARE: "a bare page",
    _LIST: "a list",
    _STORY: "a story of a list",
    _LINK: "a story that nobody was led to",
    _OWN: "the bot's search, without a page",
    _SEARCH: "the search on the site",
}
_PAGE = b"x" * 9_000  # bytes: about a story's page
_LISTED, _PER_LIST = 2_000, 20  # stories in lists that readers open, and on one of these
_OF_LIST = 3  # stories that somebody reads of a list
_DIRECT = 2_000  # older stories, to which links lead: far more than are asked for twice
_SEARCHED = 0.15  # the share of searches among what readers do
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


def cached_store(stories: int) -> Path:
    """Returns the path of the store in the cache, for the schema that is in the tree now."""
    schema = hashlib.blake2b(repr(STEPS).encode(), digest_size=4).hexdigest()
    return Path(tempfile.gettempdir()) / "dateline-bench" / f"web-{stories}-{schema}.db"


async def make(path: Path, stories: int) -> None:
    """Makes the store, whole or not at all, as one is that has been running for some time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        new = Path(folder) / "new.db"
        await fill(new, stories, Path(folder))
        async with await SqliteStore.open(new) as store:
            await merge_index(store.search, pause=0)
        new.rename(path)


async def serve(path: Path, port: int) -> None:
    """Serves the site of a store, until the process is ended."""
    async with desk_over(path) as dispatcher:
        await dispatcher.services.search.warm()
        gc.freeze()  # as the application does
        listener = WebListener(f"127.0.0.1:{port}")
        website = WebSite(Site(dispatcher, PageLinks(f"http://127.0.0.1:{port}")), listener)
        own = listener.handling(_own(dispatcher), lambda at: at in {_BARE, _REPLY})
        async with own, website.handling():
            stories = dispatcher.services.store.stories
            newest = await stories.latest(Filter(), _LISTED + _DIRECT, once=True)
            print(" ".join(map(story_path, newest.stories)), flush=True)
            await asyncio.Event().wait()


async def _ask(session: aiohttp.ClientSession, address: str, reader: int) -> float:
    """Asks for a page as one of many readers, whom the server in front tells apart."""
    start = time.perf_counter()
    headers = {"X-Forwarded-For": f"203.0.113.{reader}", "Accept-Encoding": "gzip"}
    async with session.get(address, headers=headers) as answer:
        answer.raise_for_status()
        await answer.read()
    return time.perf_counter() - start


Walk: TypeAlias = Iterator[tuple[str, str]]
"""The pages that a reader asks for one after the other: a kind, and an address."""


async def read(
    base: str, walks: Sequence[Walk], pause: float, seconds: float
) -> Mapping[str, list[float]]:
    """Has readers walk, each with a pause of a second or so after a page; returns waits by kind."""
    chance = random.Random(7)  # noqa: S311 - repeatable, no secret
    end = time.perf_counter() + seconds
    waits = defaultdict[str, list[float]](list)

    async def one(session: aiohttp.ClientSession, reader: int, walk: Walk) -> None:
        await asyncio.sleep(chance.random() * pause)
        for kind, path in walk:
            if time.perf_counter() >= end:
                return
            waits[kind].append(await _ask(session, base + path, reader))
            await asyncio.sleep(pause * (0.5 + chance.random()))

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(one(session, *numbered) for numbered in enumerate(walks)))
    return waits


def along_lists(stories: Sequence[str], searches: Iterator[str], chance: random.Random) -> Walk:
    """A reader who opens lists, the newest most often, and some of their stories; or searches."""
    lists = range(len(stories) // _PER_LIST)
    weights = [1 / (number + 1) for number in lists]
    while True:
        if chance.random() < _SEARCHED * (1 + _OF_LIST):
            yield _SEARCH, next(searches)
        (number,) = chance.choices(lists, weights)
        yield _LIST, f"/?page={number + 1}" if number else "/"
        listed = stories[number * _PER_LIST : (number + 1) * _PER_LIST]
        for path in chance.sample(listed, _OF_LIST):
            yield _STORY, path


def anywhere(kind: str, paths: Sequence[str], chance: random.Random) -> Walk:
    """A reader who follows links to pages of one kind."""
    while True:
        yield kind, chance.choice(paths)


def by_turns(searches: Iterator[str]) -> Walk:
    """A reader who searches on the site and in a chat, never twice for the same."""
    while True:
        yield _SEARCH, next(searches)
        yield _OWN, f"{_REPLY}{next(searches).removeprefix('/search')}"


async def replies(base: str, seconds: float) -> list[float]:
    """Returns how long the bot takes for its own replies, one after the other."""
    end, times = time.perf_counter() + seconds, list[float]()
    async with aiohttp.ClientSession() as session:
        while time.perf_counter() < end:
            async with session.get(f"{base}{_REPLY}", params={"q": random.choice(_WORDS)}) as told:  # noqa: S311 - as above
                times.append(float(await told.text()))
            await asyncio.sleep(0.1)
    return times


def searches_for(stories: Sequence[str]) -> Iterator[str]:
    """Yields searches for words of headlines, as readers remember them, each another one."""
    chance = random.Random(3)  # noqa: S311 - as above
    seen = set[str]()
    while True:
        words = chance.choice(stories).rpartition("/")[2].split("-")
        at = chance.randint(0, max(0, len(words) - 3))
        found = f"/search?q={'+'.join(words[at : at + 3])}"
        if found not in seen or len(seen) > len(stories):
            seen.add(found)
            yield found


def _row(name: str, waits: Sequence[float]) -> tuple[str, ...]:
    figures = (ms(percentile(waits, percent)) for percent in (50, 90, 99, 100))
    return (name, str(len(waits)), *figures)


async def measure(base: str, stories: Sequence[str], options: argparse.Namespace) -> None:
    """Measures, and prints what it has found."""
    listed, direct = stories[:_LISTED], stories[_LISTED:]
    searches, count = searches_for(stories), options.readers
    timing = options.pause, options.seconds

    def chances() -> Iterator[random.Random]:
        return (random.Random(number) for number in range(count))  # noqa: S311 - as above

    bare = await read(base, [anywhere(_BARE, [_BARE], one) for one in chances()], *timing)
    walks = [along_lists(listed, searches, one) for one in chances()]
    pages = await read(base, walks, *timing)
    links = await read(base, [anywhere(_LINK, direct, one) for one in chances()], *timing)
    turns = await read(base, [by_turns(searches) for _ in range(count)], *timing)
    alone = await replies(base, options.seconds)
    beside, _ = await asyncio.gather(replies(base, options.seconds), read(base, walks, *timing))
    known = {**bare, **{one: pages[one] for one in (_LIST, _STORY)}, **links, **turns}
    rows = [_row(name, known[kind]) for kind, name in _NAMES.items()]
    head = ("ms", "requests", "p50", "p90", "p99", "max")
    show(f"Waits of {count} readers at once, a page each {options.pause:g} s", head, rows)
    rows = [_row("alone", alone), _row("beside these readers", beside)]
    show("The bot's own replies", head, rows)
    ratios = [
        ("a search on the site, to the same in a chat", turns[_SEARCH], turns[_OWN]),
        ("the bot's reply beside readers, to one alone", beside, alone),
    ]
    told = [(name, *(f"{_ratio(a, b, at):.2f}" for at in (50, 90))) for name, a, b in ratios]
    show("Ratios", ("of waits", "p50", "p90"), told)


def _ratio(these: Sequence[float], those: Sequence[float], at: int) -> float:
    return percentile(these, at) / percentile(those, at)


def main() -> None:
    """Runs the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between a reader's pages")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each part")
    parser.add_argument("--port", type=int, default=8_391)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        favour_event_loop()
        asyncio.run(serve(options.serve, options.port))
        return
    path = cached_store(options.stories)
    if not path.exists():
        asyncio.run(make(path, options.stories))
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
