"""Tokens of time expressions: the words of a question, each with its place and its meanings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.search.query import FILTERS
from bot.search.time_expressions.calendar import FIRST_YEAR, LAST_YEAR
from bot.search.time_expressions.lexicon import Lexicon, Meanings
from bot.search.time_expressions.word_lists import Kind
from bot.text.tokenizer import fold_in_place

MAX_TOKENS = 64
"""Words of a question in which times are looked for."""

SIGNS = "-–—&/"
"""Signs that stand between the ends of a period."""

# What stands in quotes, behind a minus or in a filter is no time: it is in the query language.
_SIGNS = re.compile(
    rf'(?P<skip>"[^"]*"?|(?<!\S)-\S+|(?<!\S)(?:{"|".join(FILTERS)}):(?:"[^"]*"|[^\s"])*)'
    r"|(?P<date>(?<!\w)(?:\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}/\d{1,2}(?:/\d{4}|/\d{2})?|\d{1,2}[/.]\d{4}"
    r"|\d{1,2}[-.]\d{1,2}[-.]\d{4}|\d{1,2}\.\d{1,2}\.(?!\.))(?![\w/]|-(?!\d\d?[/.]\d{4}\b)))"
    r"|(?P<short>['’]\d\ds?)(?!\w)"
    r"|(?P<number>\d{1,4})(?P<suffix>[a-z]{0,6})(?!\w)"
    r"|(?P<word>fin de semana|[^\W_]+)"
    rf"|(?P<sign>[{SIGNS}])"
)
QUOTES = str.maketrans("“”„‟«»″", '"' * 7)
"""A translation to the quote that stands for all."""

_DATE_SIGNS = re.compile("[-/.]")
_ORDINALS = {"st", "nd", "rd", "th"}
_SIDES = ("last", "this", "next", "past")  # words that lose the space behind them on a phone
_BEHIND_SIDE = {Kind.UNIT, Kind.WEEKDAY, Kind.PART}
_CENTURY, _MONTHS = 100, 12
_THIS_CENTURY = 70  # two digits of a year below which it is of this century


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign.

    Attributes:
        start: The place in the text where it begins.
        end: The place behind it.
        text: The word, folded.
        meanings: What it may mean; nothing for an ordinary word.
        misspelt: True when its meanings are those of the word of which it is a typo.
    """

    start: int
    end: int
    text: str
    meanings: Meanings
    misspelt: bool = False


_JOINTS = frozenset(
    {
        *(Kind.SINCE, Kind.AFTER, Kind.BEFORE, Kind.UNTIL, Kind.BETWEEN, Kind.FROM, Kind.TO),
        *(Kind.AND, Kind.OR, Kind.IN, Kind.FOR, Kind.OF, Kind.BY, Kind.THE, Kind.ARTICLE),
        *(Kind.NOUN, Kind.POSSESSIVE, Kind.WHAT, Kind.IS),
    }
)


class Tokens:
    """The tokens of a question."""

    def __init__(self, tokens: Sequence[Token], dates: Sequence[tuple[int, int, int]]) -> None:
        """Keeps tokens, and the dates of digits among them: year, month, day; 0 for none."""
        self.all = tokens
        self.dates = dates

    def __len__(self) -> int:
        return len(self.all)

    def number(self, at: int, kind: Kind) -> int | None:
        """Returns the number that goes with a token of a kind; None where it is of another."""
        value = self.all[at].meanings.get(kind) if at < len(self.all) else None
        return value if isinstance(value, int) else None

    def unit(self, at: int) -> str | None:
        """Returns the unit of time that a token names."""
        value = self.all[at].meanings.get(Kind.UNIT) if at < len(self.all) else None
        return value if isinstance(value, str) else None

    def has(self, at: int, *kinds: Kind) -> bool:
        """Tells if a token is of one of some kinds."""
        return at < len(self.all) and any(kind in self.all[at].meanings for kind in kinds)

    def means_something(self, at: int) -> bool:
        """Tells if a token may have to do with times at all."""
        return at < len(self.all) and bool(self.all[at].meanings)

    def is_sign(self, at: int) -> bool:
        """Tells if a token is no word and no number, so that nothing begins with it."""
        return at < len(self.all) and self.all[at].text in SIGNS

    def may_begin(self, at: int) -> bool:
        """Tells if a time may begin with a token: with more than what only joins times."""
        begins = self.all[at : at + 1], self.all[self.skip(at, Kind.THE, Kind.ARTICLE) :][:1]
        return any(not _JOINTS.issuperset(one.meanings) for tokens in begins for one in tokens)

    def skip(self, at: int, *kinds: Kind) -> int:
        """Returns the place behind a token if it is of one of some kinds, else its own."""
        return at + 1 if self.has(at, *kinds) else at

    def text(self, at: int) -> str:
        """Returns the word of a token; an empty text behind the last."""
        return self.all[at].text if at < len(self.all) else ""


