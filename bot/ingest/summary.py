"""Summaries: a few whole sentences that tell what a story says."""

from __future__ import annotations

import re

from bot.model import Story

LENGTH = 300
"""Characters a summary has at most."""

# A sentence may end at these signs, with whatever closes behind them; then comes a space, and then
# something that can begin one. Chinese and Japanese sentences end without a space.
_END = re.compile(
    r"(?<![.!?…])[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[–—-]?[^\W_a-zß-öø-ÿ])|[。！？]+[」』”）]*"
)
_ABBREVIATIONS = frozenset(
    """
    adm ave bros capt cf cmdr co col corp dept det dr ed e.g esq est etc fig fr ft gen gov hon i.e
    inc insp jr lt ltd maj messrs mr mrs ms mt mx no nos op ph.d pres prof pt rep reps rev sen sens
    sgt sr st supt univ viz vol vs jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed
    thu thur thurs fri sat sun
    """.split()
)
# Those of them that often close a sentence too: `… said Kosaido Co. The firm …`
_MAY_CLOSE = frozenset("bros co corp etc inc jr ltd sr".split())
_LAST_WORD = re.compile(r"[^\s(\[“‘\"']+$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_STARTERS = frozenset(
    "a according after an and as at both but by for he her his however in it its many most on she "
    "since some such that the their there these they this those to we when while".split()
)


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
    if not match[0].startswith(".") or match[0].startswith(".."):
        return True
    before = _LAST_WORD.search(text, start, match.start())
    word = before[0] if before else ""
    following = re.match(r"\s*\W*(\w*)", text[match.end() : match.end() + 40])
    next_word = following[1] if following else ""
    if word.casefold() in _ABBREVIATIONS:
        return word.casefold() in _MAY_CLOSE and next_word.casefold() in _STARTERS
    if _INITIALS.fullmatch(word):  # `J. Smith` and `the U.S. Senate`, but `in the U.S. The …`
        return "." in word and next_word.casefold() in _STARTERS
    return True


def opening(story: Story, length: int = LENGTH) -> str:
    """The sentences that a story opens with, as many whole ones as fit into `length` characters.

    They are taken from its first paragraph that says something, and from those that follow it. A
    first sentence that is too long by itself is cut between words and ends in an ellipsis.
    """
    summary = ""
    for paragraph in story.paragraphs:
        if paragraph.heading:
            if summary:
                break
            continue
        for sentence in sentences(paragraph.text):
            longer = f"{summary} {sentence}".strip()
            if len(longer) > length:
                return summary or _cut(sentence, length)
            summary = longer
    return summary


def _cut(sentence: str, length: int) -> str:
    kept = sentence[: length - 1]
    if not sentence[length - 1].isspace():
        head, _, tail = kept.rpartition(" ")
        # A run without a space (a URL, Chinese) is cut where it stands.
        kept = head if head and len(tail) < length // 2 else kept
    return kept.rstrip(" ,;:–—-") + "…"
