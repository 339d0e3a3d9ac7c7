"""`dateline backfill`, as a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from wordpress_site import WordPressSite

pytestmark = [pytest.mark.process, pytest.mark.server]


async def dateline(folder: Path, *arguments: str) -> tuple[int, str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")},
        "XDG_DATA_HOME": str(folder / "data"),
        "NO_COLOR": "1",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "--config", str(folder / "config.toml"), *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment,
        cwd=folder,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def test_a_past_is_filled_in_and_what_has_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("", encoding="utf-8")
    async with WordPressSite(posts_count=70).running() as site:
        (tmp_path / "config.toml").write_text(
            f"""
            [feeds]
            allow_hosts = ["{site.host}"]
            [[sources]]
            id = "bay"
            kind = "feed"
            url = "{site.url}/feed/"
            [[sources]]
            id = "old"
            kind = "archive"
            path = "old.txt"
            """,
            encoding="utf-8",
        )
        assert (await dateline(tmp_path, "load", "bay"))[0] == 0
        code, told = await dateline(tmp_path, "backfill", "bay")
        assert (code, told.split(",")[0]) == (0, "bay: 60 stories added")
        assert "there are none before that" in told
        code, told = await dateline(tmp_path, "backfill", "old")
        assert (code, told) == (5, "dateline: only a feed of a site has a past that can be read\n")
        assert (await dateline(tmp_path, "backfill", "nothing"))[0] == 2
