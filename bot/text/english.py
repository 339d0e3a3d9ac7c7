"""Common English words: what is spelled as one of them was hardly mistyped.

`election` is an edit or two from words that mean something else; where no story holds it, that is
the answer. The words are SCOWL's (see `english_words.LICENSE`), as `make english-words` reads them.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources

from bot.text.line_table import LineTable

_CACHED = 2_000  # words of which it is cached what they are

# British spellings and what Americans write, from the rules that hold for most of their words. In
# short ones the same letters tell words apart: `four` is no `for`, `filling` no `filing`.
_SYLLABLE = "|".join(f"(?<=[aeiou][^aeiou]{{{width}}})" for width in (1, 2, 3)) + "|(?<=i)"
_AMERICAN = (
    (re.compile(r"is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)"), "iz"),
    (re.compile(r"ys(?=(?:e|ed|es|er|ers|ing)$)"), "yz"),
    (re.compile(rf"(?:{_SYLLABLE})our"), "or"),
    (re.compile(r"([bt])re(?=s?$)"), r"\1er"),
    (re.compile(r"ence(?=s?$)"), "ense"),
    (re.compile(r"ogue(?=s?$)"), "og"),
    (re.compile(r"(?<=[aeiou][aeiou])ll(?=ed$|ing$|er$|ers$)"), "l"),
    (re.compile(rf"(?:{_SYLLABLE})([aeiou])ll(?=ed$|ing$|er$|ers$)"), r"\1l"),
    (re.compile(r"^(?=.{6})(.*?)(?:ae|oe(?![ds]$))(?=.)"), r"\1e"),
    (re.compile(r"gramme(?=s?$)"), "gram"),
)


@lru_cache(_CACHED)
def is_english_word(word: str) -> bool:
    """Tells if a word in small letters is a common English one."""
    return word in common_words()


@cache
def common_words() -> LineTable:
    """Returns all of them, for whoever asks for one word after another."""
    with resources.files("bot.text").joinpath("english_words.txt").open(encoding="ascii") as lines:
        return LineTable(lines, separator="\n")


def is_spelling_variant(one: str, other: str) -> bool:
    """Tells if two words are one in British and in American spelling: `theatre` and `theater`."""
    return _american(one) == _american(other)


def _american(word: str) -> str:
    for british, american in _AMERICAN:
        word = british.sub(american, word)
    return word
