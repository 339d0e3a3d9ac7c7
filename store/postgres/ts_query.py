"""Queries as PostgreSQL's full-text search takes them, and stories as it keeps them.

A story is a `tsvector` of the words of Dateline's own tokenizer, so that no dictionary of the
server matters. Its weights tell what a place is of: C is a word, D a pair of letters of a script
without spaces, which is no weight at all.
(https://www.postgresql.org/docs/current/datatype-textsearch.html)

The index knows no weights: to find what holds a word in its title, each vector that holds it
anywhere would be read. So what stands in a title stands there once more, behind a mark.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

from bot.search.query import Query, Term
from bot.text.initials import MARK
from bot.text.tokenizer import gram_phrase, is_run, whole_words

_COLUMNS = (("C", "title"), ("", "title_grams"), ("C", "place"), ("C", "body"), ("", "grams"))
_GAP = 2  # places between two columns, so that no phrase goes on in the next
_LAST_PLACE = 16_383  # that a tsvector tells apart
_MOST_PLACES = 255  # of one word
_LONGEST = 500  # letters of a word; a lexeme has less than 2 KB
_ROOM = 600_000  # bytes of words and places; a tsvector has less than 1 MB
_BESIDE = {"title_grams", "grams"}
_TITLES = {"title", "title_grams"}
_IN_TITLE = "^"  # the mark; no word begins with it
_REMEMBERED = 4_000  # forms
_NOTHING = "' '"  # no story holds it


def story_vector(story: Mapping[str, Any]) -> str:
    """Returns a story's words with their places, as the text of a `tsvector`."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    place, room = 0, _ROOM
    for weight, column in _COLUMNS:
        marks = ("", _IN_TITLE) if column in _TITLES else ("",)
        # Of what is indexed beside a text, initials have a mark of their own, which is no letter.
        found = story[column].split() if column in _BESIDE else whole_words(story[column])
        for word, mark in product(found, marks):
            place += not mark
            known = places[mark + word[:_LONGEST]]
            room -= 4 if known else len(word.encode(errors="replace")) + 12
            if room < 0:
                break
            if len(known) < _MOST_PLACES and place <= _LAST_PLACE:
                known.append(f"{place}{weight}")
            elif not known:
                known.append(f"{_LAST_PLACE}{weight}")
        place += _GAP
    return " ".join(f"{_quoted(word)}:{','.join(known)}" for word, known in places.items() if known)


def query_expression(query: Query, *, title: bool = False) -> str:
    """Translates a query that is not empty into the text of a `tsquery`."""
    only_title = title or query.in_title
    groups = (
        " & ".join(_term(term, title=only_title) for term in group) for group in query.alternatives
    )
    matching = " | ".join(f"({group})" for group in groups)
    excluded = " | ".join(_term(term, title=False) for term in query.without)
    return f"({matching}) & !({excluded})" if excluded else matching


def _term(term: Term, *, title: bool) -> str:
    forms = [_form(term.words, term.typed, title=title, prefix=term.prefix)]
    forms += [_form(words, "", title=title, prefix=False) for words in term.also]
    return f"({' | '.join(forms)})" if len(forms) > 1 else forms[0]


# One question asks for the same forms in several expressions.
@lru_cache(maxsize=_REMEMBERED)
def _form(words: tuple[str, ...], typed: str, *, title: bool, prefix: bool) -> str:
    whole = words if words[0].startswith(MARK) else whole_words(typed or " ".join(words))
    as_typed = _phrase(whole, "", title=title, prefix=prefix)
    if not any(map(is_run, words)):
        return as_typed
    pieces = gram_phrase(words)
    is_prefix = prefix or (is_run(words[-1]) and len(words[-1]) == 1)
    form = _phrase(pieces, "D", title=title, prefix=is_prefix)
    if len(pieces) == len(words) and all(map(is_run, words)) and len(whole_words(typed)) <= 1:
        return form
    # Words with spaces around them stand in the texts themselves.
    return f"({form} | {as_typed})"


def _phrase(words: Sequence[str], columns: str, *, title: bool, prefix: bool) -> str:
    if not words:
        return _NOTHING
    mark = _IN_TITLE if title else ""
    labels = [f":{columns}" if columns else "" for _ in words]
    if prefix:
        labels[-1] = f":*{columns}"
    pieces = (
        _quoted(mark + word[:_LONGEST]) + label for word, label in zip(words, labels, strict=True)
    )
    phrase = " <-> ".join(pieces)
    return f"({phrase})" if len(words) > 1 else phrase


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
