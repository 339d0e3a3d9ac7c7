"""The grammar of time expressions: times with the words around them, and orders (`newest`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from bot.search.time_expressions.atom import Atom, Certainty
from bot.search.time_expressions.atom_reader import read_atom
from bot.search.time_expressions.calendar import Calendar, Grain, Period, hull
from bot.search.time_expressions.clock_times import read_amount, read_rolling
from bot.search.time_expressions.orders import Phrase, read_order
from bot.search.time_expressions.tokens import Tokens
from bot.search.time_expressions.word_lists import Kind

_TWO_WORDS = {
    ("up", "to"): Kind.UNTIL,
    ("prior", "to"): Kind.BEFORE,
    ("earlier", "than"): Kind.BEFORE,
    ("older", "than"): Kind.BEFORE,
    ("later", "than"): Kind.AFTER,
    ("newer", "than"): Kind.AFTER,
    ("as", "of"): Kind.SINCE,
    ("antes", "de"): Kind.BEFORE,
    ("antes", "del"): Kind.BEFORE,
    ("despues", "de"): Kind.AFTER,
    ("despues", "del"): Kind.AFTER,
}
_MAX_PHRASES = 8  # of a question: nobody asks for more, and each may be looked up in the store
_AGES = {"older": True, "more": True, "newer": False, "less": False, "younger": False}
"""Words before `than` and an amount of time, which tell if what is older is meant."""

_BACK = {"way", "back"}  # before a preposition: `back in 2023`
_OPENINGS = {*(first for first, _ in _TWO_WORDS), *_AGES, *_BACK, "zu", "uber", "an"}
_BEFORE_DAYS = {"on", "from", "am"}  # beside which `sun` and `sat` are no words of their own
_BEFORE_HOLIDAYS = {"zu", "uber", "an"}  # German; before all else `uber` is a name
_ONWARDS = {"onward", "onwards"}


def read_phrase(tokens: Tokens, at: int, calendar: Calendar) -> Phrase | None:
    """Reads the time expression at a place; None where none begins there."""
    if not tokens.means_something(at) and tokens.text(at) not in _OPENINGS:
        return None
    if tokens.is_sign(at):
        return None
    for read in (_range, _aged, _bounded, _with_preposition, _plain):
        found = read(tokens, at, calendar)
        if found is not None:
            return found
    return read_order(tokens, at)


def _range(tokens: Tokens, at: int, calendar: Calendar) -> Phrase | None:
    """`between october and november 2023`, `from 2020 to 2022`, `october to december`."""
    bounded = tokens.has(at, Kind.BETWEEN, Kind.FROM)
    place = tokens.skip(at, Kind.BETWEEN, Kind.FROM, Kind.IN, Kind.OF)
    joints = (Kind.TO, Kind.AND) if bounded else (Kind.TO, Kind.AND, Kind.OR)
    one = read_atom(tokens, place, calendar) or _first_day(tokens, place, calendar)
    if one is None and bounded:
        return _days_of_month(tokens, place, calendar)
    if one is None or not tokens.has(one.after, *joints):
        return None
    other = read_atom(tokens, tokens.skip(one.after + 1, Kind.ARTICLE), calendar)
    other = _day_of_same_month(tokens, one, calendar) or other
    if other is None or not (bounded or _are_alike(one, other)):
        return None
    one, other = _in_order(one, other, calendar)
    return Phrase(other.after, hull(one.period, other.period), certainty=_joined(one, other))


def _first_day(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """Reads the beginning of `between 1 and 10 november`: a day of the month behind it."""
    at = tokens.skip(at, Kind.THE)
    day = tokens.number(at, Kind.NUMBER)
    is_joined = tokens.has(at + 1, Kind.TO, Kind.AND)
    place = tokens.skip(at + 2, Kind.ARTICLE)
    other = read_atom(tokens, place, calendar) if is_joined else None
    if day is None or other is None or other.period.grain is not Grain.DAY:
        return None
    first = other.period.first
    if other.certainty is not Certainty.NAMED or first is None:
        return None
    period = calendar.day(first.year, first.month, day)
    return Atom(period, at + 1, Certainty.NAMED) if period else None


def _days_of_month(tokens: Tokens, at: int, calendar: Calendar) -> Phrase | None:
    """`from the 16th to the 18th`: the last such days."""
    one = _day_of_month(tokens, at, calendar)
    if one is None or not tokens.has(one.after, Kind.TO, Kind.AND):
        return None
    other = _day_of_month(tokens, one.after + 1, calendar)
    if other is None or not _ends_there(tokens, other.after):
        return None
    period = hull(one.period, other.period)
    return Phrase(other.after, period, certainty=Certainty.NAMED)


def _joined(one: Atom, other: Atom) -> Certainty:
    return max(one.certainty, other.certainty, Certainty.NAMED)


def _are_alike(one: Atom, other: Atom) -> bool:
    """Tells if two times without a word before them belong together."""
    surest, least = max(one.certainty, other.certainty), min(one.certainty, other.certainty)
    is_sure = least > Certainty.PART or (surest is Certainty.NAMED and one.of_year is not None)
    return is_sure and one.period.grain is other.period.grain


def _day_of_same_month(tokens: Tokens, one: Atom, calendar: Calendar) -> Atom | None:
    """Reads the end of `between november 1 and 15`: a day of the month before."""
    place = one.after + 1
    day = tokens.number(place, Kind.NUMBER)
    first = one.period.first
    if one.period.grain is not Grain.DAY or first is None or day is None:
        return None
    if tokens.has(place + 1, Kind.MONTH, Kind.SHORT_MONTH, Kind.UNIT):
        return None
    year, after = tokens.number(place + 1, Kind.YEAR), place + 2
    period = calendar.day(year or first.year, first.month, day)
    if period is None:
        return None
    return Atom(period, after if year else place + 1, Certainty.NAMED)


def _in_order(one: Atom, other: Atom, calendar: Calendar) -> tuple[Atom, Atom]:
    """Gives the year of one time to the other that has none, so that the first comes first."""
    first, last = one.period.first, other.period.first
    if first is None or last is None:
        return one, other
    if one.of_year and not other.of_year:
        years = (last.year, last.year - 1)
        one = _of_year(one, calendar, years, lambda day: day <= last)
    elif other.of_year:
        years = (first.year, first.year + 1)
        other = _of_year(other, calendar, years, lambda day: day >= first)
    elif first > last and one.period.grain is Grain.DAY and one.certainty is Certainty.BARE:
        week = timedelta(days=7)  # from Monday to Wednesday, asked on a Tuesday
        one = replace(one, period=Period(first - week, first - week + timedelta(days=1)))
    return one, other


def _of_year(
    atom: Atom, calendar: Calendar, years: Sequence[int], fits: Callable[[date], bool]
) -> Atom:
    """Gives a time without a year the first of some years with which it fits."""
    if atom.of_year is None:
        return atom
    month, day = atom.of_year
    found = [calendar.date_of_year(month, day, year) for year in years]
    period = next((one for one in found if one and one.first and fits(one.first)), None)
    return replace(atom, period=period) if period else atom


def _aged(tokens: Tokens, at: int, calendar: Calendar) -> Phrase | None:
    """`older than a year`, `more than 3 weeks ago`, `over a month ago`, `less than a week old`."""
    is_older, place = _AGES.get(tokens.text(at)), at + 2
    is_over = tokens.text(at) == "over"
    if is_over:
        is_older, place = True, at + 1
    elif is_older is None or tokens.text(at + 1) != "than":
        return None
    amount = read_amount(tokens, place, calendar)
    if amount is None or amount.period.first is None:
        return None
    # A bridge may well be more than a hundred years old.
    is_told = tokens.text(amount.after) in ({"ago"} if is_older else {"ago", "old"})
    if not is_told and (is_over or tokens.text(at) in {"more", "less"}):
        return None
    since = amount.period
    return Phrase(amount.after + is_told, _until(since) if is_older else since)


def _until(since: Period) -> Period:
    """Returns the time up to the moment since which a period is."""
    if since.first is None:
        raise AssertionError("what is open at both ends has no such moment")
    if since.opens == time.min:
        return Period(None, since.first)
    return Period(None, since.first + timedelta(days=1), closes=since.opens)


def _bounded(tokens: Tokens, at: int, calendar: Calendar) -> Phrase | None:
    """`since october`, `after 2022`, `before november 15`, `until yesterday`."""
    kind, place = _bound(tokens, at)
    if kind is None:
        return None
    place = tokens.skip(place, Kind.IN, Kind.FROM)
    atom = read_atom(tokens, tokens.skip(place, Kind.ARTICLE), calendar)
    if atom is None and kind is Kind.SINCE:
        atom = read_amount(tokens, place, calendar)
    if atom is None:
        day = _day_of_month(tokens, place, calendar)
        atom = day if day and _ends_there(tokens, day.after) else None
    if atom is None:
        return None
    period = atom.period
    bounded = {
        Kind.SINCE: Period(period.first, None, opens=period.opens),
        Kind.AFTER: Period(period.end, None),
        Kind.BEFORE: Period(None, period.first),
        Kind.UNTIL: Period(None, period.end),
    }[kind]
    if bounded.first is None and bounded.end is None:
        return None
    return Phrase(atom.after, bounded, certainty=max(atom.certainty, Certainty.NAMED))


def _bound(tokens: Tokens, at: int) -> tuple[Kind | None, int]:
    """Returns the side of a time that is meant at a place, and the place behind its words."""
    if tokens.has(at, Kind.IN) and tokens.has(at + 1, Kind.OR):  # `on or after`
        for kind, closed in ((Kind.AFTER, Kind.SINCE), (Kind.BEFORE, Kind.UNTIL)):
            if tokens.has(at + 2, kind):
                return closed, at + 3
    for kind in (Kind.SINCE, Kind.AFTER, Kind.BEFORE, Kind.UNTIL):
        if tokens.has(at, kind):
            return kind, at + 1
    return _TWO_WORDS.get((tokens.text(at), tokens.text(at + 1))), at + 2


def _with_preposition(tokens: Tokens, at: int, calendar: Calendar) -> Phrase | None:
    """`in october`, `on monday`, `from 2023`, `of last week`, `back in 2022`."""
    while tokens.text(at) in _BACK and (
        tokens.has(at + 1, Kind.IN) or tokens.text(at + 1) in _BACK
    ):
        at += 1
    is_holiday = tokens.text(at) in _BEFORE_HOLIDAYS and tokens.has(at + 1, Kind.HOLIDAY)
    is_joined = tokens.has(at, Kind.IN, Kind.FROM, Kind.OF, Kind.FOR) or is_holiday
    if tokens.has(at, Kind.VOR) or not is_joined:
        return None
    place = tokens.skip(at + 1, Kind.ARTICLE)
    rolling = read_rolling(tokens, place, calendar) if tokens.has(at, Kind.IN) else None
    atom = read_atom(tokens, place, calendar)
    if rolling and (atom is None or atom.after <= rolling.after):
        atom = rolling  # and not the last week of a month
    if tokens.has(place, Kind.SHORT_WEEKDAY) and tokens.text(at) not in _BEFORE_DAYS:
        return None
    if atom is None:
        day = _day_of_month(tokens, place, calendar)
        is_told = tokens.has(at, Kind.IN) or (day and _ends_there(tokens, day.after))
        return Phrase(day.after, day.period, certainty=Certainty.NAMED) if day and is_told else None
    if tokens.text(atom.after) in _ONWARDS:
        since = Period(atom.period.first, None)
        return Phrase(atom.after + 1, since, certainty=max(atom.certainty, Certainty.NAMED))
    loose = tokens.has(at, Kind.FOR)  # a budget for 2024 may be told of at any time
    if loose and atom.certainty < Certainty.NAMED:
        return None
    return Phrase(atom.after, atom.period, certainty=max(atom.certainty, Certainty.NAMED))


def _day_of_month(tokens: Tokens, at: int, calendar: Calendar) -> Atom | None:
    """`the 21st`, behind `on` or `from`: the last that was."""
    place = tokens.skip(at, Kind.THE)
    day = tokens.number(place, Kind.ORDINAL)
    if place == at or day is None or not tokens.text(place)[0].isdecimal():
        return None
    anchor = calendar.newest or calendar.today
    months = [(anchor.year, anchor.month), *(_month_before(anchor.year, anchor.month),)]
    found = [calendar.day(year, month, day) for year, month in months]
    period = next((one for one in found if one and one.first and one.first <= anchor), None)
    return Atom(period, place + 1) if period else None


def _ends_there(tokens: Tokens, at: int) -> bool:
    """Tells if a question ends at a place, or goes on with `stories`: not `the 15th century`."""
    return at >= len(tokens) or tokens.has(at, Kind.NOUN)


def _month_before(year: int, month: int) -> tuple[int, int]:
    return (year, month - 1) if month > 1 else (year - 1, 12)


def _plain(tokens: Tokens, at: int, calendar: Calendar) -> Phrase | None:
    """A time with no word before it."""
    atom = read_atom(tokens, at, calendar)
    if atom is None or atom.certainty is Certainty.PART:
        return None
    return Phrase(atom.after, atom.period, certainty=atom.certainty)


def phrases(tokens: Tokens, calendar: Calendar) -> Sequence[tuple[int, Phrase]]:
    """Returns the first time expressions of a question, each behind the place where it begins."""
    found: list[tuple[int, Phrase]] = []
    at = 0
    while at < len(tokens) and len(found) < _MAX_PHRASES:
        phrase = read_phrase(tokens, at, calendar)
        if phrase is None:
            at += 1
            continue
        found.append((at, phrase))
        at = phrase.after
    return found
