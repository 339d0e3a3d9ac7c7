"""`dateline run` as the operator runs it, with one public address for Telegram and for hubs."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from feed_server import FeedServer
from pushed_desk import PUBLIC, rss
from servers.telegram.server import Server
from servers.websub_hub import Hub

pytestmark = pytest.mark.process


def write_config(folder: Path, port: int, site: FeedServer, hub: Hub, api: str, more: str) -> Path:
    path = folder / "config.toml"
    path.write_text(
        f"""
        [store]
        path = "news.db"
        [[sources]]
        id = "harbour"
        kind = "feed"
        url = "{site.url("/feed")}"
        allow_hosts = ["{hub.host}"]
        [feeds]
        allow_hosts = ["{site.host}"]
        {more}
        [telegram]
        api_url = "{api}"
        webhook_url = "{PUBLIC}"
        webhook_listen = "127.0.0.1:{port}"
        """,
        "utf-8",
    )
    path.chmod(0o600)
    return path


@asynccontextmanager
async def running(config: Path, token: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "--config", str(config), "run"),
        env={**os.environ, "DATELINE_TELEGRAM_TOKEN": token},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def titles(path: Path) -> set[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as store:
        return {row[0] for row in store.execute("SELECT title FROM stories")}


async def test_hubs_and_telegram_share_the_public_address(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    local = f"http://127.0.0.1:{unused_tcp_port}"
    async with (
        Server(patience=30) as server,
        Hub(routes={PUBLIC: local}).running() as hub,
        FeedServer().running() as site,
    ):
        server.delivery.routes["https://news.example.org"] = local
        ada = server.person("Ada")
        chat = server.private(ada)
        feed, store = site.url("/feed"), tmp_path / "news.db"
        site.answers("/feed", rss("One", hub=hub.url, topic=feed))
        config = write_config(tmp_path, unused_tcp_port, site, hub, server.url, "")
        async with running(config, server.token) as process:
            await hub.until(lambda hub: len(hub.subscribed) == 1)
            site.answers("/feed", rss("Two", "One", hub=hub.url, topic=feed))
            assert await hub.publish(feed, b"<rss/>") == [202]
            while titles(store) != {"One", "Two"}:
                await asyncio.sleep(0.05)
            await server.called("setWebhook")
            await ada.says(chat, "/sources")
            assert "live updates" in (await server.next_message(chat)).text
            process.send_signal(signal.SIGTERM)
            out, err = await process.communicate()
            assert process.returncode == 0
        (asked,) = hub.asked
        said = (out + err).decode()
        assert "Traceback" not in said
        assert asked.secret not in said
        assert asked.callback.rpartition("/")[2] not in said

        write_config(tmp_path, unused_tcp_port, site, hub, server.url, "websub = false")
        async with running(config, server.token):
            await hub.until(lambda hub: not hub.subscribed)
        assert [one.mode for one in hub.asked] == ["subscribe", "unsubscribe"]
