"""German words: other spellings of umlauts and of the sharp s, endings, and verbs of nouns."""

from __future__ import annotations

import re

_LONG = 8  # letters of a word whose endings are surely no other word's: `Levin` is no `Levine`
_ENDINGS = ("n", "en", "e", "er", "s", "es")
_NOUN = 4  # letters of a verb's stem, before the -ung of its noun
NOUNS = ("ung", "ungen")
"""Endings of nouns that are made of verbs."""

_VERB_ENDINGS = ("en", "n", "t", "et", "e", "te", "ten")
_SEPARABLE = ("ab", "an", "auf", "aus", "ein", "um", "vor", "zu", "zuruck")
_BEFORE_N = "elr"  # `fähren`, `ampeln`, `feiern`
# At the end of a word these are hardly an umlaut: `boe` is no form of `bo`.
_TRANSCRIBED = re.compile(r"([aou])e\B")
_HAS_OTHERS = re.compile("[aou]e|ss|ß")


def other_spellings(word: str) -> list[str]:
    """Returns what a folded word may be spelled as: `faehre` for `fähre`, `strasse` for `straße`.

    Args:
        word: A word as `bot.text.tokenizer.words` gives it, without its umlauts' dots.
    """
    if not _HAS_OTHERS.search(word):
        return []  # as nearly all words: each question asks this of thousands of halves
    plain = _TRANSCRIBED.sub(r"\1", word)
    found = (plain, *(one.replace("ss", "ß") for one in (word, plain)), word.replace("ß", "ss"))
    return [one for one in dict.fromkeys(found) if one != word]


def other_endings(word: str) -> list[str]:
    """Returns a long word with other German endings: `krankenkassen` for `krankenkasse`."""
    if len(word) < _LONG:
        return []
    bare = ((word.removesuffix(end), end) for end in _ENDINGS if word.endswith(end))
    stems = [word, *(stem for stem, end in bare if len(stem) >= _LONG and _takes(stem, end))]
    found = (f"{stem}{end}" for stem in stems for end in ("", *_ENDINGS) if _takes(stem, end))
    return [one for one in dict.fromkeys(found) if one != word]


def verbs_of_noun(word: str) -> list[str]:
    """Returns what a noun in -ung may be as a verb: `sanieren` and `saniert` for `sanierung`."""
    if not word.endswith(NOUNS):
        return []
    stem = word.removesuffix("en").removesuffix("ung")
    if len(stem) < _NOUN:
        return []
    ways = [(one, stem.removeprefix(one)) for one in _SEPARABLE if stem.startswith(one)]
    participles = [f"{first}ge{rest}" for first, rest in [("", stem), *ways]]
    ended = [f"{one}{end}" for one in participles for end in ("t", "et")]
    return [f"{stem}{end}" for end in _VERB_ENDINGS] + ended


def _takes(stem: str, ending: str) -> bool:
    """True where a stem may have an ending: `zeppelinn` is a slip and no form of `zeppelin`."""
    return ending != "n" or stem[-1] in _BEFORE_N
