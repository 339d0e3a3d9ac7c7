"""Parses dates in figures alone, whatever words stand around them: `31.01.2024 um 10:11 Uhr`."""

from __future__ import annotations

import re
from datetime import tzinfo
from typing import NamedTuple

from adapters.sources.feed.date_halves import split_half
from adapters.sources.feed.date_parts import NOON, TIME, DateParts, full_year, read_clock
from adapters.sources.feed.date_words import fold
from adapters.sources.feed.date_zones import find_zone

_DATE = re.compile(
    r"(?<![\w:.,/-])(?P<one>[0-9]{1,2})(?P<gap>\s?[/.,-]\s?|\s)(?P<two>[0-9]{1,2})(?P=gap)"
    r"(?P<year>[0-9]{4}|(?<=\.)[0-9]{2})(?![0-9:])"
)
# Languages that write the year first have words between: `2024 оны 01 сарын 31`.
_YEAR_FIRST = re.compile(
    r"(?<![0-9])(?P<year>[0-9]{4})[^0-9]{1,12}(?P<month>[0-9]{1,2})[^0-9]{1,12}(?P<day>[0-9]{1,2})(?![0-9:])"
)
_CLOCK = re.compile(rf"(?<![0-9]){TIME}{NOON}", re.IGNORECASE)
_FIGURE = re.compile(r"[0-9]")
# Regions where the month stands first in English, and languages where it does; of the English of
# the last ones it is not known.
_MONTH_FIRST = frozenset("us ph pr gu mp vi as um mh bi".split())
_MONTH_FIRST_LANGUAGES = frozenset(("es-pa", "es-pr", "fil", "fil-ph"))
_UNSURE = frozenset(("", "ca", "cn", "jp", "kr", "tw"))


class _Time(NamedTuple):
    clock: re.Match[str] | None
    zone: tzinfo | None
    half: int | None = None


def figures_date(text: str, language: str = "") -> DateParts | None:
    """Parses day, month and year in figures; None for what is none, or where nothing tells which.

    They are told apart by points, by their size, by the language and its region, and by a.m. and
    p.m.

    Args:
        text: As written, with figures from 0 to 9.
        language: The feed's, such as `pt-BR`; empty when it is not known.
    """
    found = _DATE.search(text)
    time = _time_around(found, language) if found else None
    if found is None or time is None:
        return None
    has_noon = bool(time.clock and time.clock["noon"])
    day_first = _is_day_first(found, language.lower().replace("_", "-"), has_noon=has_noon)
    if day_first is None:
        return None
    month, day = (found["two"], found["one"]) if day_first else (found["one"], found["two"])
    return _parts(full_year(found["year"]), month, day, time)


def year_first_date(text: str, language: str = "") -> DateParts | None:
    """Parses year, month and day in figures with words between them; None for what is none.

    Args:
        text: As written, with figures from 0 to 9.
        language: The feed's, such as `pt-BR`; empty when it is not known.
    """
    found = _YEAR_FIRST.search(text)
    time = _time_around(found, language) if found else None
    if found is None or time is None:
        return None
    return _parts(int(found["year"]), found["month"], found["day"], time)


def _time_around(date: re.Match[str], language: str) -> _Time | None:
    """Returns the time that stands beside a date; None where there are other figures, too."""
    rest = f"{date.string[: date.start()]} \n {date.string[date.end() :]}"
    clock = _CLOCK.search(rest)
    if clock is None:
        return None if _FIGURE.search(rest) else _Time(None, None)
    zone, behind = find_zone(rest[clock.end() :].lower())
    others = rest[: clock.start()] + behind
    if _FIGURE.search(others):
        return None
    return _Time(clock, zone, None if clock["noon"] else _half_around(rest, language))


def _half_around(text: str, language: str) -> int | None:
    """Returns the half of the day that a word beside the time names: 0, 1, or None for none."""
    text = fold(text)
    time = _CLOCK.search(text)
    if time is None:
        return None
    spoken = language.lower().replace("_", "-").partition("-")[0]
    return split_half(text[: time.start()], text[time.end() :], {spoken} - {""})[0]


def _parts(year: int, month: str, day: str, time: _Time) -> DateParts:
    clock = read_clock(time.clock, time.half) if time.clock else (0, 0, 0)
    return DateParts((year, int(month), int(day)), clock, time.zone)


def _is_day_first(found: re.Match[str], language: str, *, has_noon: bool) -> bool | None:
    """Tells in which order day and month stand; None where nothing tells."""
    one, two = int(found["one"]), int(found["two"])
    if found["gap"].strip() == "." or max(one, two) > 12:  # noqa: PLR2004 - a year has twelve months
        return found["gap"].strip() == "." or one > two
    spoken, _, region = language.partition("-")
    if spoken not in {"", "en"}:
        return language not in _MONTH_FIRST_LANGUAGES
    if region in _UNSURE:
        return False if has_noon else None
    return region not in _MONTH_FIRST
