"""Phonetics: English words that sound alike, however they are spelled, by a key as Metaphone's.

Edit distance says little about short words: two edits make nearly any of any other. Of these few
sound alike, and who spells by ear writes one for another: `tail` for `tale`, `hier` for `higher`.
The rules are those of Lawrence Philips' Metaphone (Computer Language 7/12, 1990) that matter to
short words, so that the key has one sign for each sound of a consonant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_CACHED = 1_000  # words: the same short ones are compared again and again

_SOUNDS = (
    (re.compile("^(?:kn|gn|pn)"), "n"),
    (re.compile("^wr"), "r"),
    (re.compile("^ps"), "s"),
    (re.compile("(?<=[aeiou])gh"), ""),  # `higher`
    (re.compile("mb$"), "m"),
    (re.compile("bt"), "t"),  # `debt`
    (re.compile("sch"), "sk"),
    (re.compile("tch|ch"), "C"),
    (re.compile("sh|[cst]i(?=on|an)"), "S"),
    (re.compile("ph"), "f"),
    (re.compile("dge|g(?=[eiy])"), "j"),
    (re.compile("c(?=[eiy])|z"), "s"),
    (re.compile("ck|c|q"), "k"),
    (re.compile("x"), "ks"),
    (re.compile("(?<=.[^aeiouy])e$"), ""),  # `tale`
    (re.compile("[hw]"), ""),
    (re.compile(r"([^aeiouy])\1+"), r"\1"),
)
_VOWELS = re.compile("[aeiouy]+")

# Without the letters that another rule is about; most words are told apart by the rest of theirs.
_PLAIN = str.maketrans("fv", "pp", "aeiouyhwbcgjkqsxz")

# What else a word may begin with that sounds as it does. Who does not hear an h leaves it out.
_BEGINNINGS = {
    "a": "aeoh",
    "c": "cks",
    "e": "eaih",
    "f": "fp",
    "g": "gjn",
    "i": "ieah",
    "j": "jg",
    "k": "kcqn",
    "n": "nkgp",
    "o": "oauh",
    "p": "pf",
    "q": "qkc",
    "r": "rw",
    "s": "scp",
    "u": "uoh",
    "w": "wr",
    "z": "zs",
}


def beginnings_alike(word: str) -> str:
    """Returns the letters that a word may begin with which sounds like another."""
    return _BEGINNINGS.get(word[0], word[0])


def sounding_alike(typed: str, among: Iterable[str]) -> set[str]:
    """Returns the words with the same consonants as a typed one, and no fewer vowels.

    Whoever spells by ear leaves vowels out rather than adding any, and abbreviations, which are no
    misspellings, have few in common with words: `meti` does not sound like `meet`. All words are in
    small letters.
    """
    consonants, vowels = _hear(typed)
    if not vowels:
        return set()
    plain = frozenset(typed.translate(_PLAIN))
    near = (one for one in among if frozenset(one.translate(_PLAIN)) == plain)
    heard = ((one, *_hear(one)) for one in near)
    return {one for one, same, others in heard if same == consonants and others >= vowels}


@lru_cache(_CACHED)
def _hear(word: str) -> tuple[str, int]:
    """Returns the consonants of a word, and the number of its vowels."""
    for spelling, sound in _SOUNDS:
        word = spelling.sub(sound, word)
    return _VOWELS.subn("", word)
