"""Short names in scripts without spaces: `日銀` for `日本銀行`, `선관위` for `선거관리위원회`.

A short name is made of letters of the whole one, in their order: mostly the first letters of its
words, which have two letters each, and at the end often the noun that says what it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.text.tokenizer import fold_in_place

_IDEOGRAPHS, _HANGUL = "\u3400-\u9fff", "\uac00-\ud7a3"
_KINDS = (_IDEOGRAPHS, _HANGUL)
_SHORT = re.compile(f"[{_IDEOGRAPHS}]{{2,4}}|[{_HANGUL}]{{2,4}}")
_KATAKANA = "[\u30a1-\u30fc]"
_CLIPPED = re.compile(f"{_KATAKANA}{{3,5}}")
_NOUNS = "会院省厅法局部党社署校行国军队委处회원법부당청처"
"""Letters at the end of names, folded, that say of what kind it is: a committee, a ministry."""

_INNER, _LAST = 2, 6  # letters that may stand between two of a short name, and before a noun
_PAIR = 2
_REMEMBERED = 512  # patterns


def find_whole_name(short: str, text: str) -> tuple[int, int] | None:
    """Finds the name in a text that a word of two to four letters may be short for.

    Args:
        short: The word.
        text: The text, folded.

    Returns:
        Where the name begins and ends; None where there is none.
    """
    short = fold_in_place(short)
    if not _SHORT.fullmatch(short) or not all(map(text.__contains__, short)):
        return None
    found = _pattern(short).search(text)
    return found.span() if found else None


def find_clipped(clipped: str, text: str) -> tuple[int, int] | None:
    """Finds the word in katakana that another may be clipped from: `マクドナルド` by `マック`.

    What is left of it is its beginning or, as of `スマホ` and `パソコン`, that and a later part.

    Args:
        clipped: The word, of three to five letters.
        text: The text, with its katakana as they are.
    """
    if not _CLIPPED.fullmatch(clipped) or len(clipped.replace("ッ", "").replace("ー", "")) < _PAIR:
        return None
    found = _clipping_pattern(clipped).search(text)
    return found.span() if found else None


@lru_cache(_REMEMBERED)
def _clipping_pattern(clipped: str) -> re.Pattern[str]:
    letters = [f"{letter}[ッー]?" for letter in clipped if letter not in "ッー"]
    begin = "".join(letters[:2])
    end = f"{_KATAKANA}*?{''.join(letters[2:])}" if len(letters) > _PAIR else _KATAKANA
    rest = f"{_KATAKANA}+" if len(letters) > _PAIR else f"{_KATAKANA}*"
    return re.compile(f"(?<!{_KATAKANA}){begin}{end}{rest}")


@lru_cache(_REMEMBERED)
def _pattern(short: str) -> re.Pattern[str]:
    kind = _KINDS[short[0] >= _HANGUL[0]]
    letter, is_noun = f"[{kind}]", short[-1] in _NOUNS
    # What follows a letter of a two-letter word belongs to the name.
    end = "" if is_noun else f"(?:(?<={letter.join(short)}){letter})?"
    if len(short) == _PAIR:
        # Two letters stand in many names by chance: those of a name begin its two words.
        gap = f"{letter}{{1,2}}" if is_noun else letter
        rows = [f"{short[0]}{gap}{short[1]}{end}"]
    else:
        # Letters that stand side by side are of one word, with which a name may begin.
        first, second, last = short[0], short[1], short[-1]
        between = f"{letter}{{1,{_INNER}}}"
        before = f"{letter}{{1,{_LAST if is_noun else _INNER}}}"
        begin = f"{first}{letter}{{0,{_INNER}}}{second}"
        rows = [between.join((begin, *short[2:-1])) + before + last + end]
    if kind == _HANGUL:  # the first letters of words with spaces between them
        rows.append(" ".join(f"(?<!{letter}){one}{letter}*" for one in short))
    return re.compile("|".join(rows))
