"""Stores as files: with posts that wait, as a crash leaves them, and damaged."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from outboxes import at_once, comes, follow, later
from posting import HALL, ROOM
from stories import NOW, HandClock, batch, filed, story

from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.ports import PollMode
from bot.ingest.results import FetchResult, LoadReport, StoryRecord
from bot.model import Source, Story
from bot.posting.router import SubscriptionRouter
from bot.search.query import Filter
from store.codec import story_values, to_micros
from store.files import beside
from store.sqlite import SqliteStore

LATER = NOW + timedelta(hours=5)


def insert_plain(path: Path, *stories: Story) -> None:
    """Inserts stories as the first release would have, into a store of any schema since."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for one in filed(stories):
            values = {**story_values(one, to_micros(NOW)), "revision": 1}
            for added in (
                "image_alt",
                "enclosures",
                "given_summary",
                "summary_method",
                "subject",
                "subject_method",
                "names_method",
            ):
                del values[added]
            columns = ", ".join(values)
            marks = ", ".join(f":{name}" for name in values)
            connection.execute(
                f"INSERT INTO stories ({columns}) VALUES ({marks})",  # noqa: S608 - our columns
                values,
            )


async def fill(path: Path, *titles: str) -> None:
    """Writes stories, each in a transaction of its own."""
    async with await SqliteStore.open(path) as store:
        for title in titles:
            await store.ingest.write(batch([story(title)]))


async def fill_with_posts(path: Path) -> None:
    """A store with a source that was polled, a post that is due, and one that waits."""
    async with await SqliteStore.open(path) as store:
        await store.sources.finish_load(LoadReport("wire", NOW), "seen")
        await store.chats.set_setting(ROOM, "preview", "off")
        room, hall = await follow(store), await follow(store, chat=HALL)
        await comes(store, "Due", at_once(room))
        await comes(store, "Waits", later(hall))


async def titles(path: Path) -> set[str]:
    """The titles in a store, which is whole."""
    async with await SqliteStore.open(path) as store:
        assert await store.check() == []
        return {one.title for one in (await store.stories.latest(Filter(), 1_000)).stories}


def crash_copy(path: Path, folder: Path) -> Path:
    """Copies a store that is in use as a crash would leave it, with its log."""
    folder.mkdir()
    copy = folder / path.name
    for ending in ("", "-wal"):
        if beside(path, ending).exists():
            shutil.copyfile(beside(path, ending), beside(copy, ending))
    return copy


def damage(path: Path, table: str) -> None:
    """Overwrites a page of a table, its last."""
    with closing(sqlite3.connect(path)) as connection:
        (number,) = connection.execute(
            "SELECT max(pageno) FROM dbstat WHERE name = ?", (table,)
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((number - 1) * size)
        file.write(b"\xa5" * size)


class _Wire:
    """A source that gives what it is told to."""

    source = Source("wire", "The Wire", "feed", timedelta(hours=1))

    def __init__(self, *stories: Story) -> None:
        self.stories = stories

    async def fetch(self, signature: str = "", _mode: PollMode = PollMode.SCHEDULED) -> FetchResult:
        return FetchResult(self.stories, (), signature)

    async def complete(self, records: list[StoryRecord]) -> list[StoryRecord]:
        return records


async def poll(store: SqliteStore, *stories: Story) -> None:
    """Polls the source, which gives these."""
    router = SubscriptionRouter(store.subscriptions)
    poller = Poller(store, HandClock(LATER), [_Wire(*stories)], StoryEnricher(), router=router)  # type: ignore[list-item]
    (report,) = await poller.load()
    assert not report.error
