"""Timetables in the bot's own language: its words are put into the English that the grammar reads.

A catalogue brings its phrases for each word, as the translation of a list that semicolons part.
Names of the days of the week are Babel's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names

from bot.i18n import N_, Translations
from bot.subscriptions import japanese_times
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
_NEVER = r"(?!)"
_RUN = "\u3005\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3"
"""The letters of scripts without spaces, as the inside of a pattern's set."""


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
        self._rules = japanese_times.RULES if translations.language == "ja" else ()
        phrases = sorted(self._english, key=len, reverse=True)
        runs = "|".join(re.escape(one) for one in phrases if is_run(one))
        spaced = "|".join(re.escape(one) for one in phrases if not is_run(one))
        self._spaced = re.compile(rf"(?<!\w)(?:{spaced or _NEVER})(?!\w)", re.IGNORECASE)
        self._run = re.compile(runs or _NEVER)
        units = "|".join((*(_without_names(rule.pattern) for rule, _ in self._rules), runs))
        # `毎日新聞` is a newspaper, so a run counts only where all of it is about times.
        self._whole_run = re.compile(rf"(?<![{_RUN}\d])(?:{units or _NEVER})+(?![{_RUN}])")

    def english(self, line: str) -> EnglishLine:
        """Puts the words of timetables in a line into English, but for what stands in quotes."""
        own: dict[str, str] = {}
        parts = _QUOTED.split(line) if self._english else [line]
        parts[::2] = (self._put_words(part, own) for part in parts[::2])
        return EnglishLine(" ".join("".join(parts).split()) if own else line, own)

    def _put_words(self, text: str, own: dict[str, str]) -> str:
        """Puts a text into English; `own` learns what was typed for it."""

        def put_word(match: re.Match[str]) -> str:
            own[english := self._english[match[0].casefold()]] = match[0]
            return f" {english} " if is_run(match[0]) else english

        def put_by(rule: japanese_times.Rule, match: re.Match[str]) -> str:
            own[english := rule(match)] = match[0]
            return f" {english} "

        def put_run(match: re.Match[str]) -> str:
            run = match[0]
            for pattern, rule in self._rules:
                run = pattern.sub(partial(put_by, rule), run)
            return f" {self._run.sub(put_word, run)} "

        return self._spaced.sub(put_word, self._whole_run.sub(put_run, text))


def timetable_lexicon(translations: Translations) -> TimetableLexicon:
    """Returns the lexicon of the language that is being spoken, made once."""
    return _lexicon(translations.one_language)


@lru_cache(8)
def _lexicon(translations: Translations) -> TimetableLexicon:
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
                if locale.language == "es":
                    yield f"los {bare}", english
                if bare.endswith("曜日"):
                    yield bare[:-1], english  # `月曜`


def _without_names(pattern: str) -> str:
    """Returns a pattern whose groups have no names."""
    return re.sub(r"\?P<\w+>", "?:", pattern)
