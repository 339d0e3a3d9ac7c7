"""Admission: how many pages are made at once, and how many requests wait for that."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address

from aiohttp import hdrs, web

_AT_ONCE = 2  # of the store's three readers, so that whoever asks in a chat has one
_WAITING = 200
_OF_ONE = 24  # of a reader: a browser has six requests under way, and a household several browsers
_LONGEST_ADDRESS = 45  # characters of an IP address


class TooBusyError(Exception):
    """There is more to do than can be done soon."""


class Admission:
    """Lets requests in, first come, first served; those that are too many are told at once."""

    def __init__(
        self, at_once: int = _AT_ONCE, waiting: int = _WAITING, of_one: int = _OF_ONE
    ) -> None:
        """Makes one that has let nobody in yet.

        Args:
            at_once: How many have a slot.
            waiting: How many there may be with those that wait.
            of_one: How many of these may be of one reader.
        """
        self._slots = asyncio.Semaphore(at_once)
        self._waiting = waiting
        self._of_one = of_one
        self._asked = Counter[str]()

    @asynccontextmanager
    async def slot(self, reader: str = "") -> AsyncIterator[None]:
        """Holds a slot for as long as the block lasts.

        Args:
            reader: Who asks; an address will do.

        Raises:
            TooBusyError: Too many wait already.
        """
        if self._asked.total() >= self._waiting or self._asked[reader] >= self._of_one:
            raise TooBusyError
        self._asked[reader] += 1
        try:
            async with self._slots:
                yield
        finally:
            self._asked[reader] -= 1
            if not self._asked[reader]:
                del self._asked[reader]


def address_of(request: web.BaseRequest) -> str:
    """Returns the address of who asks, as far as it is known."""
    return forwarded_for(request) or request.remote or ""


def forwarded_for(request: web.BaseRequest) -> str:
    """Returns the address of the reader for whom a server in front asks; empty for none.

    What that server says (`X-Forwarded-For`) counts where it is at a private address, as it is
    when it forwards; of several the last, which that server has added itself.
    """
    told = request.headers.get(hdrs.X_FORWARDED_FOR, "").rpartition(",")[2].strip()
    return told[:_LONGEST_ADDRESS] if told and _is_private(request.remote or "") else ""


def _is_private(address: str) -> bool:
    try:
        return ip_address(address.partition("%")[0]).is_private
    except ValueError:
        return False
