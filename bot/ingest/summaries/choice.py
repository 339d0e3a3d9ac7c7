"""Choice of passages: the set that says most of a story within a length.

A passage is worth the part of its words that a person's summary would be expected to have, times
its words. A set is judged as summaries are: by its worth against its own length and that of the
summary that a person would write, so that neither a short nor a long set wins by its length.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from bot.ingest.summaries.features import Measured

_CONSIDERED = 10  # passages; all sets of these are looked at, at most two to the power of it
_WRITTEN_BY_PEOPLE = 58  # words of a summary that a person writes
_REPETITION = 0.9  # of the worth of a word that is said already

_Set: TypeAlias = tuple[int, int, float, int, int]
"""A set of passages; plain tuples, since a thousand may be made for one story.

Its members, a bit for each; its characters, with the spaces between them; the sum of what they add
to each other; their words; what they say, a bit for each term.
"""

_NONE: _Set = (0, -1, 0.0, 0, 0)  # its length makes up for the space that the first has not


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
    sets, top, members = [_NONE], -math.inf, 0
    for at, mask in zip(best, terms, strict=True):
        added = list(_extended(sets, (at, found[at]), worths[at], mask, length))
        for one in added:
            score = one[2] / (one[3] + _WRITTEN_BY_PEOPLE)
            if score > top:
                top, members = score, one[0]
        sets += added
    return [found[at] for at in best if members >> at & 1]


def _extended(
    sets: Sequence[_Set], one: tuple[int, Measured], worth: float, terms: int, length: int
) -> Iterator[_Set]:
    """Yields each set with one more passage, if it fits."""
    at, measured = one
    size, words = len(measured.passage.text) + 1, measured.words
    whole, room, member = worth * words, length - size, 1 << at
    repeated = whole * _REPETITION / (terms.bit_count() or 1)  # by each term that is said already
    for begun, taken, gained, said, told in sets:
        if taken <= room:
            yield (
                begun | member,
                taken + size,
                gained + whole - repeated * (terms & told).bit_count(),
                said + words,
                told | terms,
            )


def _as_bits(found: Sequence[Measured]) -> list[int]:
    """Returns the terms of each passage as a number, a bit for each term."""
    bits: dict[str, int] = {}
    return [sum(1 << bits.setdefault(term, len(bits)) for term in one.terms) for one in found]
