"""Choice of passages: the set that says most of a story within a length.

A passage is worth the part of its words that a person's summary would be expected to have, times
its words. A set is judged as summaries are: by its worth against its own length and that of the
summary that a person would write, so that neither a short nor a long set wins by its length.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.ingest.summaries.features import Measured

_CONSIDERED = 10  # passages; all sets of these are looked at, at most two to the power of it
_WRITTEN_BY_PEOPLE = 58  # words of a summary that a person writes
_REPETITION = 0.9  # of the worth of a word that is said already


class _Set(NamedTuple):
    """A set of passages.

    Attributes:
        members: Their numbers, in order.
        length: Characters, with the spaces between them.
        worth: The sum of what they add to each other.
        words: How many words they have.
        terms: What they say, a bit for each term.
    """

    members: tuple[int, ...]
    length: int
    worth: float
    words: int
    terms: int

    @property
    def score(self) -> float:
        return self.worth / (self.words + _WRITTEN_BY_PEOPLE)


_NONE = _Set((), -1, 0.0, 0, 0)  # its length makes up for the space that the first has not


def choose(found: Sequence[Measured], worths: Sequence[float], length: int) -> list[Measured]:
    """Returns the best set of passages that fits into a length, in their order.

    Args:
        found: The passages that may be taken.
        worths: The worth of a word of each.
        length: Characters, with a space between passages.

    Returns:
        None of them where none fits.
    """
    fitting = [at for at, one in enumerate(found) if len(one.passage.text) <= length]
    best = sorted(sorted(fitting, key=lambda at: -worths[at])[:_CONSIDERED])
    terms = _as_bits([found[at] for at in best])
    sets = [_NONE]
    for at, mask in zip(best, terms, strict=True):
        sets += _extended(sets, (at, found[at]), worths[at], mask, length)
    top = max(sets[1:], key=lambda one: one.score, default=_NONE)
    return [found[at] for at in top.members]


def _extended(
    sets: Sequence[_Set], one: tuple[int, Measured], worth: float, terms: int, length: int
) -> list[_Set]:
    """Returns each set with one more passage, if it fits."""
    at, measured = one
    size, words = len(measured.passage.text) + 1, measured.words
    whole = worth * words
    repeated = whole * _REPETITION / (terms.bit_count() or 1)  # by each term that is said already
    return [
        _Set(
            (*begun, at),
            taken + size,
            gained + whole - repeated * (terms & told).bit_count(),
            said + words,
            told | terms,
        )
        for begun, taken, gained, said, told in sets
        if taken + size <= length
    ]


def _as_bits(found: Sequence[Measured]) -> list[int]:
    """Returns the terms of each passage as a number, a bit for each term."""
    bits: dict[str, int] = {}
    return [sum(1 << bits.setdefault(term, len(bits)) for term in one.terms) for one in found]
