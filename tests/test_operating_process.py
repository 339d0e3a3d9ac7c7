"""`dateline run` under its operator's eyes: the log, /healthz, /metrics and `dateline status`."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import aiohttp
import pytest
from process import running
from prometheus_client.parser import text_string_to_metric_families
from servers.telegram.server import Server

pytestmark = pytest.mark.process


async def _get(address: str) -> tuple[int, str]:
    """What is answered, once somebody listens."""
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(address) as response:
                    return response.status, await response.text()
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


async def _status(folder: Path) -> str:
    command = (sys.executable, "-m", "bot.cli", "--config", str(folder / "config.toml"), "status")
    beside = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    told, _ = await beside.communicate()
    return told.decode()


async def test_it_is_watched_while_it_serves(tmp_path: Path, unused_tcp_port: int) -> None:
    listen = f"127.0.0.1:{unused_tcp_port}"
    async with Server() as server:
        ada = server.person("Ada")
        chat = server.private(ada)
        settings = f"""
            [monitoring]
            listen = "{listen}"
            logs = "json"
            [telegram]
            api_url = "{server.url}"
        """
        environment = {"DATELINE_TELEGRAM_TOKEN": server.token}
        async with running(tmp_path, settings, "--debug", **environment) as process:
            await ada.says(chat, "/latest")
            await server.next_message(chat)
            status, told = await _get(f"http://{listen}/healthz")
            assert (status, json.loads(told)["status"]) == (200, "ok"), told
            assert json.loads(told)["platforms"] == {"telegram": True}
            _, told = await _get(f"http://{listen}/metrics")
            counted = {
                one.name: one.value
                for family in text_string_to_metric_families(told)
                for one in family.samples
                if one.labels.get("command", "latest") == "latest"
            }
            assert counted["dateline_answer_seconds_count"] == 1
            assert counted["dateline_stories"] == 1
            shown = await _status(tmp_path)
            assert "has been running for" in shown
            assert "1 well" in shown
            assert "1 in the last day" in shown
            process.terminate()
            _, log = await process.communicate()
    assert process.returncode == 0
    lines = [json.loads(line) for line in log.decode().splitlines()]
    answered = [one for one in lines if one["logger"] == "bot.chat.answer_timer"]
    assert [one["command"] for one in answered] == ["latest"]
    assert server.token not in log.decode()
    assert server.token.partition(":")[2] not in log.decode()
    assert "serves no chat platform" in await _status(tmp_path)
