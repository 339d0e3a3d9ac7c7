"""Reports of trends: several topics, one topic, or a source; in words, and ready to be drawn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.model import Story
from bot.search.ports import StoryStore
from bot.search.query import Filter, Since
from bot.trends.calendar import MOST_DAYS, draw_calendar
from bot.trends.counts import Series, Trend
from bot.trends.line import draw_line
from bot.trends.periods import WEEK, DaySpan, TrendPeriod, make_period
from bot.trends.ports import TrendStore
from bot.trends.sparkline import sparkline
from bot.trends.stream import MOST_TOPICS, draw_stream
from bot.trends.theme import Theme
from bot.trends.wording import TrendCaption, TrendWords

_STREAM_DAYS = 12 * WEEK  # by default, a quarter of a year
_LINE_DAYS = 26 * WEEK  # by default, half a year
_YOUNG = 8  # times as long as what has stories is a period of which only that is shown
_FEWEST_SPANS, _STORIES_A_SPAN = 53, 40  # of a stream, which has a year in weeks
_LONGEST_ROW = 60  # blocks of a sparkline; more would take several lines of a phone

_Count: TypeAlias = Callable[[Sequence[DaySpan]], Awaitable[Sequence[Sequence[int]]]]
"""Counts the stories of some series in spans of days."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A line of a report: one topic or source.

    Attributes:
        name: Its name.
        sparkline: Its counts.
        total: All its stories: `12 stories`.
        facts: The same, and when most of them came.
    """

    name: str
    sparkline: str
    total: str
    facts: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report.

    Attributes:
        caption: Its words.
        lines: The facts, line by line.
        draw: Draws the same as SVG.
        has_ended: True when its period ends before today, since nothing is newer.
    """

    caption: TrendCaption
    lines: tuple[ReportLine, ...]
    draw: Callable[[Theme], str]
    has_ended: bool = False


