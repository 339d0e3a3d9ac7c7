"""A busy group on Telegram, over the wire and by a virtual clock: turns, private answers, words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from newsdesk import desk_over
from servers.telegram.chats import Chat, Message
from servers.telegram.limits import Limits
from servers.telegram.people import Person
from servers.telegram.server import Server
from stories import NOW, story
from telegram_bot import platform, serving
from virtual_time import LoopClock, in_virtual_time

from adapters.telegram.messenger import RATE_LIMITS
from bot.posting.rate_limiter import RateLimiter

PATIENCE = 7_200.0  # seconds, of a clock that passes by itself


def now() -> float:
    return asyncio.get_running_loop().time()


@asynccontextmanager
async def busy_town(folder: Path) -> AsyncIterator[Server]:
    """The bot on a Telegram that lets through no more than the real one does."""
    async with (
        desk_over(folder / "news.db", clock=LoopClock()) as desk,
        Server(patience=PATIENCE) as server,
    ):
        await desk.has(*(story(f"Story {n}", published=NOW - timedelta(n)) for n in range(1, 400)))
        server.limits = Limits(burst=10.0, clock=now)
        bot = replace(platform(server, desk), rate_limiter=RateLimiter(LoopClock(), RATE_LIMITS))
        async with serving(server, desk, serve=bot):
            yield server


@in_virtual_time
async def test_a_page(tmp_path: Path) -> None:
    async with busy_town(tmp_path) as server:
        ada, bob = server.person("Ada"), server.person("Bob")
        group = server.supergroup("Readers", members=[ada, bob])
        began = now()
        asked = await ada.says(group, "/latest")
        (answer,) = await server.replies(group, after=asked)
        print(now()-began)
        for n in range(6):
            pressed = await ada.presses(answer, "Next ›")
            print(n, pressed, now() - began, answer.edits)
        await asyncio.sleep(100)
        pressed = await ada.presses(answer, "Next ›")
        print(pressed, now() - began, answer.edits)
        print([c.method for c in server.calls if c.method not in ("getUpdates",)])
