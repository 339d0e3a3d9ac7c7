"""Identity of a source's requests: their own headers, cookie and proxy, where the operator says so.

Headers and cookies may be secrets, so they go to the source's own site and follow no redirect to
another one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import hdrs
from yarl import URL

from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.errors import RefusedAddressError
from bot.text.special_addresses import special_purpose_name_kind
from bot.text.urls import request_url

_HTTP, _HTTPS = ("http", 80), ("https", 443)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The headers, the cookie and the proxy of one source's requests.

    Attributes:
        home: The source's URL in the configuration: its site alone gets the headers and cookies.
        user_agent: In place of Dateline's own; empty for that.
        headers: Names and values, in place of Dateline's own and beside them.
        cookie: The Cookie header; empty for none.
        proxy: The URL of an HTTP proxy, with its credentials; empty for none.
    """

    home: str = ""
    user_agent: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    cookie: str = field(default="", repr=False)
    proxy: str = field(default="", repr=False)

    @property
    def has_secrets(self) -> bool:
        """True when something is for the source's own site only."""
        return bool(self.headers or self.cookie)

    def headers_for(self, url: URL) -> dict[str, str]:
        """Returns the headers for a URL."""
        sent: dict[str, str] = {hdrs.USER_AGENT: self.user_agent} if self.user_agent else {}
        return sent | dict(self.headers) if self._is_home(url) else sent

    def cookie_for(self, url: URL, more: str) -> str:
        """Returns the Cookie header for a URL, of what is configured and `more`."""
        own = self.cookie if self._is_home(url) else ""
        return "; ".join(filter(None, (own, more)))

    def check_by_name(self, url: URL, allowed: AllowedHosts) -> None:
        """Refuses a private host that a proxy is to ask, as far as its name alone tells.

        The proxy looks names up and connects to them, so nothing more can be known here.

        Raises:
            RefusedAddressError: It is none of the allowed, and leads into a private network.
        """
        kind = special_purpose_name_kind(url.raw_host or "")
        if kind and not allowed.allows(url):
            raise RefusedAddressError(url.host or "", kind)

    def _is_home(self, url: URL) -> bool:
        asked = request_url(self.home)
        if asked is None or asked.url.raw_host != url.raw_host:
            return False
        home, other = ((one.scheme, one.port) for one in (asked.url, url))
        return home == other or (home, other) == (_HTTP, _HTTPS)


PLAIN = Identity()
"""Of sources without settings of their own."""
