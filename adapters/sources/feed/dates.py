"""Parses dates of feeds: RFC 822, RFC 850, ISO 8601, asctime, numeric ones, Unix timestamps.

Every format that is read in feeds, in English and other languages, stands here.

A date without a zone is taken for UTC. An ambiguous one gives no date: a wrong
one would put a story where it does not belong.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from time import struct_time

_FIRST_YEAR = 1900  # `0001-01-01` is how some programs write "none"
_LAST_YEAR = 2200
_PIVOT_YEAR = 69  # a year of two digits below it is of this century
_MIN_MILLISECONDS = 100_000_000_000  # numbers above it cannot be meant as seconds
_MAX_LENGTH = 100

# Three letters tell months apart in English and in the languages that feeds are written in; months
# that differ are given by each of their forms.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen",
            "feb fév fev",
            "mar mär mrt maa",
            "apr avr abr",
            "may mai mag mei maj",
            "jun giu juin",
            "jul lug juil",
            "aug ago aoû aou",
            "sep set",
            "oct okt ott out",
            "nov",
            "dec dez déc dic",
        ),
        start=1,
    )
    for name in names.split()
}

# Zones by their hours from UTC. Where a name has several meanings, the one in most feeds.
_ZONES: dict[str, float] = {
    name: hours
    for hours, names in {
        -10: "hst",
        -9: "akst",
        -8: "pst pt akdt",
        -7: "mst mt pdt",
        -6: "cst ct mdt",
        -5: "est et cdt",
        -4: "ast edt clt",
        -3.5: "nst",
        -3: "adt brt art",
        -2.5: "ndt",
        0: "utc gmt ut z wet",
        1: "bst cet met mez west",
        2: "cest mest mesz eet sast",
        3: "eest msk trt",
        4: "msd",
        5: "pkt",
        5.5: "ist",
        7: "wib ict",
        8: "hkt sgt pht awst",
        9: "jst kst",
        9.5: "acst",
        10: "aest",
        10.5: "acdt",
        11: "aedt",
        12: "nzst",
        13: "nzdt",
    }.items()
    for name in names.split()
}

_TIME = (
    r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{1,2})(?:[:.](?P<second>[0-9]{1,2}))?(?:[.,][0-9]*)?"
)
_NOON = r"(?:\s*(?P<noon>[ap])\.?m\b\.?)?"
_ZONE = r"\s*(?P<zone>.*)"
_ISO_8601 = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<sep>[-/.]?)(?P<month>[0-9]{1,2})(?:(?P=sep)(?P<day>[0-9]{1,2}))?)?"
    rf"(?:(?:[tT ,:]|\s)+{_TIME}{_NOON}{_ZONE}|[tT](?P<compact>[0-9]{{6}})\s*(?P<late>.*)"
    r"|[zZ]?)"
)
_NUMERIC = re.compile(
    r"(?P<one>[0-9]{1,2})(?P<sep>[/.-])(?P<two>[0-9]{1,2})(?P=sep)(?P<year>[0-9]{4})"
    rf"(?:[ ,]+{_TIME}{_NOON}{_ZONE})?"
)
_CLOCK = re.compile(rf"(?<![0-9]){_TIME}{_NOON}")
_NUMBER = re.compile(r"[0-9]+(?![0-9]*[:])")
_WORD = re.compile(r"[^\W\d_]{3,}")
_OFFSET = re.compile(
    r"(?:[a-z]{1,4})?\s*(?P<sign>[+\-−])\s*(?P<hours>[0-9]{1,2}):?(?P<minutes>[0-9]{2})?"
)
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th|º|er|\.(?=\s))(?![^\W\d_])")
_DAY_NAME = re.compile(r"[^\W\d_]{2,12}[.,]{1,2}\s*(?=[0-9])")
# Nearly all RSS feeds write dates like this one: it spares them the search for each part.
_RFC_822 = re.compile(
    r"(?P<day>[0-9]{1,2}) (?P<month>[A-Z][a-z]{2}) (?P<year>[0-9]{4}) "
    r"(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9])(?P<noon>)"
    r" (?P<zone>GMT|UTC|Z|[+-][0-9]{4})"
)


def parse_date(text: str) -> datetime | None:
    """Parses a date to UTC; None for what is no date, or an ambiguous one."""
    text = text.strip()
    if not text or len(text) > _MAX_LENGTH:
        return None
    if name := _DAY_NAME.match(text):
        text = text[name.end() :]
    try:
        return _parse(text)
    except (ValueError, OverflowError):
        return None


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
        return datetime(*moment[:5], min(moment[5], 59), tzinfo=UTC)
    except ValueError:
        return None


def _parse(text: str) -> datetime | None:
    if text.isdecimal() and text.isascii() and len(text) in {10, 13}:
        return from_timestamp(int(text))
    if (found := _RFC_822.fullmatch(text)) and (month := _MONTHS.get(found["month"].lower())):
        day = (int(found["year"]), month, int(found["day"]))
        return _to_utc(day, _clock(found), found["zone"])
    if found := _ISO_8601.fullmatch(text):
        return _parse_iso_8601(found)
    if found := _NUMERIC.fullmatch(text):
        return _parse_numeric(found)
    return _parse_month_name(text)


def _parse_iso_8601(found: re.Match[str]) -> datetime | None:
    day = (int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
    if found["compact"]:
        digits = found["compact"]
        clock = (int(digits[:2]), int(digits[2:4]), int(digits[4:]))
        return _to_utc(day, clock, found["late"])
    return _to_utc(day, _clock(found), found["zone"] or "")


def _parse_numeric(found: re.Match[str]) -> datetime | None:
    """Parses day and month in figures: told apart by points, by a.m. and p.m., or by their size."""
    one, two = int(found["one"]), int(found["two"])
    if found["sep"] == "." or one > 12:  # noqa: PLR2004 - a year has twelve months
        day, month = one, two
    elif found["noon"] or two > 12:  # noqa: PLR2004
        day, month = two, one
    else:
        return None
    return _to_utc((int(found["year"]), month, day), _clock(found), found["zone"] or "")


def _parse_month_name(text: str) -> datetime | None:
    """Parses a date with a month's name: RFC 822 and 850, asctime, and those written by hand."""
    text = _ORDINAL.sub("", text.lower())
    time = _CLOCK.search(text)
    before, after = (text[: time.start()], text[time.end() :]) if time else (text, "")
    month = _month(before) or _month(after)
    numbers = [each[0] for each in _NUMBER.finditer(before)]
    if len(numbers) == 1 and (year := re.search(r"(?<![0-9+\-:])[0-9]{4}$", after)):  # asctime
        numbers.append(year[0])
        after = after[: year.start()]
    if not month or len(numbers) != 2:  # noqa: PLR2004 - a day and a year
        return None
    day, year_of = numbers if len(numbers[0]) < 3 else numbers[::-1]  # noqa: PLR2004
    clock = _clock(time) if time else (0, 0, 0)
    return _to_utc((_year(year_of), month, int(day)), clock, after)


