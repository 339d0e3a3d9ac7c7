"""The page on what is kept names every table, and what it says of bounds holds."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stories import CHAT, READER

from bot.config.load import read_config
from bot.model import Person
from store.sqlite import SqliteStore

PAGE = (Path(__file__).parent.parent / "docs/keeping.md").read_text("utf-8")


async def test_every_table_is_named_with_its_bound(tmp_path: Path) -> None:
    path = tmp_path / "dateline.db"
    async with await SqliteStore.open(path):
        pass
    with closing(sqlite3.connect(path)) as raw:
        tables = {
            row[0] for row in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        }
    rows = re.findall(r"^\| (`.*?) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
    named = {name for first, _, _ in rows for name in re.findall(r"`(\w+)`", first)}
    inner = {one for one in tables if one.startswith(("stories_fts_", "sqlite_"))}
    assert tables - inner == named


def test_its_configuration_is_accepted(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "config.toml"
    path.write_text(block, "utf-8")
    config = read_config(path, {})
    assert config.store.keep == timedelta(days=180)
    assert config.sources[0].keep == timedelta(days=30)


async def test_who_has_not_asked_for_a_year_is_forgotten(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    async with await SqliteStore.open(tmp_path / "dateline.db") as store:
        for days, person in ((400, "long ago"), (300, "this year")):
            await store.chats.remember_catchup("x", Person(person), now - timedelta(days=days))
        await store.chats.remember_catchup(CHAT.platform, READER, now)
        assert await store.chats.last_catchup("x", Person("long ago")) is None
        assert await store.chats.last_catchup("x", Person("this year"))
