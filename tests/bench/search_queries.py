"""Queries to measure a search with, and the scoring of their answers (recall, precision at one)."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.headlines import STRIDE, Corpus
from bench.tables import percentile
from rapidfuzz.distance import OSA

from bot.text.tokenizer import words

Misspellings = Mapping[str, Sequence[tuple[str, int]]]
"""The known misspellings of each word, each with its edit distance."""

FAR = 3  # edits
FIRST = ("clean", "typo")
"""The kinds of which the first result counts; of the others, the first five."""

MISSPELLED = ("anymiss", "far", "scrambled", "slips")
"""The kinds that are made from clean queries: with a list of misspellings, those of any distance
and the far ones; with three edits in a long word, and with one in each of three words."""

PAGE = 5

_LONG, _SHORTEST = 8, 4  # letters of a word that is edited three times, and of one that is once
_VOWELS, _CONSONANTS = "aeiou", "bcdfghklmnprstvw"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query.

    Attributes:
        kind: What is special about it.
        text: What is typed.
        meant: What it says without its slips.
        target: The number of the story that it was made from.
        right: The numbers of the stories that it may find.
        copies: Whether copies of them are right too, holding all of its words like them.
    """

    kind: str
    text: str
    meant: str
    target: int
    right: frozenset[int]
    copies: bool = False

    def fits(self, number: int) -> bool:
        """Tells whether a story is a right answer."""
        return number in self.right or (self.copies and number % STRIDE in self.right)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to a query.

    Attributes:
        asked: The query.
        found: The numbers of the first stories of the answer.
        seconds: How long it took.
        notes: What the answer says of how it was found.
    """

    asked: SearchQuery
    found: Sequence[int]
    seconds: float
    notes: Sequence[str] = ()

    def right(self, first: int) -> bool:
        """Tells whether one of the first so many results is right."""
        return any(map(self.asked.fits, self.found[:first]))

    @property
    def missed(self) -> bool:
        """Tells whether it counts as wrong in the table."""
        return not self.right(relevant_results(self.asked.kind))


def relevant_results(kind: str) -> int:
    """Returns how many of the first results count."""
    return 1 if kind in FIRST or kind.startswith("body") else PAGE


def statistics_by_kind(outcomes: Iterable[Outcome]) -> dict[str, dict[str, float]]:
    """The figures of each kind, as the raw result has them."""
    by_kind: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_kind.setdefault(outcome.asked.kind, []).append(outcome)
    return {kind: _statistics(some) for kind, some in by_kind.items()}


def _statistics(outcomes: Sequence[Outcome]) -> dict[str, float]:
    times = [outcome.seconds * 1_000 for outcome in outcomes]
    count = len(outcomes)
    return {
        "queries": count,
        "r1": sum(outcome.right(1) for outcome in outcomes) / count,
        "r5": sum(outcome.right(PAGE) for outcome in outcomes) / count,
        "p50_ms": percentile(times, 50),
        "p99_ms": percentile(times, 99),
        "max_ms": max(times),
    }


def read_queries(path: Path, group: str, corpus: Corpus) -> list[SearchQuery]:
    """The queries of one set that the corpus can answer."""
    known = {headline.number for headline in corpus.headlines}
    return [
        _query(kind, given, known, corpus)
        for kind, some in _read(path)[group].items()
        for given in some
        if given["target"] in known
    ]


def _query(kind: str, given: dict[str, Any], known: set[int], corpus: Corpus) -> SearchQuery:
    meant = str(given["orig"] or given["q"])
    held = words(meant)
    sure = held[:-1] if kind == "prefix" else held  # a copy's longer word has the same beginning
    copies = corpus.repeated and not any(map(corpus.rare, sure))
    right = known.intersection(given["rel"])
    return SearchQuery(kind, given["q"], meant, given["target"], frozenset(right), copies)


def read_misspellings(path: Path) -> Misspellings:
    """A list of real misspellings."""
    return {word: [(one[0], one[1]) for one in some] for word, some in _read(path).items()}


def _read(path: Path) -> dict[str, Any]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        read: dict[str, Any] = json.load(file)
    return read


def misspell(
    queries: Iterable[SearchQuery], known: Misspellings, seed: int = 0
) -> list[SearchQuery]:
    """Clean queries with a word misspelled as people do: in any way, and by three edits or more."""
    clean = [query for query in queries if query.kind == "clean"]
    made = [*_misspell("anymiss", clean, known, seed), *_misspell("far", clean, known, seed)]
    made += [_scramble(query, seed) for query in clean]
    made += [_slip_in_each(query, seed) for query in clean]
    return [query for query in made if query is not None]


def _scramble(query: SearchQuery, seed: int) -> SearchQuery | None:
    """Edits the longest word three times, so that it is three edits away."""
    spelled = query.text.split()
    at = max(range(len(spelled)), key=lambda at: len(spelled[at]))
    word = spelled[at].lower()
    if len(word) < _LONG or not word.isalpha():
        return None
    chance = random.Random(f"{seed} {word}")  # noqa: S311 - repeatable slips, no secret
    wrong = word
    while OSA.distance(word, wrong) < FAR:
        wrong = slip(slip(slip(word, chance), chance), chance)
    return _replace_word("scrambled", query, spelled, (at, wrong))


def _slip_in_each(query: SearchQuery, seed: int) -> SearchQuery | None:
    """Edits each of the three longest words once."""
    spelled = query.text.split()
    places = sorted(range(len(spelled)), key=lambda at: -len(spelled[at]))[:FAR]
    words = [spelled[at] for at in places]
    if len(words) < FAR or not all(len(word) >= _SHORTEST and word.isalpha() for word in words):
        return None
    chance = random.Random(f"{seed} {query.text}")  # noqa: S311 - repeatable slips, no secret
    for at in places:
        spelled[at] = slip(spelled[at].lower(), chance)
    return replace(query, kind="slips", text=" ".join(spelled))


def slip(word: str, chance: random.Random) -> str:
    """Makes a slip as people do: a letter left out, doubled, swapped or another; not the first."""
    at = chance.randrange(1, len(word) - 1)
    match chance.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[: at + 1] + word[at:]
        case 2:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            others = _VOWELS if word[at] in _VOWELS else _CONSONANTS
            return word[:at] + chance.choice(others) + word[at + 1 :]


def _misspell(
    kind: str, clean: Iterable[SearchQuery], known: Misspellings, seed: int
) -> Iterable[SearchQuery | None]:
    least = FAR if kind == "far" else 1
    chance = random.Random(seed)  # noqa: S311 - repeatable slips, no secret
    for query in clean:
        spelled = query.text.split()
        ways = [
            (at, wrong)
            for at, word in enumerate(spelled)
            for wrong, distance in known.get(word.lower(), ())
            if distance >= least
        ]
        yield _replace_word(kind, query, spelled, chance.choice(ways)) if ways else None


def _replace_word(
    kind: str, query: SearchQuery, spelled: list[str], slip: tuple[int, str]
) -> SearchQuery:
    at, wrong = slip
    text = " ".join([*spelled[:at], wrong, *spelled[at + 1 :]])
    return SearchQuery(kind, text, query.text, query.target, query.right, query.copies)


def first_of_each(queries: Iterable[SearchQuery], limit: int | None) -> list[SearchQuery]:
    """The first so many queries of each kind; all of them when None."""
    taken: dict[str, int] = {}
    kept = []
    for query in queries:
        taken[query.kind] = taken.get(query.kind, 0) + 1
        if limit is None or taken[query.kind] <= limit:
            kept.append(query)
    return kept
