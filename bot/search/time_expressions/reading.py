"""The reading of a question: which of its words are times, what these mean, and the rest of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from bot.search.query import MAX_QUERY
from bot.search.time_expressions.atom import Certainty
from bot.search.time_expressions.calendar import Calendar, Period, intersect
from bot.search.time_expressions.grammar import phrases
from bot.search.time_expressions.lexicon import Lexicon
from bot.search.time_expressions.orders import Order, Phrase
from bot.search.time_expressions.runs import find_in_runs
from bot.search.time_expressions.tokens import QUOTES, Token, Tokens, part_side, tokenize
from bot.text.tokenizer import fold

_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’`]s\b", re.IGNORECASE)
_YEAR_DIGITS = re.compile(r"\d{4}|\d[/.-]\d|['’]\d\d")
_SURELY_TYPED = 6  # letters of a bare word from which on a typo in it is forgiven


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time expression in a question.

    Attributes:
        start: Where it begins, in characters.
        end: Where it ends.
        text: It, as it was typed.
        certainty: How sure it is that it means a time.
        period: The period that it names; None for an order.
        order: The order of stories that it asks for; None for a period.
    """

    start: int
    end: int
    text: str
    certainty: Certainty
    period: Period | None = None
    order: Order | None = None

    @property
    def is_bare(self) -> bool:
        """True when it is one word that may well mean something else."""
        return self.certainty <= Certainty.BARE


@dataclass(frozen=True, slots=True)
class Reading:
    """A question, read.

    Attributes:
        text: The question.
        expressions: The time expressions in it, in order; none overlaps another.
    """

    text: str
    expressions: tuple[TimeExpression, ...] = ()

    def rest(self, taken: Collection[TimeExpression] | None = None) -> str:
        """Returns the question without its time expressions, or without those that are taken."""
        gone = self.expressions if taken is None else taken
        if not gone:
            return self.text
        pieces, end = [], 0
        for one in self.expressions:
            if one in gone:
                pieces.append(self.text[end : one.start])
                end = one.end
        return " ".join(" ".join([*pieces, self.text[end:]]).split())

    @property
    def order(self) -> Order | None:
        """The order that is asked for first."""
        return next((one.order for one in self.expressions if one.order), None)

    @property
    def period(self) -> Period | None:
        """The period that all of the named periods share; the first, where they share none."""
        periods = [one.period for one in self.expressions if one.period]
        if not periods:
            return None
        shared = periods[0]
        for period in periods[1:]:
            shared = intersect(shared, period) or shared
        return shared


def may_hold_time(text: str, lexicon: Lexicon) -> bool:
    """Tells, at hardly any cost, if a text may hold a time expression: most hold none."""
    plain = fold(text)
    if not plain.isascii() or _YEAR_DIGITS.search(plain):
        return True
    found = _WORD.findall(plain)
    if not lexicon.triggers.isdisjoint(found):
        return True
    # Also amounts: a number with its unit in one word, two words without their space, and typos.
    return any(
        word[0].isdecimal() or part_side(word)[1] in lexicon.triggers or lexicon.correct(word)
        for word in found
    )


def read_times(
    text: str, calendar: Calendar, lexicon: Lexicon, is_known: Callable[[str], bool]
) -> Reading:
    """Reads the time expressions of a question. No text raises.

    Args:
        text: The question; what is in quotes or in filters is no time.
        calendar: The reader's calendar.
        lexicon: The words of times.
        is_known: Tells if stories hold a word, which then is not taken for a typo.
    """
    start = text[:MAX_QUERY].translate(QUOTES)
    found = [
        _of_run(text, *one)
        for one in find_in_runs(start, calendar)
        if start.count('"', 0, one[0]) % 2 == 0
    ]
    for one in found:
        # In quotes nothing is read, and nothing is joined over them.
        start = f'{start[: one.start]}"{" " * (one.end - one.start - 2)}"{start[one.end :]}'
    tokens = tokenize(start, lexicon, is_known)
    found += (
        _of_words(text, tokens, at, phrase)
        for at, phrase in phrases(tokens, calendar)
        if not _is_doubtful(tokens, at, phrase)
    )
    return Reading(text, tuple(sorted(found, key=lambda one: one.start)))


def _of_run(text: str, start: int, end: int, phrase: Phrase) -> TimeExpression:
    return TimeExpression(
        start, end, text[start:end], phrase.certainty, phrase.period, phrase.order
    )


def _of_words(text: str, tokens: Tokens, at: int, phrase: Phrase) -> TimeExpression:
    start, end = tokens.all[at].start, tokens.all[phrase.after - 1].end
    possessive = _POSSESSIVE.match(text, end)
    end = possessive.end() if possessive else end
    return _of_run(text, start, end, phrase)


def _is_doubtful(tokens: Tokens, at: int, phrase: Phrase) -> bool:
    """Tells if a bare word is a typo of a time only perhaps."""
    if phrase.certainty > Certainty.BARE or phrase.order is not None:
        return False
    typed: Sequence[Token] = tokens.all[at : phrase.after]
    return any(t.misspelt and t.end - t.start < _SURELY_TYPED for t in typed)
