"""`dateline load` of all kinds of sources at once, as a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from feed_server import Answer, FeedServer
from test_feed_source import item, rss

pytestmark = pytest.mark.process

ARCHIVE = "Tram line opens\n\nOSAKA, Nov. 20, 2026—A tram runs to the harbour.\n\n###\n"


async def test_a_mixed_configuration_is_loaded_and_reported_honestly(tmp_path: Path) -> None:
    (tmp_path / "wire.txt").write_text(ARCHIVE, "utf-8")
    (tmp_path / "saved.xml").write_bytes(rss(item(5)))
    async with FeedServer().running() as server:
        good = server.answers("/good", Answer(rss(item(2), item(1))))
        page = server.answers("/page", Answer(b"<html><body>No feed</body></html>"))
        gone = server.answers("/gone", Answer(status=410))
        sources = "".join(
            f'[[sources]]\nid = "{name}"\nkind = "{kind}"\n{where}\n'
            for name, kind, where in (
                ("wire", "archive", 'path = "wire.txt"'),
                ("saved", "feed", 'path = "saved.xml"'),
                ("good", "feed", f'url = "{good}"'),
                ("page", "feed", f'url = "{page}"'),
                ("gone", "feed", f'url = "{gone}"'),
                ("private", "feed", 'url = "http://127.0.0.1:1/rss"'),
            )
        )
        allowed = f'[feeds]\nallow_hosts = ["{server.host}"]\n'
        (tmp_path / "config.toml").write_text(sources + allowed, "utf-8")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli", "load"),
            cwd=tmp_path,
            env={**os.environ, "DATELINE_CONFIG": str(tmp_path / "config.toml")},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()

    lines = out.decode().splitlines()
    assert lines[:3] == [
        "wire: 1 new, 0 changed, 0 unchanged, 0 unreadable",
        "saved: 1 new, 0 changed, 0 unchanged, 0 unreadable",
        "good: 2 new, 0 changed, 0 unchanged, 0 unreadable",
    ]
    assert lines[3].startswith("page: could not be read: this is a web page, not a feed")
    assert lines[4] == "gone: could not be read: the response was 410 Gone"
    assert "private: could not be read: 127.0.0.1 is a loopback address" in lines[5]
    assert len(lines) == 6
    assert process.returncode == 5
    assert err == b""
