"""Backup, restoration and rescue of the store that is one SQLite file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from typing_extensions import override

from bot.chat.ports import StoreFiles
from store.backup import backup_store, restore_store
from store.rescue import rescue_store


class SqliteFiles(StoreFiles):
    """Implements `bot.chat.ports.StoreFiles` for the store at a path."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()  # of a link, the file is what is replaced

    @override
    async def backup(self, target: Path, *, force: bool = False) -> None:
        await backup_store(self._path, target, force=force)

    @override
    async def restore(self, backup: Path, now: datetime, *, post: bool = False) -> Path | None:
        return await restore_store(self._path, backup, now, post=post)

    @override
    async def rescue(self, target: Path) -> Mapping[str, int]:
        return await rescue_store(self._path, target)
