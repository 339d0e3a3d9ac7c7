"""The lexicon of time expressions: what each word may mean, in English, German and a language.

Names of months and weekdays are Babel's (CLDR); the other words are in `word_lists`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.search.time_expressions.spanish_words import (
    SPANISH_UNITS,
    SPANISH_VALUES,
    SPANISH_WORDS,
)
from bot.search.time_expressions.word_lists import UNITS, VALUES, WORDS, Kind
from bot.text.stopwords import EXTENDED_STOPWORDS
from bot.text.tokenizer import fold

Meanings = Mapping[Kind, int | str]

# Beside Babel's own.
_SHORT_MONTHS = {9: "sept"}
_SHORT_WEEKDAYS = {1: "tues", 2: "weds", 3: "thur thurs"}

_CONTEXTS: Sequence[Literal["format", "stand-alone"]] = ("format", "stand-alone")
_SHORTEST = 3  # letters of an abbreviation: a shorter one is mostly another word
_TRIGGERS = (
    *(Kind.MONTH, Kind.SHORT_MONTH, Kind.WEEKDAY, Kind.SHORT_WEEKDAY, Kind.UNIT, Kind.QUARTER),
    *(Kind.WEEKDAY_OF, Kind.HALF),
    *(
        Kind.DAY,
        Kind.TONIGHT,
        Kind.SIDE,
        Kind.SEASON,
        Kind.HOLIDAY,
        Kind.DECADE,
        Kind.NEWEST,
        Kind.OLDEST,
        Kind.OLD,
        Kind.FIRST,
    ),
    *(Kind.RECENT, Kind.LATELY, Kind.NEW, Kind.PART, Kind.TIME, Kind.HALF_YEAR),
    Kind.SIDE_BEHIND,
)
_MISSPELT = (
    "yesterday today tonight tomorrow week weeks weekend month months year years last this next"
    " past since before after until between latest newest oldest earliest"
)
_FULL = {Kind.MONTH, Kind.WEEKDAY}
# What an apostrophe is left out of on a phone: `yesterdays`, `octobers`, `fridays`.
_GENITIVES = {Kind.MONTH: Kind.MONTH, Kind.WEEKDAY: Kind.WEEKDAY_OF}
_GENITIVE_DAYS = {"today": 0, "yesterday": -1, "tonight": 0}
_SWAPPED, _ONE_SLIP, _TWO_SLIPS = 4, 5, 7  # letters from which on a word may have such a typo


class Lexicon:
    """The words that time expressions are made of.

    Attributes:
        triggers: Words without one of which no time expression can be, digits apart.
        foreign: Names of months and weekdays that are neither English nor of the language: `mai`.
    """

    def __init__(self, language: str) -> None:
        """Makes the lexicon of English, German and a language."""
        self._words = _gather(language)
        kinds = set(_TRIGGERS)
        self.triggers = frozenset(w for w, kinds_ in self._words.items() if kinds & kinds_.keys())
        own = {name for one in ("en", language) for _kind, _number, name in _names(one)}
        self.foreign = frozenset(name for _kind, _number, name in _names("de")) - own
        # Of German alone it would be too bold for readers of English: Samsung is no Samstag.
        named = (name for one in ("en", language) for kind, _, name in _names(one) if kind in _FULL)
        self._targets = sorted({*(n for n in named if len(n) >= _ONE_SLIP), *_MISSPELT.split()})
        self.correct = lru_cache(10_000)(self._correct)

    def meanings(self, word: str) -> Meanings:
        """Returns what a word may mean; nothing for most."""
        return self._words.get(word, {})

    def _correct(self, word: str) -> str:
        """Returns the word of a time that another is a typo of; an empty text for none."""
        if len(word) < _SWAPPED or not word.isalpha() or word in self._words:
            return ""
        if word in EXTENDED_STOPWORDS:
            return ""
        slips = 2 if len(word) >= _TWO_SLIPS else 1
        found = process.extractOne(word, self._targets, scorer=OSA.distance, score_cutoff=slips)
        if found is None:
            return ""
        near: str = found[0]
        if len(word) < _TWO_SLIPS and near[0] != word[0]:
            return ""
        if len(word) < _ONE_SLIP and sorted(near) != sorted(word):
            return ""
        # `weekly` and `monthly` are other words, and so is a name in its plural.
        is_doubled = word == near + near[-1]
        return "" if word.startswith(near) and not is_doubled else near


@cache
def lexicon(language: str) -> Lexicon:
    """Returns the lexicon of a language beside English and German, made once."""
    return Lexicon(language)


def _gather(language: str) -> dict[str, Meanings]:
    words: dict[str, dict[Kind, int | str]] = defaultdict(dict)
    for kind, value, names in (*_listed(), *(_spanish() if language[:2] == "es" else ())):
        for name in names.split():
            words[name][kind] = value
    if language[:2] == "es":
        words["fin de semana"][Kind.UNIT] = "weekend"
    for one in dict.fromkeys((language, "de", "en")):
        for kind, number, name in _names(one):
            words[name][kind] = number
    for kind, number, name in _genitives():
        words[name].setdefault(kind, number)
    return dict(words)


def _genitives() -> Iterator[tuple[Kind, int, str]]:
    """Yields English names of times with an s that lost its apostrophe."""
    for kind, number, name in _names("en"):
        if kind in _FULL:
            yield _GENITIVES[kind], number, f"{name}s"
    for name, days in _GENITIVE_DAYS.items():
        yield Kind.DAY, days, f"{name}s"


def _listed() -> Iterator[tuple[Kind, int | str, str]]:
    yield from _of_lists(UNITS, VALUES, WORDS)
    for number, names in _SHORT_MONTHS.items():
        yield Kind.SHORT_MONTH, number, names
    for number, names in _SHORT_WEEKDAYS.items():
        yield Kind.SHORT_WEEKDAY, number, names


def _spanish() -> Iterator[tuple[Kind, int | str, str]]:
    return _of_lists(SPANISH_UNITS, SPANISH_VALUES, SPANISH_WORDS)


def _of_lists(
    units: Mapping[str, str],
    values: Mapping[Kind, Mapping[int, str]],
    words: Mapping[Kind, str],
) -> Iterator[tuple[Kind, int | str, str]]:
    for unit, names in units.items():
        yield Kind.UNIT, unit, names
    for kind, numbered in values.items():
        for value, names in numbered.items():
            yield kind, value, names
    for kind, names in words.items():
        yield kind, 1, names


def _names(language: str) -> Iterator[tuple[Kind, int, str]]:
    """Yields the names of months and weekdays in a language; the full ones last."""
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return
    for context in _CONTEXTS:
        for kind, least, names in (
            (Kind.SHORT_MONTH, _SHORTEST, get_month_names("abbreviated", context, locale)),
            (Kind.SHORT_WEEKDAY, _SHORTEST, get_day_names("abbreviated", context, locale)),
            (Kind.MONTH, 1, get_month_names("wide", context, locale)),
            (Kind.WEEKDAY, 1, get_day_names("wide", context, locale)),
        ):
            bare = ((number, fold(name).rstrip(".")) for number, name in names.items())
            yield from ((kind, n, name) for n, name in bare if len(name) >= least)