class TrendReporter:
    """Makes reports.

    Args:
        counts: Counts stories.
        stories: Tells which is the newest.
        words: The bot's own words.
        zone: The time zone in which days begin.
        now: The time.
    """

    def __init__(
        self,
        counts: TrendStore,
        stories: StoryStore,
        words: TrendWords,
        zone: ZoneInfo,
        now: datetime,
    ) -> None:
        self._counts = counts
        self._stories = stories
        self._words = words
        self._zone = zone
        self._today = now.astimezone(zone).date()

    async def topics(self, since: Since | None = None) -> Report | None:
        """Reports the topics with most stories; None when no topic has any in the period.

        Without a beginning it is about a quarter of a year; where nothing is that new, about the
        quarter that ends with the newest story, and where most of it is empty, about the rest.

        Raises:
            StoreError: The stories cannot be counted.
        """
        period = await self._period(Filter(), since, _STREAM_DAYS)
        names = await self._counts.busiest_topics(period.whole, MOST_TOPICS)
        if not names:
            return None

        async def count(spans: Sequence[DaySpan]) -> Sequence[Sequence[int]]:
            return await self._counts.topic_counts(names, spans)

        period, counted = await self._fitted(period, since, count)
        if coarser := self._coarser(period, sum(map(sum, counted))):
            period, counted = coarser, await count(coarser.spans)
        trend = Trend(period, tuple(map(_series, names, counted)))
        return Report(
            self._words.stream(trend),
            tuple(self._line(one, period) for one in trend.series),
            lambda theme: draw_stream(trend, self._words, theme),
            self._has_ended(period),
        )

    async def topic(self, name: str, since: Since | None = None) -> Report | None:
        """Reports one topic, by default for half a year; None when it has no stories then.

        Raises:
            StoreError: The stories cannot be counted.
        """
        period = await self._period(Filter(topic=name), since, _LINE_DAYS)

        async def count(spans: Sequence[DaySpan]) -> Sequence[Sequence[int]]:
            return await self._counts.topic_counts([name], spans)

        period, (counted,) = await self._fitted(period, since, count, before=1)
        series = _series(name, counted)
        if not series.total:
            return None
        return Report(
            self._words.line(series, period),
            (self._line(series, period),),
            lambda theme: draw_line(series, period, self._words, theme),
            self._has_ended(period),
        )

    async def source(self, source: str, name: str, since: Since | None = None) -> Report | None:
        """Reports the days of a source, half a year by default and a year at most.

        Args:
            source: Its id.
            name: Its name.
            since: When the period begins.

        Returns:
            The report; None when the source gave no stories of that time.

        Raises:
            StoreError: The stories cannot be counted.
        """
        within = Filter(source=source)
        period = await self._period(within, since, _LINE_DAYS, most=MOST_DAYS, step=1)
        series = _series(name, await self._counts.source_counts(source, period.spans))
        if not series.total:
            return None
        return Report(
            self._words.calendar(series, period),
            (self._line(series, period),),
            lambda theme: draw_calendar(series, period, self._words, theme),
            self._has_ended(period),
        )

    async def _period(
        self,
        within: Filter,
        since: Since | None,
        days: int,
        *,
        most: int | None = None,
        step: int | None = None,
    ) -> TrendPeriod:
        """Returns the period to report, which ends today unless nothing is new enough for that."""
        if since:
            days = (self._today - since.day).days + 1
        days = min(days, most or days)
        newest = await self._stories.newest(within)
        last = self._today
        if since is None and newest and _day(newest, self._zone) <= last - timedelta(days=days):
            last = _day(newest, self._zone)
        return make_period(last, days, self._zone, step=step)

    async def _fitted(
        self,
        period: TrendPeriod,
        since: Since | None,
        count: _Count,
        *,
        before: int = 0,
    ) -> tuple[TrendPeriod, Sequence[Sequence[int]]]:
        """Counts stories in a period, or in its end where all before that is empty.

        A store or a topic may be a few days old: then nobody wants to see months of nothing, and
        days tell more than weeks.

        Args:
            period: The period.
            since: When it begins, if somebody has said so: then it stays.
            count: Counts stories.
            before: How many times as long the empty time is that is shown before the first story.
        """
        counted = await count(period.spans)
        spans = len(period.spans)
        first = next((at for at, many in enumerate(zip(*counted, strict=True)) if any(many)), 0)
        if since or _YOUNG * (spans - first) > spans:
            return period, counted
        days = (1 + before) * (spans - first) * period.step
        fitted = make_period(period.last, days, self._zone)
        return fitted, await count(fitted.spans)

    def _coarser(self, period: TrendPeriod, stories: int) -> TrendPeriod | None:
        """Returns the same period in fewer spans; None where each has enough stories.

        A stream of a few stories a span is all teeth, in which nobody sees what came and went.
        """
        most = max(_FEWEST_SPANS, stories // _STORIES_A_SPAN)
        if len(period.spans) <= most:
            return None
        days = len(period.spans) * period.step
        step = WEEK * -(-days // (WEEK * most))
        return make_period(period.last, days, self._zone, step=step)

    def _has_ended(self, period: TrendPeriod) -> bool:
        return period.last < self._today

    def _line(self, series: Series, period: TrendPeriod) -> ReportLine:
        counts = series.counts if len(series.counts) <= _LONGEST_ROW else _by_week(series.counts)
        total, facts = self._words.stories(series.total), self._words.facts(series, period)
        return ReportLine(series.name, sparkline(counts), total, facts)


def _series(name: str, counts: Sequence[int]) -> Series:
    return Series(name, tuple(counts))


def _by_week(counts: Sequence[int]) -> list[int]:
    """Adds up the counts of days or longer spans, seven each, the last ones whole."""
    ends = range(len(counts), 0, -WEEK)
    return [sum(counts[max(0, end - WEEK) : end]) for end in ends][::-1]


def _day(story: Story, zone: ZoneInfo) -> date:
    if story.date_only:
        return story.published.date()
    return story.published.astimezone(zone).date()
