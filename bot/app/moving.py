"""Moving of the store between its file and its PostgreSQL database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack

from bot.app.stores import PLATFORMS, open_postgres
from bot.config.store import StoreConfig
from bot.errors import ConfigError, StoreError
from store.copying.copier import copy_store as copy_rows
from store.copying.in_use import stop_posting
from store.sqlite import SqliteStore


async def copy_store(
    config: StoreConfig, advance: Callable[[str, int], None], *, to_postgres: bool
) -> int:
    """Copies everything between the configuration's file and its database.

    Args:
        config: Where both are.
        advance: Is told a table, and how many of its rows are done.
        to_postgres: True to copy the file into the database; False to copy the database.

    Returns:
        How many rows there are.

    Raises:
        ConfigError: The configuration does not name both.
        StoreBusyError: A process posts what is in one of them.
        StoreError: One of them cannot be used, or a row has not arrived.
    """
    if config.url is None:
        raise ConfigError("[store] has no url: set it to the PostgreSQL database, beside path")
    if to_postgres and not config.path.exists():
        raise StoreError(f"there is no store {config.path} to copy")
    async with AsyncExitStack() as stack:
        file = await stack.enter_async_context(await SqliteStore.open(config.path))
        opening = await open_postgres(config.url.get_secret_value())
        database = await stack.enter_async_context(opening)
        for store, name in ((file, str(config.path)), (database, config.name)):
            await stop_posting(store.outbox, PLATFORMS, name)
        source, target = file.connections, database.connections
        return await copy_rows(*((source, target) if to_postgres else (target, source)), advance)
