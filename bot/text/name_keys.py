"""Keys of names: the same for names that differ in case, plural, signs or a year alone."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.text.tokenizer import whole_words

_YEAR = re.compile(r"(?:19|20)\d\d")
_SAME = {
    "covid": "covid 19",
    "covid19": "covid 19",
    "the covid 19": "covid 19",
    "u s": "us",
    "usa": "us",
    "u s a": "us",
    "united state": "us",
    "united states of america": "us",
    "u k": "uk",
    "united kingdom": "uk",
    "great britain": "uk",
    "e u": "eu",
    "european union": "eu",
    "u n": "un",
    "united nation": "un",
    "uae": "united arab emirate",
}
_SINGULAR_S = ("ss", "us", "is", "ous")
_HISSING = ("ses", "xes", "zes", "ches", "shes")
_CACHED = 4_096  # words
_SHORTEST = 4  # letters of a word with a plural


def name_key(name: str) -> str:
    """Returns the key of a name: `Expo 2025` and `expos` have one; empty for a name of signs."""
    words = [word for word in whole_words(name) if not _YEAR.fullmatch(word)] or whole_words(name)
    if len(words) > 1 and words[0] == "the":
        del words[0]
    if not words:
        return ""
    key = " ".join([*words[:-1], singular(words[-1])])
    return _SAME.get(key, key)


@lru_cache(_CACHED)
def singular(word: str) -> str:
    """Returns the singular of an English word, by the rules that hold for most."""
    if len(word) < _SHORTEST or not word.endswith("s") or word.endswith(_SINGULAR_S):
        return word
    if word.endswith("ies") and len(word) > _SHORTEST:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(_HISSING) else word[:-1]
