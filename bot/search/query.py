"""The query grammar and its parser: what a reader types, as data that any store can answer.

Words, `"a phrase"`, `-without`, `OR` between alternatives, and filters: `topic:`, `source:`,
`since:`, `before:`, `in:title`, `sort:new` and `sort:old`. Everything else a person can type is
words; no text is an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise

from bot.text.display import typed_value
from bot.text.tokenizer import cut_words, words

MAX_QUERY = 1_000
"""Characters of a query that are read; what follows is ignored."""

MAX_TERMS = 32
"""Words and phrases of a query, as they stand between spaces; what follows is ignored."""

MAX_WORDS = 48
"""Words of a query, whatever joins them, in phrases, too; what follows is ignored."""

_REMEMBERED = 64  # texts: one question is parsed several times, by those that it concerns
_AGAIN = 5  # words that a word of a phrase counts as where a phrase has had it before
_STUTTER = 7  # words that it counts as beside, where it follows itself

FILTERS = ("topic", "source", "since", "before", "in", "sort")
"""The names that may stand before a colon."""

_TOKEN = re.compile(
    rf'(?P<filter>(?<!\S)(?i:{"|".join(FILTERS)})):(?:"(?P<long>[^"]*)"|(?P<short>[^\s"]+))'
    '|(?P<minus>(?<!\\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<bare>[^\\s"]+))'
)
# Signs without a meaning, which are letters to an index and none to the tokenizer.
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_QUOTES = str.maketrans("“”„‟«»″", '"' * 7)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a story must hold, or must not.

    Attributes:
        words: One word, or several that must stand next to each other in this order.
        prefix: True when the last of the words may be only the prefix of one.
        also: Other words, each one or several in a row, any of which will do as well.
        quoted: True when it was typed in quotes: it means itself and nothing like it.
        typed: The same as it was typed, for a store that has a finer notion of words; empty when
            the words were not typed by anyone.
    """

    words: tuple[str, ...]
    prefix: bool = False
    also: tuple[tuple[str, ...], ...] = ()
    quoted: bool = False
    typed: str = field(default="", compare=False)

    def __str__(self) -> str:
        if self.typed:
            return f'"{self.typed}"' if self.quoted else self.typed
        text = " ".join(self.words)
        return f'"{text}"' if len(self.words) > 1 or self.quoted else text


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query.

    A story matches when it holds every term of at least one alternative and none of `without`.

    Attributes:
        alternatives: Lists of terms, joined by OR, each term once in its list; empty when the text
            held no word.
        without: Terms that must not stand in the story.
        filters: Names and values of filters, as they were typed.
        in_title: True when the terms must stand in the title.
        newest: True when the newest stories are wanted first, instead of the best.
        cut: True when the text was longer than what is used of one.
        oldest: True when the oldest stories are wanted first.
    """

    alternatives: tuple[tuple[Term, ...], ...] = ()
    without: tuple[Term, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    in_title: bool = False
    newest: bool = False
    cut: bool = field(default=False, compare=False)
    oldest: bool = False

    def __bool__(self) -> bool:
        return bool(self.alternatives)

    @property
    def by_time(self) -> bool:
        """True when the stories are wanted in the order of their time."""
        return self.newest or self.oldest

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms of all alternatives, each once, in the order they were typed."""
        if len(self.alternatives) == 1:  # as nearly always; to hash terms takes its time
            return self.alternatives[0]
        return tuple(dict.fromkeys(term for group in self.alternatives for term in group))

    @property
    def words(self) -> tuple[str, ...]:
        """The words of all terms, each once."""
        return tuple(dict.fromkeys(word for term in self.terms for word in term.words))

    @property
    def filter_text(self) -> str:
        """The filters, as a person would write them."""
        return " ".join(f"{name}:{typed_value(value)}" for name, value in self.filters)

    def __str__(self) -> str:
        """The words alone, as a person would write them."""
        groups = " OR ".join(" ".join(map(str, group)) for group in self.alternatives)
        return " ".join([groups, *(f"-{term}" for term in self.without)]).strip()


@dataclass(frozen=True, slots=True)
class Since:
    """A point in time between stories.

    Attributes:
        instant: For stories whose time is known.
        day: For stories of which only the date is known: the reader's date at that instant.
    """

    instant: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Filter:
    """The stories to search, whatever is searched for.

    Attributes:
        topic: A topic's name; None for any.
        source: A source's id; None for any.
        since: Only stories published then or later; None for any.
        before: Only stories published earlier than that; None for any.
    """

    topic: str | None = None
    source: str | None = None
    since: Since | None = None
    before: Since | None = None


@lru_cache(_REMEMBERED)
def parse(text: str) -> Query:
    """Parses what a person typed. Never raises; text without a word gives an empty Query."""
    parser = _QueryParser()
    start = text[:MAX_QUERY]
    if not start.isascii():
        start = _PRIVATE.sub(" ", start).translate(_QUOTES)
    tokens = list(_TOKEN.finditer(start))
    for match in tokens[:MAX_TERMS]:
        parser.read(match)
    if len(tokens) > MAX_TERMS or len(text) > MAX_QUERY:
        parser.cut = True
    return parser.query()


class _QueryParser:
    """Gathers the terms and filters of a query, token by token."""

    def __init__(self) -> None:
        self._groups: list[list[Term]] = [[]]
        self._without: list[Term] = []
        self._filters: list[tuple[str, str]] = []
        self._left = MAX_WORDS
        self._in_phrases = set[str]()
        self.cut = False

    def read(self, match: re.Match[str]) -> None:
        """Reads a token."""
        if match["filter"]:
            value = match["long"] or match["short"] or ""
            self._filters.append((match["filter"].lower(), value))
        elif match["bare"] == "OR" and not match["minus"] and self._groups[-1]:
            self._groups.append([])  # with nothing before it, OR is a word like any other
        elif term := self._term(match):
            (self._without if match["minus"] else self._groups[-1]).append(term)

    def _term(self, match: re.Match[str]) -> Term | None:
        quoted = match["phrase"] is not None
        whole = match["phrase"] if quoted else match["bare"]
        typed, spelled = whole, tuple(words(whole))
        cost = self._cost(spelled)
        if cost > self._left:
            typed = cut_words(whole, self._left, self._cost)
            spelled = tuple(words(typed))
            cost = self._cost(spelled)
            self.cut = True
        self._left -= cost
        if len(spelled) > 1:
            self._in_phrases.update(spelled)
        return Term(spelled, quoted=quoted, typed=typed.replace("\0", " ")) if spelled else None

    def _cost(self, spelled: Sequence[str]) -> int:
        """Returns the number of words, of which those that come again in phrases count as more."""
        if len(spelled) == 1:
            return 1
        again = len(spelled) - len(set(spelled) - self._in_phrases)
        stutters = sum(word == before for before, word in pairwise(spelled))
        return len(spelled) + (_AGAIN - 1) * again + _STUTTER * stutters

    def query(self) -> Query:
        """Returns the query."""
        flags = {(name, value.lower()) for name, value in self._filters}
        return Query(
            tuple(dict.fromkeys(tuple(dict.fromkeys(group)) for group in self._groups if group)),
            tuple(dict.fromkeys(self._without)),
            tuple(dict.fromkeys(self._filters)),
            in_title=("in", "title") in flags,
            newest=("sort", "new") in flags,
            cut=self.cut,
            oldest=("sort", "old") in flags,
        )
