"""Response headers: Content-Type, ETag, Cache-Control and Expires (freshness), Retry-After."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from aiohttp import hdrs
from multidict import CIMultiDictProxy

MINUTE, DAY, WEEK = 60.0, 86_400.0, 604_800.0

Headers = CIMultiDictProxy[str]

_TOKEN = re.compile(r"[\w!#$%&'*+.^`|~-]+/[\w!#$%&'*+.^`|~-]+", re.ASCII)
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:+-]+)""", re.ASCII | re.IGNORECASE)
_DIRECTIVE = re.compile(r"""([\w-]+)(?:\s*=\s*("[^"]*"|[^\s,]*))?""", re.ASCII)
_NOT_ECHOABLE = re.compile("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_LONGEST_NUMBER = 18  # digits; more are clamped anyway, and Python refuses thousands


def content_type(headers: Headers) -> str:
    """Returns the media type in small letters, `application/rss+xml`; empty when there is none."""
    found = _TOKEN.match(headers.get(hdrs.CONTENT_TYPE, "").strip())
    return found[0].lower() if found else ""


def charset(headers: Headers) -> str:
    """Returns the charset as Python knows it; empty for none, or an unknown one."""
    found = _CHARSET.search(headers.get(hdrs.CONTENT_TYPE, ""))
    try:
        name = codecs.lookup(found[1]).name if found else ""
        " ".encode(name or "utf-8")  # refuses what encodes no text, such as base64
    except (LookupError, ValueError):
        return ""
    return name


def echoable_validator(value: str) -> str:
    """Returns an ETag or Last-Modified that can be sent back byte for byte, else an empty text.

    aiohttp would leave out bytes that are no UTF-8, and refuses control characters.
    """
    return "" if _NOT_ECHOABLE.search(value) else value


def retry_after(headers: Headers, now: datetime) -> float | None:
    """Returns the seconds of Retry-After, from a minute to a week; None when there is none."""
    value = headers.get(hdrs.RETRY_AFTER, "").strip()
    wait = _delta_seconds(value)
    if wait is None and (date := parse_http_date(value)):
        wait = (date - _server_time(headers, now)).total_seconds()
    return None if wait is None else min(max(wait, MINUTE), WEEK)


def fresh_for(headers: Headers, now: datetime) -> float:
    """Returns the seconds of max-age or until Expires, a day at most; 0 when there is neither."""
    directives = _cache_control(headers)
    if "no-store" in directives or "no-cache" in directives:
        return 0.0
    if "max-age" in directives:
        age = _delta_seconds(headers.get(hdrs.AGE, "").strip()) or 0.0
        fresh = (_delta_seconds(directives["max-age"]) or 0.0) - age
    elif date := parse_http_date(headers.get(hdrs.EXPIRES, "")):
        fresh = (date - _server_time(headers, now)).total_seconds()
    else:
        return 0.0
    return min(max(fresh, 0.0), DAY)


def parse_http_date(value: str) -> datetime | None:
    """Parses a date as HTTP writes it, or nearly so, to UTC; None when it is none."""
    try:
        date = parsedate_to_datetime(value)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _server_time(headers: Headers, now: datetime) -> datetime:
    """Returns the answer's Date, by which the server's other dates go; without one, `now`."""
    return parse_http_date(headers.get(hdrs.DATE, "")) or now


def _cache_control(headers: Headers) -> dict[str, str]:
    """Returns every directive with its value; of one that comes twice, the first."""
    directives: dict[str, str] = {}
    for found in _DIRECTIVE.finditer(", ".join(headers.getall(hdrs.CACHE_CONTROL, ()))):
        directives.setdefault(found[1].lower(), (found[2] or "").strip('"'))
    return directives


def _delta_seconds(text: str) -> float | None:
    return float(text[:_LONGEST_NUMBER]) if text.isascii() and text.isdecimal() else None
