"""The grammar of timetables, as people type them: `weekdays 9:00`, `mon,thu 8`, `monthly 1st`.

Words may stand in any order: `8am on weekdays` is `weekdays 8am`. What is no timetable as a whole
is none: nothing is guessed here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time
from enum import IntEnum

from bot.subscriptions.clock_words import NAMED_TIMES, parse_clock, parse_hour, plain
from bot.subscriptions.schedule import (
    AT_ONCE,
    EIGHT,
    WEEKDAYS,
    Rhythm,
    Timetable,
    hourly,
    monthly,
)
from bot.subscriptions.timetable_phrases import simplify
from bot.subscriptions.timetable_words import (
    ABBREVIATED_DAYS,
    DAYS,
    EXCEPT,
    GROUPS,
    HOURS,
    JOINS,
    LAST_DAY,
    ORDINALS,
    RHYTHMS,
    TO,
    UNITS,
)


class TimetableCertainty(IntEnum):
    """Certainty that words mean a timetable where others stand beside them."""

    POSSIBLE = 1  # at the end of a line: `now`, `sun`, `at 8`
    LIKELY = 2  # at its beginning, too: `monday`, `daily`, `8:00`
    SURE = 3  # anywhere: `every monday`, `daily 8`, `mon,thu`


@dataclass(frozen=True, slots=True)
class TimetableReading:
    """A text, read as a timetable.

    Attributes:
        timetable: The timetable.
        certainty: How surely that is meant.
    """

    timetable: Timetable
    certainty: TimetableCertainty


_AT_ONCE = {
    "at once": TimetableCertainty.SURE,
    "right away": TimetableCertainty.SURE,
} | dict.fromkeys(("now", "immediately", "instantly"), TimetableCertainty.POSSIBLE)
_WORD = re.compile(r"[,&]|[^\s,&]+")


def parse_timetable(text: str) -> Timetable | None:
    """Returns the timetable that `text` means, or None when it means none.

    Understood: `at once`, `now`; `hourly`, `every 2 hours`; `daily`, `daily 8:00 18:00`, `at 8`,
    `8am`, `morning`; `weekly`, `monday`, `mon,thu 8:00`, `mon-fri`, `weekdays 9:00`, `daily except
    sunday`; `monthly`, `monthly 1st`, `last day of the month`; in any order.
    """
    reading = read_timetable(text)
    return reading.timetable if reading else None


def read_timetable(text: str) -> TimetableReading | None:
    """Reads a text as a timetable, and tells how surely it is one; None when it is none."""
    typed = simplify(plain(text))
    if typed in _AT_ONCE:
        return TimetableReading(AT_ONCE, _AT_ONCE[typed])
    return _TimetableReader(_words(typed)).reading()


def _words(typed: str) -> Sequence[str]:
    dashed = re.sub("[–—−]", "-", typed)
    return [part for word in _WORD.findall(dashed) for part in _parts(word)]


def _parts(word: str) -> Sequence[str]:
    """Cuts `mon-fri` at its hyphen, `mon/thu` and `8:00/18:00` at their slashes."""
    slashed = word.split("/")
    if len(slashed) > 1 and (DAYS.keys() >= {*slashed} or all(":" in one for one in slashed)):
        return [part for one in slashed for part in (one, ",")][:-1]
    start, sign, end = word.partition("-")
    return (start, sign, end) if start in DAYS and end in DAYS else (word,)


@dataclass(slots=True)
class _TimetableReader:
    """Reads words one by one, and puts together what they name."""

    words: Sequence[str]
    rhythms: set[Rhythm] = field(default_factory=set)
    hours: int = 1
    weekdays: list[int] = field(default_factory=list)
    times: list[time] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    day: int | None = None
    is_every: bool = False
    is_except: bool = False
    has_clock: bool = False
    has_at: bool = False
    is_short: bool = False

    def reading(self) -> TimetableReading | None:
        """Returns what all of the words mean together; None for nothing."""
        at = 0
        while at < len(self.words):
            taken = self._take(at)
            if not taken:
                return None
            at += taken
        if not self.words or self.words[-1] in {*JOINS, *TO, "every", "each"}:
            return None
        timetable = self._timetable()
        return TimetableReading(timetable, self._certainty()) if timetable else None

    def _take(self, at: int) -> int:
        """Takes in the words from a place on; returns how many, 0 for what it does not know."""
        word, following = self.words[at], [*self.words[at + 1 : at + 4], "", "", ""]
        if word in {"every", "each"}:
            return self._take_every(following)
        if word in {"once", "twice"}:
            return self._take_often(word, following)
        if word in EXCEPT:
            is_possible = word == "not" or bool(self.rhythms or self.weekdays)
            self.is_except = True
            return int(is_possible)
        if word in DAYS:
            return self._take_days(word, following)
        return int(self._take_one(word, self.words[at - 1] if at else ""))

    def _take_every(self, following: Sequence[str]) -> int:
        self.is_every = True
        unit, number = following[0], parse_hour(following[0].removesuffix("h"))
        if unit in UNITS:
            self.rhythms.add(UNITS[unit])
            return 2
        if number is None:
            return 1  # and `monday`, `morning` or the like
        if unit.endswith("h") or following[1] in HOURS:
            self.rhythms.add(Rhythm.HOURLY)
            self.hours = number
            return 2 if unit.endswith("h") else 3
        return 0

    def _take_often(self, word: str, following: Sequence[str]) -> int:
        """Takes in `once a week`, `twice a day`, `twice daily`."""
        has_article = following[0] in {"a", "each", "every"}
        unit = UNITS.get(following[1]) if has_article else RHYTHMS.get(following[0])
        if unit is None or (word == "twice" and unit is not Rhythm.DAILY):
            return 0
        self.is_every = True
        self.rhythms.add(unit)
        if word == "twice":
            self.times += [EIGHT, NAMED_TIMES["evening"]]
        return 3 if has_article else 2

    def _take_days(self, word: str, following: Sequence[str]) -> int:
        self.is_short = self.is_short or word in ABBREVIATED_DAYS
        first, last = DAYS[word], DAYS.get(following[1])
        if following[0] not in TO or last is None:
            self._add_days([first])
            return 1
        span = (last - first) % len(WEEKDAYS)
        self._add_days([(first + n) % len(WEEKDAYS) for n in range(span + 1)])
        return 3

    def _add_days(self, days: Sequence[int]) -> None:
        """Adds days of the week to those that are meant, or to those that are not."""
        if self.is_except:
            self.left_out += days
        else:
            self.weekdays += days

    def _take_one(self, word: str, before: str) -> bool:
        """Takes in a word that needs no other; returns False for one that is not known."""
        number, clock = parse_hour(word), parse_clock(word)
        is_hour = before in {"at", "@"} or (self.has_at and before in {"and", "&", ","})
        if word in RHYTHMS:
            self.rhythms.add(RHYTHMS[word])
        elif word in GROUPS:
            self._add_days(GROUPS[word])
        elif word in ORDINALS and self.day is None:
            self.day = ORDINALS[word]
        elif word == "month":
            self.rhythms.add(Rhythm.MONTHLY)
        elif word == "day":
            return before == "last"
        elif word == "o'clock":
            return parse_hour(before) is not None
        elif number is not None and not is_hour:
            self.numbers.append(number)
        elif clock is not None or number is not None:
            return self._take_clock(parse_clock(str(number)) if clock is None else clock, before)
        else:
            return word in JOINS
        return True

    def _take_clock(self, clock: time | None, before: str) -> bool:
        """Takes in a time of day, which is None for a number that is none."""
        self.has_at = self.has_at or before in {"at", "@"}
        self.has_clock = True
        self.times += [] if clock is None else [clock]
        return clock is not None

    def _timetable(self) -> Timetable | None:
        if self.is_except:
            meant = self.weekdays or range(len(WEEKDAYS))
            self.weekdays = [day for day in meant if day not in self.left_out]
            if not self.left_out or not self.weekdays:
                return None
        rhythm = self._rhythm()
        if rhythm is None or not self._place_numbers(rhythm):
            return None
        if rhythm is Rhythm.HOURLY:
            is_alone = not (self.times or self.weekdays or self.day)
            return hourly(self.hours) if is_alone and 1 <= self.hours < 24 else None  # noqa: PLR2004
        if rhythm is Rhythm.MONTHLY:
            day = 1 if self.day is None else self.day
            return None if self.weekdays else monthly(day, *self.times)
        if self.day is not None:
            return None
        return Timetable(rhythm, tuple(self.times), tuple(self.weekdays) or (0,))

    def _rhythm(self) -> Rhythm | None:
        """Returns the rhythm; of days without any it is weekly, of times alone daily."""
        named = set(self.rhythms)
        if self.weekdays:
            named -= {Rhythm.DAILY}  # `daily, monday to friday`
            named |= {Rhythm.WEEKLY}
        elif self.day and not named and "on" in self.words:
            named = {Rhythm.MONTHLY}  # `on the 15th`
        elif self.times and not named:
            named = {Rhythm.DAILY}
        return named.pop() if len(named) == 1 else None

    def _place_numbers(self, rhythm: Rhythm) -> bool:
        """Takes numbers for hours or, if it is monthly, one for the day; False for neither."""
        numbers = list(self.numbers)
        if rhythm is Rhythm.MONTHLY and self.day is None and numbers:
            self.day = numbers.pop(0)
        clocks = [parse_clock(str(number)) for number in numbers]
        # Of `daily 8:00 3` nobody can tell what the three is.
        is_clear = not numbers or (bool(self.rhythms or self.weekdays) and not self.times)
        self.times += [clock for clock in clocks if clock is not None]
        is_day = self.day is None or 1 <= self.day <= LAST_DAY
        return is_clear and is_day and None not in clocks

    def _certainty(self) -> TimetableCertainty:
        has_more = bool(self.times or self.weekdays or self.numbers or self.day)
        if self.is_every or (self.rhythms and has_more) or len(self.weekdays) > 1:
            is_group = not (self.rhythms or self.is_every or self.has_clock or self.numbers)
            is_bare = is_group and any(word in GROUPS for word in self.words)
            return TimetableCertainty.LIKELY if is_bare else TimetableCertainty.SURE
        is_named = any(word in NAMED_TIMES for word in self.words)
        if self.weekdays and self.has_clock and (self.has_at or not is_named):
            return TimetableCertainty.SURE
        if self.has_at and (is_named or any(":" in word for word in self.words)):
            return TimetableCertainty.SURE
        return (
            TimetableCertainty.POSSIBLE
            if self.is_short or is_named or self.has_at
            else TimetableCertainty.LIKELY
        )
