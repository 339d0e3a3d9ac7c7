"""Axes: the days and the counts that are marked beside a picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from babel.dates import format_date, format_skeleton

from bot.trends.glyphs import drawable, text_width
from bot.trends.periods import WEEK, TrendPeriod

_FEW_DAYS = 45  # of which weeks are marked
_FEW_YEARS = 3 * 366  # of which months are marked
_GAP = 8.0  # between two labels
_STEPS = (1, 2, 5)  # of counts, and these times powers of ten


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis.

    Attributes:
        at: Its place.
        label: What stands there.
    """

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The horizontal axis: each span of a period in its middle.

    Attributes:
        period: The period.
        left: Where the middle of the first span is.
        right: Where that of the last one is.
    """

    period: TrendPeriod
    left: float
    right: float

    @property
    def places(self) -> list[float]:
        """The places of the spans."""
        most = max(1, len(self.period.spans) - 1)
        return [
            self.left + (self.right - self.left) * at / most for at in range(len(self.period.spans))
        ]

    def place(self, day: date) -> float:
        """Returns the place of a day's beginning."""
        first = self.period.first.toordinal() + self.period.step / 2
        days = max(1, self.period.step * (len(self.period.spans) - 1))
        return self.left + (self.right - self.left) * (day.toordinal() - first) / days

    def ticks(self, language: str, size: float) -> list[Tick]:
        """Returns as many ticks as there is room for, the later ones first where it is scarce."""
        marked = ((self.place(day), drawable(label)) for day, label in self._marks(language))
        inside = [Tick(at, label) for at, label in marked if self.left <= at <= self.right]
        return _thin(inside, size)

    def _marks(self, language: str) -> Iterator[tuple[date, str]]:
        first, last = self.period.first, self.period.last
        days = (last - first).days + 1
        if days <= _FEW_DAYS:
            for ago in range(0, days, WEEK):
                day = last - timedelta(days=ago)
                yield day, format_skeleton("MMMd", day, locale=language)
        elif days <= _FEW_YEARS:
            for day in _months(first, last):
                yield day, month_label(day, language)
        else:
            for year in range(first.year + 1, last.year + 1):
                yield date(year, 1, 1), str(year)


def month_label(day: date, language: str) -> str:
    """Names a month in brief; January by its year, which begins there."""
    return str(day.year) if day.month == 1 else format_date(day, "LLL", locale=language)


def _months(first: date, last: date) -> Iterator[date]:
    for number in range(12 * first.year + first.month, 12 * last.year + last.month):
        yield date(number // 12, number % 12 + 1, 1)


def _thin(ticks: Sequence[Tick], size: float) -> list[Tick]:
    """Leaves out every second, third and so on until no two labels touch."""
    for each in range(1, len(ticks) + 1):
        kept = ticks[::each]
        if all(_clear(one, other, size) for one, other in pairwise(kept)):
            return list(kept)
    return list(ticks[:1])


def _clear(one: Tick, other: Tick, size: float) -> bool:
    widths = text_width(one.label, size) + text_width(other.label, size)
    return abs(other.at - one.at) >= widths / 2 + _GAP


def count_ticks(highest: int, most: int = 4) -> list[int]:
    """Returns round counts from 0 to at least the highest, `most` above 0 at most."""
    for power in range(len(str(highest)) + 1):
        for step in (one * 10**power for one in _STEPS):
            if highest <= step * most:
                return list(range(0, step * max(1, math.ceil(highest / step)) + 1, step))
    raise AssertionError("there is always a step that is large enough")


def scaled(counts: Iterable[int], highest: float, top: float, bottom: float) -> list[float]:
    """Returns the heights of counts between the bottom, for none, and the top."""
    return [bottom - (bottom - top) * count / max(highest, 1) for count in counts]
