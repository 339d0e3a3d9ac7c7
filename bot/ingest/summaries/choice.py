"""Choice of passages: the set that says most of a story within a length.

A passage is worth the part of its words that a person's summary would be expected to have, times
its words. A set is judged as summaries are: by its worth against its own length and that of the
summary that a person would write, so that neither a short nor a long set wins by its length.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from bot.ingest.summaries.features import Measured

_CONSIDERED = 10  # passages; all sets of these are looked at, at most two to the power of it
_WRITTEN_BY_PEOPLE = 58  # words of a summary that a person writes
_INTRODUCES = 0.1  # the worth of a word from which on others may lean on a passage: no `What?!`
_REPETITION = 0.9  # of the worth of a word that is said already

_Set: TypeAlias = tuple[int, int, float, int, int]
"""A set of passages; plain tuples, since a thousand may be made for one story.

Its members, a bit for each; its characters, with the spaces between them; the sum of what they add
to each other; their words; what they say, a bit for each term.
"""


class _Candidate(NamedTuple):
    """A passage as what it adds to a set: a bit for itself, and for each that it leans on."""

    member: int
    size: int
    gain: float
    words: int
    terms: int
    leans_on: int
    loss: float


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
    fitting = [one for one in zip(found, worths, strict=True) if len(one[0].passage.text) <= length]
    best = sorted(fitting, key=lambda one: _loss(one[0]) - one[1])[:_CONSIDERED]
    best.sort(key=lambda one: one[0].passage.position)
    sets, top, members = [_NONE], -math.inf, 0
    for candidate in _candidates(best):
        added = list(_extended(sets, candidate, length))
        for one in added:
            score = one[2] / (one[3] + _WRITTEN_BY_PEOPLE)
            if score > top:
                top, members = score, one[0]
        sets += added
    return [one for at, (one, _) in enumerate(best) if members >> at & 1]


def _candidates(best: Sequence[tuple[Measured, float]]) -> Iterator[_Candidate]:
    """Yields passages, with the worth of a word of each, as what is added to sets."""
    bits: dict[str, int] = {}
    positions = {
        one.passage.position: 1 << at for at, (one, worth) in enumerate(best) if worth > _INTRODUCES
    }
    for at, (one, worth) in enumerate(best):
        leans_on = one.leaning.on if one.leaning else ()
        yield _Candidate(
            member=1 << at,
            size=len(one.passage.text) + 1,
            gain=worth * one.words,
            words=one.words,
            terms=sum(1 << bits.setdefault(term, len(bits)) for term in one.terms),
            leans_on=sum(positions.get(on, 0) for on in leans_on),
            loss=_loss(one) * one.words,
        )


def _extended(sets: Sequence[_Set], one: _Candidate, length: int) -> Iterator[_Set]:
    """Yields each set with one more passage, if it fits."""
    member, size, gain, words, terms, leans_on, loss = one
    room, lone = length - size, gain - loss
    repeated = gain * _REPETITION / (terms.bit_count() or 1)  # by each term that is said already
    for begun, taken, gained, said, told in sets:
        if taken <= room:
            yield (
                begun | member,
                taken + size,
                gained
                + (gain if begun & leans_on else lone)
                - repeated * (terms & told).bit_count(),
                said + words,
                told | terms,
            )


def _loss(one: Measured) -> float:
    """Returns what a word of a passage is worth less where what it leans on is not shown."""
    return one.leaning.loss if one.leaning else 0.0
