"""Features of passages: what tells how much of a story a passage says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.ingest.summaries.passages import Passage
from bot.ingest.summaries.references import Leaning, leanings
from bot.text.stemming import Stem
from bot.text.tokenizer import words

NAMES = (
    "bias",
    "first",
    "early",
    "late",
    "title recall",
    "title precision",
    "recurring pairs",
    "length",
    "short",
    "long",
    "capitals",
    "connective",
    "function words",
)
"""The features, in the order in which `measure` gives them."""

_LATE = 20  # passages, from where on it makes no difference
_FEW, _MANY, _MOST = 8, 45, 50  # words
_CONNECTIVES = frozenset(
    "also although and besides but however meanwhile moreover or so then though while yet".split()
)
_FUNCTION_WORDS = frozenset(
    """
    a about after all also an and any are as at be because been before but by can could did do does
    down for from get got had has have he her here him his how i if in into is it its just like made
    make many may me more most much my no not now of off on one only or other our out over own said
    say says she should so some still such t than that the their them then there these they this
    those through to too two up us very was way we well were what when where which while who will
    with would you your
    """.split()
)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Measured:
    """A passage, measured.

    Attributes:
        passage: The passage.
        features: Its features, in the order of `NAMES`.
        words: How many words it has.
        terms: The stems of its words that bear meaning.
        leaning: What it leans on, if it does not stand by itself.
    """

    passage: Passage
    features: tuple[float, ...]
    words: int
    terms: frozenset[str]
    leaning: Leaning | None = None


def measure(found: Sequence[Passage], title: str, stem: Stem) -> list[Measured]:
    """Measures the passages of a story against its title and against each other."""
    tokens = [words(one.text) for one in found]
    terms = [_terms(each, stem) for each in tokens]
    headline = frozenset(_terms(words(title), stem))
    pairs = Counter(pair for each in terms for pair in set(pairwise(each)))
    return [
        Measured(
            one,
            _features(one, each, stems, headline, pairs),
            len(each) or 1,
            frozenset(stems),
            leaning,
        )
        for one, each, stems, leaning in zip(
            found, tokens, terms, leanings(found, headline, stem), strict=True
        )
    ]


def _terms(tokens: Sequence[str], stem: Stem) -> list[str]:
    return [stem(word) for word in tokens if len(word) > 1 and word not in _FUNCTION_WORDS]


def _features(
    passage: Passage,
    tokens: Sequence[str],
    terms: Sequence[str],
    headline: frozenset[str],
    pairs: Counter[tuple[str, str]],
) -> tuple[float, ...]:
    different = frozenset(terms)
    shared = len(different & headline)
    count = len(tokens) or 1
    return (
        1.0,
        float(passage.position == 0),
        1 / (1 + passage.position),
        min(passage.position, _LATE) / _LATE,
        shared / (len(headline) or 1),
        shared / (len(different) or 1),
        sum(pairs[pair] > 1 for pair in pairwise(terms)) / (len(terms) or 1),
        min(count, _MOST) / _MOST,
        float(count < _FEW),
        float(count > _MANY),
        _capitals(passage.text) / count,
        float(bool(tokens) and tokens[0] in _CONNECTIVES),
        (count - len(terms)) / count,
    )


def _capitals(text: str) -> int:
    """Counts the words of a passage that begin with a capital letter, but for the first."""
    return sum(word[0].isupper() for word in _WORD.findall(text)[1:])
