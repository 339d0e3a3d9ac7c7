"""Applications over one PostgreSQL: what is changed in one is so in the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from test_reload_config import Served, source

from bot.app import load_config, open_app
from bot.changes import Change

pytestmark = [pytest.mark.server, pytest.mark.slow]


@dataclass
class Pair:
    """Two applications with a file each."""

    first: Served
    second: Served


@asynccontextmanager
async def _pair(folder: Path, url: str) -> AsyncIterator[Pair]:
    async with AsyncExitStack() as stack:
        opened = []
        for name in ("first", "second"):
            home = folder / name
            home.mkdir()
            for archive in ("wire", "harbour"):
                text = f"About {archive}\n\nOSAKA, Nov. 20, 2026—News of the expo.\n\n###\n"
                (home / f"{archive}.txt").write_text(text, "utf-8")
            file = home / "config.toml"
            file.write_text("\n".join((f'[store]\nurl = "{url}"', source("wire"))), "utf-8")
            app = await stack.enter_async_context(open_app(load_config(file, {})))
            assert app.follower
            following = asyncio.create_task(app.follower.keep_following())
            stack.push_async_callback(_end, following)
            opened.append(Served(app, file))
        yield Pair(*opened)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def until(shown: Callable[[], Awaitable[str]], words: str) -> None:
    while words not in await shown():
        await asyncio.sleep(0.05)


async def test_what_one_changes_the_other_follows(tmp_path: Path, postgres_url: str) -> None:
    async with _pair(tmp_path, postgres_url) as pair:
        first, second = pair.first, pair.second
        assert "English" in await second.shown("/settings language")
        await first.ask("/settings language de")
        await until(lambda: second.shown("/settings language"), "Deutsch")
        await first.ask("/settings language en")
        await until(lambda: second.shown("/settings language"), "English")

        assert (await first.ask("/source pause wire")).ok
        await until(lambda: second.shown("/sources"), "aused")
        assert (await second.ask("/source resume wire")).ok
        while "aused" in await first.shown("/sources"):
            await asyncio.sleep(0.05)


async def test_a_configuration_that_is_read_again_is_so_by_all(
    tmp_path: Path, postgres_url: str
) -> None:
    async with _pair(tmp_path, postgres_url) as pair:
        text = pair.second.file.read_text("utf-8")
        pair.second.file.write_text(text + source("harbour"), "utf-8")
        reply = await pair.first.ask("/reload config")
        assert reply.ok
        await until(lambda: pair.second.shown("/sources"), "harbour")
        assert "harbour" not in await pair.first.shown("/sources")


async def test_stories_and_subscriptions_are_of_both(tmp_path: Path, postgres_url: str) -> None:
    async with _pair(tmp_path, postgres_url) as pair:
        await pair.first.app.poller.load()
        await until(lambda: pair.second.shown("/latest"), "About wire")
        assert "About wire" in await pair.second.shown("/search abuot wire")
        assert (await pair.second.ask("/subscribe source:wire confirm:on")).ok
        assert "wire" in await pair.first.shown("/subscriptions")


async def test_stories_of_one_are_read_by_the_other_before_anybody_asks(
    tmp_path: Path, postgres_url: str
) -> None:
    async with _pair(tmp_path, postgres_url) as pair:
        known = pair.second.app.follower
        assert known
        was_read = asyncio.Event()

        async def read() -> None:
            await known.read_stories()
            was_read.set()

        following = asyncio.create_task(replace(known, read_stories=read).keep_searchable())
        await was_read.wait()  # since anything may have happened before
        was_read.clear()
        await pair.first.app.poller.load()
        await was_read.wait()
        await _end(following)
        assert "About wire" in await pair.second.shown("/search abuot wire")


async def test_a_lost_line_is_made_up_for(tmp_path: Path, postgres_url: str) -> None:
    async with _pair(tmp_path, postgres_url) as pair:
        follower = pair.second.app.follower
        assert follower
        await pair.first.ask("/source pause wire")
        await follower.follow(Change.ANYTHING)
        assert "aused" in await pair.second.shown("/sources")
