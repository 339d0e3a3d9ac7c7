"""Sentences: where they end, in scripts with spaces and without."""

from __future__ import annotations

import re

# A sentence may end at these signs, with whatever closes behind them; then comes a space, and then
# something that can begin one. Chinese and Japanese sentences end without a space, and so do
# sentences whose line break got lost on the way (`… on Monday.The firm …`).
_CLOSING = "\"'”’»)\\]"
_END = re.compile(
    rf"(?<![.!?…])[.!?…]+[{_CLOSING}]*(?=\s+[\"'“‘«(\[¿¡–—-]*[^\W_a-zß-öø-ÿ])"
    rf"|(?<=[a-z][a-z0-9”’])[.!?]+[{_CLOSING}]*(?=[“‘]?[A-Z][a-z]*(?:[,’']|\s|-[A-Za-z]))"
    r"|[。！？]+[」』”）]*"
)
_ABBREVIATIONS = frozenset(
    """
    adm approx assn ave blvd bros capt cf cmdr co col corp cpl dept dist dept det dr ed e.g est esq
    etc ext fig fr ft gen gov hon hr i.e inc insp intl jr lt ltd maj messrs min mr mrs ms mt mx no
    nos op p pp ph.d pres prof pt pvt rep reps rev rs sec sen sens sgt sq sr st supt univ viz vol vs
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    """.split()
)
# Those of them that often close a sentence too: `… said Kosaido Co. The firm …`
_MAY_CLOSE = frozenset("bros co corp dept etc inc intl jr ltd min p pvt sec sr st".split())
# Words of their own, too, so that they abbreviate only before a number: `No. 1`, but `She said no.`
_BEFORE_NUMBERS = frozenset("fig min no op p sec".split())
_LAST_WORD = re.compile(r"[^\s(\[“‘\"'—–]+$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_STARTERS = frozenset(
    "a according after all also an and another any as at both but by each for from he her his "
    "however i if in it its last many more most much neither on one only or our she since so some "
    "such that the their then there these they this those to today we what when where while who "
    "with you your".split()
)
_HOST = re.compile(r"(?:Com|Net|Org|In|Js|Io|Ai|Uk)\b")


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, in order; `Nov. 28`, `U.S.` and `No. 1` end none."""
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        if _ends(text, start, match):
            found.append(text[start : match.end()].strip())
            start = match.end()
    rest = text[start:].strip()
    return [*found, rest] if rest else found


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    if not match[0].startswith("."):
        return True
    if match.end() < len(text) and not text[match.end()].isspace():
        return _HOST.match(text, match.end()) is None
    if match[0].startswith(".."):
        return True
    before = _LAST_WORD.search(text, start, match.start())
    word = before[0] if before else ""
    following = re.match(r"\s*\W*(\w*)", text[match.end() : match.end() + 40])
    next_word = following[1] if following else ""
    return _word_ends(word, next_word)


def _word_ends(word: str, next_word: str) -> bool:
    """Tells whether the full stop behind a word ends its sentence."""
    folded, follows = word.casefold(), next_word.casefold()
    if folded in _BEFORE_NUMBERS:
        return not (next_word[:1].isdigit() or (len(next_word) == 1 and word[0].isupper()))
    if folded in _ABBREVIATIONS:
        return folded in _MAY_CLOSE and follows in _STARTERS
    if _INITIALS.fullmatch(word):  # `J. Smith` and `the U.S. Senate`, but `in the U.S. The …`
        return "." in word and follows in _STARTERS
    return True
