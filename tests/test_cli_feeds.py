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


async def _load(folder: Path, config: str, **environ: str) -> tuple[int, str]:
    """Runs `dateline --debug load`; returns its exit code and all that it prints."""
    (folder / "config.toml").write_text(config, "utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "--debug", "--config", "config.toml", "load"),
        cwd=folder,
        env={**os.environ, **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def test_a_mended_feed_is_read_with_a_warning_and_nothing_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "saved.xml").write_bytes(rss(item(5, title="Story\x07 5")))
    async with FeedServer().running() as server:
        url = server.answers("/rss", Answer(rss(item(2, title="Story\x0b 2"), item(1))))
        code, told = await _load(
            tmp_path,
            f'[feeds]\nallow_hosts = ["{server.host}"]\n'
            f'[[sources]]\nid = "web"\nkind = "feed"\nurl = "{url}"\n'
            '[[sources]]\nid = "saved"\nkind = "feed"\npath = "saved.xml"\n',
        )
    assert "web: 2 new, 0 changed, 0 unchanged, 0 unreadable\n" in told
    assert f"  warning: {url}: it is malformed: " in told
    assert "saved: 1 new, 0 changed, 0 unchanged, 0 unreadable\n" in told
    assert code == 0


async def test_what_a_source_sends_of_its_own_is_seen_by_its_site_alone(tmp_path: Path) -> None:
    secrets = {
        "key": "k3y-0123456789",
        "bearer": "b3arer-0123456789",
        "cookie": "c00kie-0123456789",
        "password": "p4ss-0123456789",
    }
    (tmp_path / "cookie.txt").write_text(f"sid={secrets['cookie']}; theme=dark\n", "utf-8")
    async with FeedServer().running() as server, FeedServer().running() as refusing:
        refusing.answers("/rss", Answer(status=403))
        url = server.answers("/rss", Answer(rss(item(1))))
        code, told = await _load(
            tmp_path,
            f'[feeds]\nallow_hosts = ["{server.host}", "{refusing.host}"]\n'
            f'[[sources]]\nid = "own"\nkind = "feed"\nurl = "{url}"\nuser_agent = "Example/1"\n'
            'cookie = "file:cookie.txt"\n'
            'headers = { X-Key = "env:THE_KEY", Authorization = "env:BEARER" }\n'
            f'[[sources]]\nid = "refused"\nkind = "feed"\nurl = "{refusing.url("/rss")}"\n'
            f'cookie = "sid={secrets["cookie"]}"\n'
            '[[sources]]\nid = "proxied"\nkind = "feed"\nurl = "http://news.example/rss"\n'
            'proxy = "env:THE_PROXY"\n',
            THE_KEY=secrets["key"],
            BEARER=f"Bearer {secrets['bearer']}",
            THE_PROXY=f"http://me:{secrets['password']}@127.0.0.1:1",
        )
    (sent,) = (asked.headers for asked in server.asked)
    assert sent["User-Agent"] == "Example/1"
    assert sent["Cookie"] == f"sid={secrets['cookie']}; theme=dark"
    assert sent["X-Key"] == secrets["key"]
    assert sent["Authorization"] == f"Bearer {secrets['bearer']}"
    assert refusing.asked[0].headers["Cookie"] == f"sid={secrets['cookie']}"
    assert "own: 1 new" in told
    assert "refused: could not be read: the response was 403 Forbidden; " in told
    assert "proxied: could not be read: the proxy refused the connection" in told
    assert code == 5
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("dateline.db*"))
    assert kept
    for secret in secrets.values():
        assert secret not in told
        assert secret.encode() not in kept
