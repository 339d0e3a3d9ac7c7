"""Sending of answers: conditional requests (RFC 9110, 13), encodings, and what guards readers."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

import brotli
from aiohttp import hdrs, web

from adapters.web.content import FOREVER
from adapters.web.response_cache import CachedResponse

_SMALL = 600  # bytes, which packing hardly makes less
_LONGEST_HEADER = 1_000  # characters that are read of what is asked for

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
"""The Content-Security-Policy of every answer: nothing runs that is not the site's own file."""

GUARDS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_SOON = "5"  # seconds, after which what was busy or away may be back

NotePacked = Callable[[CachedResponse, str, bytes], None]


def retry_headers(status: HTTPStatus) -> Mapping[str, str]:
    """Returns the header that says when to ask again; none where that is of no use."""
    is_away = status is HTTPStatus.SERVICE_UNAVAILABLE
    return {str(hdrs.RETRY_AFTER): _SOON} if is_away else {}


def chosen_encoding(header: str) -> str:
    """Returns the encoding to send a text in: `br`, `gzip`, or an empty text for none.

    Args:
        header: `Accept-Encoding` (RFC 9110, 12.5.3).
    """
    accepted = {}
    for part in header[:_LONGEST_HEADER].lower().split(","):
        name, _, quality = part.partition(";")
        accepted[name.strip()] = quality.replace(" ", "") not in {
            "q=0",
            "q=0.0",
            "q=0.00",
            "q=0.000",
        }
    for encoding in ("br", "gzip"):
        if accepted.get(encoding, False):
            return encoding
    return ""


def is_unchanged(request: web.BaseRequest, made: CachedResponse) -> bool:
    """Tells whether whoever asks has the answer already."""
    known = request.headers.get(hdrs.IF_NONE_MATCH)
    if known is not None:
        tags = {one.strip().removeprefix("W/").strip('"') for one in known.split(",")}
        return "*" in tags or any(tag.partition("-")[0] == made.etag for tag in tags)
    since = _parse_date(request.headers.get(hdrs.IF_MODIFIED_SINCE, ""))
    return made.is_dated and since is not None and made.modified <= since


def _parse_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def respond(
    request: web.BaseRequest, made: CachedResponse, note: NotePacked = lambda *_: None
) -> web.Response:
    """Returns what is sent: the answer, packed if that is taken, or that it is unchanged.

    Args:
        request: The request.
        made: The answer.
        note: Told what was packed, to keep it.
    """
    content = made.content
    may_pack = content.is_text and len(content.body) > _SMALL
    encoding = chosen_encoding(request.headers.get(hdrs.ACCEPT_ENCODING, "")) if may_pack else ""
    headers = {
        **GUARDS,
        hdrs.ETAG: f'"{made.etag}{"-" + encoding if encoding else ""}"',
        hdrs.CACHE_CONTROL: _freshness(content.max_age),
        hdrs.VARY: "Accept-Encoding, Accept-Language",
        **content.headers,
    }
    if made.is_dated:
        modified = format_datetime(made.modified.astimezone(UTC), usegmt=True)
        headers[hdrs.LAST_MODIFIED] = modified
    if content.status is HTTPStatus.OK and is_unchanged(request, made):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers[hdrs.CONTENT_TYPE] = content.type
    if encoding:
        headers[hdrs.CONTENT_ENCODING] = encoding
    body = _packed(made, encoding, note) if encoding else content.body
    return web.Response(status=content.status, body=body, headers=headers)


def _freshness(seconds: int) -> str:
    if not seconds:
        return "no-cache"
    return f"public, max-age={seconds}{', immutable' if seconds == FOREVER else ''}"


def _packed(made: CachedResponse, encoding: str, note: NotePacked) -> bytes:
    known = made.packed.get(encoding)
    if known is not None:
        return known
    body = made.content.body
    packed = (
        brotli.compress(body, quality=5) if encoding == "br" else gzip.compress(body, 6, mtime=0)
    )
    note(made, encoding, packed)
    return packed
