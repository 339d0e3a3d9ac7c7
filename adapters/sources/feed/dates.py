"""Parses dates of feeds: RFC 822, RFC 850, ISO 8601, asctime, numeric ones, Unix timestamps.

Every format that is read in feeds stands here, and the names of months in every language that CLDR
knows. An ambiguous date gives none: a wrong one would put a story where it does not belong.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from time import struct_time
from typing import NamedTuple

from adapters.sources.feed.date_figures import figures_date, year_first_date
from adapters.sources.feed.date_names import month_name_date
from adapters.sources.feed.date_parts import NOON, TIME, DateParts, full_year, read_clock
from adapters.sources.feed.date_words import fold_digits
from adapters.sources.feed.date_zones import KOREA, find_zone

_FIRST_YEAR = 1900  # `0001-01-01` is how some programs write "none"
_LAST_YEAR = 2200
_MIN_MILLISECONDS = 100_000_000_000  # numbers above it cannot be meant as seconds
_MAX_LENGTH = 100
# Where programs begin to count: a date there is a zero, in whatever zone it was written.
_ZEROS = tuple(datetime(year, 1, 1, tzinfo=UTC) for year in (1900, 1904, 1970))
_LAST_ZERO = 1970
_FURTHEST_ZONE = timedelta(hours=14)

_MONTHS = {
    name: number
    for number, name in enumerate(
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1
    )
}

# RFC 3339's dates, and those of ISO 8601 by the week or by the day of the year.
_ISO_DAY = (
    r"(?P<year>[0-9]{4})(?:-?W(?P<week>[0-9]{2})(?:-?(?P<weekday>[1-7]))?"
    r"|-?(?P<ordinal>[0-9]{3})(?![0-9])"
    r"|(?P<sep>[-/.]?)(?P<month>[0-9]{1,2})(?:(?P=sep)(?P<day>[0-9]{1,2}))?)?"
)
_ISO_8601 = re.compile(
    rf"{_ISO_DAY}(?:(?:[t ,:]|\s)+{TIME}{NOON}\s*(?P<zone>.*)"
    r"|t?(?P<compact>[0-9]{6})\s*(?P<late>.*)|z?)",
    re.IGNORECASE,
)
_TIMESTAMP = re.compile(
    r"(?:/Date\()?([0-9]{10}|[0-9]{13})(?:\.[0-9]{1,9})?(?:[+-][0-9]{4})?(?:\)/)?"
)
_HIDDEN = re.compile(r"[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_DAY_NAME = re.compile(r"[^\W\d_]{2,12}[.,]{1,2}\s*(?=[0-9])")
# How dates are written that CLDR writes otherwise: `7. 11. 2026`, `Mrz`, `Th11`, `10am`.
_SPACED_POINTS = re.compile(r"([0-9]{1,4})\.\s?([0-9]{1,2})\.\s?([0-9]{1,4})\.?(?=\s|$)")
_OTHERWISE = (
    (re.compile(r"\bMrz\b", re.IGNORECASE), "Mär"),
    (re.compile(r"\bTh(?=[0-9]{1,2}\b)", re.IGNORECASE), "tháng "),
    (re.compile(r"(?<![0-9:.])([0-9]{1,2}) ?(?=[ap]\.?m\b)", re.IGNORECASE), r"\1:00 "),
    (
        re.compile(rf"\b(?P<half>[ap])\.?m\.? ?(?P<time>{TIME})(?! ?[ap]\.?m\b)", re.IGNORECASE),
        r"\g<time> \g<half>m",
    ),
)
_HALF_FIRST = re.compile(rf"(?P<half>上午|午前|오전|下午|午後|오후)\s?(?P<time>{TIME})")
_KOREAN_HALF = re.compile("오전|오후")
_AFTERNOON = frozenset(("下午", "午後", "오후"))
# Nearly all feeds write dates like these, of RSS and of Atom; no part of them has to be searched.
_RFC_822 = re.compile(
    r"(?:[^\W\d_]{2,12}[.,]{1,2}\s*)?([0-9]{1,2})\s+([A-Z][a-z]{2})\s+([0-9]{4}|[0-9]{2})\s+"
    r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?\s+([A-Z]{1,5}|[+-][0-9]{2}:?[0-9]{2})"
)
_RFC_3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])(?:\.[0-9]+)?"
    r"(Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])"
)


class FeedDate(NamedTuple):
    """A date of a feed.

    Attributes:
        moment: In UTC.
        has_zone: False when the date names no zone, and was taken for UTC.
    """

    moment: datetime
    has_zone: bool


def read_date(text: str, language: str = "") -> FeedDate | None:
    """Parses a date; None for what is no date, an ambiguous one, or a program's zero.

    Args:
        text: As written.
        language: The feed's, such as `pt-BR`; empty when it is not known.
    """
    text = text.strip()
    if not text or len(text) > _MAX_LENGTH:
        return None
    try:
        if local := _parse_ordinary(text):
            moment = _plausible(local if local.tzinfo is UTC else local.astimezone(UTC))
            return FeedDate(moment, has_zone=True) if moment else None
        if found := _TIMESTAMP.fullmatch(text):
            moment = from_timestamp(int(found[1]))
            return FeedDate(moment, has_zone=True) if moment else None
        parts = _parse(text, language)
        if parts and parts.zone is None and _KOREAN_HALF.search(text):
            parts = parts._replace(zone=KOREA)
        moment = _to_utc(parts) if parts else None
    except (ValueError, OverflowError):
        return None
    return FeedDate(moment, parts.zone is not None) if parts and moment else None


def parse_date(text: str, language: str = "") -> datetime | None:
    """Parses a date to UTC, for which one without a zone is taken; None as `read_date`."""
    found = read_date(text, language)
    return found.moment if found else None


def from_timestamp(seconds: float) -> datetime | None:
    """Converts a Unix timestamp in seconds or milliseconds to UTC; None for an implausible one."""
    try:
        seconds = seconds / 1_000 if abs(seconds) > _MIN_MILLISECONDS else seconds
        return _plausible(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def from_struct_time(moment: struct_time) -> datetime | None:
    """Converts what feedparser read, which is in UTC; None for an impossible date."""
    try:
        return _plausible(datetime(*moment[:5], min(moment[5], 59), tzinfo=UTC))
    except ValueError:
        return None


def _parse_ordinary(text: str) -> datetime | None:
    """Parses a date of the commonest forms; None for any other."""
    if found := _RFC_822.fullmatch(text):
        day, name, year, hour, minute, second, written = found.groups()
        if (month := _MONTHS.get(name)) and (zone := _zone(written)):
            clock = int(hour), int(minute), int(second or 0)
            return datetime(full_year(year), month, int(day), *clock, tzinfo=zone)
    elif found := _RFC_3339.fullmatch(text):
        return datetime.fromisoformat(found[1] + found[2])
    return None


def _parse(text: str, language: str) -> DateParts | None:
    text = _as_usual(text)
    name = _DAY_NAME.match(text)
    plain = text[name.end() :] if name else text
    if not plain.isascii():
        text, plain = (_half_behind(fold_digits(each)) for each in (text, plain))
    if found := _ISO_8601.fullmatch(_SPACED_POINTS.sub(r"\1.\2.\3", plain, count=1)):
        return _parse_iso_8601(found)
    return (
        figures_date(plain, language)
        or month_name_date(text, language)
        or year_first_date(text, language)
    )


def _as_usual(text: str) -> str:
    """Returns a date in the form that most write."""
    text = _HIDDEN.sub("", text)
    for pattern, usual in _OTHERWISE:
        text = pattern.sub(usual, text)
    return text


def _half_behind(text: str) -> str:
    """Returns a text in which the half of the day stands behind the time, in English."""
    return _HALF_FIRST.sub(
        lambda found: f"{found['time']} {'pm' if found['half'] in _AFTERNOON else 'am'}", text
    )


def _parse_iso_8601(found: re.Match[str]) -> DateParts:
    if digits := found["compact"]:
        clock = (int(digits[:2]), int(digits[2:4]), int(digits[4:]))
        return DateParts(_iso_day(found), clock, _zone(found["late"]))
    return DateParts(_iso_day(found), read_clock(found), _zone(found["zone"] or ""))


def _iso_day(found: re.Match[str]) -> tuple[int, int, int]:
    year = int(found["year"])
    if found["week"]:
        day = date.fromisocalendar(year, int(found["week"]), int(found["weekday"] or 1))
    elif found["ordinal"]:
        day = date(year, 1, 1) + timedelta(int(found["ordinal"]) - 1)
        if day.year != year:
            raise ValueError("the year has fewer days")
    else:
        return year, int(found["month"] or 1), int(found["day"] or 1)
    return day.year, day.month, day.day


@lru_cache(maxsize=64)
def _zone(text: str) -> tzinfo | None:
    return find_zone(text.lower())[0]


def _to_utc(parts: DateParts) -> datetime | None:
    hour, minute, second = parts.clock
    ends_day = hour == 24 and not minute and not second  # noqa: PLR2004 - midnight as an end
    second = min(second, 59) if second <= 60 else second  # noqa: PLR2004 - a leap second
    hour = 0 if ends_day else hour
    local = datetime(*parts.day, hour, minute, second, tzinfo=parts.zone or UTC)
    return _plausible((local + timedelta(days=ends_day)).astimezone(UTC))


def _plausible(moment: datetime) -> datetime | None:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    if moment.year > _LAST_ZERO:
        return moment
    return None if any(abs(moment - zero) <= _FURTHEST_ZONE for zero in _ZEROS) else moment
