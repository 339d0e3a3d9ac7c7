"""Tests of what the process imports, and of the upkeep of its memory."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys

import pytest

from bot.app.memory import keep_trimmed, limit_arenas, spare_long_lived
from bot.errors import StoreError

_NOT_FOR_RUN = ("prompt_toolkit", "lxml", "aiohttp.web", "yaml", "markdown_it", "numpy")


@pytest.mark.process
def test_serving_imports_nothing_that_only_other_commands_need() -> None:
    asked = (
        "import sys, bot.cli.main, adapters.telegram.platform, adapters.discord.platform,"
        " adapters.sources.archive.source;"
        f"print([one for one in {_NOT_FOR_RUN!r} if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


async def test_free_memory_is_given_back_until_the_upkeep_is_cancelled() -> None:
    limit_arenas()
    released = list[int]()

    async def release() -> None:
        released.append(1)
        raise StoreError("the store is closed")  # trouble with it ends no upkeep

    trimming = asyncio.create_task(keep_trimmed(release, every=0))
    while len(released) < 3:
        await asyncio.sleep(0.001)
    assert not trimming.done()
    trimming.cancel()
    with pytest.raises(asyncio.CancelledError):
        await trimming


def test_what_there_is_is_spared_by_the_garbage_collector_and_what_comes_is_not() -> None:
    there = [[number] for number in range(10)]
    spare_long_lived()
    new = [there]
    searched = {id(each) for each in gc.get_objects()}
    assert id(new) in searched
    assert searched.isdisjoint(map(id, [there, *there]))
