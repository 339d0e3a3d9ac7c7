"""References: which passages of a story lean on one before them, without which they puzzle.

A pronoun, `the two sets`, `following the lead`, `The deal was …`, or a name that was introduced
elsewhere: each is clear to who has read that passage, or the title, and to nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.ingest.summaries.passages import Passage
from bot.text.stemming import Stem
from bot.text.tokenizer import words

_PUZZLES = 0.12  # of the worth of a word, which is 0.2 or so
_IS_VAGUE = 0.06
_NEAR_THE_BEGINNING = 70  # characters; later on, a sentence mostly refers to itself
_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|dozen|pair|duo|trio"
_TIMES = (
    "afternoon|autumn|century|decade|evening|fall|month|morning|quarter|season|spring|summer|time|"
    "week|weekend|winter|year|January|February|March|April|May|June|July|August|September|October|"
    "November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
)

PRONOUN = re.compile(
    r"(?:It|He|She|They|That|These|Those|His|Her|Their|Its|Such|There)\b|"
    rf"This\b(?! (?:{_TIMES})\b)|"
    r"(?:And|Because|But|If|Nor|Now|So|Then|Yet)(?:,[^,A-Z]*,)? (?:he|she|they|his|her|their)\b"
)
_LINK = re.compile(
    r"(?:(?:Among|Both|Most|Many|Some|One|All|None|Neither|Half) (?:of )?(?:them|these|those)|"
    r"Of (?:them|these|those)|Another|Others|Something (?:like|similar)|"
    r"The (?:first|next|second|third) [a-z]+ (?:are|came|had|has|have|is|was|were|will)|"
    r"(?:Fewer|More|Other) (?!and\b|or\b|than\b)[a-z]+|Likewise|Similarly|Instead|Conversely|"
    r"However|(?:All told|Altogether|Combined|In all|Together|Taken together)(?=,)|"
    r"As a result|By (?:comparison|contrast)|In (?:addition|comparison|contrast|other words|"
    r"response|turn)|On the (?:contrary|other hand)|At the same time|For (?:example|instance)|"
    r"(?:Despite|Besides|After|Before|Because of|Since) (?:this|that|these|those))\b"
)
_ILLUSTRATES = re.compile(
    r"\bfollow(?:s|ed|ing)? (?:suit\b|(?:the|that|this|their|its|his|her) (?:example|lead|move)\b"
    r"(?! (?:of|by|from|set)))|, for (?:example|instance),"
)
_DEMONSTRATIVE = re.compile(
    rf"\b(?:this (?!(?:{_TIMES})\b)|these (?!days\b)|such (?!as\b|an?\b)|"
    r"those (?!(?:who|whom|whose|that|which|of|in|on|at|with|without|from|for|under|over|not)\b|"
    rf"\w+(?:ing|ed)\b)|[Tt]he (?:same|other|others|former|latter) (?!(?:{_TIMES}|hand|day)\b))"
    r"(?P<noun>\w*)|"
    rf"\b[Tt]he (?:other )?(?:{_NUMBERS}) (?!(?:{_TIMES})s?\b)|"
    r"\b(?:all|any|few|half|many|most|none|one|percent|per cent|some) of (?:them|these|those)\b"
)
_DEFINITE = re.compile(
    r"The (?:(?!(?:and|for|from|in|of|on|that|to|who|with)\b)[a-z-]+ ){0,2}(?P<noun>[a-z][\w-]*)"
    r"(?:, (?!of\b)| (?:also|are|began|came|comes|can|could|did|does|follow(?:s|ed)|forms?|had|has|"
    r"have|is|marks?|may|might|must|said|says|seems|should|then|took|told|was|were|will|would)\b)"
)
_KNOWN_TO_ALL = frozenset(
    "army country economy government internet law military opposition police public state sun "
    "weather world".split()
)
_NAME = re.compile(  # the first two words of one are enough to know it by
    r"(?:(?:After|At|Before|By|During|In|On|Since)\b[^,]*,(?: \d{4},)? )?"
    r"(?:(?:Mr|Mrs|Ms|Messrs|Dr)\.? )?"
    r"(?P<first>[A-Z][\w&.-]+ )?(?P<last>[A-Z][\w&-]+)(?: [A-Z][\w&.-]+){0,2}"
    r"(?:[’']s\b| (?:[a-z]+ed|also|are|believes|bought|built|can|claims|could|expects|had|has|held|"
    r"holds|hopes|is|leads|makes|may|needs|offers|owns|plans|runs|said|says|sells|sold|took|told|"
    r"uses|wants|was|were|will|won|would)\b)"
)
_FULLY = 5  # words of a passage that can introduce something: `Now????` does not


@dataclass(frozen=True, slots=True)
class Leaning:
    """The sentences and names that a passage needs before it.

    Attributes:
        on: The positions of passages; one of them is enough.
        loss: What each word of it is worth less where none of them is shown.
    """

    on: frozenset[int]
    loss: float


def leanings(
    found: Sequence[Passage], headline: frozenset[str], stem: Stem
) -> Iterator[Leaning | None]:
    """Yields what each passage of a story leans on; nothing for one that stands by itself.

    Args:
        found: The passages, in their order.
        headline: The stems of the title's words: what they name needs no other introduction.
        stem: What makes stems.
    """
    before = -1  # the passage that the next one would lean on
    for at, one in enumerate(found):
        yield _leaning(found, at, before, (headline, stem)) if before >= 0 else None
        if one.text.count(" ") >= _FULLY - 1:
            before = at


def _leaning(
    found: Sequence[Passage], at: int, before: int, title: tuple[frozenset[str], Stem]
) -> Leaning | None:
    text = found[at].text
    if _points_back(text, *title):
        return Leaning(frozenset((before,)), _PUZZLES)
    if PRONOUN.match(text):
        return Leaning(frozenset((before,)), _IS_VAGUE)
    if _is_definite(text, *title):
        return Leaning(frozenset((0, before)), _IS_VAGUE)
    introductions = frozenset(_introductions(found, at, *title))
    return Leaning(introductions, _PUZZLES) if introductions else None


def _points_back(text: str, headline: frozenset[str], stem: Stem) -> bool:
    """Tells whether a passage speaks of what only the one before it says."""
    if _LINK.match(text) or _ILLUSTRATES.search(text):
        return True
    points = _DEMONSTRATIVE.search(text, 0, _NEAR_THE_BEGINNING)
    # `India and China agreed that the two …` says itself who they are.
    return bool(
        points
        and " and " not in text[: points.start()]
        and not any(stem(word) in headline for word in words(points["noun"] or ""))
    )


def _is_definite(text: str, headline: frozenset[str], stem: Stem) -> bool:
    """Tells whether a passage is of something that the story's beginning must have named."""
    match = _DEFINITE.match(text)
    if not match or match["noun"] in _KNOWN_TO_ALL:
        return False
    return stem(match["noun"]) not in headline


def _introductions(
    found: Sequence[Passage], at: int, headline: frozenset[str], stem: Stem
) -> Iterator[int]:
    """Yields where before it a passage's subject stands, if that is a name.

    What the title names is known, and what stands without a capital letter, too, is no name:
    `Police said`.
    """
    match = _NAME.match(found[at].text)
    if not match or stem(match["last"].casefold()) in headline:
        return
    name = f"{match['first'] or ''}{match['last']}"
    common = f" {name.lower()} "
    if not any(common in one.text for one in found):
        yield from (one.position for one in found[:at] if name in one.text)
