"""The bot is killed, again and again, and at each point where that could hurt."""

from __future__ import annotations

import asyncio
import logging
import os
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from killed import POINTS
from killing import TOKEN, Bureau
from servers.discord.server import discord_server
from servers.telegram.faults import unanswered
from servers.telegram.server import Server

pytestmark = [pytest.mark.process, pytest.mark.slow]

log = logging.getLogger(__name__)

KILLS = int(os.environ.get("KILLS", "15"))
POSTS = int(os.environ.get("POSTS", "900"))
"""For a longer run: `KILLS=200 POSTS=10000 pytest --log-level INFO -rP tests/test_killed.py`."""

_CHATS = 40  # on each platform
_A_LOOK = 5  # stories


@pytest.fixture
async def bureau(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with Server(patience=600) as telegram, discord_server(token=TOKEN) as discord:
        opened = Bureau(tmp_path, telegram, discord)
        try:
            yield opened
        finally:
            await opened.end()
        assert telegram.unmodelled == []
        assert telegram.refused == []


@pytest.mark.timeout(60 + 12 * KILLS)
async def test_killed_at_any_moment_it_loses_nothing_and_posts_nothing_twice(
    bureau: Bureau,
) -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    await bureau.found(_CHATS, _CHATS)
    looks = -(-POSTS // (2 * _CHATS * _A_LOOK))
    killing = asyncio.create_task(_kill(bureau, chance))
    for _ in range(looks):
        bureau.publish(_A_LOOK)
        await bureau.loads()
    await killing
    await bureau.settled()
    twice, in_doubt = bureau.check()
    log.info(
        "%d posts, %d kills: none lost; on Discord none twice; on Telegram %d were in doubt and %d"
        " came twice",
        len(bureau.wanted()),
        bureau.kills,
        in_doubt,
        twice,
    )


async def _kill(bureau: Bureau, chance: random.Random) -> None:
    while bureau.kills < KILLS:
        await bureau.begin()
        await asyncio.sleep(chance.uniform(0.6, 1.8))  # the moment itself is what is random
        await bureau.kill()
    await bureau.begin()


@pytest.mark.parametrize("platform", ["telegram", "discord"])
async def test_killed_at_one_point_after_another_it_loses_nothing(
    bureau: Bureau, platform: str
) -> None:
    # In one chat one post is on its way at a time: what is in doubt is known for sure.
    await bureau.found(int(platform == "telegram"), int(platform == "discord"))
    for point in POINTS:
        if "recovery" in point:  # of a post that was on its way
            await _dies(bureau, "after the claim")
        await _dies(bureau, point)
    await bureau.begin()
    await bureau.loads()
    await bureau.settled()
    # Telegram has no way to tell that it took the post already whose answer came, but no mark.
    assert bureau.check()[0] == int(platform == "telegram")


async def _dies(bureau: Bureau, point: str) -> None:
    """It dies at a point, which it reaches by itself or when it loads stories."""
    await bureau.begin(point)
    bureau.publish(2)
    loading = asyncio.create_task(bureau.loads())
    await bureau.died()
    loading.cancel()


@pytest.mark.parametrize("after", [False, True])
async def test_killed_in_the_middle_of_a_request_to_telegram(
    bureau: Bureau, *, after: bool
) -> None:
    await bureau.found(1, 0)
    await bureau.begin()
    bureau.telegram.fails("sendMessage", unanswered(after=after), chat=bureau.chats["telegram"][0])
    bureau.publish(2)
    await bureau.loads()
    await bureau.until(lambda: _asked(bureau))
    await bureau.kill()
    await bureau.begin()
    await bureau.settled()
    assert bureau.check() == (int(after), 1)  # one was on its way, and cannot be asked after


def _asked(bureau: Bureau) -> bool:
    """Whether the chat that gets no answer has been written to."""
    chat = str(bureau.chats["telegram"][0])
    return any(call.chat == chat for call in bureau.telegram.made("sendMessage"))


@pytest.mark.parametrize("after", [False, True])
async def test_killed_in_the_middle_of_requests_to_discord(bureau: Bureau, *, after: bool) -> None:
    """A message to a channel and a post in a forum are on their way."""
    await bureau.found(0, 1, forums=1)
    await bureau.begin()
    paths = ("/channels/*/messages", "/channels/*/threads")
    held = [bureau.discord.holds("POST", path, after=after) for path in paths]
    bureau.publish(2)
    await bureau.loads()
    for one in held:
        await asyncio.wait_for(one.reached.wait(), 60)
    await bureau.kill()
    for one in held:
        one.release()
    await bureau.begin()
    await bureau.settled()
    assert bureau.check() == (0, 0)


async def test_killed_between_opening_a_forums_post_and_marking_it(bureau: Bureau) -> None:
    """The first message of a thread takes no nonce: the thread is found by looking for it."""
    await bureau.found(0, 0, forums=1)
    await _dies(bureau, "before the mark")
    (forum,) = (bureau.discord.world.channels[one] for one in bureau.chats["discord"])
    assert len(forum.threads) == 1
    await bureau.begin()
    await bureau.loads()
    await bureau.settled()
    assert bureau.check() == (0, 0)
    names = [f"Story {n} breaks" for n in range(1, bureau.stories)]
    assert sorted(thread.name for thread in forum.threads) == names
