"""Filters in the words of /subscribe's line: `osaka expo in English, at most a day old`.

A catalogue brings its own phrases as the translation of each list, parted by semicolons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.chat.parsing import pieces_of
from bot.chat.request import Request
from bot.commands.subscriptions.filter_options import (
    MOST_LENGTH,
    find_age,
    find_languages,
    find_sources,
)
from bot.i18n import N_, Translations, languages, load
from bot.search.held_phrases import is_held
from bot.text.tokenizer import is_run

PHRASES: Mapping[str, str] = {
    "language": N_("only in {value}; in {value} only; in {value}"),
    "exclude": N_("but not from {value}; not from {value}; except from {value}; except {value}"),
    "length": N_(
        "with at least {value} characters; at least {value} characters long; "
        "at least {value} characters; longer than {value} characters"
    ),
    "title": N_("only with {value} in the title; with {value} in the title"),
    "without": N_("without the words {value}; without the word {value}; without {value}"),
    "age": N_("at most {value} old; no older than {value}; not older than {value}"),
}
"""Phrases for each option; `{value}` stands for what it is given."""

_LONGEST = {"language": 5, "exclude": 9, "length": 1, "title": 1, "without": 1, "age": 2}
"""Words of each value; what stands in quotes counts as one."""

_NAMES = frozenset({"language", "without"})  # whose phrases stories may have as words
_NOT_LEFT_OUT = frozenset({"picture", "pictures", "sound", "a"})
_EVERYTHING = ("everything ", "all ")
_MOST = 60  # words of a line in which filters are looked for, from its end on
_ENDS = " ,;，、；"
_QUOTES = '"“”'


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase of one option: the words before and after its value."""

    option: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FilteredLine:
    """A line without the filters that it names.

    Attributes:
        text: The rest of it.
        options: The filters, as options.
    """

    text: str
    options: Mapping[str, str]


async def take_filters(request: Request, text: str) -> FilteredLine:
    """Takes filters out of a line, each kind once; never all of the line.

    Raises:
        StoreError: The store cannot be read.
    """
    options: dict[str, str] = {}
    for phrase in _phrases(request.words.one_language):
        if phrase.option in options or request.text(phrase.option):
            continue
        for start, stop, value in _places(text, phrase):
            if not _VALID[phrase.option](request, value):
                continue
            rest = _joined(text[:start], text[stop:])
            if phrase.option == "without" and _is_topic_of_all(request, value, rest):
                continue
            is_name = phrase.option in _NAMES and await is_held(
                request.services.store.search, text[start:stop].strip(_ENDS)
            )
            if rest and not is_name:
                text, options[phrase.option] = rest, value.strip(_QUOTES)
                break
    return FilteredLine(text, options)


def _is_topic_of_all(request: Request, value: str, rest: str) -> bool:
    """Tells if a topic is to be left out of everything, which no words can do."""
    whole = f"{rest} ".casefold().startswith(_EVERYTHING)
    return whole and request.services.topic(value) is not None


@lru_cache(100)  # each button of a preview asks the same
def may_name_filter(text: str) -> bool:
    """Tells if a text might be taken for a filter in some language, were it typed."""
    return any(
        any(True for _ in _places(text, phrase))
        for code in languages()
        for phrase in _phrases(load(code))
    )


@lru_cache(16)
def _phrases(words: Translations) -> tuple[_Phrase, ...]:
    """Returns the phrases of a language and English ones, of each option the longest first."""
    found = [
        _Phrase(option, *map(str.strip, phrase.split("{value}")))
        for option, listed in PHRASES.items()
        for phrase in dict.fromkeys(f"{listed};{words.gettext(listed)}".split(";"))
        if phrase.count("{value}") == 1
    ]
    return tuple(sorted(found, key=lambda one: -len(one.before + one.after)))


def _places(text: str, phrase: _Phrase) -> Iterator[tuple[int, int, str]]:
    """Yields where a phrase may stand, outside of quotes, with its value; the longest first."""
    pieces = list(_pieces(text))[-_MOST:]
    for at in range(len(pieces)):
        opened = _after_words(pieces, at, phrase.before) if phrase.before else at
        if opened is None:
            continue
        for count in range(_LONGEST[phrase.option], 0, -1):
            found = _closed(pieces, at, opened, count, phrase.after)
            if found:
                yield found


_Piece = tuple[int, str]  # where it stands, and its signs


def _pieces(text: str) -> Iterator[_Piece]:
    at = 0
    for piece in pieces_of(text):
        at = text.index(piece, at)
        yield at, piece
        at += len(piece)


def _after_words(pieces: list[_Piece], at: int, words: str) -> int | None:
    """Returns the place after some words that stand at a place; None where they do not."""
    wanted = words.casefold().split()
    typed = [piece.casefold() for _, piece in pieces[at : at + len(wanted)]]
    return at + len(wanted) if typed == wanted else None


def _closed(
    pieces: list[_Piece], start: int, opened: int, count: int, after: str
) -> tuple[int, int, str] | None:
    """Returns a phrase whose value has so many pieces; None where it does not stand there."""
    value = pieces[opened : opened + count]
    if len(value) < count or any(piece[-1:] in _ENDS for _, piece in value[:-1]):
        return None
    told = " ".join(piece for _, piece in value)
    last = opened + count
    if after and is_run(after[0]):  # `英語のみ`: no blank stands before what follows
        if not told.rstrip(_ENDS).endswith(after):
            return None
        told = told.rstrip(_ENDS).removesuffix(after)
    elif after:
        wanted = after.casefold().split()
        typed = [piece.rstrip(_ENDS).casefold() for _, piece in pieces[last : last + len(wanted)]]
        if typed != wanted:
            return None
        last += len(wanted)
    end, piece = pieces[last - 1]
    return pieces[start][0], end + len(piece), told.strip(_ENDS)


def _joined(before: str, after: str) -> str:
    return f"{before.rstrip(_ENDS)} {after.strip(_ENDS)}".strip(_ENDS)


def _is_length(_request: Request, value: str) -> bool:
    is_number = value.isascii() and value.isdigit() and len(value) <= len(str(MOST_LENGTH))
    return is_number and 1 <= int(value) <= MOST_LENGTH


def _is_words(_request: Request, value: str) -> bool:
    is_filter = re.match(r"-|\w+:", value) is not None
    return bool(value.strip(_QUOTES)) and not is_filter and value.casefold() not in _NOT_LEFT_OUT


_VALID: Mapping[str, Callable[[Request, str], object]] = {
    "language": find_languages,
    "exclude": find_sources,
    "length": _is_length,
    "title": _is_words,
    "without": _is_words,
    "age": find_age,
}
