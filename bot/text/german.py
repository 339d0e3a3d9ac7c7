"""German words: other spellings of umlauts and of the sharp s, endings, and verbs of nouns."""

from __future__ import annotations

import re

_LONG = 8  # letters of a word whose endings are surely no other word's: `Levin` is no `Levine`
_LONG_IN_GERMAN, _STEM_IN_GERMAN = 6, 5  # likewise where stories are in German; and of its stem
_ENDINGS = ("n", "en", "e", "er", "s", "es")
_NOUN = 4  # letters of a verb's stem, before the -ung of its noun
NOUNS = ("ung", "ungen")
"""Endings of nouns that are made of verbs."""

_VERB_ENDINGS = ("en", "n", "t", "et", "e", "te", "ten")
_OF_VERBS = (("en", ("t", "et", "te", "ten")), ("et", ("en",)), ("t", ("en", "n", "te", "ten")))
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


def other_endings(word: str, *, is_german: bool = False) -> list[str]:
    """Returns a long word with other German endings: `krankenkassen` for `krankenkasse`.

    Where stories are in German, also a shorter one: `olpreis` for `olpreise`.
    """
    if len(word) < (_LONG_IN_GERMAN if is_german else _LONG):
        return []
    stems = [word, *bare_stems(word, _STEM_IN_GERMAN if is_german else _LONG)]
    found = (f"{stem}{end}" for stem in stems for end in ("", *_ENDINGS) if _takes(stem, end))
    return [one for one in dict.fromkeys(found) if one != word]


def bare_stems(word: str, least: int = _STEM_IN_GERMAN) -> list[str]:
    """Returns a word without the endings that it may have, of so many letters at least."""
    bare = ((word.removesuffix(end), end) for end in _ENDINGS if word.endswith(end))
    return [stem for stem, end in bare if len(stem) >= least and _takes(stem, end)]


def verb_forms(word: str) -> list[str]:
    """Returns the infinitive of what may be a verb, and the other way: `fallen` and `fallt`."""
    for ending, others in _OF_VERBS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _NOUN:
            return [f"{stem}{other}" for other in others]
    return []


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
