"""The query grammar: what a reader types in a search, as data that any store can answer.

The grammar so far: words, `"a phrase"`, `-without` and `OR` between alternatives. Everything else a
person can type is words; no text is an error.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime

MAX_QUERY = 1_000
"""Characters of a query that are read; what follows is ignored."""

MAX_TERMS = 32
"""Words and phrases of a query that are used; what follows is ignored."""

_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_TOKEN = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<bare>[^\s"]+))')
_QUOTES = str.maketrans("“”„‟«»″", '"' * 7)


def words(text: str) -> list[str]:
    """The words of `text` as they are compared: lower case, accents gone, marks left out.

    `It's a café` gives `it`, `s`, `a`, `cafe`.
    """
    plain = text.lower()
    if not plain.isascii():
        # Only what is written above and below Latin, Greek and Cyrillic letters is an accent; the
        # marks of other scripts tell one word from another.
        bare = _ACCENTS.sub("", unicodedata.normalize("NFD", plain))
        plain = unicodedata.normalize("NFC", bare)
    return _WORD.findall(plain)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a story must hold, or must not.

    Attributes:
        words: One word, or several that must stand next to each other in this order.
        prefix: True when the last of the words may be only the beginning of one.
        typed: The same as it was typed, for a store that has a finer notion of words; empty when
            the words were not typed by anyone.
    """

    words: tuple[str, ...]
    prefix: bool = False
    typed: str = field(default="", compare=False)

    def __str__(self) -> str:
        text = " ".join(self.words)
        return f'"{text}"' if len(self.words) > 1 else text


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader searches for.

    A story matches when it holds every term of at least one alternative and none of `without`.

    Attributes:
        alternatives: Lists of terms, joined by OR; empty when the text held no word.
        without: Terms that must not stand in the story.
    """

    alternatives: tuple[tuple[Term, ...], ...] = ()
    without: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.alternatives)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term that is searched for, each once, in the order it was typed."""
        return tuple(dict.fromkeys(term for group in self.alternatives for term in group))

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that is searched for, each once."""
        return tuple(dict.fromkeys(word for term in self.terms for word in term.words))

    def __str__(self) -> str:
        groups = " OR ".join(" ".join(map(str, group)) for group in self.alternatives)
        return " ".join([groups, *(f"-{term}" for term in self.without)]).strip()


@dataclass(frozen=True, slots=True)
class Since:
    """From when on a story counts.

    Attributes:
        instant: For stories whose time is known.
        day: For stories of which only the date is known: the reader's date at that instant.
    """

    instant: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Filter:
    """Which stories are looked at, whatever is searched for.

    Attributes:
        topic: A topic's name; None for any.
        source: A source's id; None for any.
        since: Only stories published then or later; None for any.
    """

    topic: str | None = None
    source: str | None = None
    since: Since | None = None


def parse(text: str) -> Query:
    """Reads what a person typed. Never raises; text without a word gives an empty Query."""
    groups: list[list[Term]] = [[]]
    without: list[Term] = []
    for index, match in enumerate(_TOKEN.finditer(text[:MAX_QUERY].translate(_QUOTES))):
        if index >= MAX_TERMS:
            break
        if match["bare"] == "OR" and not match["minus"] and groups[-1]:
            groups.append([])  # with nothing before it, OR is a word like any other
            continue
        typed = match["bare"] if match["phrase"] is None else match["phrase"]
        spelled = tuple(words(typed))
        if spelled:
            term = Term(spelled, typed=typed.replace("\0", " "))
            (without if match["minus"] else groups[-1]).append(term)
    alternatives = tuple(tuple(dict.fromkeys(group)) for group in groups if group)
    return Query(alternatives, tuple(dict.fromkeys(without)))