def part_side(word: str) -> tuple[str, str]:
    """Returns the two words that one like `lastweek` is made of; the first is empty for others."""
    if word.startswith(_SIDES):
        return word[:4], word[4:]
    return "", word


def tokenize(text: str, lexicon: Lexicon, is_known: Callable[[str], bool]) -> Tokens:
    """Tokenizes a question.

    Args:
        text: The question; what other scripts say in it was taken out before.
        lexicon: The words of times.
        is_known: Tells if stories hold a word, which then is no typo.
    """
    reader = _TokenReader(lexicon, is_known)
    plain = fold_in_place(text.translate(QUOTES))
    for match in _SIGNS.finditer(plain):
        reader.read(match)
        if len(reader.tokens) >= MAX_TOKENS:
            break
    return reader.end()


class _TokenReader:
    def __init__(self, lexicon: Lexicon, is_known: Callable[[str], bool]) -> None:
        self._lexicon, self._is_known = lexicon, is_known
        self.tokens: list[Token] = []
        self.dates: list[tuple[int, int, int]] = []
        self._by_day: list[int] = []  # the places of those that begin with a day or a month
        self._month_first = False

    def read(self, match: re.Match[str]) -> None:
        """Reads a token."""
        start, end = match.span()
        if match["number"] is not None:
            self.tokens += self._number(match, start, end)
        elif match["date"] is not None:
            self.tokens.append(Token(start, end, match[0], self._date(match[0])))
        elif match["short"] is not None:
            self.tokens.append(Token(start, end, match[0], _two_digits(match[0])))
        elif match["skip"] is not None:
            self.tokens.append(Token(start, end, "", {}))
        else:
            self.tokens += self._words(start, end, match[0])

    def _words(self, start: int, end: int, word: str) -> Iterator[Token]:
        """Yields a word, and what lacks its space as two: `lastweek`."""
        side, rest = part_side(word)
        if side and _BEHIND_SIDE & self._lexicon.meanings(rest).keys():
            yield self._word(start, start + len(side), side)
            yield self._word(start + len(side), end, rest)
        else:
            yield self._word(start, end, word)

    def _word(self, start: int, end: int, word: str) -> Token:
        meanings = self._lexicon.meanings(word)
        if meanings:
            return Token(start, end, word, meanings)
        meant = self._lexicon.correct(word)
        if meant and not self._is_known(word):
            return Token(start, end, meant, self._lexicon.meanings(meant), misspelt=True)
        return Token(start, end, word, {})

    def _number(self, match: re.Match[str], start: int, end: int) -> Iterator[Token]:
        digits, suffix = match["number"], match["suffix"]
        number = int(digits)
        if suffix in _ORDINALS:
            yield Token(start, end, match[0], {Kind.ORDINAL: number, Kind.NUMBER: number})
        elif suffix == "s" and number % 10 == 0 and len(digits) in {2, 4}:
            yield Token(start, end, match[0], _decade(number))
        elif not suffix:
            is_year = len(digits) == 4 and FIRST_YEAR <= number <= LAST_YEAR  # noqa: PLR2004
            yield Token(start, end, digits, {Kind.YEAR if is_year else Kind.NUMBER: number})
        elif Kind.UNIT in (unit := self._lexicon.meanings(suffix)):
            cut = start + len(digits)
            yield Token(start, cut, digits, {Kind.NUMBER: number})
            yield Token(cut, end, suffix, {Kind.UNIT: unit[Kind.UNIT]})
        else:
            yield Token(start, end, match[0], {})

    def _date(self, text: str) -> Meanings:
        first, second, *rest = (int(part) for part in _DATE_SIGNS.split(text.removesuffix(".")))
        if first > _CENTURY:
            found = (first, second, rest[0] if rest else 0)
        elif second > _CENTURY:
            found = (second, first, 0)
        else:
            found = (full_year(rest[0]) if rest else 0, second, first)
            self._month_first |= second > _MONTHS >= first
            self._by_day.append(len(self.dates))
        self.dates.append(found)
        return {Kind.DATE: len(self.dates) - 1}

    def end(self) -> Tokens:
        """Returns the tokens. A day comes before its month unless one date says otherwise."""
        for place in self._by_day if self._month_first else ():
            year, day, month = self.dates[place]
            self.dates[place] = (year, month, day)
        return Tokens(self.tokens, self.dates)


def _two_digits(text: str) -> Meanings:
    year = int(text[1:3])
    return _decade(year) if text.endswith("s") else {Kind.YEAR: full_year(year)}


def _decade(year: int) -> Meanings:
    year = full_year(year)
    return {Kind.DECADE: year} if FIRST_YEAR <= year <= LAST_YEAR else {}


def full_year(year: int) -> int:
    """Returns a year that may be told by its last two digits."""
    if year >= _CENTURY:
        return year
    return year + (2000 if year < _THIS_CENTURY else 1900)
