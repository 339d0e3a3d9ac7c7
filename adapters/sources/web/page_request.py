"""A request for one page along its redirects: what is sent, and the time that is left."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from aiohttp import hdrs

from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.cookies import FetchCookies
from adapters.sources.web.identity import Identity
from adapters.sources.web.redirects import RedirectChain


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
