"""Names similar to what was typed: "did you mean" for typos in the name of something.

Typos in the words of a search are another matter: see `bot.search.spelling`.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.text.stopwords import STOPWORDS
from bot.text.tokenizer import whole_words

_PARTIAL = 1.5  # times as long as the other, from which on a text is compared with parts of it
_SIMILAR = 70.0  # how alike (of 100) a name must be to be offered
_SHORTEST = 3  # Latin letters, of which fewer are like anything
_SHORT = 4  # Latin letters that stand in many a word by chance: `box` in Bobby


def similar_names(typed: str, names: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Returns the names most like what was typed, the likest first; none when none is like it."""
    if len(typed.strip()) < _SHORTEST and typed.isascii():
        return ()
    words = whole_words(typed)
    if words and len(typed) <= _SHORT and STOPWORDS.issuperset(words):
        return ()
    names = [name for name in names if _is_long_enough(name, typed.casefold())]
    if len(words) == 1 and len(words[0]) <= _SHORT and words[0].isascii():
        names = [name for name in names if _is_like_word(words[0], name)]
    found = process.extract(
        typed,
        names,
        scorer=fuzz.WRatio,
        processor=str.casefold,
        limit=limit,
        score_cutoff=_SIMILAR,
    )
    return tuple(name for name, _, _ in found)


def _is_like_word(word: str, name: str) -> bool:
    """Tells if a word of a name begins like a short word, or is it with one slip."""
    return any(
        one.startswith(word[:_SHORTEST])
        or (len(word) == _SHORT and OSA.distance(word, one, score_cutoff=1) <= 1)
        for one in whole_words(name)
    )


def _is_long_enough(name: str, typed: str) -> bool:
    """Tells whether a name may be like what was typed, not only like some letters in a word of it.

    What begins with the name is like all of it.
    """
    parts = typed.split()
    longest = max(map(len, parts), default=0)
    is_like_part = len(name) * _PARTIAL <= longest
    begins = any(part.startswith(name.casefold()) for part in parts)
    return 2 * len(name) >= len(typed) and (begins or not is_like_part)
