"""Sentences: where they end, in scripts with spaces and without."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.text.abbreviations import ABBREVIATIONS, BEFORE_NUMBERS, COMPANY_FORMS, MAY_CLOSE

# A sentence may end at these signs, with whatever closes behind them; then comes a space, and then
# something that can begin one (`iPhone` can). Sentences of many scripts have signs that mean
# nothing else, and Chinese and Japanese ones end without a space; so do sentences whose line break
# got lost on the way (`… on Monday.The firm …`).
_OWN_SIGNS = "。！？।॥۔؟။།።"
_CLOSING = "\"'”’»)\\]"
_END = re.compile(
    rf"(?<![.!?…])[.!?…]+[{_CLOSING}]*"
    r"(?=\s+[\"'“‘«(\[¿¡–—-]*(?:[^\W_a-zß-öø-ÿ]|[a-z][A-Z]))"
    rf"|(?<=[a-z][a-z0-9”’])[.!?]+[{_CLOSING}]*(?=[“‘]?[A-Z][a-z]*(?:[,’']|\s|-[A-Za-z]))"
    rf"|[{_OWN_SIGNS}]+[」』”）{_CLOSING}]*"
)
CLOSED = re.compile(rf"[.!?{_OWN_SIGNS}][\"'”’»)\]」』”）]*$")
"""The end of a text that ends as a sentence does."""

# Who says the quote that has just ended goes on with its sentence: `」と話した`, `”他说`.
_QUOTED_ON = re.compile(
    r"[」』](?:と(?!ころが|ても|もかく|りわけ|くに)|って|など|[のをがはにへ]|で(?!も))"
    r"|”[^\s。！？“”]{0,12}?(?:说|說|道|称|稱|表示|指出|问|問)"
)
_ASKED = re.compile(
    r"[!?][\"”’] (?:[A-Z][\w.’'-]* ){1,4}"
    r"(?:asked|asks|cried|exclaimed|joked|said|says|shouted|told|tweeted|wondered|wrote)"
    r"(?:[.,]| (?:after|as|at|during|her|him|in|last|on|reporters|the|them|us|when|with)\b)"
)
_LAST_WORD = re.compile(r"[^\s(\[“‘\"'—–]+$")
_NEXT_WORD = re.compile(r"\s*\W*(\w*)(\.?)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
# Before these words, and behind those, a number with a full stop is German, Czech or Danish for
# `first`: `am 3. Oktober`, `der 1. FC`.
_ORDERED = re.compile(
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    r"|Jahrhunderts?|Bundesliga|Liga|Mal|Platz|Weltkriegs?)\b"
)
_ORDERING = re.compile(r"\b(?:[Aa]m|[Bb]is|[Dd]as|[Dd]e[mnrs]|[Dd]ie|[Ii]m|[Vv]om|[Zz]u[mr]) $")
_LONGEST_ORDINAL = 3  # digits
_OF_THE_DAY = re.compile(  # what goes on behind `9 a.m.`
    r"\s+(?:[A-Z]{2,4}\b|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z][\w-]*(?: \w+)? [Tt]ime\b"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d)"
)
_STARTERS = frozenset(
    "a according after all also an and another any as at both but by each for from he her his "
    "however i if in it its last many more most much neither on one only or our she since so some "
    "such that the their then there these they this those to today we what when where while who "
    "with you your".split()
)
_HOST = re.compile(r"(?:Com|Net|Org|In|Js|Io|Ai|Uk)\b")
_NO_SPACE = re.compile(r"[。！？][」』”）]*$")


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


def join_sentences(found: Iterable[str]) -> str:
    """Joins sentences to a text, with spaces but behind Chinese and Japanese stops."""
    text = ""
    for one in found:
        text += one if not text or _NO_SPACE.search(text[-4:]) else f" {one}"
    return text


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    if not match[0].startswith("."):
        return not _goes_on(text, match)
    if match.end() < len(text) and not text[match.end()].isspace():
        return _HOST.match(text, match.end()) is None
    return match[0].startswith("..") or _full_stop_ends(text, start, match)


def _full_stop_ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Tells whether a full stop with a space behind it ends its sentence."""
    before = _LAST_WORD.search(text, start, match.start())
    word = before[0] if before else ""
    if word.isdigit() and _is_ordinal(text, start, match, word):
        return False
    if word in {"a.m", "p.m"}:
        return _OF_THE_DAY.match(text, match.end()) is None
    following = _NEXT_WORD.match(text[match.end() : match.end() + 40])
    next_word, stop = following.groups() if following else ("", "")
    if stop and next_word.casefold() in COMPANY_FORMS:
        return False
    return _word_ends(word, next_word)


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Tells whether a sentence goes on behind a quote, or behind a name such as `Yahoo!`."""
    last = match.end() - 1
    if text[last] in '」』”"’':
        return bool(_QUOTED_ON.match(text, last) or _ASKED.match(text, last - 1))
    following = _NEXT_WORD.match(text, match.end(), match.end() + 40)
    return match[0] == "!" and following is not None and following[1].casefold() in COMPANY_FORMS


def _is_ordinal(text: str, start: int, match: re.Match[str], number: str) -> bool:
    """Tells whether a number with a full stop is a place in an order: of a list, or of days."""
    if len(number) > _LONGEST_ORDINAL:
        return False
    before = text[start : match.start() - len(number)]
    follows = text[match.end() : match.end() + 20].lstrip()
    return not before.strip() or bool(_ORDERED.match(follows) or _ORDERING.search(before[-8:]))


def _word_ends(word: str, next_word: str) -> bool:
    """Tells whether the full stop behind a word ends its sentence."""
    folded, follows = word.casefold(), next_word.casefold()
    if folded in BEFORE_NUMBERS:
        return not (next_word[:1].isdigit() or (len(next_word) == 1 and word[0].isupper()))
    if folded in ABBREVIATIONS:
        return folded in MAY_CLOSE and follows in _STARTERS
    if _INITIALS.fullmatch(word):  # `J. Smith` and `the U.S. Senate`, but `in the U.S. The …`
        return "." in word and follows in _STARTERS
    return True
