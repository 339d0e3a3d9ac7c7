"""`dateline run` as the operator runs it, on Discord, and beside another platform in trouble."""

from __future__ import annotations

import signal
from asyncio.subprocess import Process
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from discord_desk import until
from process import running
from servers.discord.server import Server, discord_server

pytestmark = pytest.mark.process

TOKEN = "MTIzNDU2Nzg5.Gabcde.a-token-that-opens-nothing"  # noqa: S105


def serving(
    folder: Path, server: Server, *options: str, more: str = "", **environment: str
) -> AbstractAsyncContextManager[Process]:
    config = f'[discord]\napi_url = "{server.api_url}"\n{more}'
    return running(folder, config, *options, DATELINE_DISCORD_TOKEN=TOKEN, **environment)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_it_answers_and_ends_when_it_is_told_to(tmp_path: Path, sign: signal.Signals) -> None:
    async with discord_server(token=TOKEN) as server:
        readers = server.guild("Readers")
        ada = server.person("Ada", readers)
        async with serving(tmp_path, server, "--debug") as process:
            await server.gateway.until(lambda: server.gateway.session(0), wait=60)
            await until(lambda: server.commands.syncs)
            answer = await ada.command(readers, "search", words="tram")
            assert answer.headlines[0] == "1. Tram line opens"
            process.send_signal(sign)
            out, err = await process.communicate()
        assert process.returncode == 0
        assert "Discord: serving as dateline" in err.decode()
        assert TOKEN not in (out + err).decode()
        assert "closed 1000" in server.gateway.log


async def test_a_refused_token_ends_it_with_a_code_of_its_own(tmp_path: Path) -> None:
    async with discord_server(token="another") as server, serving(tmp_path, server) as process:  # noqa: S106
        _, err = await process.communicate()
        assert process.returncode == 7
        assert "Discord rejected the token" in err.decode()
        assert "Traceback" not in err.decode()
        assert TOKEN not in err.decode()


async def test_the_trouble_of_another_platform_is_none_of_its(tmp_path: Path) -> None:
    nobody = '[telegram]\napi_url = "http://127.0.0.1:1"'
    async with discord_server(token=TOKEN) as server:
        readers = server.guild("Readers")
        ada = server.person("Ada", readers)
        telegram = "123456:" + "x" * 35
        async with serving(
            tmp_path, server, more=nobody, DATELINE_TELEGRAM_TOKEN=telegram
        ) as process:
            await server.gateway.until(lambda: server.gateway.session(0), wait=60)
            await until(lambda: server.commands.syncs)
            assert (await ada.command(readers, "latest")).boxes
            process.terminate()
            _, err = await process.communicate()
        assert process.returncode == 0
        assert "Telegram cannot be reached" in err.decode()
