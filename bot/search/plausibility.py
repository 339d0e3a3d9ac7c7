"""Plausibility of typos: whether a short word may really be a slip of another.

One edit makes nearly any short word of any other, so distance alone says nothing about them. What
people do to short words: they swap two neighbours, double a letter or leave one of two out, hit
the key beside the right one, write a letter that sounds alike, take one vowel for another or leave
it out; and hardly ever is the first letter another.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")
_SHORT = 4  # letters of a word that nearly any other of its kind is one edit away from


def _neighbours() -> frozenset[tuple[str, str]]:
    """Returns pairs of keys that lie side by side, each row half a key further to the right."""
    pairs = [pair for row in _ROWS for pair in pairwise(row)]
    for upper, lower in pairwise(_ROWS):
        for at, key in enumerate(lower):
            pairs += [(key, other) for other in upper[at : at + 2]]
    return frozenset([*pairs, *((other, key) for key, other in pairs)])


_NEIGHBOURS = _neighbours()
_ALIKE = ("ck", "cs", "sz", "fv", "gj", "iy", "kq", "vw", "bp", "dt")
_HOMOPHONES = frozenset((pair[at], pair[1 - at]) for pair in _ALIKE for at in (0, 1))
_MISTAKEN = _NEIGHBOURS | _HOMOPHONES
_TAKEN_FOR = {
    letter: [
        other
        for other in "abcdefghijklmnopqrstuvwxyz"
        if (letter, other) in _MISTAKEN or (other != letter and _VOWELS.issuperset((letter, other)))
    ]
    for letter in "abcdefghijklmnopqrstuvwxyz"
}


def begins_alike(typed: str, meant: str) -> bool:
    """Tells if two words begin with one letter, with two that sound alike, or with two swapped."""
    one, other = typed[:1], meant[:1]
    return one == other or (one, other) in _HOMOPHONES or typed[1::-1] == meant[:2]


def begins_nearly(typed: str, meant: str) -> bool:
    """Tells if two words begin alike, or with keys that lie side by side: `tobot` for `robot`."""
    return begins_alike(typed, meant) or (typed[:1], meant[:1]) in _NEIGHBOURS


def is_plausible_slip(typed: str, meant: str) -> bool:
    """Tells if a short word, one edit away from another, is plausibly a slip of that.

    Letters of other alphabets than the Latin one are judged by swaps and doubled letters alone.

    Args:
        typed: What was typed.
        meant: The word one edit away.
    """
    if len(typed) == len(meant):
        return _is_swap_or_neighbour(typed, meant)
    if len(typed) >= _SHORT and meant[1:] == typed:
        return True  # the first letter left out
    if not begins_alike(typed, meant):
        return False
    if len(meant) > _SHORT:
        return True  # a letter left out of a longer word
    longer, shorter = sorted((typed, meant), key=len, reverse=True)
    at = next((at for at, sign in enumerate(shorter) if sign != longer[at]), len(shorter))
    extra = longer[at]
    is_double = extra in {longer[at - 1], longer[at + 1 : at + 2]}
    return is_double or (extra in _VOWELS and at < len(shorter))


def _is_swap_or_neighbour(typed: str, meant: str) -> bool:
    different = [(one, other) for one, other in zip(typed, meant, strict=True) if one != other]
    if len(different) != 1:
        return True  # one edit changes two letters only by a swap
    if not begins_alike(typed, meant):
        return False
    (one, other) = different[0]
    if len(typed) < _SHORT:  # with another consonant it is rather an abbreviation
        return one in _VOWELS and other in _VOWELS
    return (one, other) in _MISTAKEN or (one in _VOWELS and other in _VOWELS)


def likely_slips(typed: str, letters: Iterable[str]) -> list[str]:
    """Returns what a word of three or four letters may be a slip of by one edit, and some more.

    All that `is_plausible_slip` finds plausible is among it, and most of what else there is is not.

    Args:
        typed: What was typed.
        letters: Those that it may be made of.
    """
    added = letters if len(typed) >= _SHORT else {*_VOWELS, *typed}
    near = [typed[:at] + typed[at + 1 :] for at in range(len(typed))]
    near += [
        typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :] for at in range(len(typed) - 1)
    ]
    for at, letter in enumerate(typed):
        head, tail = typed[:at], typed[at + 1 :]
        near += [head + other + tail for other in _TAKEN_FOR.get(letter, "")]
    for at in range(len(typed) + 1):
        head, tail = typed[:at], typed[at:]
        near += [head + other + tail for other in added]
    return near
