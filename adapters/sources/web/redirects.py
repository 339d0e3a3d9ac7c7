"""Where a request goes: from the address that was asked for, along its redirects."""

from __future__ import annotations

import re
from http import HTTPStatus

from yarl import URL

from adapters.sources.web.errors import FetchError
from bot.text.display import in_quotes

MOST_REDIRECTS = 5

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})

# An address that is written as it should be is left as it is: a signature may hang on each sign.
_WELL_WRITTEN = re.compile(r"(?:[\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*", re.ASCII)


class RedirectChain:
    """The addresses on the way of one request.

    Args:
        address: What was asked for.

    Attributes:
        url: Where to ask now; without a fragment, and without what is to be kept secret.

    Raises:
        FetchError: It is no address on the web.
    """

    def __init__(self, address: str) -> None:
        asked = _parsed(address)
        if asked is None:
            raise FetchError(f"{in_quotes(address)} is no address on the web")
        self.url = _bare(asked)
        self._origin = self.url.origin()
        self._login = (asked.user or "", asked.password or "") if asked.raw_user else None
        self._seen = [self.url]
        self._permanent = True

    @property
    def login(self) -> tuple[str, str] | None:
        """The name and the password for this address; None for any host that was led to."""
        return self._login if self.url.origin() == self._origin else None

    @property
    def moved_to(self) -> str | None:
        """The new address of what was asked for; None unless every redirect was for ever."""
        moved = len(self._seen) > 1 and self._permanent
        return str(self.url) if moved else None

    def follow(self, status: int, location: str) -> None:
        """Goes where an answer leads.

        Args:
            status: Of the answer, one of `REDIRECTS`.
            location: Its header of that name.

        Raises:
            FetchError: It leads nowhere, in a circle, or has led on for too long.
        """
        found = _parsed(_without_surrogates(location), self.url) if location else None
        if found is None:
            where = f"to {in_quotes(location)}, which is no address on the web"
            raise FetchError(f"redirected {where if location else 'to nowhere'}", status=status)
        self.url = _bare(found)
        if self.url in self._seen:
            raise FetchError("redirected in a circle", status=status)
        if len(self._seen) > MOST_REDIRECTS:
            raise FetchError(f"redirected more than {MOST_REDIRECTS} times", status=status)
        self._seen.append(self.url)
        self._permanent &= status in _PERMANENT


def _parsed(address: str, base: URL | None = None) -> URL | None:
    """The address; None when it is none that HTTP can ask for."""
    text = address.strip()
    try:
        url = URL(text, encoded=_WELL_WRITTEN.fullmatch(text) is not None)
        url = base.join(url) if base and not url.scheme else url
        is_web = url.scheme in {"http", "https"} and bool(url.host) and bool(url.port)
    except (ValueError, UnicodeError):
        return None
    return url if is_web else None


def _bare(url: URL) -> URL:
    return url.with_user(None).with_fragment(None)


def _without_surrogates(text: str) -> str:
    """Bytes that are no UTF-8, as aiohttp hands them on, in the way an address writes them."""
    return re.sub("[\udc80-\udcff]", lambda found: f"%{ord(found[0]) - 0xDC00:02X}", text)
