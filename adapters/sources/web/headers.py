"""What the headers of an answer say: its type, how long it stays fresh, when to come again."""

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
_UNSENDABLE = re.compile("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_LONGEST_NUMBER = 18  # digits; more are clamped anyway, and Python refuses thousands


def content_type(headers: Headers) -> str:
    """The media type in small letters, `application/rss+xml`; empty when there is none."""
    found = _TOKEN.match(headers.get(hdrs.CONTENT_TYPE, "").strip())
    return found[0].lower() if found else ""


def charset(headers: Headers) -> str:
    """The name of the encoding as Python knows it; empty when none is named, or an unknown one."""
    found = _CHARSET.search(headers.get(hdrs.CONTENT_TYPE, ""))
    try:
        name = codecs.lookup(found[1]).name if found else ""
        " ".encode(name or "utf-8")  # refuses what encodes no text, such as base64
    except (LookupError, ValueError):
        return ""
    return name


def sendable(value: str) -> str:
    """An ETag or Last-Modified if it can be sent back just as it came, else an empty text.

    aiohttp would leave out bytes that are no UTF-8, and refuses control characters.
    """
    return "" if _UNSENDABLE.search(value) else value


def retry_after(headers: Headers, now: datetime) -> float | None:
    """Seconds after which to ask again, from a minute to a week; None when nothing is said."""
    value = headers.get(hdrs.RETRY_AFTER, "").strip()
    wait = _number(value)
    if wait is None and (date := http_date(value)):
        wait = (date - _sent(headers, now)).total_seconds()
    return None if wait is None else min(max(wait, MINUTE), WEEK)


def fresh_for(headers: Headers, now: datetime) -> float:
    """Seconds for which asking again is pointless, a day at most; 0 when nothing is said."""
    said = _cache_control(headers)
    if "no-store" in said or "no-cache" in said:
        return 0.0
    if "max-age" in said:
        age = _number(headers.get(hdrs.AGE, "").strip()) or 0.0
        fresh = (_number(said["max-age"]) or 0.0) - age
    elif date := http_date(headers.get(hdrs.EXPIRES, "")):
        fresh = (date - _sent(headers, now)).total_seconds()
    else:
        return 0.0
    return min(max(fresh, 0.0), DAY)


def http_date(value: str) -> datetime | None:
    """A date as HTTP writes it, or nearly so, in UTC; None when it is none."""
    try:
        date = parsedate_to_datetime(value)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _sent(headers: Headers, now: datetime) -> datetime:
    """When the answer was sent, by the server's own clock where it tells: its dates go by that."""
    return http_date(headers.get(hdrs.DATE, "")) or now


def _cache_control(headers: Headers) -> dict[str, str]:
    """Every directive and its value; of one that comes twice, the first."""
    said: dict[str, str] = {}
    for found in _DIRECTIVE.finditer(", ".join(headers.getall(hdrs.CACHE_CONTROL, ()))):
        said.setdefault(found[1].lower(), (found[2] or "").strip('"'))
    return said


def _number(text: str) -> float | None:
    return float(text[:_LONGEST_NUMBER]) if text.isascii() and text.isdecimal() else None
