"""`dateline run` as the operator runs it: a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from telegram_api import BotApi
from telegram_bot import sound

ARCHIVE = """Tram line opens

OSAKA, Nov. 20, 2026—A tram runs to the harbour.

###
"""


@asynccontextmanager
async def running(
    folder: Path, server: BotApi, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot in a process of its own, with an archive of one story."""
    (folder / "wire.txt").write_text(ARCHIVE, "utf-8")
    (folder / "config.toml").write_text(
        f"""
        [store]
        path = "news.db"
        [[sources]]
        id = "wire"
        kind = "archive"
        path = "wire.txt"
        [telegram]
        api_url = "{server.url}"
        """,
        "utf-8",
    )
    command = (sys.executable, "-m", "bot.cli", "--config", str(folder / "config.toml"))
    loading = await asyncio.create_subprocess_exec(*command, "load")
    assert await loading.wait() == 0
    process = await asyncio.create_subprocess_exec(
        *command,
        "run",
        env={**os.environ, "DATELINE_TELEGRAM_TOKEN": server.token, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_it_answers_and_ends_when_it_is_told_to(tmp_path: Path, sign: signal.Signals) -> None:
    async with BotApi(patience=30) as server, running(tmp_path, server) as process:
        ada = server.user("Ada")
        chat = server.private(ada)
        await ada.says(chat, "tram")
        assert "Tram line opens" in (await server.next_message(chat)).text
        process.send_signal(sign)
        out, err = await process.communicate()
        assert process.returncode == 0
        assert "Telegram: serving as @DatelineBot" in err.decode()
        assert server.token.partition(":")[2] not in (out + err).decode()
        sound(server)


async def test_a_refused_token_ends_it_with_a_code_of_its_own(tmp_path: Path) -> None:
    async with BotApi(patience=30) as server:
        server.revoked = True
        async with running(tmp_path, server) as process:
            _, err = await process.communicate()
            assert process.returncode == 7
            assert "@BotFather" in err.decode()
            assert "Traceback" not in err.decode()
