"""Parts of a date, and the time of day in it."""

from __future__ import annotations

import re
from datetime import tzinfo
from typing import NamedTuple

_PIVOT_YEAR = 69  # a year of two digits below it is of this century

# Some languages write `15h15`, others each number with its unit behind it.
_HOUR = r"(?:[:.]|\s?(?:[h시時时點点]|นาฬิกา|ໂມງ)\s?)"
_MINUTE = r"\s?(?:[분分]|นาที|ນາທີ)"
_SECOND = r"(?:\s?(?:[초秒]|วินาที|ວິນາທີ))?"
TIME = (
    rf"(?P<hour>[0-9]{{1,2}}){_HOUR}(?P<minute>[0-9]{{1,2}})"
    rf"(?:(?:[:.]|{_MINUTE}\s?)(?P<second>[0-9]{{1,2}}){_SECOND}|{_MINUTE})?(?:[.,][0-9]+)?"
)
"""The pattern of a time of day."""

NOON = r"(?:\s*(?P<noon>[ap])\.?\s?m\b\.?)?"
"""The pattern of `a.m.` and `p.m.` behind it."""


class DateParts(NamedTuple):
    """A date as it is written.

    Attributes:
        day: Year, month and day.
        clock: Hour, minute and second.
        zone: Its time zone; None where none is named.
    """

    day: tuple[int, int, int]
    clock: tuple[int, int, int] = (0, 0, 0)
    zone: tzinfo | None = None


def read_clock(found: re.Match[str], half: int | None = None) -> tuple[int, int, int]:
    """Returns the time that `TIME` and `NOON` found.

    Args:
        found: Their match; no hour is midnight.
        half: 1 when words elsewhere say that it is after noon, 0 for before.
    """
    if not found["hour"]:
        return 0, 0, 0
    hour = int(found["hour"])
    if found["noon"]:
        half = int(found["noon"].lower() == "p")
    if half is not None and 0 < hour <= 12:  # noqa: PLR2004 - `15:15 PM` is written, too
        hour = hour % 12 + 12 * half
    return hour, int(found["minute"]), int(found["second"] or 0)


def full_year(digits: str) -> int:
    """Returns the year that two digits or more mean."""
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004
        return year
    return year + (2000 if year < _PIVOT_YEAR else 1900)
