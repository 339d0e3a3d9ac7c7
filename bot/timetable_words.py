"""Timetables and quiet hours as people type them."""

from __future__ import annotations

import re
from datetime import time

from bot.timetable import AT_ONCE, WEEKDAYS, Quiet, Rhythm, Timetable

_SHORT = ("mon", "tue tues", "wed", "thu thur thurs", "fri", "sat", "sun")
_DAYS = {
    name: number
    for number, (day, short) in enumerate(zip(WEEKDAYS, _SHORT, strict=True))
    for name in (day, f"{day}s", *short.split())
}
_PLURALS = {f"{day}s" for day in WEEKDAYS}
_NAMED = {"noon": time(12), "midnight": time()}
_HALF, _WHOLE = 12, 24  # hours of a day

_TIME = r"noon|midnight|\d{1,2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?"
_PARTS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?: ?([ap])\.?m\.?)?")
_TIMED = re.compile(rf"(?P<what>[a-z ]+?)(?: (?P<sign>at )?(?P<at>{_TIME}))?")
_QUIET = re.compile(rf"(?:from )?({_TIME}) ?(?:[-–—−]|to|till|until) ?({_TIME})")
_HOUR_OF_HALF = re.compile(r"(?:[1-9]|1[0-2])(?:[:.]\d{2})?")


def parse_timetable(text: str) -> Timetable | None:
    """The timetable that `text` means, or None when it means none.

    Understood: `at once`, `now`, `immediately`; `hourly`, `every hour`; `daily`, `daily 8`,
    `every day at 8:30pm`; `weekly`, `weekly mon`, `every friday at 18:00`, `mondays noon`. A
    weekday by itself needs a time that can be nothing else: `monday 9:00`, `monday at 9`.
    """
    typed = _plain(text)
    if typed in {"at once", "now", "immediately"}:
        return AT_ONCE
    if typed in {"hourly", "every hour"}:
        return Timetable(Rhythm.HOURLY)
    found = _TIMED.fullmatch(typed)
    at = _time(found["at"] or "8") if found else None
    if found is None or at is None:
        return None
    if found["what"] in {"daily", "every day"}:
        return Timetable(Rhythm.DAILY, at)
    sure = bool(found["sign"]) or not (found["at"] or "0").isdecimal()
    weekday = _weekday(found["what"].split(), sure=sure)
    return None if weekday is None else Timetable(Rhythm.WEEKLY, at, weekday)


def _weekday(what: list[str], *, sure: bool) -> int | None:
    """The weekday that words before a time mean; None for other words."""
    match what:
        case ["weekly"] | ["every", "week"]:
            return 0
        case ["weekly" | "every", day] | ["weekly", "on", day]:
            return _DAYS.get(day)
        case ["every", "week", day] | ["every", "week", "on", day]:
            return _DAYS.get(day)
        case [day] | ["on", day] if sure or day in _PLURALS:
            return _DAYS.get(day)  # `Friday 13` may be the name of a topic
    return None


def parse_quiet(text: str) -> Quiet | None:
    """The quiet hours that `text` means, or None when it means none.

    Understood: `22-7`, `22:00–07:30`, `10pm-7am`, `22 to 7`, `midnight to noon`.
    """
    found = _QUIET.fullmatch(_plain(text))
    if found is None:
        return None
    typed = found.groups()
    halved = any(one.rstrip(".").endswith("m") for one in typed)
    if halved and any(map(_HOUR_OF_HALF.fullmatch, typed)):
        return None  # of `9am-5` nobody can tell which five is meant
    start, end = map(_time, typed)
    return None if start is None or end is None or start == end else Quiet(start, end)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _time(typed: str) -> time | None:
    """The time that was typed; None when there is no such time."""
    parts = _PARTS.fullmatch(typed)
    if parts is None:
        return _NAMED.get(typed)
    hour, minute = int(parts[1]), int(parts[2] or 0)
    if parts[3]:
        if not 1 <= hour <= _HALF:
            return None
        hour = hour % _HALF + (_HALF if parts[3] == "p" else 0)
    try:
        return time(0 if (hour, minute) == (_WHOLE, 0) else hour, minute)
    except ValueError:
        return None
