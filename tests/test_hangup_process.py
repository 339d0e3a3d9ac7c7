"""SIGHUP: before `dateline run` serves, when its terminal is closed, and to other commands."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from process import running, running_in
from servers.telegram.server import Server

pytestmark = pytest.mark.process

LOADED_EARLY = " click.core\n"
"""Ends a line of `-X importtime`: one of the first parts that are loaded after the entry."""


async def _read_until(stream: asyncio.StreamReader | None, words: str) -> str:
    assert stream
    read = ""
    while line := (await stream.readline()).decode():
        read += line
        if words in line:
            return read
    raise AssertionError(f"it ended without {words!r}:\n{read}")


async def test_a_reload_before_it_serves_is_made_up_for(tmp_path: Path) -> None:
    async with Server(patience=30) as server:
        settings = f'[telegram]\napi_url = "{server.url}"\n[monitoring]\nlisten = ""\n'
        environment = {"DATELINE_TELEGRAM_TOKEN": server.token, "PYTHONPROFILEIMPORTTIME": "1"}
        async with running(tmp_path, settings, **environment) as process:
            await _read_until(process.stderr, LOADED_EARLY)
            process.send_signal(signal.SIGHUP)
            await _read_until(process.stderr, "the configuration was read again")
            process.terminate()
            await process.communicate()
    assert process.returncode == 0


async def test_it_ends_in_order_when_its_terminal_is_closed(tmp_path: Path) -> None:
    async with Server(patience=30) as server:
        settings = f'[telegram]\napi_url = "{server.url}"\n[monitoring]\nlisten = ""\n'
        token = {"DATELINE_TELEGRAM_TOKEN": server.token}
        window, terminal = os.openpty()
        async with running_in(terminal, tmp_path, settings, **token) as process:
            os.close(terminal)
            ada = server.person("Ada")
            chat = server.private(ada)
            await ada.says(chat, "tram")
            await server.next_message(chat)
            assert (tmp_path / "news.db-wal").exists()
            os.close(window)
            assert await process.wait() == 0
    assert not (tmp_path / "news.db-wal").exists()


async def test_other_commands_end_by_it(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[store]\npath = "news.db"\n', "utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "--config", str(tmp_path / "config.toml"), "ask"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    process.stdin.write(b"/topics\n")
    await _read_until(process.stdout, "\n")
    process.send_signal(signal.SIGHUP)
    await process.communicate()
    assert process.returncode == -signal.SIGHUP
