"""The cookies of one fetch, for sites that set one and send back to where one came from."""

from __future__ import annotations

import aiohttp
from yarl import URL

from adapters.sources.web.headers import echoable_validator

_MAX_HEADER = 16 << 10  # characters of all cookies together


class FetchCookies:
    """Keeps what the responses of one fetch set, and gives it to the hosts that set it.

    A host gets its cookies on later redirects of the same fetch, by the rules of RFC 6265. They are
    forgotten with the fetch.
    """

    def __init__(self) -> None:
        # "Unsafe" are only cookies of hosts that are IP addresses; no cookie outlives the fetch.
        self._jar = aiohttp.CookieJar(unsafe=True, quote_cookie=False)

    def note(self, response: aiohttp.ClientResponse) -> None:
        """Takes the cookies that a response sets."""
        self._jar.update_cookies(response.cookies, response.url)

    def header(self, url: URL) -> str:
        """Returns the Cookie header for a URL; empty for none."""
        cookies = self._jar.filter_cookies(url).values()
        pairs = [f"{cookie.key}={cookie.coded_value}" for cookie in cookies]
        header = "; ".join(pair for pair in pairs if echoable_validator(pair))
        return header if len(header) <= _MAX_HEADER else ""
