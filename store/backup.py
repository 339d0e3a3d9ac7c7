"""Backups of a store while it is used, and their restoration; both are checked copies."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from bot.errors import NotAStoreError, StoreDamagedError, StoreError, StoreNewerError
from bot.posting.model import RESTORED, State
from store.codec import to_micros
from store.connection import SqliteConnections
from store.errors import map_errors
from store.files import (
    beside,
    create_folder,
    create_private,
    require_file,
    sync,
    unused,
)
from store.high_water import forget_mark, is_other
from store.integrity import check_integrity
from store.schema import APPLICATION_ID, STEPS
from store.schema_changes import NEW_COUNT
from store.wal import check_log, connect_without_log, has_log

log = logging.getLogger(__name__)

_BESIDE = ("-wal", "-shm", "-journal")
_UNSENT = ", ".join(f"'{one}'" for one in (State.WAITING, State.DUE, State.SENDING, State.PAUSED))
# What goes with a digest ends as that does. The next poll of a source is like its first.
_POST_NOTHING = (
    f"""
    UPDATE outbox SET done = :now WHERE done IS NULL AND digest IN
        (SELECT row FROM outbox WHERE state IN ({_UNSENT}))
    """,
    f"""
    UPDATE outbox SET state = '{State.FAILED}', reason = :reason, done = :now
    WHERE state IN ({_UNSENT})
    """,
    "UPDATE sources SET loaded_at = NULL",
)


async def backup_store(path: Path, target: Path, *, force: bool) -> None:
    """Writes a checked copy of a store to a file; see `StoreFiles.backup`."""
    require_file(path, "store")
    if _is_same(path, target):
        raise StoreError(f"{target} is the store itself")
    await write_backup(target, lambda copy: checked_copy(path, copy, logged=True), force=force)


async def write_backup(
    target: Path, write: Callable[[Path], Awaitable[None]], *, force: bool
) -> None:
    """Writes a backup to a file, which appears whole or not at all.

    Args:
        target: The file.
        write: Writes it, to a path beside it.
        force: Replace a file that is there.

    Raises:
        StoreError: There is such a file, or it cannot be written.
    """
    if not force:
        _refuse_existing(target)
    copy = _partial(target)
    try:
        await write(copy)
        await asyncio.to_thread(_publish, copy, target, force=force)
    except OSError as error:
        raise StoreError(f"the backup {target} cannot be written: {error.strerror}") from error
    finally:
        _remove(copy)


async def restore_store(path: Path, backup: Path, now: datetime, *, post: bool) -> Path | None:
    """Puts a checked copy of a backup in a store's place; see `StoreFiles.restore`."""
    require_file(backup, "file")
    copy = _partial(path)
    try:
        create_folder(path)
        with unused(path):
            # The log beside the store's own path may be that of the file before.
            logged = has_log(backup) and not _is_same(backup, path)
            await checked_copy(backup, copy, logged=logged)
        if not post:
            await asyncio.to_thread(post_nothing, copy, now)
        with unused(path):
            return await asyncio.to_thread(_exchange, copy, path, now)
    except OSError as error:
        raise StoreError(f"the store {path} cannot be replaced: {error.strerror}") from error
    finally:
        _remove(copy)


def _refuse_existing(target: Path) -> None:
    if target.exists():
        raise StoreError(f"{target} exists already, and was not changed; --force replaces it")


def _is_same(one: Path, other: Path) -> bool:
    return other.exists() and one.samefile(other)


def _partial(target: Path) -> Path:
    return target.with_name(f".{target.name}.part")


def _remove(copy: Path) -> None:
    for ending in ("", *_BESIDE):
        beside(copy, ending).unlink(missing_ok=True)


async def checked_copy(source: Path, copy: Path, *, logged: bool) -> None:
    """Copies a store, and makes sure that the copy is one and whole.

    Args:
        source: The store.
        copy: The file to write.
        logged: True to copy what stands in the log beside the store, too, as its users see it.
    """
    with map_errors(source):
        await asyncio.to_thread(_copy, source, copy, logged=logged)
        problems = await _check(copy)
    if problems:
        raise StoreDamagedError(f"{source} is damaged: {problems[0]}")
    sync(copy)


