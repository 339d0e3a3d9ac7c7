"""Ideographs: words that stories hold with other letters, as shorter names or as longer ones.

`赖青德`, with one wrong sign, is near `赖清德`, and `月背` is near `月球背面`. A word may be made
of letters of a longer name, as `降准` is of `降低存款准备金率`; and what is asked for by its whole
name is found by its short one: `経済産業省` in a story of `経産省`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from bot.search.ports import Candidate
from bot.search.query import Query, Term
from bot.search.ranking import Fit, RankedStory, sort_ranked
from bot.text.tokenizer import fold, words

WORK = 60_000
"""Postings that looking for letters counts for: those of the commonest ones are about so many."""

_SHORTEST = 2  # letters of a short name
_GAP = 2  # other letters that may stand between two
_NAME_GAP = 6  # ideographs that may stand between two letters of a name
_NAME, _LONGEST_NAME = 4, 12  # letters of a name that stories may have a shorter one for
_SCORE = 0.3  # of a story that holds all first letters of a name
_WHOLE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+|[\uac00-\ud7a3]+")
_INSTITUTIONS = tuple(
    map(
        fold,
        """
        銀行 大学 電力 連合 連盟 同盟 協会 航空 鉄道 組織 放送 證券 委員会 은행 대학 전자 재판소
        """.split(),
    )
)


def near_letters(letters: str) -> re.Pattern[str]:
    """Returns a pattern of two letters in their order, near one another, or of all in one run."""
    pairs = (f"{one}.{{0,{_GAP}}}{other}" for one, other in combinations(letters, 2))
    name = rf"\w{{0,{_NAME_GAP}}}".join(letters)
    return re.compile("|".join((*pairs, name)))


def short_names(pairs: Sequence[str]) -> list[tuple[str, ...]]:
    """Returns what a name of ideographs, or of Hangul, may be shortened to: `経産` and `経産省`.

    A name is made of words of two letters, and its short form of the first letters of these. Any
    others that it has would make other words: `自転` is nothing of `自動運転`. Two letters are one
    of an institution alone: `北京大雪` is none.
    """
    firsts, name = _firsts(pairs), _united(pairs)
    least = _SHORTEST if name.endswith(_INSTITUTIONS) else _SHORTEST + 1
    sizes = range(len(firsts), max(least, len(firsts) - 1) - 1, -1)
    return [tuple(words(firsts[:size])) for size in sizes]


def any_short_name(query: Query) -> Query | None:
    """Returns a query for what any name of a question may be shortened to; None where none may."""
    firsts = [_firsts(term.words) for term in query.terms if not term.quoted]
    pairs = tuple((Term((one[:_SHORTEST],)),) for one in firsts if one)
    return replace(query, alternatives=pairs) if pairs else None


def rank_by_short_names(candidates: Iterable[Candidate], query: Query) -> list[RankedStory]:
    """Ranks the stories that hold short forms of a question's names, the longest first."""
    names = [one for term in query.terms if (one := _firsts(term.words))]
    texts = ((one, fold(f"{one.title} {one.summary} {one.text or ''}")) for one in candidates)
    found = ((one, max(_share_of_name(text, name) for name in names)) for one, text in texts)
    return sort_ranked(
        RankedStory(one, _SCORE * share, fit=Fit.GUESS) for one, share in found if share
    )


def _share_of_name(text: str, firsts: str) -> float:
    """Returns the share of a name's first letters that stand in a row; 0 for one alone."""
    sizes = range(len(firsts), _SHORTEST - 1, -1)
    return next((size for size in sizes if firsts[:size] in text), 0) / len(firsts)


def _firsts(pairs: Sequence[str]) -> str:
    """Returns the first letters of the words of a name; nothing for what is none."""
    name = _united(pairs)
    is_name = _NAME <= len(name) <= _LONGEST_NAME and _WHOLE.fullmatch(name)
    return name[::2] if is_name else ""


def _united(pairs: Sequence[str]) -> str:
    return pairs[0] + "".join(pair[-1] for pair in pairs[1:])
