"""Redirects: follows them, tells permanent ones, and refuses loops and chains that are too long."""

from __future__ import annotations

import re
from http import HTTPStatus

from yarl import URL

from adapters.sources.web.errors import FetchError
from bot.text.display import add_quotes
from bot.text.urls import hide_credentials, request_url

MAX_REDIRECTS = 20
"""As browsers follow."""

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})


class RedirectChain:
    """The URLs that one request has led along.

    Args:
        address: The URL that was asked for.

    Attributes:
        url: The one to ask now, without fragment and credentials.

    Raises:
        FetchError: It is no address on the web.
    """

    def __init__(self, address: str) -> None:
        asked = request_url(address)
        if asked is None:
            shown = add_quotes(hide_credentials(address))
            raise FetchError(f"{shown} is not a web address")
        self.url, self._credentials = asked
        self._origin = self.url.origin()
        self._visited: set[tuple[URL, str]] = set()
        self._followed = 0
        self._status: int | None = None
        self._permanent = True

    @property
    def credentials(self) -> tuple[str, str] | None:
        """User and password for the current URL; None on any other origin than the first."""
        return self._credentials if self.url.origin() == self._origin else None

    @property
    def moved_to(self) -> str | None:
        """The new URL of what was asked for; None unless every redirect was permanent."""
        moved = self._followed > 0 and self._permanent
        return str(self.url) if moved else None

    def visit(self, cookies: str) -> None:
        """Notes that the current URL is about to be asked.

        Args:
            cookies: What is sent with it. A site may send back to where one came from once it has
                set a cookie; with the same cookies that is a loop.

        Raises:
            FetchError: The chain leads in a loop, or is too long.
        """
        if (self.url, cookies) in self._visited:
            raise FetchError("redirected in a loop", status=self._status)
        if self._followed > MAX_REDIRECTS:
            raise FetchError(f"redirected more than {MAX_REDIRECTS} times", status=self._status)
        self._visited.add((self.url, cookies))

    def follow(self, status: int, location: str) -> None:
        """Follows a redirect.

        Args:
            status: Of the answer, one of `REDIRECT_STATUSES`.
            location: Its header of that name.

        Raises:
            FetchError: It leads nowhere.
        """
        found = request_url(_without_surrogates(location), self.url) if location else None
        if found is None:
            shown = add_quotes(hide_credentials(location))
            where = f"to {shown}, which is not a web address" if location else "to nowhere"
            raise FetchError(f"redirected {where}", status=status)
        self.url = found.url
        self._status = status
        self._followed += 1
        self._permanent &= status in _PERMANENT


def _without_surrogates(text: str) -> str:
    """Percent-encodes bytes that are no UTF-8, which aiohttp hands on as surrogates."""
    return re.sub("[\udc80-\udcff]", lambda found: f"%{ord(found[0]) - 0xDC00:02X}", text)
