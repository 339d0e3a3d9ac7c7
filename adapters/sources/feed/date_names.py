"""Parses dates with the name of a month, in any language: RFC 822 and 850, asctime, and by hand.

Some names mean different months in different languages. What else stands in the date tells which
is meant: the name of a day that agrees with it, then the language of the feed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from adapters.sources.feed.date_halves import split_half
from adapters.sources.feed.date_parts import NOON, TIME, DateParts, full_year, read_clock
from adapters.sources.feed.date_words import (
    DateToken,
    DateWord,
    find_words,
    fold,
    rank,
    similar_months,
    tokens,
)
from adapters.sources.feed.date_zones import KOREA, find_zone

_CLOCK = re.compile(rf"(?<![0-9]){TIME}{NOON}")
_YEAR_FIRST = re.compile(r"([0-9]{2,4})\s?[年년]")
_BUDDHIST_YEARS = 543  # that Thailand is ahead
_LEAST_BUDDHIST = 2400
# Years of Japan and Taiwan, by the year before their first.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_ERA = re.compile(f"({'|'.join(_ERAS)})\\s?([0-9]{{1,3}})(?=\\s?年)")
_LONGEST_PARTICLE = 2  # letters
_FIGURES = range(2, 4)  # a day and a year, and what may stand in the name of a month or a day


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a date.

    Attributes:
        day: Year, month and day.
        language: The language of the month's name.
        agrees: True when a day of the week is named, and is that of the date.
        position: Where the month's name stands.
        is_particle: True for a name as short as words that join others are, such as `de`.
    """

    day: tuple[int, int, int]
    language: str
    agrees: bool
    position: int
    is_particle: bool

    def likelihood(self, hint: str) -> tuple[bool, bool, bool, int, int]:
        """Returns what grows with how likely it is meant so, in a feed of the language `hint`.

        Where a day has the name of a month, as Tuesday has in French, the month stands behind it.
        """
        is_hinted = self.language == hint
        return (
            self.agrees,
            is_hinted,
            not self.is_particle,
            -rank(self.language),
            self.position,
        )


def month_name_date(text: str, language: str = "") -> DateParts | None:
    """Parses a date with a month's name; None for what is none.

    Args:
        text: As written.
        language: The feed's, such as `pt-BR`; empty when it is not known.
    """
    text = _ERA.sub(lambda found: str(_ERAS[found[1]] + int(found[2])), fold(text))
    time = _CLOCK.search(text)
    before, behind = (text[: time.start()], text[time.end() :]) if time else (text, "")
    words = find_words(tokens(f"{before} \n {behind}"))
    languages = {word.language for word in words if word.kind == "months"}
    half, before, behind = split_half(before, behind, languages)
    zone, behind = find_zone(behind)
    hint = language.partition("-")[0].lower()
    reading = _best_reading(f"{before} \n {behind}", hint)
    if reading is None:
        return None
    if zone is None and reading.language == "ko":
        zone = KOREA
    return DateParts(reading.day, read_clock(time, half) if time else (0, 0, 0), zone)


def _best_reading(text: str, hint: str) -> _Reading | None:
    found = tokens(text)
    words = find_words(found)
    figures = sum(token.is_number for token in found)
    if figures in _FIGURES and not any(word.kind == "months" for word in words):
        words += similar_months(found, hint)
    years = {each[1] for each in _YEAR_FIRST.finditer(text)}
    readings = _readings(found, words, years)
    return max(readings, key=lambda reading: reading.likelihood(hint), default=None)


def _readings(
    found: Sequence[DateToken], words: Sequence[DateWord], years: Collection[str]
) -> Iterator[_Reading]:
    for month in (word for word in words if word.kind == "months"):
        days = [
            word
            for word in words
            if word.kind == "days" and word.language == month.language and not word.overlaps(month)
        ]
        named = [month, *days]
        numbers = [
            token.text
            for at, token in enumerate(found)
            if token.is_number and not any(word.first <= at <= word.last for word in named)
        ]
        if day := _day(numbers, month, years):
            agrees = day.weekday() in {word.number for word in days}
            name = found[month.first].text if month.first == month.last else ""
            is_particle = name.isascii() and 0 < len(name) <= _LONGEST_PARTICLE
            parts = (day.year, day.month, day.day)
            yield _Reading(parts, month.language, agrees, month.first, is_particle)


def _day(numbers: Sequence[str], month: DateWord, years: Collection[str]) -> date | None:
    """Returns the date that two numbers and a month make; None where they make none."""
    if len(numbers) != 2:  # noqa: PLR2004 - a day and a year
        return None
    is_year_first = numbers[0] in years or len(numbers[0]) > 2  # noqa: PLR2004 - digits of a day
    day, year_of = numbers[::-1] if is_year_first else numbers
    year = full_year(year_of)
    if month.language == "th" and year > _LEAST_BUDDHIST:
        year -= _BUDDHIST_YEARS
    try:
        return date(year, month.number, int(day))
    except (ValueError, OverflowError):
        return None
