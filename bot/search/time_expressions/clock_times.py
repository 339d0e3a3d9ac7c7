"""Times by the clock: `yesterday`, `last week`, `3 days ago`, `on monday`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

from bot.search.time_expressions.atom import Atom, Certainty, Reader, longest
from bot.search.time_expressions.calendar import Calendar, Grain, Period, one_day
from bot.search.time_expressions.dates import DAY_READERS, month_at
from bot.search.time_expressions.tokens import Tokens
from bot.search.time_expressions.word_lists import Kind

_STARTING = {"starting", "beginning", "commencing"}  # behind `week`, what `of` says
_MORE = 2  # added to an amount that was named loosely: "a couple of weeks ago" may be four


def _day_word(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`yesterday`, `yesterday morning`, `the day before yesterday`."""
    place = tokens.skip(at, Kind.THE)
    before = tokens.unit(place) == "day" and tokens.has(place + 1, Kind.BEFORE)
    at = place + 2 if before else at
    days = tokens.number(at, Kind.DAY)
    if days is None or (before and days != -1):
        return None
    day = one_day(calendar.today + timedelta(days=days - before))
    hour = tokens.number(at + 1, Kind.PART)
    if hour is None:
        return Atom(day, at + 1)
    return Atom(_part(day, hour), at + 2)


def _part(day: Period, hour: int) -> Period:
    ends = {0: time(12), 12: time(18)}
    return replace(day, grain=Grain.SPAN, opens=time(hour), closes=ends.get(hour))


