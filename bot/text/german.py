"""German words: other spellings of umlauts and of the sharp s, and endings of long words."""

from __future__ import annotations

import re

_LONG = 8  # letters of a word whose endings are surely no other word's: `Levin` is no `Levine`
_ENDINGS = ("n", "en", "e", "er", "s", "es")
_BEFORE_N = "elr"  # `fähren`, `ampeln`, `feiern`
_TRANSCRIBED = re.compile("([aou])e")


def other_spellings(word: str) -> list[str]:
    """Returns what a folded word may be spelled as: `faehre` for `fähre`, `strasse` for `straße`.

    Args:
        word: A word as `bot.text.tokenizer.words` gives it, without its umlauts' dots.
    """
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


def _takes(stem: str, ending: str) -> bool:
    """True where a stem may have an ending: `zeppelinn` is a slip and no form of `zeppelin`."""
    return ending != "n" or stem[-1] in _BEFORE_N
