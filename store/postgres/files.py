"""Backups of a PostgreSQL database in files of SQLite, and their restoration.

Such a file is the same as the backup of a store that is a file: `dateline restore` puts either in
the place of either. It is made row by row of what the database holds at one moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from typing_extensions import override

from bot.chat.ports import StoreFiles
from bot.errors import StoreError
from store.backup import aside_path, checked_copy, post_nothing, write_backup
from store.copying.copier import copy_store
from store.copying.in_use import stop_posting
from store.files import create_folder, require_file
from store.postgres.store import PostgresStore
from store.sqlite import SqliteStore
from store.wal import has_log

_COPY = "copy.db"


class PostgresFiles(StoreFiles):
    """Implements `bot.chat.ports.StoreFiles` for a database."""

    def __init__(self, url: str, name: str, path: Path, platforms: Sequence[str]) -> None:
        """Backs up and restores the database at `url`.

        Args:
            url: Where it is.
            name: The same for people, without its password.
            path: Where a file would be if the store was one: what is replaced is kept beside it.
            platforms: The names of all platforms.
        """
        self._url = url
        self._name = name
        self._path = path
        self._platforms = platforms

    @override
    async def backup(self, target: Path, *, force: bool = False) -> None:
        await write_backup(target, self._write, force=force)

    async def _write(self, copy: Path) -> None:
        """Writes the database, as it is at one moment, to a file."""
        with TemporaryDirectory(prefix=".", dir=copy.parent) as folder:
            path = Path(folder) / _COPY
            async with (
                await PostgresStore.open(self._url) as database,
                await SqliteStore.open(path) as file,
            ):
                await copy_store(database.connections, file.connections, _tell_nobody)
            await checked_copy(path, copy, logged=True)

    @override
    async def restore(self, backup: Path, now: datetime, *, post: bool = False) -> Path | None:
        require_file(backup, "file")
        try:
            create_folder(self._path)
            with TemporaryDirectory(prefix=".", dir=self._path.parent) as folder:
                path = Path(folder) / _COPY
                await checked_copy(backup, path, logged=has_log(backup))
                if not post:
                    await asyncio.to_thread(post_nothing, path, now)
                return await self._replace(path, now)
        except OSError as error:
            reason = error.strerror
            raise StoreError(f"the store {self._name} cannot be replaced: {reason}") from error

    async def _replace(self, path: Path, now: datetime) -> Path | None:
        """Makes the database the same as a file; returns where it is kept as it was before."""
        async with await PostgresStore.open(self._url) as database:
            await stop_posting(database.outbox, self._platforms, self._name)
            aside = None if database.is_new else aside_path(self._path, now)
            if aside is not None:
                await self.backup(aside)
            async with await SqliteStore.open(path) as file:
                await copy_store(file.connections, database.connections, _tell_nobody)
            return aside

    @override
    async def rescue(self, target: Path) -> Mapping[str, int]:
        raise StoreError(
            f"the store {self._name} is a PostgreSQL database: what is damaged there, its server's "
            "own tools repair"
        )


def _tell_nobody(_table: str, _done: int) -> None: ...
