"""Loads that end before their time: killed, or stopped by a disk that takes no more."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from archives import generated_archive

from bot.ingest.story_writer import BATCH
from bot.search.query import Filter
from store.sqlite import SqliteStore

pytestmark = [pytest.mark.process, pytest.mark.slow]

STORIES = 2_000
UNCHANGED = f"town: 0 new, 0 changed, {STORIES} unchanged, 0 unreadable\n"
CLI = "from bot.cli.main import main; main()"
SMALL_FILES = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2**22, 2**22))"

# Moments of a kill: shares of the time that a whole load takes, before anything is written; then
# shares of the bytes that it writes, each with a pause in milliseconds, so that the kills fall on
# different moments of a transaction.
BEFORE_WRITING = (0.2,)
WRITING = ((0.05, 0), (0.35, 17), (0.6, 5), (0.85, 29))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "town.txt"
    path.write_text("".join(generated_archive(STORIES)), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path, archive: Path) -> Path:
    """A folder with a configuration that loads the archive into a store beside it."""
    return _configured(tmp_path, archive)


def _configured(folder: Path, archive: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(
        "[store]\npath = 'dateline.db'\n"
        f"[[sources]]\nid = 'town'\nkind = 'archive'\npath = '{archive}'\n"
        "[[topics]]\nname = 'Harbour'\nquery = 'harbour OR ferry'\n",
        encoding="utf-8",
    )
    return folder


def _command(folder: Path, script: str = CLI) -> list[str]:
    return [sys.executable, "-c", script, "--config", str(folder / "config.toml"), "load"]


def _load(folder: Path, script: str = CLI) -> subprocess.CompletedProcess[str]:
    command = _command(folder, script)
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)


def _killed(folder: Path, when: Callable[[], bool]) -> None:
    """Loads, and kills it as soon as it is time; it may come to its end before that."""
    pipe = subprocess.PIPE
    with subprocess.Popen(_command(folder), stdout=pipe, stderr=pipe) as process:
        while process.poll() is None and not when():
            time.sleep(0.001)
        process.kill()
        _, errors = process.communicate(timeout=30)
    assert errors == b""
    assert process.returncode in {0, -signal.SIGKILL}


def _bytes(folder: Path) -> int:
    """How much has been written; looking at the files disturbs nobody, unlike opening them."""
    return sum(each.stat().st_size for each in folder.glob("dateline.db*") if each.exists())


def _moments(folder: Path, seconds: float, size: int) -> Iterator[Callable[[], bool]]:
    for share in BEFORE_WRITING:
        yield partial(_past, time.monotonic() + share * seconds)
    for share, pause in WRITING:
        yield partial(_reached, folder, share * size, pause)


def _past(moment: float) -> bool:
    return time.monotonic() >= moment


def _reached(folder: Path, size: float, pause: int) -> bool:
    if _bytes(folder) < size:
        return False
    time.sleep(pause / 1_000)
    return True


def _stories(folder: Path) -> int:
    """How many stories the store holds, once it has passed its checks."""
    return asyncio.run(_checked(folder / "dateline.db"))


async def _checked(path: Path) -> int:
    async with await SqliteStore.open(path) as store:
        assert await store.check() == []
        total = (await store.stories.latest(Filter(), 1)).total
        assert len(await store.ingest.fingerprints("town")) == total
        return total


def _finishes(folder: Path) -> None:
    left = _stories(folder)
    finished = _load(folder)
    assert (finished.returncode, finished.stderr) == (0, "")
    new, unchanged = STORIES - left, left
    assert finished.stdout == (f"town: {new} new, 0 changed, {unchanged} unchanged, 0 unreadable\n")
    assert _stories(folder) == STORIES


def test_a_kill_at_any_moment_leaves_a_whole_store_that_the_next_load_finishes(
    folder: Path, archive: Path
) -> None:
    undisturbed = _configured(folder / "undisturbed", archive)
    begun = time.monotonic()
    assert _load(undisturbed).returncode == 0
    seconds = time.monotonic() - begun

    left = []
    for moment in _moments(folder, seconds, _bytes(undisturbed)):
        _killed(folder, moment)
        left.append(_stories(folder))

    assert left == sorted(left)  # what was written once stays
    assert [count for count in left if count % BATCH] == []
    assert len({count for count in left if 0 < count < STORIES}) >= 2, left
    _finishes(folder)
    assert _load(folder).stdout == UNCHANGED


def test_a_disk_that_takes_no_more_stops_a_load_with_one_line_and_the_next_finishes_it(
    folder: Path,
) -> None:
    stopped = _load(folder, f"{SMALL_FILES}; {CLI}")

    assert stopped.returncode == 4
    assert stopped.stderr.startswith(f"dateline: the store {folder / 'dateline.db'} cannot be ")
    assert stopped.stderr.count("\n") == 1
    assert 0 < _stories(folder) < STORIES
    _finishes(folder)
