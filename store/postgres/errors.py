"""Maps PostgreSQL's errors to the core's, in words that a person understands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors
from psycopg_pool import PoolTimeout

from bot.errors import StoreBusyError, StoreDamagedError, StoreError, StoreFullError

_BUSY = "is in use by another process"
_AWAY = "does not answer"

# By classes of https://www.postgresql.org/docs/current/errcodes-appendix.html; the first that fits.
_KINDS: tuple[tuple[type[Exception], type[StoreError], str], ...] = (
    (PoolTimeout, StoreBusyError, "is busy, or does not answer"),
    (errors.LockNotAvailable, StoreBusyError, _BUSY),
    (errors.DeadlockDetected, StoreBusyError, _BUSY),
    (errors.SerializationFailure, StoreBusyError, _BUSY),
    (errors.TooManyConnections, StoreBusyError, "has no connection left"),
    (errors.CannotConnectNow, StoreBusyError, "is starting or stopping"),
    (errors.AdminShutdown, StoreBusyError, "is stopping"),
    (errors.CrashShutdown, StoreBusyError, "is stopping"),
    (errors.DiskFull, StoreFullError, "cannot grow: the disk is full"),
    (errors.ReadOnlySqlTransaction, StoreError, "cannot be written to: it is read-only"),
    (errors.InvalidPassword, StoreError, "refuses the password"),
    (errors.InvalidAuthorizationSpecification, StoreError, "refuses the user"),
    (errors.InvalidCatalogName, StoreError, "is not there: make the database first"),
    (errors.InsufficientPrivilege, StoreError, "does not let this user do that"),
    (errors.DataCorrupted, StoreDamagedError, "is damaged; restore a backup of the server"),
    (errors.IndexCorrupted, StoreDamagedError, "is damaged; `reindexdb` may mend it"),
)


@contextmanager
def map_errors(name: str) -> Iterator[None]:
    """Maps what psycopg raises to the core's errors; `name` is the store's, without secrets."""
    try:
        yield
    except (psycopg.Error, PoolTimeout) as error:
        raise _mapped(name, error) from error


def _mapped(name: str, error: psycopg.Error | PoolTimeout) -> StoreError:
    for kind, mapped, trouble in _KINDS:
        if isinstance(error, kind):
            return mapped(f"the store {name} {trouble}")
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return StoreBusyError(f"the store {name} {_AWAY}")  # the connection was lost, or not made
    return StoreError(f"the store {name} cannot be used: {error}")
