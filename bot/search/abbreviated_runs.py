"""Short names in scripts without spaces: `日銀` for `日本銀行`, `선관위` for `선거관리위원회`.

A short name is made of letters of the whole one, in their order: mostly the first letters of its
words, which have two letters each, and at the end often the noun that says what it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_IDEOGRAPHS, _HANGUL, _KATAKANA = (
    re.compile(f"[{letters}]+") for letters in ("\u3400-\u9fff", "\uac00-\ud7a3", "\u30a1-\u30fc")
)
_NOUNS = "会院省厅法局部党社署校行国军队委处회원법부당청처"
"""Letters at the end of names, folded, that say of what kind it is: a committee, a ministry."""

_LETTER = r"\w"  # of any kind: to compile a class of so many takes as long as a search
_INNER, _OF_NOUN, _LAST = 2, 4, 6  # letters between two of a short name, of one with such a noun,
# and before this
_REST = 3  # letters of a name behind those of its short one
_PAIR = 2
_SHORT, _CLIPPED = range(2, 5), range(3, 6)  # letters of short names, and of clipped words
_REMEMBERED = 512  # patterns


def find_whole_name(short: str, text: str) -> tuple[int, int] | None:
    """Finds the name in a text that a word of two to four letters may be short for.

    Args:
        short: The word, folded.
        text: The text, folded.

    Returns:
        Where the name begins and ends; None where there is none.
    """
    if len(short) not in _SHORT or not all(map(text.__contains__, short)):
        return None
    for kind in (_IDEOGRAPHS, _HANGUL):
        if kind.fullmatch(short):
            found = (one for one in _pattern(short).finditer(text) if _is_of(kind, one[0]))
            one = next(found, None)
            if one is None or short[-1] in _NOUNS:
                return one.span() if one else None
            return one.start(), _end_of_name(kind, text, one.end())
    return None


def _end_of_name(kind: re.Pattern[str], text: str, end: int) -> int:
    """Returns where a name ends: behind the noun that follows, as the `院` of `最高人民法院`."""
    rest = text[end : end + _REST]
    ends = [at for at, letter in enumerate(rest, 1) if letter in _NOUNS and _is_of(kind, rest[:at])]
    return end + max(ends, default=0)


def find_clipped(clipped: str, text: str) -> tuple[int, int] | None:
    """Finds the word in katakana that another may be clipped from: `マクドナルド` by `マック`.

    What is left of it is its beginning or, as of `スマホ` and `パソコン`, that and a later part.

    Args:
        clipped: The word, of three to five letters.
        text: The text, with its katakana as they are.
    """
    if len(clipped) not in _CLIPPED or clipped[0] not in text or not _KATAKANA.fullmatch(clipped):
        return None
    letters = [letter for letter in _plain(clipped) if letter not in "ッー"]
    if len(letters) < _PAIR:
        return None
    words = _KATAKANA.finditer(text)
    return next((one.span() for one in words if _is_clipped(letters, one[0])), None)


def _is_clipped(letters: Sequence[str], word: str) -> bool:
    """Tells if letters may be left of a word: two that begin it, and others of a later part."""
    bare = "".join(letter for letter in _plain(word) if letter not in "ッー")
    begin, end = "".join(letters[:_PAIR]), "".join(letters[_PAIR:])
    return bare.startswith(begin) and len(bare) > len(letters) and end in bare[_PAIR:]


def _plain(word: str) -> str:
    """Returns a word in katakana with an F as older words have it: the `フォ` of phones as `ホ`."""
    for sound, plain in (("ファ", "ハ"), ("フィ", "ヒ"), ("フェ", "ヘ"), ("フォ", "ホ")):
        word = word.replace(sound, plain)
    return word


def _is_of(kind: re.Pattern[str], name: str) -> bool:
    """Tells if a name is of one kind of letters; those of Hangul may have spaces."""
    return all(map(kind.fullmatch, name.split(" ")))


@lru_cache(_REMEMBERED)
def _pattern(short: str) -> re.Pattern[str]:
    is_noun = short[-1] in _NOUNS
    # What follows a letter of a two-letter word belongs to the name.
    end = "" if is_noun else f"(?:(?<={_LETTER.join(short)}){_LETTER})?"
    if len(short) == _PAIR:
        # Two letters stand in many names by chance: those of a name begin its two words.
        gap = f"{_LETTER}{{1,2}}" if is_noun else _LETTER
        rows = [f"{short[0]}{gap}{short[1]}{end}"]
    else:
        # Letters that stand side by side are of one word, with which a name may begin.
        between = f"{_LETTER}{{1,{_OF_NOUN if is_noun else _INNER}}}"
        before = f"{_LETTER}{{1,{_LAST if is_noun else _INNER}}}"
        begin = f"{short[0]}{_LETTER}{{0,{_OF_NOUN if is_noun else _INNER}}}{short[1]}"
        rows = [between.join((begin, *short[2:-1])) + before + short[-1] + end]
    if _HANGUL.fullmatch(short):  # the first letters of words with spaces between them
        rows.append(" ".join(rf"\b{one}{_LETTER}*" for one in short))
    return re.compile("|".join(rows))
