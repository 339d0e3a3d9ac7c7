"""Counts over a period: of one topic or source, and what is notable about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.trends.periods import DaySpan, TrendPeriod


@dataclass(frozen=True, slots=True)
class Series:
    """The counts of one topic or source.

    Attributes:
        name: Its name, as readers see it.
        counts: How many stories it had in each span of a period.
    """

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All its stories."""
        return sum(self.counts)

    @property
    def highest(self) -> int:
        """Most stories of a span."""
        return max(self.counts, default=0)

    @property
    def peak(self) -> int:
        """The place of the span with most stories; of several, the latest."""
        return max(range(len(self.counts)), key=lambda at: (self.counts[at], at), default=0)


@dataclass(frozen=True, slots=True)
class Trend:
    """Several series over one period.

    Attributes:
        period: The period.
        series: The series, that with most stories first.
    """

    period: TrendPeriod
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """Spans in a row without a story, between two that have some.

    Attributes:
        first: The place of the first of them.
        length: How many they are.
    """

    first: int
    length: int

    def of(self, spans: Sequence[DaySpan]) -> DaySpan:
        """Returns the silence as one span."""
        start, end = spans[self.first], spans[self.first + self.length - 1]
        return DaySpan(start.first, end.end, start.starts, end.ends)


def longest_silence(counts: Sequence[int]) -> Silence | None:
    """Returns the longest silence after the first story; of equal ones, the latest.

    A silence that lasts until the end counts, too. None where there is none.
    """
    found, at, spoken = list[Silence](), 0, False
    for is_silent, group in groupby(counts, key=lambda count: count <= 0):
        length = len(list(group))
        if is_silent and spoken:
            found.append(Silence(at, length))
        spoken = spoken or not is_silent
        at += length
    return max(found, key=lambda one: (one.length, one.first), default=None)
