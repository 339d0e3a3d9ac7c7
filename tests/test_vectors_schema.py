"""The table of vectors in SQLite: what an older store gets, and what goes with a story."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from store_files import insert_plain
from stories import batch, story

from bot.search.query import Filter
from store.schema import STEPS
from store.schema_changes import STORY_VECTORS
from store.sqlite import SqliteStore

MODEL = "by-heart 3"


async def test_an_older_store_gets_the_table_and_its_stories_are_embedded(tmp_path: Path) -> None:
    path = tmp_path / "dateline.db"
    before = STEPS[: STEPS.index(STORY_VECTORS)]
    async with await SqliteStore.open(path, before):
        pass
    insert_plain(path, story("A bike"), story("A ship"))
    async with await SqliteStore.open(path) as store:
        assert (await store.stories.latest(Filter(), 9)).total == 2
        lacking = await store.vectors.unembedded(MODEL, None, 9)
        assert [one.title for one in lacking] == ["A ship", "A bike"]
        await store.vectors.keep_vectors(MODEL, dict.fromkeys(lacking, b"abc"))
        assert await store.vectors.count_vectors(MODEL) == (2, 2)
        assert await store.check() == []


async def test_a_vector_goes_with_its_story(tmp_path: Path) -> None:
    path = tmp_path / "dateline.db"
    async with await SqliteStore.open(path) as store:
        await store.ingest.write(batch([story("A bike"), story("A ship")]))
        lacking = await store.vectors.unembedded(MODEL, None, 9)
        await store.vectors.keep_vectors(MODEL, dict.fromkeys(lacking, b"abc"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM stories WHERE title = 'A bike'")
    async with await SqliteStore.open(path) as store:
        changes = await store.vectors.vectors_since(MODEL, 0)
        assert list(changes.numbers) == [lacking[0].number]
        assert await store.vectors.count_vectors(MODEL) == (1, 1)
        assert await store.vectors.candidates_by_number([lacking[1].number]) == {}
