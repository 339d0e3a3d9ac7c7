"""A desk over a real store, with sources that are scripted; what the markers promise."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import is_hypothesis_test, settings
from newsdesk import TestDesk, desk_over
from postgres_server import databases, find_binaries

# No test has a time limit: an example may take its time on a busy machine.
settings.register_profile("dateline", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("dateline")

_MARKERS = {
    "subprocess.Popen": "process",
    "os.fork": "process",
    "os.forkpty": "process",
    "os.posix_spawn": "process",
    "os.system": "process",
    "socket.bind": "server",
}
"""The marker that a test must bear which causes one of Python's audit events."""

_SERVERS = ("feed_server", "raw_server", "servers.")
_QUICK = "not (process or server or slow)"
"""The tests that `make quick` runs, as the Makefile has it."""

_NOT_QUICK = re.compile(
    r"^(?:pytestmark = .*\b(?:process|server|slow)\b"
    r"|(?:from|import) (?:feed_server|raw_server|servers)\b)",
    re.MULTILINE,
)
_caused: set[str] = set()


def _note(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _MARKERS:
        _caused.add(event)


sys.addaudithook(_note)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leaves modules unread of which `make quick` runs no test: to collect those takes as long."""
    if config.option.markexpr != _QUICK or collection_path.suffix != ".py":
        return None
    return True if _NOT_QUICK.search(collection_path.read_text("utf-8")) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Marks tests that use stand-in servers or PostgreSQL's, and those of many examples."""
    has_server = cache(_has_server)
    for item in items:
        if isinstance(item, pytest.Function):
            if has_server(item.module):
                item.add_marker("server")
            if _needs_postgres(item):
                item.add_marker("process")
            if is_hypothesis_test(item.obj):
                item.add_marker("slow")


def _has_server(module: ModuleType) -> bool:
    homes = (getattr(value, "__module__", None) or "" for value in vars(module).values())
    return any(home.startswith(_SERVERS) for home in homes)


def _needs_postgres(item: pytest.Function) -> bool:
    over_each = "tmp_path_factory" in item.fixturenames and hasattr(item.module, "each_store")
    return over_each or "[postgres" in item.name or "postgres_url" in item.fixturenames


def pytest_collection_finish() -> None:
    """Spares the garbage collector the thousands of tests, which stay to the end."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Forgets what happened between the tests, the start of the server for all of them, too."""
    if isinstance(item, pytest.Function) and _needs_postgres(item) and find_binaries():
        databases()
    _caused.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Fails a test that lacks the marker for what it, or a fixture of it, did."""
    yield
    for event in sorted(_caused):
        if not item.get_closest_marker(_MARKERS[event]):
            pytest.fail(f"{event} is for tests that are marked `{_MARKERS[event]}`", pytrace=False)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    """A desk with no stories, two sources and two topics."""
    async with desk_over(tmp_path / "dateline.db") as opened:
        yield opened


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The URL of an empty database on a real PostgreSQL server."""
    if find_binaries() is None:
        pytest.skip("PostgreSQL's server is not installed")
    with databases().one() as url:
        yield url
