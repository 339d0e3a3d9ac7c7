"""Editing rules: what an editor would not put into a summary, whatever its words."""

from __future__ import annotations

import re

from bot.ingest.summaries.features import NAMES, Measured
from bot.ingest.summaries.references import PRONOUN

# Of the worth of a word, which is 0.2 or so.
_WRITER_SPEAKS = 0.3
_ASIDE = 0.3
_NOBODY_SPEAKS = 0.1
_ASKS = 0.1
_ASKS_FIRST = 0.4
_HOLDS_BACK = 0.16
_POINTS_BACK = 0.04
_STRAYS = 0.05
_GENERAL = 0.3
_NEWS = 0.06  # more, of what somebody announced, or does now

_FEWEST = 5  # words of a sentence that is no aside: `What?!`, `The jury is out.`
_OPENING = 2  # passages that lead to the news
_FAR = 3  # passages from the beginning, where not all is about the news any more
_LEAST_TOLD = 0.3  # of the title, by a beginning that comes to the point
_AT = {name: at for at, name in enumerate(NAMES)}
_WORD = re.compile(r"[^\W_]")
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|‘[^‘’]*’(?!\w)")
_WRITER = re.compile(
    r"\b(?:I|I[’']\w+|my|me|myself)\b|\b(?:[Tt]oday[’']s|[Tt]his) (?:column|post|subject|topic)\b"
)
_REPORTED = re.compile(r"\b(?:said|says|told|tells|added|adds|wrote|asked)\b")
_PLATITUDE = re.compile(
    r"(?:Any|Anybody|Anyone|Each|Every|Everybody|Everyone|Nobody|No one|Nothing|People|We all)\b"
    r"[^A-Z\d]*$"
)
_QUESTION = re.compile(
    r"(?:(?:And|But|Now|Or|So|Then),? )?(?:what|who|why|how|where|when|which|is|are|was|were|do|"
    r"does|did|can|could|will|would|should|has|have|isn[’']t)\b.*[\w)”’]\?[\"'”’»)\]]*$|"
    r".*？[」』”）]*$|[^?“\"]* (?:and|but|or|so) [^?“\"]{0,150}\w\?$",
    re.IGNORECASE,
)
_INTERJECTION = re.compile(r"(?:Ah|Oh|Well|Wow|Hey|OK|Alas)[,!] ")
_TRAILS_OFF = re.compile(r"(?:\.\.|…)[\"'”’»)\]」』”）]*$")
_ANNOUNCES = re.compile(r"Now,? (?:the |[A-Z])|[^.]{0,90}\bannounced\b")
_POINTS_AHEAD = re.compile(r"(?:It|This|There)\b")
_NAMES_NOBODY = re.compile(r"(?:He|She|They|His|Her|Their)\b[^A-Z\d]*$")


def penalty(one: Measured) -> float:
    """Returns by how much each word of a passage is worth less than its features say."""
    text = one.passage.text
    taken = _ASIDE if one.words < _FEWEST or _is_aside(one) else 0.0
    asks = _ASKS if one.passage.position >= _OPENING else _ASKS_FIRST
    taken += asks if _QUESTION.match(text) else 0.0
    taken -= _NEWS if one.passage.position and _ANNOUNCES.match(text) else 0.0
    return taken + _voice(text) + _place(one)


def _is_aside(one: Measured) -> bool:
    text = one.passage.text
    if _INTERJECTION.match(text):
        return True
    return bool(_TRAILS_OFF.search(text[-8:])) and one.features[_AT["title recall"]] < _LEAST_TOLD


def _voice(text: str) -> float:
    """Returns what a passage loses by who speaks: the writer, or somebody who is not named.

    `It's been a while since my last post`, and a quote without anything around it.
    """
    bare = _QUOTED.sub("", text)
    if bare != text and not _WORD.search(bare):
        return _NOBODY_SPEAKS
    return _WRITER_SPEAKS if _WRITER.search(bare) and not _REPORTED.search(bare) else 0.0


def _place(one: Measured) -> float:
    """Returns what a passage loses by its place: it holds the news back, points back, or strays."""
    text, at = one.passage.text, one.passage.position
    on_title, recurs = (one.features[_AT[name]] for name in ("title recall", "recurring pairs"))
    if not on_title and (_PLATITUDE.match(text) or (at == 0 and _NAMES_NOBODY.match(text))):
        return _GENERAL
    if at == 0:
        return _HOLDS_BACK if on_title < _LEAST_TOLD and _POINTS_AHEAD.match(text) else 0.0
    strays = at >= _FAR and not on_title and not recurs
    return _POINTS_BACK * bool(PRONOUN.match(text)) + _STRAYS * strays
