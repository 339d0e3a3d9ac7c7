"""Phrases of headlines that say what one word says elsewhere: `rolls out` and `launches`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

# A line for each word, with the phrases that say it, as regular expressions.
_PHRASES = r"""
    launch = roll(?:s|ed|ing)? out
    resign = step(?:s|ped|ping)? down | call(?:s|ed|ing)? it quits
    urge = call(?:s|ed|ing)? (?:for|on)
    buy = tak(?:es?|ing) over | took over | snap(?:s|ped|ping)? up
    layoffs = lay(?:s|ing)? off | laid off | job cuts
    reject = turn(?:s|ed|ing)? down
    kill = sho(?:t|ots) dead
    die = pass(?:es|ed)? away
    IPO = go(?:es|ing)? public
    CFO = chief financial officer
    smartphone = smart phone
    cellphone = cell phone | mobile phone
    website = web ?site
    standalone = stand-alone | stand alone
    record = all-time high
    rise = up(?= (?:by |nearly |about |over |more than )?[$€£]?\d)
    fall = down(?= (?:by |nearly |about |over |more than )?[$€£]?\d)
    probe = look(?:s|ed|ing)? into
    outlook = (?:earnings|profit|sales|revenue) (?:guidance|outlook|forecasts?)
    delay = push(?:es|ed|ing)? back | put(?:s|ting)? off
    cancel = call(?:s|ed|ing)? off
    escape = g[eo]t(?:s|ting)? away
    begin = kick(?:s|ed|ing)? off
    raise = rak(?:es?|ed) in | br(?:ing|ings|ought) in | haul(?:s|ed|ing)? in | tak(?:es|ing) in
    oust = vot(?:es?|ed|ing) out | bring(?:s|ing)? down | brought down
    merge = join(?:s|ed|ing)? forces
"""


def join_phrases(text: str) -> str:
    """Returns a text with one word for each phrase that has one."""
    words, pattern = _table()
    return pattern.sub(lambda found: _as_cased(words[found.lastgroup or ""], found[0]), text)


def _as_cased(word: str, phrase: str) -> str:
    return word[0].upper() + word[1:] if phrase[0].isupper() else word


@cache
def _table() -> tuple[dict[str, str], re.Pattern[str]]:
    lines = list(_read())
    groups = "|".join(f"(?P<g{n}>{phrases})" for n, (_, phrases) in enumerate(lines))
    return (
        {f"g{n}": word for n, (word, _) in enumerate(lines)},
        re.compile(rf"(?<![\w-])(?:{groups})(?![\w-])", re.IGNORECASE),
    )


def _read() -> Iterator[tuple[str, str]]:
    for line in _PHRASES.strip().splitlines():
        word, _, phrases = line.partition(" = ")
        yield word.strip(), "|".join(one.strip() for one in phrases.split(" | "))
