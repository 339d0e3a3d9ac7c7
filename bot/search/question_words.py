"""Question words: those around what is meant, which a query is searched for without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.search.query import Query, Term
from bot.text.counted_stories import is_count
from bot.text.function_words import (
    FUNCTION_WORDS,
    FUNCTION_WORDS_AS_TYPED,
    FUNCTION_WORDS_BESIDE,
)
from bot.text.run_questions import parts_of_question
from bot.text.stopwords import OPENING_STOPWORDS, QUESTION_STOPWORDS, STOPWORDS
from bot.text.tokenizer import fold, words

_UMLAUTS_TELL = frozenset(fold(word) for word in FUNCTION_WORDS_AS_TYPED)
_TELLING = FUNCTION_WORDS | _UMLAUTS_TELL
_FOREIGN = FUNCTION_WORDS | FUNCTION_WORDS_BESIDE | _UMLAUTS_TELL


def remove_stopwords(query: Query, stopwords: frozenset[str] = STOPWORDS) -> Query:
    """Removes stopwords from a query, but from an alternative that has nothing else.

    Of the shorter lists, those that only open a question are kept behind other words.
    """
    openings = frozenset[str]() if stopwords is QUESTION_STOPWORDS else OPENING_STOPWORDS
    is_foreign = stopwords is not STOPWORDS and _is_foreign(query.terms)
    if is_foreign:
        stopwords |= _FOREIGN
    groups = tuple(
        tuple(_without_stopwords(group, stopwords, openings)) or group
        for group in query.alternatives
    )
    return query if groups == query.alternatives else replace(query, alternatives=groups)


def _without_stopwords(
    group: Sequence[Term], stopwords: frozenset[str], openings: frozenset[str]
) -> Iterator[Term]:
    is_opening = True
    for term, behind in zip(group, (*group[1:], None), strict=False):
        is_stopword = not term.quoted and stopwords.issuperset(term.words)
        if is_opening and behind and not term.quoted and is_count(term.words[0], behind.words[0]):
            is_stopword = True
        is_opening = is_opening and is_stopword
        if not is_stopword or not (is_opening or openings.isdisjoint(term.words)):
            yield from (
                (term,)
                if term.quoted or term.typed.isascii()
                else _asked_about(term, len(group) == 1)
            )


def _asked_about(term: Term, is_alone: bool) -> Iterator[Term]:
    """Yields what a word without spaces asks about: `リニアはどうなった` about `リニア`."""
    for part in parts_of_question(term.typed, is_alone=is_alone):
        yield term if part == term.typed else Term(tuple(words(part)), typed=part)


def _is_foreign(terms: Sequence[Term]) -> bool:
    """Tells if a question has a word that is a function word of another language than English."""
    for term in terms:  # no generator: each question asks this at each of its steps
        word = term.words[0]
        if word in _TELLING and (
            word in FUNCTION_WORDS or term.typed.lower() in FUNCTION_WORDS_AS_TYPED
        ):
            return True
    return False
