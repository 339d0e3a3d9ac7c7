"""Dateline's own search, asked as an adapter asks it, each function in a process of its own."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from bench.corpus import desk_over
from bench.search_queries import Outcome, SearchQuery
from bench.tables import memory_mib, percentile

from bot.app.memory import spare_long_lived
from bot.chat.dispatcher import Dispatcher
from bot.model import Chat, Person
from bot.reply import Reply

READERS = 16
COMPLETIONS = 10
"""Titles that a chat platform shows of those that are begun."""

_WARM = 5
_STORED = frozenset("meta shown sources stories story_topics topics".split())
"""The tables that the bot needs without any search."""

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class EngineAnswers:
    """The answers of an engine.

    Attributes:
        outcomes: Of each query.
        memory: MiB that the process has grown by, from before the engine was opened to the end.
    """

    outcomes: Sequence[Outcome]
    memory: float


@dataclass(frozen=True, slots=True)
class StartTimes:
    """Seconds until the first answer.

    Attributes:
        process: Since the process was started.
        store: Since the store was opened.
    """

    process: float
    store: float


def in_new_process(
    function: Callable[_Given, _Result], /, *args: _Given.args, **given: _Given.kwargs
) -> _Result:
    """Calls a function in a new process, whose memory nothing else has touched."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *args, **given).result()


def ask_all(path: Path, queries: Sequence[SearchQuery]) -> EngineAnswers:
    """Asks every query, one after the other."""
    return asyncio.run(_ask_all(path, queries))


async def _ask_all(path: Path, queries: Sequence[SearchQuery]) -> EngineAnswers:
    before = memory_mib()
    async with desk_over(path) as desk:
        for query in queries[:: max(1, len(queries) // _WARM)]:
            await _search(desk, query.text)
        spare_long_lived()  # as the application does
        outcomes = await ask_each(desk, queries)
        return EngineAnswers(outcomes, memory_mib() - before)


async def ask_each(desk: Dispatcher, queries: Sequence[SearchQuery]) -> Sequence[Outcome]:
    """Asks a desk every query, one after the other."""
    return [await _outcome(desk, query) for query in queries]


async def _outcome(desk: Dispatcher, query: SearchQuery) -> Outcome:
    start = time.perf_counter()
    reply = await _search(desk, query.text)
    seconds = time.perf_counter() - start
    found = [int(card.story.key) for card in reply.cards]
    return Outcome(query, found, seconds, reply.notes)


async def _search(desk: Dispatcher, text: str, reader: int = 0) -> Reply:
    person = Person(f"reader{reader}", "Ada")
    return await desk.dispatch("search", {"words": text}, person, Chat("bench", "room"))


def first_answer(path: Path, text: str, started: float) -> StartTimes:
    """Returns the seconds until a bot that has just been started has answered.

    Args:
        path: The store.
        text: What is searched for.
        started: When whoever calls this began to start the process, as `time.time` tells it.
    """
    return asyncio.run(_first_answer(path, text, started))


async def _first_answer(path: Path, text: str, started: float) -> StartTimes:
    start = time.perf_counter()
    async with desk_over(path) as desk:
        await _search(desk, text)
        return StartTimes(time.time() - started, time.perf_counter() - start)


def waits(path: Path, texts: Sequence[str], readers: int) -> list[float]:
    """Returns the seconds of each answer when so many readers ask at once."""
    return asyncio.run(_waits(path, texts, readers))


async def _waits(path: Path, texts: Sequence[str], readers: int) -> list[float]:
    async with desk_over(path) as desk:
        for text in texts:
            await _search(desk, text)
        spare_long_lived()

        async def wait(reader: int) -> list[float]:
            turned = [*texts[reader:], *texts[:reader]]  # no two ask the same at one time
            return [await _time_search(desk, text, reader) for text in turned]

        by_reader = await asyncio.gather(*map(wait, range(readers)))
        return [seconds for some in by_reader for seconds in some]


async def _time_search(desk: Dispatcher, text: str, reader: int) -> float:
    start = time.perf_counter()
    await _search(desk, text, reader)
    return time.perf_counter() - start


@dataclass(frozen=True, slots=True)
class TitleCompletion:
    """Completion of titles, asked for at every key that is pressed.

    Attributes:
        ready: Seconds from opening the store to the first answer, words and titles read.
        waits: Seconds of each answer after that.
        memory: MiB that the process has grown by, searches included.
    """

    ready: float
    waits: Sequence[float]
    memory: float


def complete_titles(path: Path, titles: Sequence[str], searched: Sequence[str]) -> TitleCompletion:
    """Types titles key by key, after some searches.

    Args:
        path: The store.
        titles: What is typed.
        searched: What is searched for before, so that the memory is that of everything.
    """
    return asyncio.run(_complete_titles(path, titles, searched))


async def _complete_titles(
    path: Path, titles: Sequence[str], searched: Sequence[str]
) -> TitleCompletion:
    before, start = memory_mib(), time.perf_counter()
    async with desk_over(path) as desk:
        engine = desk.services.search
        await engine.complete_title(titles[0], COMPLETIONS)
        ready = time.perf_counter() - start
        for text in searched:
            await _search(desk, text)
        waits = []
        for title in titles:
            for typed in range(1, len(title) + 1):
                at = time.perf_counter()
                await engine.complete_title(title[:typed], COMPLETIONS)
                waits.append(time.perf_counter() - at)
        return TitleCompletion(ready, waits, memory_mib() - before)


def median_wait(path: Path, texts: Sequence[str]) -> float:
    """The median of `waits` for one reader, in ms."""
    return percentile(in_new_process(waits, path, texts, 1), 50) * 1_000


def index_mib(path: Path) -> float:
    """MiB that the store needs for searching: of all tables but those of the stories themselves."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            sizes = connection.execute(
                "SELECT tbl_name, sum(pgsize) FROM dbstat JOIN sqlite_schema USING (name)"
                " GROUP BY tbl_name"
            ).fetchall()
        except sqlite3.OperationalError:  # this SQLite was built without dbstat
            (text,) = connection.execute(
                "SELECT sum(length(CAST(title || summary || body AS BLOB))) FROM stories"
            ).fetchone()
            return (path.stat().st_size - int(text)) / (1 << 20)
    index = sum(int(size) for table, size in sizes if table not in _STORED)
    return index / (1 << 20)
