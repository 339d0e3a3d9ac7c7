"""Failures of the desk: what whoever asks is told of each, and what stands in the log."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import TypeAlias

from aiohttp import hdrs

from adapters.web.admission import TooBusyError
from adapters.web.content import NotFoundError
from adapters.web.desk.entrance import ForgedError
from adapters.web.desk.guards import TooManyError
from adapters.web.sending import retry_headers
from bot.errors import ReaderError, StoreBusyError, StoreError, UnreachableError
from bot.web.desk_access import LoggedOutError

log = logging.getLogger(__name__)

Told: TypeAlias = tuple[str, HTTPStatus]
"""The name of a message, and a status."""

# The first that fits counts.
_FAILURES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Told], ...] = (
    (LoggedOutError, ("closed", HTTPStatus.FORBIDDEN)),
    (ForgedError, ("forged", HTTPStatus.FORBIDDEN)),
    (NotFoundError, ("not_found", HTTPStatus.NOT_FOUND)),
    (TooManyError, ("limited", HTTPStatus.TOO_MANY_REQUESTS)),
    (UnreachableError, ("busy", HTTPStatus.SERVICE_UNAVAILABLE)),
    (ReaderError, ("refused", HTTPStatus.FORBIDDEN)),
    ((TooBusyError, TimeoutError, StoreBusyError), ("busy", HTTPStatus.SERVICE_UNAVAILABLE)),
    (StoreError, ("failed", HTTPStatus.SERVICE_UNAVAILABLE)),
)


def retry_after(error: Exception, status: HTTPStatus) -> Mapping[str, str]:
    """Returns the header that says when to ask again; none where that is of no use."""
    if isinstance(error, TooManyError):
        return {str(hdrs.RETRY_AFTER): str(math.ceil(error.seconds))}
    return retry_headers(status)


def explain(error: Exception) -> Told:
    """Returns what is told of a failure, and logs what only an operator can mend."""
    found = next((told for kinds, told in _FAILURES if isinstance(error, kinds)), None)
    if found is None:  # the path, which may be that of a link, is none of the log's business
        log.error("the desk: no page", exc_info=error)
    elif isinstance(error, StoreError) and not isinstance(error, StoreBusyError):
        log.warning("the desk: %s", error)
    return found or ("failed", HTTPStatus.INTERNAL_SERVER_ERROR)
