"""The page on what is kept names every table, and what it says of bounds holds."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stories import CHAT, READER

from bot.audit.ports import KEPT_IN_A_CHAT, Actor, AuditEntry
from bot.config.load import read_config
from bot.model import Chat, Person
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


async def test_a_chat_s_changes_are_bounded_and_make_no_other_s_go(tmp_path: Path) -> None:
    path, now = tmp_path / "dateline.db", datetime.now(UTC)
    quiet, busy = Chat("x", "quiet"), Chat("x", "busy")
    made = AuditEntry(now, Actor("x", "1", "Ada"), quiet, "settings", "Changed {target}", "first")
    async with await SqliteStore.open(path) as store:
        await store.audit.record(made)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?)"
            " INSERT INTO audit (at, platform, person, name, chat, thread, house, place,"
            " command, change, target) SELECT at, platform, person, name, 'x:busy', '', '', '',"
            " command, change, i FROM audit, n",
            (KEPT_IN_A_CHAT,),
        )
        raw.commit()
    async with await SqliteStore.open(path) as store:
        await store.audit.record(replace(made, chat=busy, target="last"))
        kept = await store.audit.entries(busy, 2 * KEPT_IN_A_CHAT)
        assert len(kept) == KEPT_IN_A_CHAT
        assert (kept[0].target, kept[-1].target) == ("last", "2")
        assert [one.target for one in await store.audit.entries(quiet, 10)] == ["first"]
