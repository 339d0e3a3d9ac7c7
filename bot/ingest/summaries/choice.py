"""Choice of passages: the set that says most of a story within a length.

A passage is worth the part of its words that a person's summary would be expected to have, times
its words. A set is judged as summaries are: by its worth against its own length and that of the
summary that a person would write, so that neither a short nor a long set wins by its length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.ingest.summaries.features import Measured

_CONSIDERED = 10  # passages; all sets of these are looked at, at most two to the power of it
_WRITTEN_BY_PEOPLE = 58  # words of a summary that a person writes
_REPETITION = 0.9  # of the worth of a word that is said already


@dataclass(frozen=True, slots=True)
class _Set:
    """A set of passages, in their order.

    Attributes:
        members: The passages.
        length: Characters, with the spaces between them.
        worth: The sum of what they add to each other.
        words: How many words they have.
        terms: What they say.
    """

    members: tuple[Measured, ...] = ()
    length: int = -1  # of no passage: the first has no space before it
    worth: float = 0.0
    words: int = 0
    terms: frozenset[str] = frozenset()

    @property
    def score(self) -> float:
        return self.worth / (self.words + _WRITTEN_BY_PEOPLE)

    def add(self, one: Measured, worth: float) -> _Set:
        told = len(one.terms & self.terms) / (len(one.terms) or 1)
        return _Set(
            (*self.members, one),
            self.length + 1 + len(one.passage.text),
            self.worth + worth * one.words * (1 - _REPETITION * told),
            self.words + one.words,
            self.terms | one.terms,
        )


def choose(found: Sequence[Measured], worths: Sequence[float], length: int) -> list[Measured]:
    """Returns the best set of passages that fits into a length, in their order.

    Args:
        found: The passages that may be taken.
        worths: The worth of a word of each.
        length: Characters, with a space between passages.

    Returns:
        None of them where none fits.
    """
    fitting = [
        (worth, one)
        for worth, one in zip(worths, found, strict=True)
        if len(one.passage.text) <= length
    ]
    best = sorted(fitting, key=lambda pair: -pair[0])[:_CONSIDERED]
    best.sort(key=lambda pair: pair[1].passage.position)
    sets = _sets(_Set(), best, length)
    return list(max(sets, key=lambda one: one.score, default=_Set()).members)


def _sets(begun: _Set, rest: Sequence[tuple[float, Measured]], length: int) -> Iterator[_Set]:
    """Yields each set within the length that goes on from one."""
    for at, (worth, one) in enumerate(rest):
        if begun.length + 1 + len(one.passage.text) <= length:
            longer = begun.add(one, worth)
            yield longer
            yield from _sets(longer, rest[at + 1 :], length)