def _copy(source: Path, copy: Path, *, logged: bool) -> None:
    _remove(copy)
    create_private(copy)
    with closing(_open(source, logged=logged)) as old, closing(sqlite3.connect(copy)) as new:
        _check_kind(old, source)
        old.backup(new)
        # It is another file from here on: no log of the other is ever taken for its own.
        with suppress(sqlite3.OperationalError):  # older schemas have no such table
            new.execute(f"UPDATE commits SET count = {NEW_COUNT}")
        # Nor does it let anybody in who has logged out since, or has got hold of it.
        for table in ("login_links", "login_sessions", "api_tokens"):
            with suppress(sqlite3.OperationalError):
                new.execute(f"DELETE FROM {table}")
        new.commit()


def _open(source: Path, *, logged: bool) -> sqlite3.Connection:
    if logged:
        check_log(source)
        return sqlite3.connect(source)
    return connect_without_log(source)  # which makes no files beside it


def _check_kind(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        raise NotAStoreError(f"{path} is no Dateline store")
    if version > len(STEPS):
        raise StoreNewerError(f"{path} was written by a newer Dateline; upgrade Dateline first")


async def _check(copy: Path) -> Sequence[str]:
    connections = SqliteConnections(copy)
    try:
        await connections.open_writer()
        return await check_integrity(connections)
    except StoreDamagedError:
        return ["it cannot be read whole"]
    finally:
        await connections.aclose()


def _publish(copy: Path, target: Path, *, force: bool) -> None:
    if force:
        with unused(target):
            copy.replace(target)
            for ending in _BESIDE:
                beside(target, ending).unlink(missing_ok=True)
    else:
        try:
            target.hardlink_to(copy)  # never over a file that has come meanwhile
        except FileExistsError as error:
            raise StoreError(f"{target} exists already, and was not changed") from error
        except OSError:  # a file system without links
            copy.rename(target)
    sync(target.parent)


async def check_mark(connections: SqliteConnections, now: datetime) -> None:
    """Makes a store post nothing that is older than itself, if it is a copy that was put there.

    Raises:
        StoreError: It cannot be read or written.
    """
    connections.mark.open()
    mark = connections.mark.read()
    (row,) = await connections.writer.execute_fetchall("SELECT count FROM commits")
    if connections.is_new or not is_other(int(row[0]), mark):
        return
    async with connections.transaction() as writer:
        for statement in _POST_NOTHING:
            await writer.execute(statement, _values(now) if ":" in statement else {})
    log.warning(
        "the store %s is an older copy of the one that was there. What may have been posted since "
        "is not posted again; `dateline restore --post %s` posts it",
        connections.path,
        connections.path,
    )


def _values(now: datetime) -> dict[str, object]:
    return {"now": to_micros(now), "reason": RESTORED}


def post_nothing(copy: Path, now: datetime) -> None:
    """Gives up what a copy of a store has still to post, and what is new at the next polls."""
    values = _values(now)
    with closing(sqlite3.connect(copy)) as connection, connection:
        (posting,) = connection.execute(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'outbox'"
        ).fetchone()
        for statement in _POST_NOTHING if posting else _POST_NOTHING[-1:]:
            connection.execute(statement, values if ":" in statement else {})


def _exchange(copy: Path, path: Path, now: datetime) -> Path | None:
    """Puts the copy at the store's path; returns where the store is now that was there."""
    aside = aside_path(path, now) if path.exists() else None
    if aside:
        for ending in ("", "-wal"):
            if beside(path, ending).exists():
                _link_or_move(beside(path, ending), beside(aside, ending))
    # A kill from here on leaves the new file with the log of the old one, which is found out.
    copy.replace(path)
    for ending in _BESIDE:
        beside(path, ending).unlink(missing_ok=True)
    forget_mark(path)
    sync(path.parent)
    return aside


def aside_path(path: Path, now: datetime) -> Path:
    """Returns where a store is kept that another one takes the place of."""
    return beside(path, f".replaced-{now:%Y%m%dT%H%M%S%f}-{os.getpid()}")


def _link_or_move(path: Path, target: Path) -> None:
    try:
        target.hardlink_to(path)
    except OSError:  # a file system without links
        path.rename(target)
