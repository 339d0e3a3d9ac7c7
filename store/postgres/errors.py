"""Maps PostgreSQL's errors to the core's, in words that a person understands."""

from __future__ import annotations

import asyncio
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
    """Maps what psycopg raises to the core's errors; `name` is the store's, without secrets.

    A task that was cancelled meanwhile is. psycopg waits by `asyncio.wait_for`, which before Python
    3.12 loses a cancellation that comes together with what it waits for
    (https://github.com/python/cpython/issues/86296).
    """
    before = _count_cancellations()
    try:
        yield
    except (psycopg.Error, PoolTimeout) as error:
        _check_cancelled(before)
        raise _mapped(name, error) from error
    _check_cancelled(before)


def _count_cancellations() -> int:
    """Counts how often the task was cancelled that is running now."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return 0  # there is no event loop
    return task.cancelling() if task else 0


def _check_cancelled(before: int) -> None:
    if _count_cancellations() > before:
        raise asyncio.CancelledError


def _mapped(name: str, error: psycopg.Error | PoolTimeout) -> StoreError:
    for kind, mapped, trouble in _KINDS:
        if isinstance(error, kind):
            return mapped(f"the store {name} {trouble}")
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return StoreBusyError(f"the store {name} {_AWAY}")  # the connection was lost, or not made
    return StoreError(f"the store {name} cannot be used: {error}")
