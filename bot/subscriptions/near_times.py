"""Near misses: what looks like a time and is none (`25:00`, `mondy 8`), and what may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import time
from itertools import islice, product

from rapidfuzz.distance import OSA

from bot.subscriptions.clock_words import looks_like_clock, parse_clock, parse_hour, plain
from bot.subscriptions.schedule import AT_ONCE, Timetable, daily, hourly, monthly, weekly
from bot.subscriptions.timetable_grammar import parse_timetable
from bot.subscriptions.timetable_words import DAYS, KEYWORDS

_OFFERED = 3
_USUAL = (AT_ONCE, hourly(), daily(), weekly((0,)))
_UNITS = ("minute", "hour", "hr", "day", "week", "fortnight", "month", "quarter", "year")
_UNIT = re.compile(rf"(?:{'|'.join(_UNITS)})s?|mins?")
_FREQUENT = re.compile(r"min(?:ute)?s?|h(?:ou)?rs?")
_AMOUNT = re.compile(r"\d+|few|other|second|third|couple|half|[a-z]+")
_NTH = frozenset(
    {"first", "second", "third", "fourth", "last", "1st", "2nd", "3rd", "4th", "other"}
)
_PER = frozenset({"a", "an", "each", "every", "per", "the"})
_BOUNDS = frozenset({"before", "after", "until", "till"})
_ONCE = {"today": "daily", "tomorrow": "daily", "tonight": "evening"}
_RARE = frozenset({"biweekly", "bi-weekly", "fortnightly", "bimonthly", "half-hourly"})
_NUMBER = re.compile(r"\d{1,4}(?:st|nd|rd|th)?|\d{1,2}-\d{1,2}|\d{1,2}[:.]\d{1,2}")
_SHORT_NUMBER = re.compile(r"\d{1,2}(?:-\d{1,2}|st|nd|rd|th)?")
_HOURS_OF_DAY = 24
_SHORT, _SHORTEST = 6, 5  # letters of a keyword in which one slip is plausible, and of any with one
_JOINS = frozenset({"at", "on", "@", "and", "&"})


def is_wrong_clock(word: str) -> bool:
    """Tells if a word looks like a time of day and is none: `25:00`, `8:75`, `13pm`."""
    typed = plain(word)
    return looks_like_clock(typed) and parse_clock(typed) is None


LONGEST_INTERVAL = 5
"""Words of an interval that no timetable has, at most."""


def is_wrong_interval(words: Sequence[str]) -> bool:
    """Tells if words are an interval that no timetable has.

    Such as `every 0 hours`, `every other friday`, `last friday of the month`, `5 times a day`.
    """
    match [plain(word) for word in words]:
        case [rare]:
            return rare in _RARE
        case ["every" | "each", nth, day] if day in DAYS:
            return nth in _NTH
        case ["every" | "each", amount, unit]:
            return _is_unknown(amount, unit, "every {} {}")
        case ["once" | "twice" | "thrice" as often, per, unit] if per in _PER:
            return _is_unknown(often, unit, "{} a {}")
        case [amount, "times", per, unit] if per in _PER:
            return _is_unknown(amount, unit, "{} times a {}")
    return _is_nth_day(words) or _is_window(words)


def _is_unknown(amount: str, unit: str, form: str) -> bool:
    is_interval = _AMOUNT.fullmatch(amount) and _UNIT.fullmatch(unit)
    return bool(is_interval) and parse_timetable(form.format(amount, unit)) is None


def _is_nth_day(words: Sequence[str]) -> bool:
    """Tells if words are a day of the week in a longer period: `last friday of the month`."""
    match [plain(word) for word in words]:
        case [nth, day, "of" | "in", per, unit] if per in _PER and day in DAYS:
            return nth in _NTH and _UNIT.fullmatch(unit) is not None
    return False


def _is_window(words: Sequence[str]) -> bool:
    """Tells if words are hours within which something is wanted: `after 18:00`."""
    match [plain(word) for word in words]:
        case [bound, hour] if bound in _BOUNDS:
            return parse_clock(hour) is not None
        case ["between", start, "and", end]:
            return parse_clock(start) is not None and parse_clock(end) is not None
    return False


def is_single_day(word: str) -> bool:
    """Tells if a word names a day that never comes again, such as `tomorrow`."""
    return plain(word) in _ONCE


def is_number(word: str) -> bool:
    """Tells if a word is a number such as may stand in a time."""
    typed = plain(word)
    return _NUMBER.fullmatch(typed) is not None or looks_like_clock(typed)


def is_short_number(word: str) -> bool:
    """Tells if a word is a number as short as an hour, or two of them: `25`, `8-9`."""
    return _SHORT_NUMBER.fullmatch(word) is not None


def is_keyword(word: str) -> bool:
    """Tells if a word names a rhythm or a day, after which a number is an hour."""
    return plain(word) in KEYWORDS


def is_unit(word: str) -> bool:
    """Tells if a word is a unit of time, such as `days`."""
    return _UNIT.fullmatch(plain(word)) is not None


def is_join(word: str) -> bool:
    """Tells if a word joins the parts of a time, as `at` does."""
    return plain(word) in _JOINS


def meant_keywords(word: str) -> Sequence[str]:
    """Returns the words of the grammar that a slip may stand for, the likeliest first."""
    typed = plain(word)
    if len(typed) < _SHORTEST or typed in KEYWORDS:
        return ()
    near = ((OSA.distance(typed, one), one) for one in KEYWORDS if one[0] == typed[0])
    slips = sorted((slips, one) for slips, one in near if slips <= _allowed_slips(one))
    return [one for _, one in slips]


def _allowed_slips(keyword: str) -> int:
    return 1 if len(keyword) <= _SHORT else 2


def suggest_timetables(text: str) -> Sequence[Timetable]:
    """Returns the timetables that may be meant by what is none, the likeliest first."""
    if is_wrong_interval(text.split()) and not _is_window(text.split()):
        return _usual_instead(plain(text))
    repaired = product(*(_repairs(word) for word in plain(text).split()))
    read = (parse_timetable(" ".join(words)) for words in islice(repaired, 50))
    found = list(dict.fromkeys(one for one in read if one is not None))
    return found[:_OFFERED] or _usual_instead(plain(text))


def _usual_instead(text: str) -> Sequence[Timetable]:
    """Returns usual timetables, those nearest to an interval that is none."""
    hours = re.search(r"\b(\d+) ?h", text)
    if hours and int(hours[1][-4:]) > _HOURS_OF_DAY // 2:
        return (daily(), weekly((0,)))
    if any(map(_FREQUENT.fullmatch, text.split())):
        return (AT_ONCE, hourly(), hourly(2))
    day = next((word for word in text.split() if word in DAYS), "")
    named = parse_timetable(day) if day else None
    if named:
        return (named, monthly(1))
    is_long = is_wrong_interval(text.split())
    return (daily(), weekly((0, 2, 4)), weekly((0,)), monthly(1)) if is_long else _USUAL


def _repairs(word: str) -> Sequence[str]:
    """Returns what a word of a time may have been meant as; itself where it is right."""
    bare = word.strip(",")
    if bare in _ONCE or bare in _BOUNDS or bare == "between":
        return [_ONCE.get(bare, "daily")]
    number = parse_hour(bare)
    if bare.isdecimal() and (number is None or number > time.max.hour):
        return [bare, *_hour_repairs(int(bare[-2:]))]
    if is_wrong_clock(bare):
        return [*_clock_repairs(bare)]
    ordinal = re.fullmatch(r"\d+(?:st|nd|rd|th)", bare)
    if ordinal and parse_timetable(f"monthly {bare}") is None:
        return ["last", "1st"]
    return meant_keywords(bare) or [word]


def _clock_repairs(word: str) -> Iterator[str]:
    hour, _, rest = word.partition(":" if ":" in word else ".")
    digits = re.match(r"\d+", hour)
    number = int(digits[0]) if digits else 0
    minutes = re.match(r"\d+", rest)
    minute = minutes[0] if minutes else "00"
    is_real = len(minute) == len("00") and int(minute) <= time.max.minute
    hours = [str(number)] if number <= time.max.hour else _hour_repairs(number)
    for one in hours:
        yield from (f"{one}:{minute}",) if is_real else (f"{one}:00", f"{one}:30")
    half = re.search("[ap]m", word)
    if half and number % 10:
        yield f"{number % 10}{half[0]}"


def _hour_repairs(number: int) -> Sequence[str]:
    """Returns hours of which one digit may have been mistyped: `15` and `5` for 25."""
    unit = number % 10
    return [f"1{unit}", str(unit)]
