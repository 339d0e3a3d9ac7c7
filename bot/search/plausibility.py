"""Plausibility of typos: whether a short word may really be a slip of another.

One edit makes nearly any short word of any other, so distance alone says nothing about them. What
people do to short words: they swap two neighbours, double a letter or leave one of two out, hit
the key beside the right one, or take one vowel for another or leave it out; and hardly ever is the
first letter another.
"""

from __future__ import annotations

from itertools import pairwise

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")


def _neighbours() -> frozenset[tuple[str, str]]:
    """Returns pairs of keys that lie side by side, each row half a key further to the right."""
    pairs = [pair for row in _ROWS for pair in pairwise(row)]
    for upper, lower in pairwise(_ROWS):
        for at, key in enumerate(lower):
            pairs += [(key, other) for other in upper[at : at + 2]]
    return frozenset([*pairs, *((other, key) for key, other in pairs)])


_NEIGHBOURS = _neighbours()


def is_plausible_slip(typed: str, meant: str) -> bool:
    """Tells if a short word, one edit away from another, is plausibly a slip of that.

    Letters of other alphabets than the Latin one are judged by swaps and doubled letters alone.

    Args:
        typed: What was typed.
        meant: The word one edit away.
    """
    if len(typed) == len(meant):
        return _is_swap_or_neighbour(typed, meant)
    if typed[:1] != meant[:1]:
        return False
    longer, shorter = sorted((typed, meant), key=len, reverse=True)
    at = next((at for at, sign in enumerate(shorter) if sign != longer[at]), len(shorter))
    extra = longer[at]
    is_double = extra in {longer[at - 1], longer[at + 1 : at + 2]}
    return is_double or (extra in _VOWELS and at < len(shorter))


def _is_swap_or_neighbour(typed: str, meant: str) -> bool:
    different = [(one, other) for one, other in zip(typed, meant, strict=True) if one != other]
    if len(different) != 1:
        return True  # one edit changes two letters only by a swap
    if typed[:1] != meant[:1]:
        return False
    (one, other) = different[0]
    return (one, other) in _NEIGHBOURS or (one in _VOWELS and other in _VOWELS)
