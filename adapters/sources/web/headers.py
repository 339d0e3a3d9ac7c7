"""Response headers: Content-Type, validators, freshness, Retry-After and rate limits."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from aiohttp import hdrs
from multidict import CIMultiDictProxy

MINUTE, DAY, WEEK = 60.0, 86_400.0, 604_800.0

Headers = CIMultiDictProxy[str]

_TOKEN = re.compile(r"[\w!#$%&'*+.^`|~-]+/[\w!#$%&'*+.^`|~-]+", re.ASCII)
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([\w.:+-]+)""", re.ASCII | re.IGNORECASE)
_DIRECTIVE = re.compile(r"""([\w-]+)(?:\s*=\s*("[^"]*"|[^\s,]*))?""", re.ASCII)
_NOT_ECHOABLE = re.compile("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_REMAINING = re.compile(r"(?:^|[\s;,])(?:remaining|r)\s*=\s*([0-9]{1,18})", re.ASCII)
_RESET = re.compile(r"(?:^|[\s;,])(?:reset|t)\s*=\s*([0-9]{1,18})", re.ASCII)
# Durations as some servers write them: `300s`, `300 seconds`, `6m30s`, `5 minutes`.
_DURATION = re.compile(
    r"(?:(?P<hours>[0-9]{1,6}) ?h(?:ours?)?)? ?(?:(?P<minutes>[0-9]{1,6}) ?m(?:in(?:ute)?s?)?)? ?"
    r"(?:(?P<seconds>[0-9]{1,9}(?:\.[0-9]{1,9})?) ?(?:s(?:ec(?:ond)?s?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_EPOCH = 1e9  # a larger number is a time, in seconds since 1970, or in milliseconds
_SKEW = timedelta(minutes=1)  # between two clocks of a server
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


def honest_last_modified(headers: Headers, now: datetime) -> str:
    """Returns Last-Modified as it can be sent back; empty for a time that is still to come.

    A server compares the times, and would find nothing modified until that time has come
    (RFC 9110, section 8.8.2.1: a recipient must not trust such a time).
    """
    value = echoable_validator(headers.get(hdrs.LAST_MODIFIED, ""))
    date = parse_http_date(value)
    if date is None:
        return value
    latest = min(_server_time(headers, now) + _SKEW, now + timedelta(days=1))
    return "" if date > latest else value


def asked_wait(headers: Headers, now: datetime, *, refused: bool) -> float | None:
    """Returns the seconds that a server asks to wait; None when it asks for nothing.

    They are those of Retry-After or, from a minute to a week, until a rate limit that is used up is
    reset.

    Args:
        headers: Of the response.
        now: The time.
        refused: True when the response says itself that the limit is used up.
    """
    wait = _retry_after(headers, now)
    if wait is None and (refused or _is_used_up(headers)):
        wait = _limit_reset(headers, now)
    return None if wait is None else min(max(wait, MINUTE), WEEK)


def used_up_for(headers: Headers, now: datetime) -> float:
    """Returns the seconds until a rate limit is reset that this response has used up, else 0."""
    wait = _limit_reset(headers, now) if _is_used_up(headers) else None
    return min(max(wait or 0.0, 0.0), DAY)


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


def count(headers: Headers, name: str) -> int:
    """Returns the number in a header; 0 when there is none."""
    return int(_delta_seconds(headers.get(name, "").strip()) or 0.0)


def parse_http_date(value: str) -> datetime | None:
    """Parses a date as HTTP writes it, or nearly so, to UTC; None when it is none."""
    try:
        date = parsedate_to_datetime(value)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def clock_of_server(headers: Headers) -> datetime | None:
    """Returns the time by the server's clock; None when it does not say.

    A cache's Age is added to the Date of what it keeps (RFC 9111, section 5.1).
    """
    date = parse_http_date(headers.get(hdrs.DATE, ""))
    age = _delta_seconds(headers.get(hdrs.AGE, "0"))
    return date + timedelta(seconds=min(age or 0.0, DAY)) if date else None


def _retry_after(headers: Headers, now: datetime) -> float | None:
    value = headers.get(hdrs.RETRY_AFTER, "").strip()
    wait = _seconds(value)
    if wait is None and (date := parse_http_date(value) or _iso_date(value)):
        wait = (date - _server_time(headers, now)).total_seconds()
    return _seconds(value.partition(",")[0]) if wait is None else wait


def _seconds(value: str) -> float | None:
    """Returns a number of seconds, or a duration with units in seconds; None for neither."""
    if _NUMBER.fullmatch(value):
        return float(value[:_LONGEST_NUMBER])
    found = _DURATION.fullmatch(value) if value else None
    if found is None:
        return None
    hours, minutes, seconds = (float(each or 0) for each in found.groups())
    return (hours * MINUTE + minutes) * MINUTE + seconds


def _is_used_up(headers: Headers) -> bool:
    remaining = _limit_value(headers, "remaining", _REMAINING)
    return remaining is not None and remaining < 1


def _limit_reset(headers: Headers, now: datetime) -> float | None:
    """Returns the seconds until the rate limit is reset, which is given as such or as a time."""
    reset = _limit_value(headers, "reset-after", _RESET) or _limit_value(headers, "reset", _RESET)
    if reset is None or reset < _EPOCH:
        return reset
    seconds = reset / 1_000 if reset >= _EPOCH * 1_000 else reset
    return seconds - _server_time(headers, now).timestamp()


def _limit_value(headers: Headers, name: str, field: re.Pattern[str]) -> float | None:
    """Returns a number of the rate limit, from the headers that sites use, or the draft's own.

    That is https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/.
    """
    for prefix in ("x-ratelimit-", "x-rate-limit-", "ratelimit-"):
        value = headers.get(prefix + name, "").strip()
        if (seconds := _seconds(value)) is not None:
            return seconds
        if date := _iso_date(value) or parse_http_date(value):
            return date.timestamp()
    found = field.search(headers.get("ratelimit", ""))
    return float(found[1]) if found else None


def _server_time(headers: Headers, now: datetime) -> datetime:
    """Returns the answer's Date, by which the server's other dates go; without one, `now`."""
    return parse_http_date(headers.get(hdrs.DATE, "")) or now


def _iso_date(value: str) -> datetime | None:
    try:
        date = datetime.fromisoformat(value)
    except ValueError:
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date


def _cache_control(headers: Headers) -> dict[str, str]:
    """Returns every directive with its value; of one that comes twice, the first."""
    directives: dict[str, str] = {}
    for found in _DIRECTIVE.finditer(", ".join(headers.getall(hdrs.CACHE_CONTROL, ()))):
        directives.setdefault(found[1].lower(), (found[2] or "").strip('"'))
    return directives


def _delta_seconds(text: str) -> float | None:
    return float(text[:_LONGEST_NUMBER]) if text.isascii() and text.isdecimal() else None
