"""The schema, as the list of steps that lead to it, and the way from any step to the last.

A step that has been released is never changed; a new one is added behind it.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import aiosqlite

from bot.errors import NotAStoreError, StoreBusyError, StoreError, StoreNewerError
from store.connection import BUSY_TIMEOUT_MS, SqliteConnections, mapped
from store.drafts import drop_all, is_draft
from store.private_files import make_private, shut_others_out


async def problems(connections: SqliteConnections) -> Sequence[str]:
    """See `bot.chat.ports.Store.check`."""
    async with connections.transaction() as writer:
        found = [
            f"the file: {row[0]}"
            for row in await writer.execute_fetchall("PRAGMA integrity_check")
            if row[0] != "ok"
        ]
        found += [
            f"a row of {row['table']} points to a row of {row['parent']} that is not there"
            for row in await writer.execute_fetchall("PRAGMA foreign_key_check")
        ]
        try:
            # `PRAGMA integrity_check` does not see a full-text index that strays from its table;
            # this does (https://www.sqlite.org/fts5.html#the_integrity_check_command).
            await writer.execute(
                "INSERT INTO stories_fts (stories_fts, rank) VALUES ('integrity-check', 1)"
            )
        except sqlite3.DatabaseError as error:
            found.append(f"the full-text index: {error}")
        return found


log = logging.getLogger(__name__)

APPLICATION_ID = 0x44544C4E
"""`DTLN`: marks a SQLite file as a Dateline store (https://www.sqlite.org/pragma.html)."""

OLDEST_SQLITE = (3, 37, 0)
"""The first with STRICT tables."""

_RETRY = 0.02  # seconds

Step = tuple[str, ...]

_STORIES: Step = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO meta VALUES ('revision', '0'), ('topics', '')",
    """
    CREATE TABLE sources (
        id TEXT PRIMARY KEY,
        loaded_at INTEGER,       -- times are microseconds since 1970, UTC
        succeeded_at INTEGER,
        signature TEXT NOT NULL,
        report TEXT NOT NULL     -- JSON
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE stories (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        source TEXT NOT NULL,
        key TEXT NOT NULL,
        title TEXT NOT NULL,
        published INTEGER NOT NULL,
        seen INTEGER NOT NULL,   -- when it was first written
        date_only INTEGER NOT NULL,
        place TEXT NOT NULL,
        byline TEXT NOT NULL,
        url TEXT,
        image TEXT,
        categories TEXT NOT NULL,  -- JSON
        language TEXT NOT NULL,
        summary TEXT NOT NULL,
        body TEXT NOT NULL,      -- paragraphs, a blank line between them
        headings TEXT NOT NULL,  -- JSON: which of the paragraphs are subheadings
        title_grams TEXT NOT NULL,  -- for words of scripts without spaces: see bot.words.grams
        grams TEXT NOT NULL,
        content TEXT NOT NULL,   -- digests, to tell whether the story changes
        text_only TEXT NOT NULL,
        revision INTEGER NOT NULL,  -- the write that it last came with
        UNIQUE (source, key)
    ) STRICT
    """,
    "CREATE INDEX stories_by_time ON stories (published, row, date_only)",
    "CREATE INDEX stories_by_source ON stories (source, published, row, date_only)",
    # Holds the titles, too, so that all of them are read without a look at the stories.
    "CREATE INDEX stories_by_revision ON stories (revision, title)",
    """
    CREATE VIRTUAL TABLE stories_fts USING fts5 (
        title, place, body, title_grams, grams,
        content = 'stories', content_rowid = 'row',
        tokenize = "unicode61 remove_diacritics 2"
    )
    """,
    # The index follows the table by triggers: an external-content index that is written to by hand
    # gathers ghosts, and only its own integrity check sees them.
    """
    CREATE TRIGGER stories_added AFTER INSERT ON stories BEGIN
        INSERT INTO stories_fts (rowid, title, place, body, title_grams, grams)
        VALUES (new.row, new.title, new.place, new.body, new.title_grams, new.grams);
    END
    """,
    """
    CREATE TRIGGER stories_removed AFTER DELETE ON stories BEGIN
        INSERT INTO stories_fts (stories_fts, rowid, title, place, body, title_grams, grams)
        VALUES ('delete', old.row, old.title, old.place, old.body, old.title_grams, old.grams);
    END
    """,
    """
    CREATE TRIGGER stories_edited
    AFTER UPDATE OF title, place, body, title_grams, grams ON stories BEGIN
        INSERT INTO stories_fts (stories_fts, rowid, title, place, body, title_grams, grams)
        VALUES ('delete', old.row, old.title, old.place, old.body, old.title_grams, old.grams);
        INSERT INTO stories_fts (rowid, title, place, body, title_grams, grams)
        VALUES (new.row, new.title, new.place, new.body, new.title_grams, new.grams);
    END
    """,
    # Every word with the number of stories that hold it, and the revision that changed that last:
    # a vocabulary that was read once can follow without being read again.
    """
    CREATE TABLE words (
        word TEXT PRIMARY KEY,
        stories INTEGER NOT NULL,
        revision INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX words_by_revision ON words (revision, stories)",
    """
    CREATE TABLE topics (
        row INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        search TEXT,             -- as the full-text index takes it; NULL for none
        sources TEXT NOT NULL    -- JSON
    ) STRICT
    """,
    # A topic's stories lie in the order in which they are shown.
    """
    CREATE TABLE story_topics (
        topic INTEGER NOT NULL REFERENCES topics (row) ON DELETE CASCADE,
        published INTEGER NOT NULL,
        story INTEGER NOT NULL REFERENCES stories (row) ON DELETE CASCADE,
        PRIMARY KEY (topic, published, story)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX story_topics_by_story ON story_topics (story)",
    """
    CREATE TABLE shown (
        chat TEXT NOT NULL,
        person TEXT NOT NULL,
        at INTEGER NOT NULL,
        listing TEXT NOT NULL,   -- JSON
        PRIMARY KEY (chat, person)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX shown_by_time ON shown (at)",
    """
    CREATE TABLE actions (
        token TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        action TEXT NOT NULL     -- JSON
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX actions_by_time ON actions (at)",
    """
    CREATE TABLE settings (
        chat TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (chat, name)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
)

_POSTING: Step = (
    # Ended ones are kept for a while: whoever holds the others in memory has to hear of it.
    """
    CREATE TABLE subscriptions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        chat TEXT NOT NULL,
        thread TEXT NOT NULL,
        house TEXT NOT NULL,     -- whose settings hold in the chat; empty for its own
        kind TEXT NOT NULL,
        what TEXT NOT NULL,
        timetable TEXT NOT NULL,
        zone TEXT NOT NULL,
        options TEXT NOT NULL,   -- JSON
        owner TEXT NOT NULL,
        made INTEGER NOT NULL,
        paused TEXT NOT NULL,    -- why; empty when it is not
        paused_at INTEGER,
        ended INTEGER,           -- when
        revision INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE UNIQUE INDEX subscriptions_by_chat ON subscriptions (chat, thread, kind, what)
    WHERE ended IS NULL
    """,
    "CREATE INDEX subscriptions_by_house ON subscriptions (house) WHERE ended IS NULL",
    "CREATE INDEX subscriptions_by_revision ON subscriptions (revision)",
    "INSERT INTO meta VALUES ('subscriptions', '0')",
    """
    CREATE TABLE outbox (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        platform TEXT NOT NULL,
        chat TEXT NOT NULL,
        thread TEXT NOT NULL,
        key TEXT NOT NULL,
        kind TEXT NOT NULL,
        story TEXT NOT NULL,     -- its id; empty for a digest and a notice
        subscription INTEGER,
        also TEXT NOT NULL,      -- JSON: ids of the other subscriptions that it fits
        state TEXT NOT NULL,
        made INTEGER NOT NULL,
        due INTEGER NOT NULL,
        lease INTEGER,           -- until when a claim counts
        claimed INTEGER,         -- the first time since it last was certain that it had not arrived
        tries INTEGER NOT NULL DEFAULT 0,
        doubts INTEGER NOT NULL DEFAULT 0,   -- answers that were lost
        deaths INTEGER NOT NULL DEFAULT 0,   -- processes that died over it
        gathered INTEGER NOT NULL DEFAULT 0,
        digest INTEGER,          -- the row of the digest that it goes with
        text TEXT NOT NULL DEFAULT '',
        message TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        done INTEGER,
        UNIQUE (chat, key)
    ) STRICT
    """,
    """
    CREATE INDEX outbox_unsent ON outbox (platform, chat, row, state, due)
    WHERE state IN ('due', 'sending')
    """,
    "CREATE INDEX outbox_waiting ON outbox (platform, due, chat, thread) WHERE state = 'waiting'",
    "CREATE INDEX outbox_by_digest ON outbox (digest) WHERE digest IS NOT NULL",
    "CREATE INDEX outbox_by_story ON outbox (story, state)",
    "CREATE INDEX outbox_by_subscription ON outbox (subscription, done)",
    "CREATE INDEX outbox_done ON outbox (done) WHERE done IS NOT NULL",
)

_LOOKS: Step = (
    # When somebody last asked what is new to them.
    "CREATE TABLE looks (person TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX stories_by_seen ON stories (seen, published, date_only)",
)

STEPS: tuple[Step, ...] = (_STORIES, (*_POSTING, *_LOOKS))


async def prepare(connections: SqliteConnections, steps: Sequence[Step] = STEPS) -> None:
    """Opens the writer, and brings the file to the newest schema, keeping a backup beside it.

    A backup is named after the file and its schema, `dateline.db.v1.bak`.

    Raises:
        StoreNewerError: A newer Dateline wrote the file. It is left as it is.
        NotAStoreError: The file is something else. It is left as it is.
        StoreError: The file cannot be opened or written.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise StoreError(f"SQLite {wanted} or newer is needed; this is {sqlite3.sqlite_version}")
    await connections.open_writer()
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1_000
    while True:
        try:
            return await _bring_up(connections, steps)
        except StoreBusyError:
            # SQLite does not wait for another process that turns the write-ahead log on.
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(_RETRY)


async def _bring_up(connections: SqliteConnections, steps: Sequence[Step]) -> None:
    writer = connections.writer
    with mapped(connections.path):
        version = await _version(writer, connections.path, len(steps))
        await asyncio.to_thread(shut_others_out, connections.path)
        await writer.execute("PRAGMA journal_mode = WAL")
    if version < len(steps):
        await _migrate(connections, steps)


async def _migrate(connections: SqliteConnections, steps: Sequence[Step]) -> None:
    backup: Path | None = None
    try:
        async with connections.transaction() as writer:
            # Another process may have come first; the lock is held from here on.
            version = await _version(writer, connections.path, len(steps))
            if 0 < version < len(steps):
                backup = await asyncio.to_thread(_backup, connections.path, version)
                if await is_draft(writer, steps[:version]):
                    log.warning(
                        "the store %s is from before the first release; it begins anew, and what "
                        "was in it is kept in %s",
                        connections.path,
                        backup,
                    )
                    await drop_all(writer)
                    version = 0
            await _take(writer, steps[version:])
            await writer.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            await writer.execute(f"PRAGMA user_version = {len(steps)}")
    except BaseException:
        # Nothing was changed: a copy would only fill the disk, one more at each try.
        if backup:
            backup.unlink(missing_ok=True)
        raise


async def _take(writer: aiosqlite.Connection, steps: Sequence[Step]) -> None:
    for step in steps:
        for statement in step:
            await writer.execute(statement)


async def _version(connection: aiosqlite.Connection, path: Path, newest: int) -> int:
    """The schema that the file has; 0 for a file that is empty."""
    # One statement, so that all three are of one moment: another process may be making the schema.
    rows = await connection.execute_fetchall(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)"
        " FROM pragma_application_id, pragma_user_version"
    )
    application, version, tables = next(iter(rows))
    if not application and not version and not tables:
        return 0
    if application != APPLICATION_ID:
        raise NotAStoreError(f"the store {path} is some other program's database")
    if version > newest:
        raise StoreNewerError(
            f"the store {path} was written by a newer Dateline (its schema is {version}, this one "
            f"knows {newest}); upgrade Dateline, or restore the backup made before the upgrade"
        )
    return int(version)


def _backup(path: Path, version: int) -> Path:
    """Copies the file as it is, whole or not at all, and never over an older copy.

    Whoever calls this holds the lock to write.
    """
    target = _unused(path, version)
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    make_private(partial)
    try:
        with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(partial)) as new:
            old.backup(new)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial.rename(target)


def _unused(path: Path, version: int) -> Path:
    target = path.with_name(f"{path.name}.v{version}.bak")
    turn = 1
    while target.exists():
        turn += 1
        target = path.with_name(f"{path.name}.v{version}.{turn}.bak")
    return target
