"""Upkeep of the full-text index: it is merged in pieces, and finds what it found."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from stores import EVERYTHING
from stories import batch, story

from bot.search.index_upkeep import keep_merged, merge_index
from bot.search.query import parse
from store.connection import SqliteConnections
from store.fts_merge import count_segments
from store.sqlite import SqliteStore


async def _segments(path: Path) -> int:
    connections = SqliteConnections(path)
    await connections.open_writer()
    await connections.open_readers()
    try:
        return await count_segments(connections)
    finally:
        await connections.aclose()


async def _write(store: SqliteStore, batches: int, start: int = 0) -> None:
    for number in range(start, start + batches):
        stories = [story(f"Tram {number} {letter}", f"town{number}") for letter in "abcdefgh"]
        await store.ingest.write(batch(stories))


async def _found(store: SqliteStore, text: str) -> set[str]:
    return {one.title for one in await store.search.candidates(parse(text), EVERYTHING, 600)}


@pytest.mark.slow
@pytest.mark.parametrize("asked", ["tram", "town3", '"tram 5"', "in:title 7", "h town9"])
async def test_many_segments_become_one_that_finds_the_same(tmp_path: Path, asked: str) -> None:
    path = tmp_path / "d.db"
    async with await SqliteStore.open(path) as store:
        await _write(store, 63)
        before, found = await _segments(path), await _found(store, asked)
        await merge_index(store.search, pause=0)

        assert before > 6
        assert await _segments(path) == 1
        assert await _found(store, asked) == found
        assert await store.check() == []


async def test_few_segments_are_left_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    async with await SqliteStore.open(path) as store:
        assert not await store.search.merge_index()
        for name in ("one", "two"):
            await store.ingest.write(batch([story(name)]))
        before = await _segments(path)
        await merge_index(store.search, pause=0)

        assert 1 < before == await _segments(path)


@pytest.mark.slow
async def test_what_is_written_between_two_pieces_is_found(tmp_path: Path) -> None:
    async with await SqliteStore.open(tmp_path / "d.db") as store:
        await _write(store, 63)
        number = 63
        while await store.search.merge_index():
            await _write(store, 1, start=number)
            number += 1
            if number > 70:
                break
        await merge_index(store.search, pause=0)

        assert len(await _found(store, "tram")) == 8 * number
        assert await _found(store, f"town{number - 1}")
        assert await store.check() == []


@pytest.mark.slow
async def test_a_scattered_index_is_merged_in_the_background(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    async with await SqliteStore.open(path) as store:
        await _write(store, 63)
        upkeep = asyncio.create_task(keep_merged(store.search))
        while await _segments(path) > 1:
            await asyncio.sleep(0.01)
        upkeep.cancel()
        with suppress(asyncio.CancelledError):
            await upkeep

        assert len(await _found(store, "tram")) == 8 * 63
