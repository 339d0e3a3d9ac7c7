"""Parses dates as they are printed in datelines, possible or not, with a year or without."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

# In English, and as Western Europe's wires print them.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar januari janvier janeiro enero gennaio janv jan ene gen",
            "february februar februari février fevereiro febrero febbraio févr feb fév fev",
            "march märz mars maart março marzo mrt mär mar",
            "april avril abril aprile apr avr abr",
            "may mai mei maio mayo maggio mag",
            "june juni juin junho junio giugno jun giu",
            "july juli juillet julho julio luglio juil jul lug",
            "august augustus août agosto aug ago",
            "september septembre setembro septiembre settembre sept sep set",
            "october oktober octobre outubro octubre ottobre oct okt out ott",
            "november novembre novembro noviembre nov",
            "december dezember décembre dezembro diciembre dicembre dec dez déc dic",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th|er|\.|º|°)?"
_YEAR = r"(?:(?:, ?| (?:del? )?)[0-9]{4}(?![0-9]))?"
_NAMED = (
    rf"(?:{_WEEKDAY}\.?,? )?(?:(?:{_MONTH})\.? ?{_DAY}|{_DAY}(?: of| de)? ?(?:{_MONTH})\.?){_YEAR}"
)
_ISO = r"[0-9]{4}(?:-[0-9]{1,2}-|/[0-9]{1,2}/|\.[0-9]{1,2}\.)[0-9]{1,2}(?![0-9])"
_DOTTED = r"[0-9]{1,2}\. ?[0-9]{1,2}\. ?[0-9]{4}(?![0-9])"
_EASTERN = (
    r"(?:\d{4} ?[年년] ?)?\d{1,2} ?[月월] ?\d{1,2} ?[日일]"
    r"(?: ?[(（][月火水木金土日一二三四五六월화수목금토일][)）])?"
)

DATE = rf"(?:{_NAMED}|{_ISO}|{_DOTTED}|{_EASTERN})"
"""The pattern of a printed date, without groups; for patterns without regard to case."""

_NAME = re.compile(rf"(?<![^\W\d_])(?:{_MONTH})(?![^\W\d_])", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_FIRST_YEAR = 1000  # a year such as 0023 is a typo
_LEAP_YEAR = 2000
_TOMORROW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as printed.

    Attributes:
        text: As printed.
        year: None when none is printed.
        month: From 1; may be no month at all.
        day: From 1; may be no day of that month.
    """

    text: str
    year: int | None
    month: int
    day: int

    @property
    def exists(self) -> bool:
        """True when the month has such a day, in a leap year at least."""
        return _date(_LEAP_YEAR, self.month, self.day) is not None

    def find(self) -> date | None:
        """Returns the day; None when there is no such day, or no year is printed."""
        return None if self.year is None else _date(self.year, self.month, self.day)

    def find_before(self, latest: date) -> date | None:
        """Returns the newest day of this month and day until the day after `latest`."""
        years = range(latest.year + 1, latest.year - 9, -1)  # a leap day comes within eight years
        dates = (_date(year, self.month, self.day) for year in years)
        return next((one for one in dates if one and one - _TOMORROW <= latest), None)


def parse_printed_date(text: str) -> PrintedDate:
    """Parses what `DATE` matched."""
    numbers = [int(number) for number in _NUMBER.findall(text)]
    name = _NAME.search(text)
    if name:
        month = _MONTHS[name[0].lower()]
        return PrintedDate(text, numbers[1] if len(numbers) > 1 else None, month, numbers[0])
    if len(numbers) == 2:  # noqa: PLR2004 - month and day
        return PrintedDate(text, None, *numbers)
    year_first = len(_NUMBER.findall(text)[0]) > 2  # noqa: PLR2004 - digits of a day
    year, month, day = numbers if year_first else reversed(numbers)
    return PrintedDate(text, year, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= _FIRST_YEAR else None
    except ValueError:
        return None
