"""Stemming: the stems of English words, and their plurals."""

from __future__ import annotations

from collections.abc import Callable

import Stemmer

Stem = Callable[[str], str]
"""Gives a word its stem: `pavilion` and `pavilions` have one."""

_SHORTEST = 3  # letters of a word that has a plural
_HISSING = ("s", "x", "z", "ch", "sh")  # sounds after which a plural takes -es


def new_stemmer() -> Stem:
    """Makes a stemmer; for one thread at a time."""
    # Without its cache, which takes longer to ask than a word takes to stem.
    stem: Stem = Stemmer.Stemmer("english", 0).stemWord
    return stem


_LEAST_BARE = 3  # letters before an ending
# Endings, the longest first, each with what may stand in its place in the word's base.
_FORMS = (
    ("ies", ("y", "ie")),
    ("ied", ("y", "ie")),
    ("ing", ("", "e")),
    ("es", ("", "e")),
    ("ed", ("", "e")),
    ("s", ("",)),
)


def plural_or_singular(word: str) -> list[str]:
    """Returns what may be the plural or the singular, which the stems of short words miss.

    So `buses` for `bus`, and the other way. `princes` and `news` show that an s alone may belong to
    the word.
    """
    if len(word) < _SHORTEST:
        return []
    forms = [f"{word}es" if word.endswith(_HISSING) else f"{word}s"]
    return [*forms, word[:-2]] if word.endswith("es") and word[:-2].endswith(_HISSING) else forms


def bases(word: str) -> list[str]:
    """Returns what an English word may be a form of, as it is spelled, the likeliest first.

    Stems are no words (`ferri`), so a slip in a form (`feries`) is looked for by these (`fery`).
    """
    found = list[str]()
    for ending, others in _FORMS:
        bare = word.removesuffix(ending)
        if bare != word and len(bare) >= _LEAST_BARE and not word.endswith("ss"):
            found += (f"{bare}{other}" for other in others)
            found += [bare[:-1]] if "" in others and bare[-1] == bare[-2] else []
            break
    return found
