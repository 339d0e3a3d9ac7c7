"""Timetables in the bot's own language: its words are put into the English that the grammar reads.

A catalogue brings its phrases for each word, as the translation of a list that semicolons part.
Names of the days of the week are Babel's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names

from bot.i18n import N_, Translations
from bot.subscriptions.schedule import WEEKDAYS
from bot.text.tokenizer import is_run

WORDS: Mapping[str, str] = {
    "at once": N_("at once; now; immediately; as it happens"),
    "hourly": N_("hourly; every hour"),
    "daily": N_("daily; every day"),
    "weekly": N_("weekly; every week"),
    "monthly": N_("monthly; every month"),
    "weekdays": N_("weekdays; on weekdays; every weekday; working days"),
    "weekends": N_("weekends; on weekends; every weekend"),
    "every": N_("every; each"),
    "hours": N_("hours"),
    "twice daily": N_("twice a day; twice daily"),
    "morning": N_("morning; in the morning; every morning"),
    "noon": N_("noon; at noon"),
    "afternoon": N_("afternoon; in the afternoon"),
    "evening": N_("evening; in the evening; every evening"),
    "at": N_("at"),
    "o'clock": N_("o'clock"),
    "and": N_("and"),
    "to": N_("to; till"),
    "except": N_("except; but not"),
    "silent": N_("silent; silently; without a sound"),
}
_SHORTEST = 2  # letters of an abbreviated day
_QUOTED = re.compile(r'("[^"]*"|“[^“”]*”)')
_ENDS = ",;，、；"


@dataclass(frozen=True, slots=True)
class EnglishLine:
    """A line of which the words of timetables are in English.

    Attributes:
        text: The line.
        own: What was typed for the English words in it.
    """

    text: str
    own: Mapping[str, str]

    def restore(self, text: str) -> str:
        """Returns a part of the line as it was typed."""
        for english, typed in self.own.items():
            pattern = rf"(?<!\S){re.escape(english)}(?![^\s{_ENDS}])"
            text = re.sub(pattern, typed.replace("\\", r"\\"), text)
        return text


class TimetableLexicon:
    """The words of timetables in one language."""

    def __init__(self, translations: Translations) -> None:
        self._english = dict(_phrases(translations))
        patterns = sorted(map(_pattern, self._english), key=len, reverse=True)
        self._pattern = re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)

    def english(self, line: str) -> EnglishLine:
        """Puts the words of timetables in a line into English, but for what stands in quotes."""
        own: dict[str, str] = {}

        def put(match: re.Match[str]) -> str:
            english = self._english[match[0].casefold()]
            own[english] = match[0]
            return f" {english} " if is_run(match[0]) else english

        parts = _QUOTED.split(line) if self._english else [line]
        parts[::2] = (self._pattern.sub(put, part) for part in parts[::2])
        text = "".join(parts)
        return EnglishLine(" ".join(text.split()) if own else line, own)


@lru_cache(8)
def timetable_lexicon(translations: Translations) -> TimetableLexicon:
    """Returns the lexicon of a language, made once."""
    return TimetableLexicon(translations)


def _phrases(translations: Translations) -> Iterator[tuple[str, str]]:
    """Yields the phrases of the language, in small letters, with the English of each."""
    yield from _day_names(translations.language)
    for english, listed in WORDS.items():
        own = translations.gettext(listed)
        if own != listed:
            for phrase in filter(None, (one.strip() for one in own.split(";"))):
                yield phrase.casefold(), english


def _day_names(language: str) -> Iterator[tuple[str, str]]:
    """Yields the days of the week; none in English, whose names the grammar has."""
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return
    if locale.language == "en":
        return
    for width in ("abbreviated", "wide"):
        for day, name in get_day_names(width, locale=locale).items():
            bare = name.casefold().rstrip(".")
            english = WEEKDAYS[day] if width == "wide" else WEEKDAYS[day][:3]
            if len(bare) >= _SHORTEST:
                yield bare, english
            if width == "wide":
                yield f"{bare}s", english  # `montags`, `lundis`


def _pattern(phrase: str) -> str:
    """Returns the pattern of a phrase; where words are not parted by spaces, it may be inside."""
    escaped = re.escape(phrase)
    return escaped if is_run(phrase) else rf"(?<!\w){escaped}(?!\w)"