def _month(text: str) -> int | None:
    """Finds the month among the words; the last, for names of days begin like months (`mar`)."""
    named = (_MONTHS.get(word[0][:4], _MONTHS.get(word[0][:3])) for word in _WORD.finditer(text))
    return next((month for month in reversed([*named]) if month), None)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004
        return year
    return year + (2000 if year < _PIVOT_YEAR else 1900)


def _clock(found: re.Match[str]) -> tuple[int, int, int]:
    if not found["hour"]:
        return 0, 0, 0
    hour = int(found["hour"])
    if found["noon"]:
        hour = hour % 12 + (12 if found["noon"].lower() == "p" else 0)
    return hour, int(found["minute"]), int(found["second"] or 0)


def _to_utc(day: tuple[int, int, int], clock: tuple[int, int, int], zone: str) -> datetime | None:
    hour, minute, second = clock
    ends_day = hour == 24 and not minute and not second  # noqa: PLR2004 - midnight as an end
    second = min(second, 59) if second <= 60 else second  # noqa: PLR2004 - a leap second
    local = datetime(*day, 0 if ends_day else hour, minute, second, tzinfo=_timezone(zone))
    return _plausible((local + timedelta(days=ends_day)).astimezone(UTC))


def _timezone(text: str) -> timezone:
    """Parses a zone, by offset or name; UTC for none and for an unknown one."""
    text = text.strip(" \t()[].,;").lower()
    if text in {"", "z", "gmt", "utc"}:
        return UTC
    if found := _OFFSET.match(text):
        minutes = int(found["hours"]) * 60 + int(found["minutes"] or 0)
        return timezone(timedelta(minutes=-minutes if found["sign"] != "+" else minutes))
    name = re.match(r"[a-z]*", text)
    return timezone(timedelta(hours=_ZONES.get(name[0], 0) if name else 0))


def _plausible(moment: datetime) -> datetime | None:
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None
