"""The store of a running bot: deleted, killed, backed up and restored as the operator does."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

import pytest
from process import running
from servers.telegram.server import Server
from store_files import damage, titles

from store.files import beside

pytestmark = pytest.mark.process


async def _dateline(folder: Path, *arguments: str) -> tuple[int, str]:
    """Runs the command line; returns its exit code and all that it wrote."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "--config", str(folder / "config.toml"), *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode()


async def test_a_bot_whose_store_is_deleted_says_so_once_and_ends(tmp_path: Path) -> None:
    async with Server(patience=30) as server:
        config = f'[telegram]\napi_url = "{server.url}"'
        async with running(tmp_path, config, DATELINE_TELEGRAM_TOKEN=server.token) as process:
            ada = server.person("Ada")
            chat = server.private(ada)
            await ada.says(chat, "tram")
            await server.next_message(chat)
            for ending in ("", "-wal", "-shm"):
                beside(tmp_path / "news.db", ending).unlink(missing_ok=True)
            _, err = await asyncio.wait_for(process.communicate(), 60)

    assert process.returncode == 4
    said = err.decode()
    assert said.count("was deleted or moved away while Dateline ran") == 1
    assert "Traceback" not in said
    assert not (tmp_path / "news.db").exists()


async def test_a_new_store_and_one_in_which_nothing_is_followed_are_told_of(tmp_path: Path) -> None:
    async with Server(patience=30) as server:
        config = f'[telegram]\napi_url = "{server.url}"'
        async with running(tmp_path, config, DATELINE_TELEGRAM_TOKEN=server.token) as process:
            chat = server.private(ada := server.person("Ada"))
            await ada.says(chat, "tram")
            await server.next_message(chat)
            process.terminate()
            _, err = await process.communicate()
            assert "nothing is followed yet" in err.decode()


async def test_backup_kill_copy_and_restore(tmp_path: Path) -> None:
    store, saved = tmp_path / "news.db", tmp_path / "saved.db"
    async with Server(patience=30) as server:
        config = f'[telegram]\napi_url = "{server.url}"'
        async with running(tmp_path, config, DATELINE_TELEGRAM_TOKEN=server.token) as process:
            chat = server.private(ada := server.person("Ada"))
            await ada.says(chat, "tram")
            await server.next_message(chat)

            code, said = await _dateline(tmp_path, "backup", str(saved))
            assert (code, "a complete copy" in said) == (0, True)
            code, said = await _dateline(tmp_path, "backup", str(saved))
            assert (code, "--force replaces it" in said) == (4, True)
            code, said = await _dateline(tmp_path, "restore", str(saved))
            assert (code, "in use; stop Dateline" in said) == (4, True)

            await ada.says(chat, "/settings timezone tokyo")
            await server.next_message(chat)
            process.kill()
            await process.communicate()

    assert beside(store, "-wal").stat().st_size
    shutil.copyfile(saved, store)
    code, said = await _dateline(tmp_path, "ask", "/latest")
    assert (code, "belongs to another file" in said) == (4, True)
    code, said = await _dateline(tmp_path, "restore", str(saved))
    assert (code, "The replaced store is kept" in said) == (0, True)
    assert not beside(store, "-wal").exists()
    assert (await _dateline(tmp_path, "check", "--store"))[0] == 0
    assert await titles(store) == {"Tram line opens"}


async def test_rescue_and_restore(tmp_path: Path) -> None:
    async with running(tmp_path, "") as process:
        await process.communicate()
    store, saved = tmp_path / "news.db", tmp_path / "rescued.db"
    damage(store, "words")

    code, said = await _dateline(tmp_path, "load")
    assert (code, "dateline rescue" in said) == (4, True)
    code, said = await _dateline(tmp_path, "rescue", str(saved))
    assert (code, "\nstories: 1\n" in said) == (0, True)
    tables = ("outbox", "looks:", "shown", "actions", "story_", "notes")
    assert [table for table in tables if table in said] == []
    assert (await _dateline(tmp_path, "restore", "--post", str(saved)))[0] == 0
    code, said = await _dateline(tmp_path, "ask", "tram")
    assert (code, "Tram line opens" in said) == (0, True)
    assert store.stat().st_mode & 0o777 == 0o600
