"""Times as Japanese writes them, without spaces: `午後8時30分`, `毎朝7時`, `2時間ごと`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from bot.subscriptions.schedule import ordinal

Rule: TypeAlias = Callable[[re.Match[str]], str]
"""Returns the English of what a pattern has found."""

_HALF_DAY = 12  # hours
_NUMBER = r"\d{1,2}"  # in digits of either width
_LATE = frozenset({"午後", "夕方", "夜", "晩", "毎晩"})
_EARLY = frozenset({"午前", "朝", "毎朝"})


def _clock(match: re.Match[str]) -> str:
    """Returns `午後8時半` as `20:30`, `毎朝7時` as `daily 7:00`; `25時` stays no time of day."""
    part, hour = match["part"] or "", int(match["hour"])
    minutes = 30 if match["half_hour"] else int(match["minutes"] or 0)
    if part in _LATE and hour < _HALF_DAY:
        hour += _HALF_DAY
    elif part in (_EARLY | _LATE) - {"午後"} and hour == _HALF_DAY:  # `夜12時` is midnight
        hour = 0
    return f"{'daily ' if part.startswith('毎') else ''}{hour}:{minutes:02}"


def _hours(match: re.Match[str]) -> str:
    return f"every {int(match['count'])} hours"


def _monthly(match: re.Match[str]) -> str:
    return f"monthly {ordinal(int(match['day']))}"


RULES: Sequence[tuple[re.Pattern[str], Rule]] = (
    (re.compile(rf"(?P<count>{_NUMBER})時間(?:ごと|毎|おき)に?"), _hours),
    (re.compile(rf"毎月(?P<day>{_NUMBER})日"), _monthly),
    (re.compile("毎月(?:末日?|月末)"), lambda _: "last day of the month"),
    (
        re.compile(
            rf"(?P<part>午前|午後|毎朝|毎晩|朝|昼|夕方|夜|晩)?(?P<hour>{_NUMBER})時"
            rf"(?:(?P<minutes>{_NUMBER})分|(?P<half_hour>半))?(?!間)に?"
        ),
        _clock,
    ),
)
"""Patterns, with what puts a match into the English of the grammar."""
