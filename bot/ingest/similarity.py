"""Similarity: how alike two titles are, and two texts, without keeping the texts."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import zip_longest
from zlib import crc32

from rapidfuzz.distance import OSA, Indel

from bot.text.tokenizer import is_run

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")

_SHINGLE = 3  # words
_SKETCH = 32  # hashes of a text that are kept, as 32-bit numbers
_MOST_WORDS = 1_000  # of a text that are looked at
_RUN = 20  # letters; a longer word is a run of a script without spaces

_TYPO_WORD = 4  # letters of a word from which on one edit makes no other word of it
_TYPOS = 3  # edits of a whole title that still are typos
_TITLE_CASE = 0.6  # of the words, more of which in capitals tell no names
_REWORDED = 0.6  # of the words, in their order


class TitleLikeness(IntEnum):
    """Degrees of likeness of two titles, the least first."""

    OTHER = 0
    REWORDED = 1  # most of the words are the same
    CORRECTED = 2  # but for a typo
    SAME = 3  # but for capital letters, spaces and punctuation


def title_words(title: str) -> tuple[str, ...]:
    """Returns what of a title is compared: its words, without regard to case."""
    return tuple(_WORD.findall(title.casefold()))


def compare_titles(one: str, other: str) -> TitleLikeness:
    """Tells how alike two titles are.

    Titles with different numbers are others, however alike they are: they are parts of a series
    (`Open thread 51`), not corrections of each other.
    """
    mine, theirs = title_words(one), title_words(other)
    if mine == theirs and mine:
        return TitleLikeness.SAME
    if not mine or not theirs or _numbers(mine) != _numbers(theirs):
        return TitleLikeness.OTHER
    if _is_corrected(mine, theirs):
        return TitleLikeness.CORRECTED
    is_reworded = Indel.normalized_similarity(_units(mine), _units(theirs)) >= _REWORDED
    return TitleLikeness.REWORDED if is_reworded else TitleLikeness.OTHER


def differ_by_name(one: str, other: str) -> bool:
    """Returns True for two titles of which each has a name that the other has not.

    They tell of two events (`Flood warning for Hill`, `Flood warning for Lake`). Where most words
    are in capitals, as in English headlines, names cannot be told.
    """
    mine, theirs = _WORD.findall(one), _WORD.findall(other)
    if _is_title_case(mine) or _is_title_case(theirs):
        return False
    return _has_own_name(mine, theirs) and _has_own_name(theirs, mine)


def _is_title_case(words: Sequence[str]) -> bool:
    return sum(word[0].isupper() for word in words) > _TITLE_CASE * len(words)


def _has_own_name(words: Sequence[str], others: Sequence[str]) -> bool:
    known = [other.casefold() for other in others]
    names = (word.casefold() for word in words[1:] if word[0].isupper())  # the first is so anyway
    return any(not any(name == one or _is_typo(name, one) for one in known) for name in names)


def _units(words: Sequence[str]) -> list[str]:
    """Returns words, and the single signs of a script without spaces."""
    return [unit for word in words for unit in (word if is_run(word) else (word,))]


def _numbers(words: Sequence[str]) -> list[str]:
    return [number for word in words for number in _NUMBER.findall(word)]


def _is_corrected(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Returns True when typos, or spaces between words, are all that tells two titles apart."""
    if OSA.distance("".join(mine), "".join(theirs), score_cutoff=_TYPOS) > _TYPOS:
        return False
    if len(mine) != len(theirs):
        return "".join(mine) == "".join(theirs)
    pairs = zip_longest(mine, theirs, fillvalue="")
    return all(one == other or _is_typo(one, other) for one, other in pairs)


def _is_typo(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _TYPO_WORD and OSA.distance(one, other) == 1


@lru_cache(maxsize=4)  # a story is compared with one after another
def sketch(text: str) -> bytes:
    """Returns a sketch of a text: the lowest hashes of its shingles; empty for no text.

    See Broder, On the resemblance and containment of documents (1997). A script without spaces is
    cut letter by letter.
    """
    words = list(_split(text))
    rows = (words[at : at + _SHINGLE] for at in range(max(1, len(words) - _SHINGLE + 1)))
    hashes = {crc32(" ".join(row).encode(errors="surrogatepass")) for row in rows if row}
    lowest = sorted(hashes)[:_SKETCH]
    return struct.pack(f"<{len(lowest)}I", *lowest)


def _split(text: str) -> Iterator[str]:
    for count, found in enumerate(_WORD.finditer(text.casefold())):
        if count == _MOST_WORDS:
            return
        word = found[0]
        if len(word) > _RUN:
            yield from word[:_MOST_WORDS]
        else:
            yield word


def text_likeness(one: bytes, other: bytes) -> float:
    """Returns the part of all shingles of two texts that they share, by their sketches.

    From 0 to 1; 0 when one of them has none.
    """
    mine, theirs = _hashes(one), _hashes(other)
    if not mine or not theirs:
        return 0.0
    lowest = sorted(mine | theirs)[:_SKETCH]
    return len(mine.intersection(theirs, lowest)) / len(lowest)


def _hashes(kept: bytes) -> set[int]:
    return set(struct.unpack(f"<{len(kept) // 4}I", kept))
