"""Times by the calendar: `october 2023`, `21/10`, `the summer of 2025`, `q3`, `the 1990s`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.search.time_expressions.atom import Atom, Certainty, Reader
from bot.search.time_expressions.calendar import FIRST_YEAR, LAST_YEAR, Calendar, Grain, Period
from bot.search.time_expressions.tokens import Tokens, full_year
from bot.search.time_expressions.word_lists import Kind

_LAST_DAY, _LAST_MONTH = 31, 12
_VERBS = {"may", "march"}
_CHRISTMAS = 1225


def _date(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`2023-10-21`, `2023-10`, `21/10/2023`, `21/10`.

    Where the day would be one to come, it is `10/21/2023`.
    """
    place = tokens.number(at, Kind.DATE)
    if place is None:
        return None
    year, month, day = tokens.dates[place]
    if calendar.month_first and "/" in tokens.text(at) and 1 <= day <= _LAST_MONTH:
        month, day = day, month
    if not 1 <= month <= _LAST_MONTH or (year and not FIRST_YEAR <= year <= LAST_YEAR):
        return None
    period = calendar.date_of_year(month, day or None, year or None)
    if period is None:
        return None
    is_slashed = "/" in tokens.text(at) and not tokens.text(at)[:4].isdecimal()
    if year and day and is_slashed and _is_to_come(period, calendar):
        swapped = calendar.day(year, day, month)
        period = swapped if swapped and not _is_to_come(swapped, calendar) else period
    if year:
        return Atom(period, at + 1, Certainty.NAMED)
    return Atom(period, at + 1, Certainty.BARE, (month, day))


def _is_to_come(period: Period, calendar: Calendar) -> bool:
    return period.first is not None and period.first > calendar.today


def month_at(tokens: Tokens, at: int) -> int | None:
    """Returns the month that is named at a place, perhaps abbreviated."""
    found = tokens.number(at, Kind.MONTH)
    return tokens.number(at, Kind.SHORT_MONTH) if found is None else found


def _day_number(tokens: Tokens, at: int) -> int | None:
    day = tokens.number(at, Kind.NUMBER)
    is_digits = tokens.text(at)[:1].isdecimal()
    return day if day is not None and is_digits and 1 <= day <= _LAST_DAY else None


def _day_in_words(tokens: Tokens, at: int) -> tuple[int | None, int]:
    """Returns a day of a month as `fifth` or `twenty fourth`, and the place behind it."""
    tens = tokens.number(at, Kind.TENS)
    place = at if tens is None else tokens.skip(at + 1, Kind.TO)  # a hyphen is read as "to"
    day = tokens.number(place, Kind.ORDINAL)
    if day is None or (tens is not None and day >= 10) or tokens.text(place)[:1].isdecimal():  # noqa: PLR2004
        return None, at
    whole = day + (tens or 0)
    return (whole, place + 1) if whole <= _LAST_DAY else (None, at)


