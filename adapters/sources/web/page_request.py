"""A request for one page along its redirects: headers, cookies, and the time that is left."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

import aiohttp
from aiohttp import hdrs
from yarl import URL

from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.headers import echoable_validator
from adapters.sources.web.identity import Identity
from adapters.sources.web.redirects import RedirectChain

_MAX_COOKIES = 16 << 10  # characters of all cookies together


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
        return header if len(header) <= _MAX_COOKIES else ""


@dataclass(slots=True)
class PageRequest:
    """One page that is asked for, along its redirects, and the time left for it.

    Attributes:
        redirects: The URLs that it has led along.
        headers: Those of every request.
        allowed: The hosts that may have any address.
        identity: What the source's operator wants it to bear.
        max_bytes: The limit for the body.
        seconds_left: Until the page must have come.
        insists: True when a person asks.
        cookies: Those that responses set.
        has_response: True when the current URL has answered.
    """

    redirects: RedirectChain
    headers: dict[str, str]
    allowed: AllowedHosts
    identity: Identity
    max_bytes: int
    seconds_left: float
    insists: bool
    cookies: FetchCookies = field(default_factory=FetchCookies)
    has_response: bool = False

    @property
    def validators(self) -> tuple[str, str]:
        """The ETag and the Last-Modified that are sent."""
        etag = self.headers.get(hdrs.IF_NONE_MATCH, "")
        return etag, self.headers.get(hdrs.IF_MODIFIED_SINCE, "")

    def visit(self) -> dict[str, str]:
        """Notes that the current URL is about to be asked, and returns the headers for it.

        Raises:
            FetchError: The redirects lead in a loop, or too far.
        """
        url = self.redirects.url
        cookies = self.cookies.header(url)
        self.redirects.visit(cookies)
        cookie = {hdrs.COOKIE: self.identity.cookie_for(url, cookies)}
        given = _authorization(self.redirects.credentials) | self.identity.headers_for(url)
        names = {name.lower() for name in given}
        own = {name: value for name, value in self.headers.items() if name.lower() not in names}
        return {name: value for name, value in (own | given | cookie).items() if value}


def _authorization(credentials: tuple[str, str] | None) -> dict[str, str]:
    if credentials is None:
        return {}
    encoded = base64.b64encode(":".join(credentials).encode()).decode()
    return {hdrs.AUTHORIZATION: f"Basic {encoded}"}
