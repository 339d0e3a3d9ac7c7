"""`dateline run` while its operator edits the configuration: by a command, and by SIGHUP."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest
from process import running
from servers.telegram.chats import Chat
from servers.telegram.people import Person
from servers.telegram.server import Server
from telegram_bot import assert_no_violations

pytestmark = pytest.mark.process

_TABLES = """
[telegram]
api_url = "{url}"
moderators = {moderators}
operators = [{operator}]
[monitoring]
listen = ""
[store]
path = "news.db"
[[sources]]
id = "wire"
kind = "archive"
path = "wire.txt"
"""
_MORE = """
[[sources]]
id = "harbour"
name = "The Harbour"
kind = "archive"
path = "harbour.txt"
"""


class Room:
    """A process, the file of its operator, and who talks with it."""

    def __init__(self, server: Server, folder: Path, process: asyncio.subprocess.Process) -> None:
        self._server, self._folder, self._process = server, folder, process
        self._log: list[str] = []

    def writes(self, text: str) -> None:
        (self._folder / "config.toml").write_text(text, "utf-8")

    async def asks(self, person: Person, chat: Chat, line: str) -> str:
        asked = await person.says(chat, line)
        return (await self._server.replies(chat, after=asked))[0].text

    async def hangs_up(self, until: str) -> str:
        """Sends SIGHUP, and waits for the line of the log that has these words."""
        self._process.send_signal(signal.SIGHUP)
        assert self._process.stderr
        while line := (await self._process.stderr.readline()).decode():
            self._log.append(line)
            if until in line:
                return line
        raise AssertionError(f"nothing was logged of {until!r}:\n{''.join(self._log)}")


async def test_the_configuration_changes_while_it_serves(tmp_path: Path) -> None:
    (tmp_path / "harbour.txt").write_text(
        "Ships wait\n\nOSLO, Nov. 21, 2026—Twelve ships wait.\n\n###\n", "utf-8"
    )
    async with Server() as server:
        bo, ada = server.person("Bo"), server.person("Ada")
        bos, adas = server.private(bo), server.private(ada)

        def tables(*moderators: int) -> str:
            return _TABLES.format(url=server.url, moderators=[*moderators], operator=bo.id)

        settings = tables().replace('[store]\npath = "news.db"', "").partition("[[sources]]")[0]
        token = {"DATELINE_TELEGRAM_TOKEN": server.token}
        async with running(tmp_path, settings, **token) as process:
            room = Room(server, tmp_path, process)
            assert (
                await room.asks(ada, adas, "/reload config") == "Only moderators can use /reload."
            )
            room.writes(tables(ada.id) + _MORE)
            told = await room.asks(bo, bos, "/reload config")
            assert told.startswith("The configuration was read again")
            assert "The Harbour" in told
            assert "telegram.moderators" in told.replace("\u2060", "").replace("\u200b", "")
            while "Ships wait" not in await room.asks(ada, adas, "/latest harbour"):
                await asyncio.sleep(0.05)
            refused = await room.asks(ada, adas, "/reload config")
            assert refused.startswith("Only operators")
            assert "The Harbour" in await room.asks(ada, adas, "/sources")

            room.writes(tables(ada.id) + _MORE + '[bot]\nlanguage = "xx"\n')
            line = await room.hangs_up("bot.language")
            assert "config.toml:" in line
            assert 'got "xx"' in line
            assert "The Harbour" in await room.asks(ada, adas, "/sources")
            told = await room.asks(bo, bos, "/reload config")
            assert told.startswith("The configuration stays as it was")

            room.writes(tables())
            await room.hangs_up("sources removed: harbour")
            await room.hangs_up("nothing has changed")
            assert await room.asks(ada, adas, "/reload") == "Only moderators can use /reload."
            assert "The Harbour" not in await room.asks(bo, bos, "/sources")
            assert_no_violations(server)
            process.terminate()
            await process.communicate()
    assert process.returncode == 0
