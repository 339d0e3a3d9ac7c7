"""Filters among the options of /subscribe: parsed, written, and told in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.chat.request import Request
from bot.commands.subscriptions.language_names import find_language, name_language
from bot.errors import ReaderError
from bot.i18n import N_
from bot.search.query import parse
from bot.subscriptions.story_filters import StoryFilters
from bot.text.display import add_quotes, shorten
from bot.text.similar_names import similar_names

MOST_LENGTH = 100_000
"""Characters that a text may have to have at most."""

_MOST_LANGUAGES = 10
_MOST_SOURCES = 20
_MOST_WORDS = 200  # characters
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_LONGEST_AGE = timedelta(days=366)
_NONE = frozenset({"any", "all", "none", "off", "no", "0"})
_LISTED = re.compile(
    r"(?<!\s)\s*+[,/、;；]\s*+|(?<!\s)\s++(?:and|or|&|und|oder|y|o|e|et|ou)\s++|(?<=\S)[とか・](?=\S)"
)

UNITS: Mapping[str, timedelta] = {
    N_("hour; hours; h"): _HOUR,
    N_("day; days; d"): _DAY,
    N_("week; weeks; w"): timedelta(weeks=1),
}
"""Words for units of an age, as semicolons part them; other languages bring their own."""

ONE = N_("a; an; one")
"""Words for one of a unit."""

_AGE = re.compile(r"(?P<count>\d{1,3})?\s*(?P<words>\D*)")


def filter_values(filters: StoryFilters) -> Mapping[str, str]:
    """Returns the options that make filters, as they are typed."""
    return {
        "language": ",".join(filters.languages) or "any",
        "exclude": ",".join(filters.except_sources) or "none",
        "length": str(filters.least_length),
        "title": filters.title or "any",
        "without": filters.without or "none",
        "age": _typed_age(filters.most_age),
    }


def _typed_age(age: timedelta | None) -> str:
    if age is None:
        return "any"
    return f"{age // _DAY}d" if age % _DAY == timedelta(0) else f"{age // _HOUR}h"


def filter_texts(request: Request, filters: StoryFilters) -> Iterator[str]:
    """Yields filters in words, those that keep something out."""
    _ = request.gettext
    if filters.languages:
        names = (name_language(one, request.words.language) for one in filters.languages)
        yield _("only in {languages}").format(languages=request.words.join(names))
    if filters.except_sources:
        sources = map(request.source_name, filters.except_sources)
        yield _("not from {sources}").format(sources=request.words.join(sources))
    if filters.least_length:
        told = request.ngettext(
            "at least {count} character long",
            "at least {count} characters long",
            filters.least_length,
        )
        yield told.format(count=filters.least_length)
    if filters.title:
        yield _("with {words} in the title").format(words=add_quotes(filters.title))
    if filters.without:
        parts = (add_quotes(part.strip()) for part in filters.without.split(","))
        yield _("without {words}").format(words=request.words.join(parts))
    if filters.most_age:
        yield _("at most {age} old").format(age=age_text(request, filters.most_age))


def age_text(request: Request, age: timedelta) -> str:
    """Returns an age in whole days or hours: `2 days`, `36 hours`."""
    if age >= _DAY and age % _DAY == timedelta(0):
        days = age // _DAY
        return request.ngettext("{count} day", "{count} days", days).format(count=days)
    hours = age // _HOUR
    return request.ngettext("{count} hour", "{count} hours", hours).format(count=hours)


def find_languages(request: Request, typed: str) -> tuple[str, ...]:
    """Returns the codes of languages that are listed; none when one of them is unknown."""
    names = [one for one in _LISTED.split(typed.strip()) if one]
    found = [find_language(one, request.words.language) for one in names]
    return tuple(dict.fromkeys(found)) if found and all(found) else ()


def find_sources(request: Request, typed: str) -> tuple[str, ...]:
    """Returns the ids of sources that are listed; none when one of them is unknown."""
    whole = request.services.source(typed.strip())
    if whole:
        return (whole.id,)
    found = [request.services.source(one) for one in _LISTED.split(typed.strip()) if one]
    known = [one.id for one in found if one]
    return tuple(dict.fromkeys(known)) if len(known) == len(found) else ()


def find_age(request: Request, typed: str) -> timedelta | None:
    """Returns an age that is typed as `1d`, `12 hours` or `a week`; None for none that works."""
    match = _AGE.fullmatch(typed.strip().casefold())
    if match is None:
        return None
    words, count = match["words"].strip(), match["count"]
    if not count:
        one, _, unit = words.partition(" ")
        if one not in _listed(request, ONE):
            return None
        words, count = unit.strip(), "1"
    for listed, unit_length in UNITS.items():
        if words in _listed(request, listed):
            age = int(count) * unit_length
            return age if timedelta(0) < age <= _LONGEST_AGE else None
    return None


def _listed(request: Request, words: str) -> frozenset[str]:
    both = f"{words};{request.gettext(words)}"
    return frozenset(one.strip().casefold() for one in both.split(";"))


def _language(request: Request, text: str, filters: StoryFilters) -> StoryFilters:
    codes = find_languages(request, text)
    if not codes or len(codes) > _MOST_LANGUAGES:
        told = request.gettext(
            "I don't know the language {name}. Try names such as English and Japanese, or any."
        )
        raise ReaderError(told.format(name=add_quotes(text)))
    return replace(filters, languages=codes)


def _exclude(request: Request, text: str, filters: StoryFilters) -> StoryFilters:
    ids = find_sources(request, text)
    if not ids or len(ids) > _MOST_SOURCES:
        names = [one.name for one in request.services.sources.values()]
        near = similar_names(text, names)
        told = request.gettext("There is no source {name}.").format(name=add_quotes(text))
        hint = request.gettext("/sources lists them.")
        if near:
            hint = request.gettext("Did you mean {names}?").format(names=request.words.join(near))
        raise ReaderError(request.words.join_sentences(told, hint))
    return replace(filters, except_sources=ids)


def _length(request: Request, text: str, filters: StoryFilters) -> StoryFilters:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_LENGTH))
    if not is_number or not 1 <= int(text) <= MOST_LENGTH:
        told = request.gettext("{text} won't work here. Choose a number from 1 to {most}, or any.")
        raise ReaderError(told.format(text=add_quotes(text), most=MOST_LENGTH))
    return replace(filters, least_length=int(text))


def _title(request: Request, text: str, filters: StoryFilters) -> StoryFilters:
    return replace(filters, title=_words(request, text))


def _without(request: Request, text: str, filters: StoryFilters) -> StoryFilters:
    return replace(filters, without=_words(request, text))


def _words(request: Request, text: str) -> str:
    """Returns words to be looked for, of which each part has at least one."""
    words = shorten(text, _MOST_WORDS)
    if not all(parse(part) for part in words.split(",")):
        told = request.gettext("{text} has no word to look for.")
        raise ReaderError(told.format(text=add_quotes(text)))
    return words


def _age(request: Request, text: str, filters: StoryFilters) -> StoryFilters:
    age = find_age(request, text)
    if age is None:
        told = request.gettext(
            "I don't understand the age {text}. Try 12h, 1d or 2 weeks; a year at most; or any."
        )
        raise ReaderError(told.format(text=add_quotes(text)))
    return replace(filters, most_age=age)


_READERS: Mapping[str, Callable[[Request, str, StoryFilters], StoryFilters]] = {
    "language": _language,
    "exclude": _exclude,
    "length": _length,
    "title": _title,
    "without": _without,
    "age": _age,
}
_FIELDS = {
    "language": "languages",
    "exclude": "except_sources",
    "length": "least_length",
    "title": "title",
    "without": "without",
    "age": "most_age",
}

FILTER_OPTIONS = tuple(_READERS)
"""The names of the options that make filters."""


def read_filter(request: Request, option: str, text: str, filters: StoryFilters) -> StoryFilters:
    """Returns filters with one that an option gives, or without it.

    Raises:
        ReaderError: It cannot be read.
    """
    if text.casefold() not in _NONE:
        return _READERS[option](request, text, filters)
    return replace(filters, **{_FIELDS[option]: getattr(StoryFilters(), _FIELDS[option])})