def _in_words(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`the twenty fourth of december`, `fourth of july 2025`, `november fifth`."""
    month = month_at(tokens, at)
    if month is not None:
        day, after = _day_in_words(tokens, tokens.skip(at + 1, Kind.THE))
    else:
        day, place = _day_in_words(tokens, tokens.skip(at, Kind.THE))
        month = month_at(tokens, place + 1) if tokens.has(place, Kind.OF) else None
        after = place + 2
    if day is None or month is None:
        return None
    year, after = _year_at(tokens, after, calendar)
    return _dated(calendar, month, (day, None), year, after)


def _year_at(tokens: Tokens, at: int, calendar: Calendar) -> tuple[int | None, int]:
    """Returns the year that is named at a place, perhaps behind `of`, and the place behind it."""
    place = tokens.skip(at, Kind.OF, Kind.IN)
    for start in (at, place):
        year = tokens.number(start, Kind.YEAR)
        if year is not None:
            return year, start + 1
    side = tokens.number(place, Kind.SIDE)  # `november last year`, `the summer of last year`
    if side is not None and tokens.unit(place + 1) == "year":
        return calendar.today.year + side, place + 2
    return None, at


def _month_first(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`october`, `october 2023`, `oct 21`, `october 21st, 2023`, `october 3-10 2023`."""
    month = month_at(tokens, at)
    if month is None:
        return None
    place = tokens.skip(at + 1, Kind.THE)
    day = _day_number(tokens, place)
    last = _day_number(tokens, place + 2) if tokens.has(place + 1, Kind.TO) else None
    after = at + 1 if day is None else place + 1 if last is None else place + 3
    year, after = _year_at(tokens, after, calendar)
    found = _dated(calendar, month, (day, last), year, after)
    is_full = tokens.has(at, Kind.MONTH, Kind.SURELY_SHORT)
    if tokens.text(at) == "mar" and day is None and year is None:
        return None  # it is Spanish for the sea
    if found and day is None and year is None:
        bare = Certainty.WORD if tokens.text(at) in _VERBS else Certainty.BARE
        return replace(found, certainty=bare if is_full else Certainty.PART)
    if found is None and is_full:  # no such day: `october 50 years on`
        return _dated(calendar, month, (None, None), None, at + 1)
    return found


def _dated(
    calendar: Calendar,
    month: int,
    days: tuple[int | None, int | None],
    year: int | None,
    after: int,
) -> Atom | None:
    day, last = days
    period = calendar.date_of_year(month, day, year)
    if period is None or period.first is None:
        return None
    of_year = None if year else (month, day)
    certainty = Certainty.BARE if day is None and year is None else Certainty.NAMED
    if last is not None:
        until = calendar.date_of_year(month, last, period.first.year)
        if until is None or until.first is None or until.first < period.first:
            return None
        return Atom(Period(period.first, until.end), after, certainty)
    return Atom(period, after, certainty, of_year)


def _day_first(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`21 october`, `the 21st of october 2023`, `3-10 october`."""
    at = tokens.skip(at, Kind.THE)
    day, last, place = _day_number(tokens, at), None, at + 1
    if tokens.has(place, Kind.TO):
        last = _day_number(tokens, place + 1)
        place += 2
    month = month_at(tokens, tokens.skip(place, Kind.OF))
    if day is None or month is None:
        return None
    year, after = _year_at(tokens, tokens.skip(place, Kind.OF) + 1, calendar)
    return _dated(calendar, month, (day, last), year, after)


def _year_first(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`2023`, `2023 october`, `2023 q3`, `the year 2023`, `last year october`."""
    named = tokens.skip(at, Kind.THE)
    if tokens.unit(named) == "year" and (year := tokens.number(named + 1, Kind.YEAR)):
        return Atom(calendar.year(year), named + 2, Certainty.NAMED)
    year, after = (None, at) if tokens.has(at, Kind.OF, Kind.IN) else _year_at(tokens, at, calendar)
    if year is None:
        return None
    at = after - 1
    month = month_at(tokens, at + 1)
    quarter = tokens.number(at + 1, Kind.QUARTER)
    day = _day_number(tokens, at + 2) if month else None
    if month is not None:
        return _dated(calendar, month, (day, None), year, at + (2 if day is None else 3))
    if quarter is not None:
        return Atom(calendar.quarter(year, quarter), at + 2, Certainty.NAMED)
    is_side = tokens.unit(at) is not None  # `last year` alone is read by the clock
    return None if is_side else Atom(calendar.year(year), at + 1, Certainty.BARE)


def _quarter(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`q3`, `q3 2024`, `third quarter of 2024`, `first half of 2024`, `h1 2024`."""
    at = tokens.skip(at, Kind.THE)
    number = tokens.number(at, Kind.QUARTER)
    place = at + 1
    ordinal = tokens.number(at, Kind.ORDINAL)
    if number is None and ordinal is not None and tokens.unit(at + 1) == "quarter":
        number, place = ordinal, at + 2
    if number is not None and 1 <= number <= 4:  # noqa: PLR2004 - quarters
        found = _with_year(tokens, place, calendar, (3 * number - 2, 3, Grain.QUARTER))
        certainty = max(found.certainty, Certainty.WORD)
        return replace(found, certainty=certainty)
    half, place = tokens.number(at, Kind.HALF_YEAR), at + 1
    if ordinal in {1, 2} and tokens.has(at + 1, Kind.HALF):
        half, place = ordinal, at + 2
    if half is not None:
        found = _with_year(tokens, place, calendar, (6 * half - 5, 6, Grain.SPAN))
        return found if found.certainty >= Certainty.NAMED else None
    return None


def _with_year(tokens: Tokens, at: int, calendar: Calendar, months: tuple[int, int, Grain]) -> Atom:
    """Returns months of the year that is named at a place or, without one, the last that began."""
    month, count, grain = months
    year, after = _year_at(tokens, at, calendar)
    if year is not None:
        return Atom(calendar.months(year, month, count, grain), after, Certainty.NAMED)
    anchor = calendar.newest or calendar.today
    last = anchor.year if anchor.month >= month else anchor.year - 1
    return Atom(calendar.months(last, month, count, grain), after, Certainty.PART)


def _season(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`summer 2025`, `the summer of 2025`; `winter` of a year begins in its December."""
    at = tokens.skip(at, Kind.THE)
    month = tokens.number(at, Kind.SEASON)
    if month is None:
        return None
    place = tokens.skip(at + 1, Kind.OF)
    winter = _first_of_two_years(tokens, place)
    if winter is not None:
        return Atom(calendar.months(winter, month, 3), place + 1, Certainty.NAMED)
    short = tokens.text(at + 1)
    if len(short) == 2 and short.isdecimal():  # noqa: PLR2004 - `summer 25`
        year = full_year(int(short))
        return Atom(calendar.months(year, month, 3), at + 2, Certainty.NAMED)
    found = _with_year(tokens, at + 1, calendar, (month, 3, Grain.SPAN))
    return None if tokens.has(found.after, Kind.OF) else found  # the fall of a city


def _first_of_two_years(tokens: Tokens, at: int) -> int | None:
    """Returns the first year of `2023/24`, in which such a winter begins."""
    place = tokens.number(at, Kind.DATE)
    if place is None:
        return None
    year, following, day = tokens.dates[place]
    return year if not day and following == (year + 1) % 100 > _LAST_MONTH else None


def _holiday(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`new year's eve`, `christmas day 2023`, `last christmas`, `valentine's day`."""
    at = tokens.skip(at, Kind.THE)
    is_last = tokens.number(at, Kind.SIDE) == -1
    date, place = _holiday_at(tokens, at + is_last)
    if date is None:
        return None
    year, after = _year_at(tokens, place, calendar)
    found = _dated(calendar, date // 100, (date % 100, None), year, after)
    if found and date == _CHRISTMAS and tokens.unit(place - 1) != "day":
        found = replace(found, period=_holidays_around(found.period), of_year=None)
    # Mostly stories tell of the day by its name; where they do not, it is the date that is meant.
    return found if found is None or year else replace(found, certainty=Certainty.WORD)


def _holidays_around(christmas: Period) -> Period:
    """Returns Christmas from its eve to the day after it, as all but its day is meant."""
    if christmas.first is None or christmas.end is None:
        raise AssertionError("a day has both ends")
    day = timedelta(days=1)
    return Period(christmas.first - day, christmas.end + day)


def _holiday_at(tokens: Tokens, at: int) -> tuple[int | None, int]:
    """Returns the month and the day (1225) that are named at a place, and the place behind it."""
    if tokens.has(at, Kind.NEW) and tokens.unit(at + 1) == "year":
        place = tokens.skip(at + 2, Kind.POSSESSIVE)
        if tokens.has(place, Kind.EVE):
            return 1231, place + 1
        return 101, place + (tokens.unit(place) == "day")
    date, place = tokens.number(at, Kind.HOLIDAY), tokens.skip(at + 1, Kind.POSSESSIVE)
    if date is not None:
        is_eve = tokens.has(place, Kind.EVE)
        is_day = is_eve or tokens.unit(place) == "day"
        return (date - is_eve, place + 1) if is_day else (date, at + 1)
    date = tokens.number(at, Kind.PERSONAL_DAY)
    return (date, place + 1) if date and tokens.unit(place) == "day" else (None, at)


def _decade(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`the 1990s`, `the 90s`."""
    place = tokens.skip(at, Kind.THE)
    year = tokens.number(place, Kind.DECADE)
    return None if year is None else Atom(calendar.year(year, 10), place + 1, Certainty.BARE)


DAY_READERS: Sequence[Reader] = (_date, _month_first, _day_first, _in_words, _holiday)
"""Readers of dates that may be of one day."""

DATE_READERS: Sequence[Reader] = (*DAY_READERS, _year_first, _quarter, _season, _decade)
"""Readers of all times by the calendar."""
