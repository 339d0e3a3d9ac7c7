"""Names of months, days and halves of the day in the languages that CLDR knows.

They stand in `date_words.json`, which `make date-words` writes from Babel. To read them from Babel
itself would take each worker process a second and hundreds of files: it keeps a file a locale, and
a feed seldom says in which language it writes its dates.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

WordKind = Literal["months", "days", "halves"]

# Where languages disagree on a word (`lis` is October in Croatian, November in Polish), the one
# with more pages on the web is taken first.
_COMMONEST_FIRST = (
    "en es de ru fr ja pt it tr nl pl fa zh vi id cs ko uk ar el hu sv ro sk da fi th bg he hr lt "
    "nb nn ca sl et lv sr hi".split()
)
# Accents of Latin, Greek and Cyrillic letters, which are often left out. Those of other scripts
# tell letters apart.
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_SIMILAR = 79  # of 100; more than that is alike
_SHORTEST_SIMILAR = 4  # letters
_SHORTEST_BEGINNING = 3  # letters of the beginning of one month's name
_TOKEN = re.compile(
    r"[0-9]+|[^\s0-9!-/:-@\[-`{-~\u00a1-\u00bf\u02b0-\u02ff\u2010-\u205e،؛۔、。॰․·՛׳״]+"
)
_GAP = re.compile(r"[^\S ]|[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069]")
_DECIMAL = re.compile(r"[^\W\x00-\x7f]")


class DateToken(NamedTuple):
    """A word or a number of a date.

    Attributes:
        text: As `fold` leaves it.
        start: Where it begins.
        end: Where it ends.
    """

    text: str
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        """True for digits."""
        return self.text[0] in "0123456789"


@dataclass(frozen=True, slots=True)
class DateWord:
    """A name in a date, as one language has it.

    Attributes:
        kind: A month, a day of the week, or a half of the day.
        number: Of months from 1; of days from 0 for Monday; 0 for a.m., 1 for p.m.
        language: Such as `pl`.
        first: The first of its tokens, counted from 0.
        last: The last of its tokens.
    """

    kind: WordKind
    number: int
    language: str
    first: int
    last: int

    def overlaps(self, other: DateWord) -> bool:
        """Returns True when the two share a token."""
        return self.first <= other.last and other.first <= self.last


def fold(text: str) -> str:
    """Returns a text in small letters without accents, digits of any script as 0 to 9."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.replace("İ", "i")).casefold().replace("ı", "i")
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", text))
    return fold_digits(text)


def fold_digits(text: str) -> str:
    """Returns a text with 0 to 9 for the digits of any script, and plain spaces."""
    return _DECIMAL.sub(lambda sign: _digit(sign[0]), _GAP.sub(" ", text))


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign


def tokens(folded: str) -> list[DateToken]:
    """Splits a folded text into words and numbers; what is between them is left out."""
    return [DateToken(each[0], each.start(), each.end()) for each in _TOKEN.finditer(folded)]


def find_words(found: Sequence[DateToken]) -> list[DateWord]:
    """Finds the names among the tokens, in every language that has them.

    Of names within names (`nëntor i dytë`, `nëntor`) the longer one is found alone.
    """
    table = _table()
    words: list[DateWord] = []
    covered: dict[tuple[WordKind, str], int] = {}  # up to which token, by the names before
    for first in range(len(found)):
        for last in reversed(range(first, min(first + table.longest, len(found)))):
            name = " ".join(token.text for token in found[first : last + 1])
            for kind, number, language in table.words.get(name, ()):
                if covered.get((kind, language), -1) < last:
                    words.append(DateWord(kind, number, language, first, last))
                    covered[kind, language] = last
    return words


def similar_months(found: Sequence[DateToken], hint: str) -> list[DateWord]:
    """Finds months whose names are misspelt, cut short, or inflected as no table knows.

    Args:
        found: The tokens.
        hint: The language that is likely; the commonest ones are thought of, too.
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - hardly ever needed

    best: DateWord | None = None
    score: float = _SIMILAR
    names = _likely_months(hint)
    for first in range(len(found)):
        for last in range(first, min(first + _table().longest, len(found))):
            text = "".join(token.text for token in found[first : last + 1])
            same = process.extractOne(text, names.keys(), scorer=fuzz.ratio, score_cutoff=score)
            if same and same[1] > score and _is_long_enough(text, names):
                best, score = DateWord("months", *names[same[0]], first, last), same[1]
    return [best] if best else []


def _is_long_enough(text: str, names: Mapping[str, tuple[int, str]]) -> bool:
    """Tells if a text may be a misspelt month, or is the beginning of one month alone."""
    if len(text) >= _SHORTEST_SIMILAR:
        return True
    begun = {number for name, (number, _) in names.items() if name.startswith(text)}
    return len(text) >= _SHORTEST_BEGINNING and len(begun) == 1


def rank(language: str) -> int:
    """Returns how common a language is on the web: the lower, the commoner."""
    try:
        return _COMMONEST_FIRST.index(language)
    except ValueError:
        return len(_COMMONEST_FIRST)


@lru_cache(maxsize=8)
def _likely_months(hint: str) -> dict[str, tuple[int, str]]:
    """Returns months by their names, without gaps, in a language and in the commonest ones."""
    likely = sorted(
        (language != hint, rank(language), name, number, language)
        for name, meanings in _table().words.items()
        for kind, number, language in meanings
        if kind == "months" and (language == hint or language in _COMMONEST_FIRST)
    )
    return {
        name.replace(" ", ""): (number, language) for *_, name, number, language in reversed(likely)
    }


class _WordTable(NamedTuple):
    words: dict[str, list[tuple[WordKind, int, str]]]
    longest: int  # of a name, in tokens


@cache
def _table() -> _WordTable:
    source = files(__package__ or "").joinpath("date_words.json")
    words: dict[str, list[tuple[WordKind, int, str]]] = defaultdict(list)
    kinds: tuple[tuple[WordKind, int], ...] = (("months", 1), ("days", 0), ("halves", 0))
    for language, lists in json.loads(source.read_text("utf-8")).items():
        for kind, first in kinds:
            for number, names in enumerate(lists[kind], first):
                for name in filter(None, names.split("|")):
                    words[name].append((kind, number, language))
    return _WordTable(dict(words), max(name.count(" ") for name in words) + 1)
