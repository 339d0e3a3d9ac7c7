"""The entrance: cookies, and how a request of the desk's own pages is told from a forged one."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import hdrs, web

from adapters.web_listener import BROKEN_OFF
from bot.logins.logins import form_token
from bot.logins.ports import LONGEST
from bot.text.urls import split_url

FORM_TOKEN = "token"  # noqa: S105 - the name of a field
"""The field of each form that holds its token."""

_MOST = 64 * 1024  # bytes of a form
_FORM = "application/x-www-form-urlencoded"
_SAME_ORIGIN = "same-origin"


class ForgedError(Exception):
    """A request does not come from a page of the desk."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """Knows the site's address, and the cookie that goes with it.

    Attributes:
        base: The site's public address, without a slash at its end.
    """

    base: str

    @property
    def is_secure(self) -> bool:
        """True where browsers come over HTTPS."""
        return self.base.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the cookie; with `__Host-` browsers take it from this host alone.

        https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
        """
        return "__Host-desk" if self.is_secure else "dateline-desk"

    @property
    def origin(self) -> str:
        """The origin of the site's pages (RFC 6454)."""
        parts = split_url(self.base)
        return f"{parts.scheme}://{parts.netloc}" if parts else ""

    def token(self, request: web.BaseRequest) -> str:
        """Returns the token of the session that a request belongs to; empty for none."""
        return request.cookies.get(self.cookie, "")

    def let_in(self, response: web.StreamResponse, token: str) -> None:
        """Has a browser keep the token of a session, for the site's own pages alone."""
        self._set_cookie(response, token, int(LONGEST.total_seconds()))

    def let_out(self, response: web.StreamResponse) -> None:
        """Has a browser forget the token."""
        self._set_cookie(response, "", 0)

    def _set_cookie(self, response: web.StreamResponse, token: str, max_age: int) -> None:
        response.set_cookie(
            self.cookie,
            token,
            max_age=max_age,
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="Strict",
        )

    def check_origin(self, request: web.BaseRequest) -> None:
        """Makes sure that a form was sent by a page of this very site.

        Browsers say where a form comes from (`Origin`), which no page can change; those that keep
        that to themselves say at least that it is the same origin (`Sec-Fetch-Site`). The host of
        the request counts, too: behind no web server it may be reached by several names.

        Raises:
            ForgedError: It was not, or nobody says.
        """
        origin = request.headers.get(hdrs.ORIGIN, "")
        host = f"{'https' if self.is_secure else 'http'}://{request.headers.get(hdrs.HOST, '')}"
        if origin in {self.origin, host}:
            return
        if not origin and request.headers.get("Sec-Fetch-Site") == _SAME_ORIGIN:
            return
        raise ForgedError

    def check_form(self, request: web.BaseRequest, form: Mapping[str, str]) -> None:
        """Makes sure that a form was sent by a page that this session was shown.

        Raises:
            ForgedError: It was not.
        """
        own = form_token(self.token(request))
        given = form.get(FORM_TOKEN, "").encode("utf-8", "replace")
        if not hmac.compare_digest(own.encode(), given):
            raise ForgedError


async def read_form(request: web.Request) -> Mapping[str, str]:
    """Returns the fields of a form, of each the first; none of what is no form, or too large."""
    if request.content_type != _FORM or (request.content_length or 0) > _MOST:
        return {}
    try:
        fields = await request.post()
    except (ValueError, LookupError, web.HTTPException):  # no text, an unknown charset, too large
        return {}
    except BROKEN_OFF:
        return {}
    return {name: value for name in fields if isinstance(value := fields[name], str)}
