"""Matching of a name that is typed from memory: a part of it, with a slip, without its signs.

`ports` and `ferries & ports` are `🚢 Ferries & Ports`, `osaka exop` is `Osaka Expo`. Every word
that is typed must be one of the name; what is only like it (`similar_names`) is merely offered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.text.stemming import Stem, new_stemmer
from bot.text.stopwords import STOPWORDS
from bot.text.tokenizer import whole_words

_EXACT, _INFLECTED, _PREFIX, _EDITED = 1.0, 0.95, 0.9, 0.8
_TWO_EDITS = 0.6
_SHORTEST_PREFIX = 3
_LONGEST = 12  # words of a name
_EDIT_FROM, _TWO_EDITS_FROM = 4, 8  # letters from which on a word may have slips
_FILLERS = frozenset({"story", "stories", "news", "topic", "article", "articles", "latest"})


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Names that a text may mean equally well.

    Attributes:
        names: The names, in the order in which they were given.
        quality: From 0 to 1, how well each word of the text fits: 1 for the very words.
    """

    names: tuple[str, ...] = ()
    quality: float = 0.0


NO_MATCH = NameMatch()


@dataclass(frozen=True, slots=True)
class NameRating:
    """A name that a text may mean.

    Attributes:
        name: The name.
        quality: From 0 to 1, how well each word of the text fits.
        is_whole: True when the text has as many words as the name, so that it is no part of it.
    """

    name: str
    quality: float
    is_whole: bool

    @property
    def is_exact(self) -> bool:
        """True when the text is the whole name, but for signs and words that tell nothing."""
        return self.is_whole and self.quality == _EXACT


def match_name(typed: str, names: Iterable[str], known: Collection[str] = ()) -> NameMatch:
    """Finds the names of which a text gives some or all words, the best match alone.

    Args:
        typed: The text.
        names: The names.
        known: Words that are no slips and no beginnings, as `typed_words` folds them: nothing else
            is meant by them, such as Cardiff by `car`.
    """
    rated = rate_names(typed, names, known)
    if not rated:
        return NO_MATCH
    best = rated[0].quality
    found = [one for one in rated if one.quality == best]
    whole = [one for one in found if one.is_whole]
    return NameMatch(tuple(one.name for one in whole or found), best)


def rate_names(
    typed: str, names: Iterable[str], known: Collection[str] = ()
) -> Sequence[NameRating]:
    """Rates the names of which a text gives some or all words, the best first.

    Args:
        typed: The text.
        names: The names.
        known: As `match_name` takes them.
    """
    words = typed_words(typed)
    if not 0 < len(words) <= _LONGEST:
        return ()
    stem = new_stemmer()
    rated = (_rate(words, name, known, stem) for name in names)
    return sorted((one for one in rated if one.quality), key=lambda one: -one.quality)


def _rate(words: list[str], name: str, known: Collection[str], stem: Stem) -> NameRating:
    own = whole_words(name)
    return NameRating(name, _quality(words, own, known, stem), _is_whole(words, own))


def _is_whole(words: list[str], name: list[str]) -> bool:
    bare = _bare(name)
    is_as_long = len(bare) == len(words) or "".join(bare) == "".join(words)
    return words == name or (is_as_long and not STOPWORDS.issuperset(words))


def typed_words(typed: str) -> list[str]:
    """Returns the words of a text that name something, folded: `the ferries` gives `ferries`."""
    return _bare(whole_words(typed))


def _bare(words: list[str]) -> list[str]:
    """Leaves out words that tell nothing, unless there are no others."""
    told = [word for word in words if word not in STOPWORDS]
    return [word for word in told if word not in _FILLERS] or told or words


def _quality(words: list[str], name: list[str], known: Collection[str], stem: Stem) -> float:
    """Returns how well the worst of the words fits one of the name's; 0 if one fits none.

    Words may be together in the one and apart in the other (`covid19`).
    """
    apart = min(
        max((_likeness(word, one, known, stem) for one in name), default=0.0) for word in words
    )
    return max(apart, _likeness("".join(words), "".join(_bare(name)), known, stem))


def _likeness(word: str, other: str, known: Collection[str], stem: Stem) -> float:
    if word == other:
        return _EXACT
    if stem(word) == stem(other):
        return _INFLECTED
    if word in known:
        return 0.0
    if len(word) >= _SHORTEST_PREFIX and other.startswith(word):
        return _PREFIX
    if len(word) < _EDIT_FROM:
        return 0.0
    most = 2 if len(word) >= _TWO_EDITS_FROM else 1
    edits = OSA.distance(word, other, score_cutoff=most)
    return {1: _EDITED, 2: _TWO_EDITS}.get(edits, 0.0) if edits <= most else 0.0