def _tonight(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`tonight`, `this morning`, `last night`; before an evening has begun, its whole day."""
    today = one_day(calendar.today)
    hour = calendar.now.astimezone(calendar.zone).hour
    part = tokens.number(at + 1, Kind.PART)
    side = tokens.number(at, Kind.SIDE)
    if tokens.has(at, Kind.TONIGHT):
        return Atom(_part(today, 17) if hour >= 17 else today, at + 1)  # noqa: PLR2004
    if side == 0 and part is not None:
        return Atom(_part(today, part) if hour >= part else today, at + 2)
    if side == -1 and part is not None and part >= 17:  # noqa: PLR2004
        night = Period(calendar.today - timedelta(days=1), today.end, opens=time(17))
        return Atom(replace(night, closes=time(6)), at + 2)
    return None


def _beside(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`last week`, `this month`, `next friday`, `last summer`; Spanish `la semana pasada`."""
    at = tokens.skip(at, Kind.THE)
    side, behind = tokens.number(at, Kind.SIDE), tokens.number(at + 1, Kind.SIDE_BEHIND)
    past = tokens.skip(at, Kind.SIDE) if side in {None, 0} else at
    if tokens.has(past, Kind.PAST):  # `this past friday`; of weeks and months see `_rolling`
        if tokens.unit(past + 1) == "weekend":
            return Atom(calendar.latest_weekend(), past + 2)
        return None if tokens.unit(past + 1) else _on_side(tokens, past + 1, calendar, -1)
    if side is not None:
        return _on_side(tokens, at + 1, calendar, side)
    found = None if behind is None else _on_side(tokens, at, calendar, behind)
    return replace(found, after=at + 2) if found else None


def _on_side(tokens: Tokens, at: int, calendar: Calendar, side: int) -> Atom | None:
    """Reads the week, month, weekday … at a place that is last, this or next."""
    unit = tokens.unit(at)
    behind = tokens.number(at + 1, Kind.WEEKDAY) if unit == "week" else None
    if behind is not None:
        return Atom(_weekday_of(calendar, behind, side), at + 2)
    if unit in {"week", "weekend", "month", "quarter", "year", "decade"}:
        period = calendar.next_to(unit, side)
        return Atom(period, at + 1) if period else None
    weekday = tokens.number(at, Kind.WEEKDAY)
    for kind in (Kind.WEEKDAY_OF, Kind.SHORT_WEEKDAY):
        weekday = tokens.number(at, kind) if weekday is None else weekday
    if weekday is not None:
        return Atom(_weekday_beside(calendar, weekday, side), at + 1)
    month = month_at(tokens, at) or tokens.number(at, Kind.SEASON)
    if month is None:
        return None
    count = 1 if month_at(tokens, at) else 3
    return Atom(_months_beside(calendar, month, count, side), at + 1)


def _weekday_beside(calendar: Calendar, weekday: int, side: int) -> Period:
    today = calendar.today
    if side < 0:
        return calendar.weekday(weekday, today)
    monday = today - timedelta(days=today.weekday())
    this = one_day(monday + timedelta(days=weekday))
    if side == 0:
        return this
    return calendar.weekday(weekday, today + timedelta(days=8))


def _months_beside(calendar: Calendar, month: int, count: int, side: int) -> Period:
    grain = Grain.MONTH if count == 1 else Grain.SPAN
    today = calendar.today
    years = (calendar.months(today.year + by, month, count, grain) for by in (1, 0, -1, -2))
    if side < 0:
        return next(one for one in years if one.end and one.end <= today)
    if side == 0:
        before = calendar.months(today.year - 1, month, count, grain)
        is_still = before.end is not None and before.end > today  # this winter, in January
        return before if is_still else calendar.months(today.year, month, count, grain)
    return [one for one in years if one.first and one.first > today][-1]


def _amount(tokens: Tokens, at: int) -> tuple[int, bool, int]:
    """Returns an amount, true where it is a loose one, and the place behind; 0 for none."""
    start = at
    if tokens.number(at, Kind.NUMBER) == 1 and tokens.has(at + 1, Kind.ANY_OF):
        at += 1  # a couple
    loose = tokens.number(at, Kind.ANY_OF)
    if loose is not None:
        return loose, True, tokens.skip(at + 1, Kind.OF)
    number = tokens.number(at, Kind.NUMBER)
    return (0, False, start) if number is None else (number, False, at + 1)


def read_rolling(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`in the last year`: a year up to now."""
    unit = tokens.unit(at + 2)
    if not tokens.has(at, Kind.THE) or tokens.number(at + 1, Kind.SIDE) != -1 or unit is None:
        return None
    period = _back_to_now(calendar, 1, unit)
    return Atom(period, at + 3) if period else None


def _rolling(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`last 3 days`, `the past two weeks`, `past week`: up to now."""
    at = tokens.skip(at, Kind.THE)
    if tokens.number(at, Kind.SIDE) == 0 and tokens.has(at + 1, Kind.PAST):
        at += 1  # this past week
    if not (tokens.has(at, Kind.PAST) or tokens.number(at, Kind.SIDE) == -1):
        return None
    is_past = tokens.has(at, Kind.PAST)
    count, _loose, place = _amount(tokens, at + 1)
    unit = tokens.unit(place)
    if unit is None or not (count or is_past or unit in {"hour", "minute"}):
        return None
    period = _back_to_now(calendar, count or 1, unit)
    return Atom(period, place + 1) if period else None


def read_amount(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """Reads the amount behind `since`: `3 days`, up to now."""
    count, _loose, place = _amount(tokens, at)
    unit = tokens.unit(place)
    period = _back_to_now(calendar, count, unit) if count and unit else None
    return Atom(period, place + 1) if period else None


def _back_to_now(calendar: Calendar, count: int, unit: str) -> Period | None:
    match unit:
        case "minute":
            return calendar.hours_back(count, 1)
        case "hour":
            return calendar.hours_back(count)
        case "weekend":
            return None
        case "fortnight":
            count, unit = 2 * count, "week"
    day = calendar.back(count, unit)
    return Period(day, None) if day else None


def _ago(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`3 days ago`, `a week ago sunday`; German `vor 3 Tagen`, Spanish `hace 3 días`."""
    german = tokens.has(at, Kind.VOR)
    count, loose, place = _amount(tokens, at + 1 if german else at)
    unit = tokens.unit(place)
    if not count or unit is None or not (german or tokens.has(place + 1, Kind.AGO)):
        return None
    after = place + (1 if german else 2)
    if unit == "fortnight":
        count, unit = 2 * count, "week"
    of_today = tokens.number(after, Kind.DAY)
    if of_today is not None and not loose and (then := calendar.back(count, unit)):
        return Atom(one_day(then + timedelta(days=of_today)), after + 1)
    behind = tokens.skip(after, Kind.IN)
    weekday = tokens.number(behind, Kind.WEEKDAY) if unit == "week" and not loose else None
    if weekday is not None and (week := calendar.back(count, unit)):
        return Atom(calendar.weekday(weekday, week + timedelta(days=1)), behind + 1)
    if loose or unit in {"hour", "minute"}:
        period = _back_to_now(calendar, count + _MORE * loose, unit)
    else:
        day = calendar.back(count, unit)
        period = calendar.around(day, unit) if day else None
    return Atom(period, after) if period else None


def _weekend(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`the weekend`: that of now, or the last."""
    place = tokens.skip(at, Kind.THE, Kind.ARTICLE)
    if tokens.unit(place) != "weekend":
        return None
    is_told = place > at and tokens.text(place).startswith("fin")  # Spanish has no preposition
    certainty = Certainty.SURE if is_told else Certainty.PART
    return Atom(calendar.latest_weekend(), place + 1, certainty)


def _week_of(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`the week of october 16`, `the week starting october 16`."""
    at = tokens.skip(at, Kind.THE)
    is_told = tokens.has(at + 1, Kind.OF) or tokens.text(at + 1) in _STARTING
    if tokens.unit(at) != "week" or not is_told:
        return None
    place = tokens.skip(tokens.skip(at + 2, Kind.IN), Kind.OF)  # `starting on`
    day = longest(DAY_READERS, tokens, place, calendar)
    if day is None or day.period.grain is not Grain.DAY or day.period.first is None:
        return None
    return Atom(calendar.week(day.period.first), day.after, Certainty.NAMED)


def _weekday(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`friday`, `friday night`, `friday, october 20`; Spanish `el viernes`."""
    named = tokens.skip(at, Kind.THE)
    at = named if tokens.has(named, Kind.WEEKDAY) else at
    number = tokens.number(at, Kind.WEEKDAY)
    # `on fridays` is any of them, and `fridays` alone as well.
    if number is None and at + 1 < len(tokens) and not (at and tokens.has(at - 1, Kind.IN)):
        number = tokens.number(at, Kind.WEEKDAY_OF)
    short = tokens.number(at, Kind.SHORT_WEEKDAY)
    weekday = short if number is None else number
    if weekday is None:
        return None
    dated = longest(DAY_READERS, tokens, at + 1, calendar)
    if dated and dated.period.grain is Grain.DAY:
        return dated
    of_week = _day_of_week(tokens, at + 1, calendar, weekday)
    if of_week is not None:
        return of_week
    tomorrow = calendar.today + timedelta(days=1)
    after = tokens.skip(at + 1, Kind.PART)
    certainty = Certainty.PART if number is None else Certainty.BARE
    return Atom(calendar.weekday(weekday, tomorrow), after, certainty)


def _day_of_week(tokens: Tokens, at: int, calendar: Calendar, weekday: int) -> Atom | None:
    """Reads what follows in `thursday last week`, `thursday of last week`, `sunday before last`."""
    if tokens.has(at, Kind.BEFORE) and tokens.number(at + 1, Kind.SIDE) == -1:
        last = calendar.weekday(weekday, calendar.today).first
        return Atom(calendar.weekday(weekday, last), at + 2) if last else None
    at = tokens.skip(at, Kind.OF, Kind.IN)
    side = tokens.number(at, Kind.SIDE)
    if side is None or tokens.unit(at + 1) != "week":
        return None
    return Atom(_weekday_of(calendar, weekday, side), at + 2)


def _weekday_of(calendar: Calendar, weekday: int, side: int) -> Period:
    """Returns a day of last week, of this one or of the next."""
    monday = calendar.today - timedelta(days=calendar.today.weekday())
    return one_day(monday + timedelta(days=7 * side + weekday))


CLOCK_READERS: Sequence[Reader] = (
    *(_day_word, _tonight, _beside, _rolling, _ago, _weekend, _week_of, _weekday),
)
"""Readers of all times by the clock."""
