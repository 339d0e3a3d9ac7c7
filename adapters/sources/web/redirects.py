"""Redirects: follows them, tells permanent ones, and refuses loops and chains that are too long."""

from __future__ import annotations

import re
from http import HTTPStatus

from yarl import URL

from adapters.sources.web.errors import FetchError
from bot.text.display import in_quotes

MAX_REDIRECTS = 5

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})

# A URL that is percent-encoded as it should be stays as it is: it may be signed.
_ENCODED = re.compile(r"(?:[\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*", re.ASCII)


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
        asked = _parse_url(address)
        if asked is None:
            raise FetchError(f"{in_quotes(address)} is not a web address")
        self.url = _without_credentials(asked)
        self._origin = self.url.origin()
        self._credentials = (asked.user or "", asked.password or "") if asked.raw_user else None
        self._visited = [self.url]
        self._permanent = True

    @property
    def credentials(self) -> tuple[str, str] | None:
        """User and password for the current URL; None on any other origin than the first."""
        return self._credentials if self.url.origin() == self._origin else None

    @property
    def moved_to(self) -> str | None:
        """The new URL of what was asked for; None unless every redirect was permanent."""
        moved = len(self._visited) > 1 and self._permanent
        return str(self.url) if moved else None

    def follow(self, status: int, location: str) -> None:
        """Follows a redirect.

        Args:
            status: Of the answer, one of `REDIRECT_STATUSES`.
            location: Its header of that name.

        Raises:
            FetchError: It leads nowhere, to a URL visited before, or the chain is too long.
        """
        found = _parse_url(_without_surrogates(location), self.url) if location else None
        if found is None:
            where = f"to {in_quotes(location)}, which is not a web address"
            raise FetchError(f"redirected {where if location else 'to nowhere'}", status=status)
        self.url = _without_credentials(found)
        if self.url in self._visited:
            raise FetchError("redirected in a loop", status=status)
        if len(self._visited) > MAX_REDIRECTS:
            raise FetchError(f"redirected more than {MAX_REDIRECTS} times", status=status)
        self._visited.append(self.url)
        self._permanent &= status in _PERMANENT


def _parse_url(address: str, base: URL | None = None) -> URL | None:
    """Parses an http or https URL; None when it is none."""
    text = address.strip()
    try:
        url = URL(text, encoded=_ENCODED.fullmatch(text) is not None)
        url = base.join(url) if base and not url.scheme else url
        is_web = url.scheme in {"http", "https"} and bool(url.host) and bool(url.port)
    except (ValueError, UnicodeError):
        return None
    return url if is_web else None


def _without_credentials(url: URL) -> URL:
    return url.with_user(None).with_fragment(None)


def _without_surrogates(text: str) -> str:
    """Percent-encodes bytes that are no UTF-8, which aiohttp hands on as surrogates."""
    return re.sub("[\udc80-\udcff]", lambda found: f"%{ord(found[0]) - 0xDC00:02X}", text)
