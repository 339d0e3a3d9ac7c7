"""Whoever asks in a chat goes before the pages of the site, for a while at most."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from newsdesk import TestDesk
from postgres_server import databases, find_binaries
from site_desk import serving_site, with_services

from adapters.web.assets import load_assets
from bot.chat.dispatcher import NOWHERE
from bot.model import Chat, Person
from bot.precedence import Precedence, comes_second, coming_second
from store.connection import READERS, SqliteConnections
from store.ports import Connections
from store.postgres.connections import MOST_SECOND, PostgresConnections

CHAT = Chat("telegram", "1")


async def test_what_comes_second_waits_until_nothing_goes_before_it() -> None:
    first, done = Precedence(longest=60.0), list[str]()

    async def second() -> None:
        await first.give_way()
        done.append("second")

    with first.working():
        with first.working():
            waiting = asyncio.create_task(second())
        await asyncio.sleep(0)
        done.append("first")
    await waiting
    assert done == ["first", "second"]


async def test_it_does_not_wait_for_ever_nor_for_nothing() -> None:
    first = Precedence(longest=0.001)
    await first.give_way()
    with first.working():
        await first.give_way()


async def test_a_task_comes_second_with_all_that_it_begins() -> None:
    async def look() -> bool:
        return comes_second()

    with coming_second():
        begun = asyncio.create_task(look())
    assert await begun
    assert not comes_second()


@pytest.mark.parametrize(
    ("command", "chat", "goes_first"),
    [("latest", CHAT, True), ("latest", NOWHERE, False), ("reload", CHAT, False)],
)
async def test_answers_in_chats_go_first_but_for_those_that_take_long(
    desk: TestDesk, command: str, chat: Chat, *, goes_first: bool
) -> None:
    first, waited = desk.dispatcher.services.in_chats, list[bool]()

    def note(_command: str, _seconds: float, _outcome: str) -> None:
        waited.append(not first.is_idle)

    desk.dispatcher.timer.on_answer = note
    await desk.dispatcher.dispatch(command, {}, Person("boss", "Ada", moderator=True), chat)
    assert waited == [goes_first]
    assert first.is_idle


@pytest.mark.server
async def test_a_page_is_made_when_the_answer_in_a_chat_is_there(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    first = Precedence(longest=60.0)
    asked = with_services(desk, in_chats=first)
    async with serving_site(asked, unused_tcp_port) as reader:
        with first.working():
            page = asyncio.create_task(reader.get("/"))
            for _ in range(30):  # what nothing is asked of the store for comes at once
                assert (await reader.get(load_assets().paths["site.css"])).status == 200
            assert not page.done()
        assert (await page).status == 200


async def test_pages_leave_a_reader_of_the_store_to_who_asks_in_a_chat(tmp_path: Path) -> None:
    connections = SqliteConnections(tmp_path / "d.db")
    await connections.open_writer()
    await connections.open_readers()
    await _check_that_pages_leave_some(connections, READERS - 1)
    await connections.aclose()


@pytest.mark.process
@pytest.mark.server
@pytest.mark.skipif(find_binaries() is None, reason="PostgreSQL's server is not installed")
async def test_pages_leave_connections_to_a_database_to_who_asks_in_a_chat() -> None:
    with databases().one() as url:
        connections = PostgresConnections(url)
        await connections.open()
        await _check_that_pages_leave_some(connections, MOST_SECOND)
        await connections.aclose()


async def _check_that_pages_leave_some(connections: Connections, most: int) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(most + 1):  # all are open before anybody waits for one
            await stack.enter_async_context(connections.reading())
    lent, shown, may_end = asyncio.Semaphore(0), list[int](), asyncio.Event()

    async def show_page(number: int) -> None:
        async with connections.reading():
            shown.append(number)
            lent.release()
            await may_end.wait()

    with coming_second():
        pages = [asyncio.create_task(show_page(n)) for n in range(most + 1)]
    for _ in range(most):
        await lent.acquire()
    async with connections.reading() as reader:
        (row,) = await reader.execute_fetchall("SELECT 1")
    assert row[0] == 1
    assert shown == [*range(most)]
    may_end.set()
    await asyncio.gather(*pages)
    assert shown == [*range(most + 1)]
