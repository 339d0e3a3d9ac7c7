"""Dates for stories that have none of their own, or one without a year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

_IN_NAME = re.compile(
    r"(?<![0-9])(?P<year>(?:1[6-9]|20)[0-9]{2})(?P<gap>[-_./ ]?)(?P<month>[0-9]{2})(?P=gap)"
    r"(?P<day>[0-9]{2})(?![0-9])"
)


class DateFrom(Enum):
    """Origin of the date of a story that has none; the values are those of the setting."""

    NOWHERE = "none"
    FILE = "file"
    BEFORE = "before"
    NAME = "name"


@dataclass(slots=True)
class MissingDates:
    """Dates for the stories of one file.

    Attributes:
        origin: Where dates come from.
        modified: The day when the file was last modified, in UTC.
        path: The file's path, in whose name a date may stand.
        before: The day of the story before; None at the first.
    """

    origin: DateFrom = DateFrom.NOWHERE
    modified: date = date.min
    path: str = ""
    before: date | None = None

    def find(self) -> date | None:
        """Returns a day for a story without one; None when there is none to take."""
        match self.origin:
            case DateFrom.FILE:
                return self.modified
            case DateFrom.BEFORE:
                return self.before
            case DateFrom.NAME:
                return date_in_name(self.path)
            case DateFrom.NOWHERE:
                return None

    @property
    def is_wanted(self) -> bool:
        """True when stories without a date are to be given one."""
        return self.origin is not DateFrom.NOWHERE

    @property
    def reason(self) -> str:
        """The reason for which `find` found nothing, in words that follow the name of a story."""
        return {
            DateFrom.NOWHERE: "has no date of its own; `date_from` of this source can give it one",
            DateFrom.FILE: "has no date of its own",
            DateFrom.BEFORE: "has no date of its own, and no story with one stands before it",
            DateFrom.NAME: "has no date of its own, and its file's name has none",
        }[self.origin]


def date_in_name(path: str) -> date | None:
    """Returns the last possible date in a path, such as `2024-03-05-title.md` or `2024/03/05.txt`.

    A date of eight digits counts, too: `20240305`.
    """
    for found in reversed(list(_IN_NAME.finditer(path))):
        try:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            continue
    return None
