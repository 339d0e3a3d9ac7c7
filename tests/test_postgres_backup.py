"""Backups of a PostgreSQL database: complete, safe to put back, and the same as those of a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from outboxes import PLATFORM
from postgres_server import databases, find_binaries
from posting import HALL, ROOM
from store_files import LATER, fill_with_posts, titles
from stories import batch, story

from bot.errors import NotAStoreError, StoreBusyError, StoreError
from bot.logins.ports import ApiToken, LoginSession, Visitor
from bot.posting.model import RESTORED, State
from bot.search.query import Filter
from store.copying.copier import copy_store
from store.maintenance import SqliteFiles
from store.postgres.files import PostgresFiles
from store.postgres.store import PostgresStore
from store.sqlite import SqliteStore

pytestmark = [
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.process,
    pytest.mark.skipif(not find_binaries(), reason="PostgreSQL's server is not installed"),
]


@pytest.fixture
def url() -> Iterator[str]:
    with databases().one() as lent:
        yield lent


@pytest.fixture
async def database(url: str, tmp_path: Path) -> AsyncIterator[PostgresStore]:
    """A database with posts that wait and one that is due."""
    path = tmp_path / "filled.db"
    await fill_with_posts(path)
    async with await PostgresStore.open(url) as store, await SqliteStore.open(path) as file:
        await copy_store(file.connections, store.connections, lambda _table, _done: None)
        yield store


@pytest.fixture
def files(url: str, tmp_path: Path) -> PostgresFiles:
    return PostgresFiles(url, "the database", tmp_path / "kept" / "dateline.db", [PLATFORM])


async def test_a_backup_is_made_while_others_write(
    database: PostgresStore, files: PostgresFiles, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    async with database.connections.transaction() as writer:
        await writer.execute("INSERT INTO notes VALUES ('half done', 'yes')")
        await files.backup(copy)
    await database.ingest.write(batch([story("Added since")]))
    assert "Added since" not in await titles(copy)
    async with await SqliteStore.open(copy) as file:
        assert await file.chats.note("half done") != "yes"
        assert await file.check() == []
        assert [one.state for one in await file.outbox.of_chat(ROOM, 9)] == [State.DUE]


async def test_nothing_is_posted_twice_after_a_restoration(
    database: PostgresStore, files: PostgresFiles, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    await files.backup(copy)
    await database.ingest.write(batch([story("Added since")]))
    kept = await files.restore(copy, LATER)
    for chat in (ROOM, HALL):
        (post,) = await database.outbox.of_chat(chat, 9)
        assert (post.state, post.reason, post.done) == (State.FAILED, RESTORED, LATER)
    listed = await database.stories.latest(Filter(), 9)
    assert "Added since" not in {one.title for one in listed.stories}
    assert kept
    assert "Added since" in await titles(kept)

    await files.restore(copy, LATER + timedelta(seconds=1), post=True)
    assert [one.state for one in await database.outbox.of_chat(ROOM, 9)] == [State.DUE]


async def test_no_backup_lets_anybody_in_at_the_desk(
    database: PostgresStore, files: PostgresFiles, tmp_path: Path
) -> None:
    session = LoginSession("key", Visitor("x", "1", "Ada", "own"), LATER, LATER)
    await database.logins.add_session(session)
    await database.logins.add_token(ApiToken("report", replace(session, key="token")))
    await files.backup(tmp_path / "copy.db")
    assert await database.logins.session("key") == session
    await files.restore(tmp_path / "copy.db", LATER)
    assert await database.logins.session("key") is None
    assert await database.logins.token("token") is None


async def test_a_database_that_is_posted_from_is_not_replaced(
    database: PostgresStore, files: PostgresFiles, tmp_path: Path
) -> None:
    await files.backup(tmp_path / "copy.db")
    assert await database.outbox.lock_platform(PLATFORM)
    with pytest.raises(StoreBusyError, match="stop Dateline first"):
        await files.restore(tmp_path / "copy.db", LATER)
    assert [one.state for one in await database.outbox.of_chat(ROOM, 9)] == [State.DUE]


async def test_what_is_no_backup_changes_nothing(
    database: PostgresStore, files: PostgresFiles, tmp_path: Path
) -> None:
    (tmp_path / "other.db").write_text("something else", "utf-8")
    for name, error in (("other.db", NotAStoreError), ("none.db", StoreError)):
        with pytest.raises(error):
            await files.restore(tmp_path / name, LATER)
    assert [one.state for one in await database.outbox.of_chat(ROOM, 9)] == [State.DUE]
    assert not [*(tmp_path / "kept").glob("*")]


async def test_the_backup_of_a_file_is_put_into_a_database_and_back(
    files: PostgresFiles, tmp_path: Path, url: str
) -> None:
    path, copy, back = (tmp_path / name for name in ("dateline.db", "copy.db", "back.db"))
    await fill_with_posts(path)
    await SqliteFiles(path).backup(copy)
    await files.restore(copy, LATER, post=True)
    async with await PostgresStore.open(url) as database:
        assert await database.check() == []
    await files.backup(back)
    await SqliteFiles(tmp_path / "new.db").restore(back, LATER, post=True)
    assert await titles(tmp_path / "new.db") == await titles(path)


async def test_a_backup_without_a_server_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    nowhere = "postgresql://desk:secret@127.0.0.1:1/dateline"
    files = PostgresFiles(nowhere, "the database", tmp_path / "dateline.db", [PLATFORM])
    with pytest.raises(StoreError, match="does not answer"):
        await files.backup(tmp_path / "copy.db")
    assert not [*tmp_path.iterdir()]
