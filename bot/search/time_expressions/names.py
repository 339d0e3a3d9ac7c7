"""Names with a time in them: `October Surprise`, `2023 in review`, `Black Friday`.

Where a title says so, the words of a time are words like any others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.search.held_phrases import (
    CandidateSource,
    are_all_held,
    is_held,
    is_title,
    titles_with,
)
from bot.search.time_expressions.atom import Certainty
from bot.search.time_expressions.orders import Order
from bot.search.time_expressions.reading import Reading, TimeExpression
from bot.text.stopwords import STOPWORDS
from bot.text.tokenizer import fold, whole_words

_WORD = re.compile(r"[^\W_]+")
_BY = re.compile(r"\bby\s*\Z", re.IGNORECASE)
_DAYS_WITH_NAMES = frozenset(
    {
        *("black friday", "good friday", "cyber monday", "easter monday", "giving tuesday"),
        *("super tuesday", "shrove tuesday", "ash wednesday", "maundy thursday", "palm sunday"),
        *("easter sunday", "bloody sunday", "may day", "march madness"),
    }
)
_MANY = 3  # words of a question, a bare time among them, that no title holds by chance
_NEAR = 2  # words such as "in" that may stand between a time and its neighbour


async def is_name(
    store: CandidateSource, reading: Reading, one: TimeExpression, today: date
) -> bool:
    """Tells if a time expression is rather a part of a name, by what the stories hold.

    Args:
        store: The stories.
        reading: The question.
        one: A time expression in it.
        today: The reader's date.

    Raises:
        StoreError: The store cannot be read.
    """
    is_to_come = one.period and one.period.first and one.period.first > today
    if is_to_come and (one.is_bare or await is_held(store, one.text)):
        return True  # what is to come is what a story is about, not when it was published
    if one.period and _BY.search(reading.text, 0, one.start):
        return True  # likewise a term: `trams by 2025`
    if await is_title(store, reading.text) or _is_a_feat(reading, one):
        return True
    return one.order is not Order.NEWEST and await _is_part_of_name(store, reading, one)


def _is_a_feat(reading: Reading, one: TimeExpression) -> bool:
    """Tells if a bare `first` stands behind other words: `japans first vaccine` is no order."""
    is_first = one.is_bare and whole_words(one.text)[-1:] == ["first"]
    return is_first and not STOPWORDS.issuperset(whole_words(reading.text[: one.start]))


async def _is_part_of_name(store: CandidateSource, reading: Reading, one: TimeExpression) -> bool:
    is_alone = STOPWORDS.issuperset(whole_words(reading.rest([one])))
    match one.certainty:
        case Certainty.SURE:
            is_first = not reading.expressions[0].start  # `last week` of `Last Week Tonight`, too
            return not is_alone and is_first and await _begins_title(store, reading.text)
        case Certainty.NAMED:
            return not is_alone and bool(await titles_with(store, reading.text))
        case Certainty.WORD:
            names = _DAYS_WITH_NAMES.intersection(map(fold, _phrases(reading.text, one)))
            words = _words(reading, one)
            return bool(names) or await are_all_held(store, words, in_title=is_alone)
        case _:
            return not is_alone and await _has_neighbour(store, reading, one)


async def _begins_title(store: CandidateSource, text: str) -> bool:
    typed = whole_words(text)
    titles = await titles_with(store, text)
    return any(whole_words(title)[: len(typed)] == typed for title in titles)


async def _has_neighbour(store: CandidateSource, reading: Reading, one: TimeExpression) -> bool:
    """Tells if a title holds a bare word beside the word that it was typed beside."""
    # A number, or an order, may stand anywhere in a name; and a title that holds three words and
    # more of a question is what was meant.
    words = _words(reading, one)
    is_loose = one.text[:1].isdecimal() or one.order is not None
    is_long = len(set(whole_words(words)) - STOPWORDS) >= _MANY
    if (is_loose or is_long) and await are_all_held(store, words, in_title=True):
        return True
    for phrase in _phrases(reading.text, one):
        if fold(phrase) in _DAYS_WITH_NAMES or await titles_with(store, phrase):
            return True
        # What is "first" or "oldest" in stories' own words is seldom an order.
        if one.order is Order.OLDEST and await is_held(store, phrase):
            return True
    return False


def _words(reading: Reading, one: TimeExpression) -> str:
    """Returns the words of a question, a bare time among them, without its other times."""
    return reading.rest([e for e in reading.expressions if e != one and not e.is_bare])


def _phrases(text: str, one: TimeExpression) -> Iterator[str]:
    """Yields an expression with the word before it, and with the word behind it."""
    before = list(_WORD.finditer(text, 0, one.start))[::-1]
    start = _neighbour(before)
    if start is not None:
        yield text[start.start() : one.end]
    end = _neighbour(list(_WORD.finditer(text, one.end)))
    if end is not None:
        yield text[one.start : end.end()]


def _neighbour(words: list[re.Match[str]]) -> re.Match[str] | None:
    near = words[: _NEAR + 1]
    return next((word for word in near if fold(word[0]) not in STOPWORDS), None)
