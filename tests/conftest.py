"""A desk over a real store, with sources that are scripted; what the markers promise."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from newsdesk import TestDesk, desk_over

# No test has a time limit: an example may take its time on a busy machine.
settings.register_profile("dateline", deadline=None)
settings.load_profile("dateline")

_STARTS = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"})
_started: list[str] = []


def _note_process(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _STARTS:
        _started.append(event)


sys.addaudithook(_note_process)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Forgets the processes that were started between the tests."""
    _started.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Fails a test that started a process, its fixtures included, without the marker for that."""
    yield
    if _started and not item.get_closest_marker("process"):
        pytest.fail(f"it starts a process ({_started[0]}); mark it with `process`", pytrace=False)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    """A desk with no stories, two sources and two topics."""
    async with desk_over(tmp_path / "dateline.db") as opened:
        yield opened
