"""Inline queries and autocomplete over the wire: outdated keys are skipped, others are answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from discord_desk import serving as serving_discord
from newsdesk import TestDesk, desk_over, twelve
from servers.discord.server import discord_server
from servers.telegram.server import Server as TelegramServer
from telegram_bot import serving as serving_telegram

from bot.chat.attachments import Attachment
from bot.chat.dispatcher import Dispatcher
from bot.chat.registry import Completion
from bot.chat.request import Services
from bot.commands import REGISTRY
from bot.model import Chat, Person
from bot.reply import Reply


class HeldSearches(Dispatcher):
    """A dispatcher that holds what is typed until it is released, and records it.

    Attributes:
        typed: The queries that were run, in order.
        may_end: Ends them once it is set.
        changed: Set when another one begins.
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services, REGISTRY)
        self.typed: list[str] = []
        self.may_end = asyncio.Event()
        self.changed = asyncio.Event()

    async def dispatch(
        self,
        name: str,
        given: Mapping[str, str],
        person: Person,
        chat: Chat,
        attachment: Attachment | None = None,
    ) -> Reply:
        if "words" in given:
            await self._hold(given["words"])
        return await super().dispatch(name, given, person, chat, attachment)

    async def complete(
        self,
        command: str,
        option: str,
        partial: str,
        person: Person,
        chat: Chat | None = None,
        given: Mapping[str, str] | None = None,
    ) -> tuple[Completion, ...]:
        await self._hold(partial)
        return await super().complete(command, option, partial, person, chat, given)

    async def _hold(self, query: str) -> None:
        self.typed.append(query)
        self.changed.set()
        await self.may_end.wait()

    async def ran(self, count: int) -> list[str]:
        async with asyncio.timeout(20):
            while len(self.typed) < count:
                self.changed.clear()
                await self.changed.wait()
        return self.typed


KEYS = [f"story {'x' * n}" for n in range(1, 13)]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[TestDesk]:
    async with desk_over(tmp_path / "news.db") as opened:
        await twelve(opened)
        yield opened


async def test_ten_inline_queries_of_one_person_keep_no_other_waiting(desk: TestDesk) -> None:
    held = HeldSearches(desk.dispatcher.services)
    async with (
        TelegramServer(patience=20) as server,
        serving_telegram(server, replace(desk, dispatcher=held)),
    ):
        ada, ben = server.person("Ada"), server.person("Ben")
        first = asyncio.create_task(ada.asks_inline(KEYS[0]))
        await held.ran(1)
        outdated = [asyncio.create_task(ada.asks_inline(key)) for key in KEYS[1:-1]]
        await asyncio.sleep(0)
        bens = asyncio.create_task(ben.asks_inline("story"))
        assert await held.ran(2) == [KEYS[0], "story"]
        last = asyncio.create_task(ada.asks_inline(KEYS[-1]))
        chat = server.private(ben)
        await ben.says(chat, "/topics")  # when this is answered, all before it was heard
        await server.next_message(chat)
        held.may_end.set()
        assert (await bens).results
        await asyncio.gather(first, last)
        assert held.typed == [KEYS[0], "story", KEYS[-1]]
        assert [one.done() for one in outdated] == [False] * len(outdated)
        for one in outdated:
            one.cancel()


async def test_ten_keys_of_one_person_keep_no_other_waiting_on_discord(desk: TestDesk) -> None:
    held = HeldSearches(desk.dispatcher.services)
    async with discord_server() as server:
        readers = server.guild("Readers")
        ada, ben = server.person("Ada", readers), server.person("Ben", readers)
        async with serving_discord(server, held):
            typed = [asyncio.create_task(ada.autocomplete("search", "words", KEYS[0], readers))]
            await held.ran(1)
            for key in KEYS[1:]:
                one = asyncio.create_task(ada.autocomplete("search", "words", key, readers))
                typed.append(one)
            bens = asyncio.create_task(ben.autocomplete("search", "words", "story", readers))
            assert await held.ran(2) == [KEYS[0], "story"]
            held.may_end.set()
            assert "story" in await bens
            assert KEYS[0] in await typed[0]
            assert KEYS[-1] in await typed[-1]
            assert held.typed == [KEYS[0], "story", KEYS[-1]]
            assert [one.done() for one in typed[1:-1]] == [False] * (len(KEYS) - 2)
            for one in typed[1:-1]:
                one.cancel()
