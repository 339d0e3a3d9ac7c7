"""`dateline run` as the operator runs it, on Telegram."""

from __future__ import annotations

import signal
from asyncio.subprocess import Process
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from long_queries import long_queries
from process import running
from servers.telegram.server import Server
from telegram_bot import assert_no_violations

pytestmark = pytest.mark.process


def serving(folder: Path, server: Server) -> AbstractAsyncContextManager[Process]:
    config = f'[telegram]\napi_url = "{server.url}"'
    return running(folder, config, DATELINE_TELEGRAM_TOKEN=server.token)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_it_answers_and_ends_when_it_is_told_to(tmp_path: Path, sign: signal.Signals) -> None:
    async with Server(patience=30) as server, serving(tmp_path, server) as process:
        ada = server.person("Ada")
        chat = server.private(ada)
        await ada.says(chat, "tram")
        assert "Tram line opens" in (await server.next_message(chat)).text
        process.send_signal(sign)
        out, err = await process.communicate()
        assert process.returncode == 0
        assert "Telegram: serving as @DatelineBot" in err.decode()
        assert server.token.partition(":")[2] not in (out + err).decode()
        assert_no_violations(server)


async def test_it_ends_when_it_is_told_to_whatever_is_asked(tmp_path: Path) -> None:
    async with Server(patience=30) as server, serving(tmp_path, server) as process:
        people = [server.person(f"Ada {number}") for number in range(4)]
        chats = [server.private(one) for one in people]
        questions = [text for name, text in long_queries() if "joined by" in name]
        for person, chat in zip(people, chats, strict=True):
            for text in questions[:6]:
                await person.says(chat, text)
        await server.next_message(chats[0])
        process.send_signal(signal.SIGTERM)
        await process.communicate()
        assert process.returncode == 0


async def test_a_refused_token_ends_it_with_a_code_of_its_own(tmp_path: Path) -> None:
    async with Server(patience=30) as server:
        server.revoked = True
        async with serving(tmp_path, server) as process:
            _, err = await process.communicate()
            assert process.returncode == 7
            assert "@BotFather" in err.decode()
            assert "Traceback" not in err.decode()
