"""The stores that every contract test runs over: another one is added to `STORES`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from postgres_server import databases, find_binaries

from bot.chat.ports import Store
from bot.search.query import Filter, Query, Term, parse
from bot.text.tokenizer import words
from store.files import create_private
from store.postgres.store import PostgresStore
from store.sqlite import SqliteStore

OpenStore = Callable[[], Awaitable[Store]]


@contextmanager
def _sqlite(folder: Path) -> Iterator[OpenStore]:
    yield lambda: open_sqlite(folder / "dateline.db")


@contextmanager
def _postgres(_folder: Path) -> Iterator[OpenStore]:
    if find_binaries() is None:
        pytest.skip("PostgreSQL's server is not installed")
    with databases().one() as url:
        yield lambda: PostgresStore.open(url)


async def open_sqlite(path: Path) -> SqliteStore:
    """Opens a store; one that is not there begins as a copy of an empty one, which is faster."""
    if not path.exists():
        create_private(path)
        path.write_bytes(await asyncio.to_thread(_empty_sqlite))
    return await SqliteStore.open(path)


@cache
def _empty_sqlite() -> bytes:
    """Returns the file of a store that was made and closed."""

    async def make(path: Path) -> None:
        await (await SqliteStore.open(path)).aclose()

    with TemporaryDirectory() as folder:
        path = Path(folder, "dateline.db")
        asyncio.run(make(path))
        return path.read_bytes()


EVERYTHING = Filter()
STORES: dict[str, Callable[[Path], AbstractContextManager[OpenStore]]] = {
    "sqlite": _sqlite,
    "postgres": _postgres,
}
_PARAMETERS = ("sqlite", pytest.param("postgres", marks=pytest.mark.server))


@pytest.fixture(params=_PARAMETERS)
async def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenStore]:
    """Opens the same store again each time it is called; all are closed when the test ends."""
    opened: list[Store] = []
    with STORES[str(request.param)](tmp_path) as make:

        async def open_one() -> Store:
            opened.append(await make())
            return opened[-1]

        yield open_one
        for one in opened:
            await one.aclose()


@pytest.fixture
async def store(open_store: OpenStore) -> Store:
    return await open_store()


@asynccontextmanager
async def each_store(factory: pytest.TempPathFactory) -> AsyncIterator[Sequence[Store]]:
    """Every store, new and empty; for tests that need one for each of many examples."""
    async with AsyncExitStack() as stack:
        opened: list[Store] = []
        for make in STORES.values():
            open_one = stack.enter_context(make(factory.mktemp("store")))
            opened.append(await open_one())
            stack.push_async_callback(opened[-1].aclose)
        yield opened


async def listed(store: Store, within: Filter = EVERYTHING, limit: int = 100) -> list[str]:
    """The titles of the latest stories."""
    return [one.title for one in (await store.stories.latest(within, limit)).stories]


async def found(
    store: Store, asked: str | Query, within: Filter = EVERYTHING, limit: int = 50
) -> set[str]:
    """The titles of the stories that match."""
    query = parse(asked) if isinstance(asked, str) else asked
    return {one.title for one in await store.search.candidates(query, within, limit)}


def term(text: str, *also: str, prefix: bool = False) -> Term:
    """A term that nobody typed, with other forms of it."""
    return Term(tuple(words(text)), prefix, tuple(tuple(words(one)) for one in also))


def file_content(path: Path) -> bytes:
    """What a file holds, byte for byte."""
    return path.read_bytes()


def names_beside(path: Path) -> list[str]:
    """The names of a file and of those in its folder."""
    return sorted(each.name for each in path.parent.iterdir())
