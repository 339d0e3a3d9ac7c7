"""Words about trends: titles, and the same facts as the pictures in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel.dates import format_interval, format_skeleton
from babel.numbers import format_decimal

from bot.i18n import Translations
from bot.trends.counts import Series, Trend, longest_silence
from bot.trends.periods import WEEK, DaySpan, TrendPeriod

MAX_ALT = 1_000
"""Characters of an alternative text: the least that a platform takes for a picture, about."""

_WITH_YEAR = "yMMMd"
_YEAR = 365  # days


@dataclass(frozen=True, slots=True)
class TrendCaption:
    """The words of a picture.

    Attributes:
        title: A few words.
        subtitle: What is counted, and when.
        alt: The facts, for those who do not see it.
    """

    title: str
    subtitle: str
    alt: str


@dataclass(frozen=True, slots=True)
class TrendWords:
    """Tells of trends in the reader's language.

    Attributes:
        translations: The bot's own messages.
    """

    translations: Translations

    @property
    def language(self) -> str:
        """The language."""
        return self.translations.language

    def stories(self, count: int) -> str:
        """Returns `1,204 stories`."""
        told = self.translations.ngettext("{count} story", "{count} stories", count)
        return told.format(count=self.number(count))

    def number(self, count: int) -> str:
        """Returns a number with the separators of the language."""
        return _number(count, self.language)

    def range(self, span: DaySpan) -> str:
        """Returns `Sep 5 – Nov 27, 2026`."""
        return self._range(span.first, span.last, _WITH_YEAR)

    def measure(self, period: TrendPeriod) -> str:
        """Returns what is counted, and when: `Stories a week, Sep 5 – Nov 27, 2026`."""
        _, weeks = self.translations.gettext, period.step // WEEK
        if period.step < WEEK:
            told = _("Stories a day, {range}")
        elif weeks == 1:
            told = _("Stories a week, {range}")
        else:
            told = _("Stories every {weeks} weeks, {range}").replace("{weeks}", str(weeks))
        return told.format(range=self.range(period.whole))

    def day(self, day: date, period: TrendPeriod) -> str:
        """Returns a day, with its year where the period has more than one: `Oct 12`."""
        return format_skeleton(_skeleton(period), day, locale=self.language)

    def stream(self, trend: Trend) -> TrendCaption:
        """Returns the words of the picture of several topics."""
        title, measure = (
            self.translations.gettext("What the news was about"),
            self.measure(trend.period),
        )
        facts = [f"{one.name}: {self.facts(one, trend.period)}" for one in trend.series]
        return TrendCaption(title, measure, self._join((title, measure), facts))

    def line(self, series: Series, period: TrendPeriod) -> TrendCaption:
        """Returns the words of the picture of one topic."""
        measure = self.measure(period)
        alt = self._join((series.name, measure), [self.facts(series, period)])
        return TrendCaption(series.name, f"{measure} · {self.stories(series.total)}", alt)

    def calendar(self, series: Series, period: TrendPeriod) -> TrendCaption:
        """Returns the words of the picture of a source."""
        measure = self.measure(period)
        facts = list(self._silence(series, period))
        alt = self._join((series.name, measure), [self.facts(series, period), *facts])
        return TrendCaption(series.name, facts[0] if facts else measure, alt)

    def facts(self, series: Series, period: TrendPeriod) -> str:
        """Returns how many stories there were, when most, and how many lately."""
        if not series.total:
            return self.translations.gettext("no stories")
        if series.highest == 1:
            told = self.translations.gettext("{stories}, the latest {when}")
        else:
            told = self.translations.gettext("{stories}, most {when} ({most}), lately {newest}")
        return told.format(
            stories=self.stories(series.total),
            when=self._when(period.spans[series.peak], period),
            most=self.number(series.highest),
            newest=self.number(series.counts[-1]),
        )

    def _when(self, span: DaySpan, period: TrendPeriod) -> str:
        """Returns `on Oct 12` or `from Oct 6 – 12`, with the year where that is needed."""
        _ = self.translations.gettext
        skeleton = _skeleton(period)
        told = _("on {date}") if span.first == span.last else _("from {range}")
        range_ = self._range(span.first, span.last, skeleton)
        return told.format(date=range_, range=range_)

    def _silence(self, series: Series, period: TrendPeriod) -> Iterator[str]:
        """Yields how long a source was silent; nothing where it never was."""
        silence = longest_silence(series.counts)
        if silence is None:
            return
        span, days = silence.of(period.spans), silence.length * period.step
        told = self.translations.ngettext(
            "Longest silence: {days} day, {range}", "Longest silence: {days} days, {range}", days
        )
        yield told.format(days=self.number(days), range=self.range(span))

    def _range(self, first: date, last: date, skeleton: str) -> str:
        if first == last:
            return format_skeleton(skeleton, first, locale=self.language)
        return format_interval(first, last, skeleton, locale=self.language)

    def _join(self, heads: Sequence[str], facts: Sequence[str]) -> str:
        """Joins sentences, as many as an alternative text may have; the first facts matter most."""
        words = self.translations
        told = words.join_sentences(*map(words.end_sentence, heads))
        for fact in facts:
            longer = words.join_sentences(told, words.end_sentence(fact))
            if len(longer) > MAX_ALT:
                break
            told = longer
        return told


def _skeleton(period: TrendPeriod) -> str:
    return "MMMd" if (period.last - period.first).days < _YEAR else _WITH_YEAR


@lru_cache(1_000)
def _number(count: int, language: str) -> str:
    return format_decimal(count, locale=language)
