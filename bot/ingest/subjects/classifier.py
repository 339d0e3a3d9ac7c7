"""The classifier: which of the broad subjects a story is most likely on.

A linear model over words: each feature of a story says something for each subject, the rarer it is
the more. What they say is divided by their length as a vector, so that a long opening is no surer
than a short one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from zlib import crc32

from bot.ingest.subjects.features import features
from bot.ingest.subjects.weights import FIRST, ZERO, Weights, read_weights, write
from bot.text.stemming import new_stemmer
from bot.text.stopwords import EXTENDED_STOPWORDS
from bot.text.tokenizer import words

_CACHED = 4_096  # words whose stems and weights are at hand: all stories share most of theirs


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess at a story's subject.

    Attributes:
        subject: The key of the likeliest subject.
        probability: How likely it is, from 0 to 1.
        known: The share of the story's features that have weights, from 0 to 1.
        shares: How likely each subject is by the story's own features.
    """

    subject: str
    probability: float
    known: float
    shares: Sequence[float] = ()


class SubjectClassifier:
    """Guesses the subjects of stories; for one thread at a time."""

    def __init__(self, weights: Weights | None = None) -> None:
        """Takes the weights; None for those of the package."""
        self._weights = weights or read_weights()
        self._stem = lru_cache(_CACHED)(new_stemmer())
        self._row = lru_cache(_CACHED)(self._find_row)

    @cached_property
    def method(self) -> str:
        """Names the weights: stories whose subjects bear another name are outdated."""
        return f"{crc32(write(self._weights).encode()):08x}"

    def guess(
        self, title: str, lead: str = "", url: str = "", leanings: Sequence[float] = ()
    ) -> Guess:
        """Guesses what a story is on.

        Args:
            title: Its title.
            lead: How it begins; only the first `bot.ingest.subjects.features.LEAD` signs are read.
            url: Its page, whose sections may tell; empty for none.
            leanings: What is added to the score of each subject, for the story's source (see
                `SubjectHabits`); empty for nothing.
        """
        wanted = features(title, lead, url, self._stem)
        known = [row for one in wanted if (row := self._row(one))]
        scores = self._scores(known)
        shares = _shares(scores)
        all_ = _shares([*map(sum, zip(scores, leanings, strict=True))]) if leanings else shares
        best = max(range(len(all_)), key=all_.__getitem__)
        subject = self._weights.subjects[best]
        return Guess(subject, all_[best], len(known) / (len(wanted) or 1), shares)

    def stems(self, title: str) -> frozenset[str]:
        """Returns the stems of a title's words that say something, by which habits are kept."""
        return frozenset(
            self._stem(word)
            for word in words(title)
            if word not in EXTENDED_STOPWORDS and not word.isdigit()
        )

    def _find_row(self, feature: str) -> bytes:
        return (self._weights.rows.get(feature) or "").encode("ascii")

    def _scores(self, known: Sequence[bytes]) -> Sequence[float]:
        weights = self._weights
        if not known:
            return weights.bias
        *sums, lengths = map(sum, zip(*known, strict=True))
        length = weights.length_step * (lengths - FIRST * len(known))
        factor, zero = weights.step / math.sqrt(length or 1), ZERO * len(known)
        return [bias + factor * (one - zero) for bias, one in zip(weights.bias, sums, strict=True)]


def _shares(scores: Sequence[float]) -> Sequence[float]:
    """Returns the probabilities that scores stand for."""
    most = max(scores)
    parts = [math.exp(score - most) for score in scores]
    total = sum(parts)
    return [part / total for part in parts]
