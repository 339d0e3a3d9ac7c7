"""The store of the configuration: a SQLite file, or a PostgreSQL database where its URL is set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from bot.chat.ports import Store, StoreFiles
from bot.config.platforms import PlatformConfig
from bot.config.schema import TABLES
from bot.config.store import StoreConfig
from bot.errors import ConfigError
from store.maintenance import SqliteFiles
from store.sqlite import SqliteStore

if TYPE_CHECKING:
    from store.postgres.store import PostgresStore

PLATFORMS = tuple(name for name, table in TABLES.items() if issubclass(table, PlatformConfig))
"""The names of all platforms that are posted on."""

_NO_DRIVER = (
    "[store] names a PostgreSQL database, and what speaks to one is not installed: run "
    "`make postgres`, or install Dateline with its extra, `pipx install '.[postgres]'`"
)


async def open_store(config: StoreConfig) -> Store:
    """Opens the store, making it where there is none.

    Raises:
        ConfigError: It is a PostgreSQL database, and the extra `postgres` is not installed.
        StoreError: It cannot be opened.
    """
    if config.url is None:
        return await SqliteStore.open(config.path)
    return await open_postgres(config.url.get_secret_value())


@asynccontextmanager
async def opened_store(config: StoreConfig) -> AsyncIterator[Store]:
    """Opens the store for as long as the block lasts; raises as `open_store` does."""
    async with aclosing(await open_store(config)) as store:
        yield store


@contextmanager
def _needing_driver() -> Iterator[None]:
    """Says what to install where an import of the block fails."""
    try:
        yield
    except ImportError as error:
        raise ConfigError(_NO_DRIVER) from error


async def open_postgres(url: str) -> PostgresStore:
    """Opens a PostgreSQL database; raises as `open_store` does."""
    with _needing_driver():
        from store.postgres.store import PostgresStore  # noqa: PLC0415 - an extra
    return await PostgresStore.open(url)


def store_files(config: StoreConfig) -> StoreFiles:
    """Returns what backs up, restores and rescues the store.

    Raises:
        ConfigError: It is a PostgreSQL database, and the extra `postgres` is not installed.
    """
    if config.url is None:
        return SqliteFiles(config.path)
    with _needing_driver():
        from store.postgres.files import PostgresFiles  # noqa: PLC0415 - an extra
    url = config.url.get_secret_value()
    return PostgresFiles(url, config.name, config.path, PLATFORMS)
