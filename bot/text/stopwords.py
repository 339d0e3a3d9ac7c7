"""Stopwords: words of the questions that people ask around what they search for.

A search leaves them out only when no story holds all that was typed, so a title made of them is
still found; those of the second list, which may well be meant, only when no story holds them beside
the rest. Where stories hold them after all, those come first.
"""

from __future__ import annotations

import re

from bot.text.counted_stories import is_count
from bot.text.function_words import FUNCTION_WORDS
from bot.text.tokenizer import fold

STOPWORDS = frozenset(
    """
    a about all an and any anything are article articles at be by can could d did do does find for
    from get give had happen happened happening happens has have hear heard how i id im in into is
    it its know latest like ll look looking m me my new news now of on or please re read recent
    report reported s said saw search see show some something stories story t tell that the their
    there these they this to today up update updates us ve was we were what whats when where which
    who why will with would you hows theres whens wheres whos whys
    """.split()
)
OPENING_STOPWORDS = frozenset(
    "find happen happened happening happens look looking report reported said see show".split()
)
"""Those that are such only where a question begins: `economies show` asks what economies show."""

GIST_STOPWORDS = STOPWORDS | FUNCTION_WORDS
"""Those that a story is not found by alone, where none holds all that was typed."""

EXTENDED_STOPWORDS = STOPWORDS | frozenset(
    """
    after again ago also am another anybody anyone around as asap ask available back because been
    before being between blog bot both bring brought but call called came check click come coming
    concerning contain containing contains cover coverage covered covering covers curious current
    currently day days dear describe describing detail details dig discuss discussed discusses
    doing done down each earlier else ever every everything exactly explain explained fetch few
    first follow forgot further gave gets getting given gives giving go goes going gonna good got
    grab guess guys having he headline headlines hello help her here hey hi him his idea if info
    inform information interested involving item items ive just keen kind kindly known last lately
    later learn learned let lets link little long looks lot made make many may maybe mention
    mentioned mentioning mentions might mind mine more morning most much must named need needed
    needs next no not nothing off ok okay once one ones only onto other our out over own page
    paper part past perhaps piece pieces point post posted posts pretty previous probably provide
    publish published pull put question quick quickly reading really recall recently reference
    regarding relate related relating remember remind reporting reports request same say saying
    says scoop searching seen send share she should shown shows since situation so somebody
    someone somewhere soon sort source speak spoke still stuff subject such suggest summarize
    summary sure talk talked talking talks telling than thank thanks them then thing things think
    those though thought titled together told tomorrow tonight too topic try trying understand
    updated very via wanna want wanted wants way week weeks well went whatever whether while whole
    whom whose wish within without wonder wondering word words write writes writing written wrote
    yeah yes yesterday yet your arent cant couldnt didnt doesnt dont hasnt havent heres isnt pls plz
    shouldnt thats wasnt werent wont wouldnt youre
    """.split()
)

QUESTION_STOPWORDS = EXTENDED_STOPWORDS | FUNCTION_WORDS
"""The second list with function words of other languages than English."""

_PART_OF_NAME = frozenset("all my new we you your".split())  # right before others: "My Number"
_AROUND = STOPWORDS | frozenset(
    "coverage dated everything headline headlines posted published written your".split()
)
_SIGNS = " \t\r\n,.;:!?"
_WORD = re.compile(r"[^\W_]+")
_LAST = re.compile(r"(?<![^\W_])[^\W_]+\Z")


def strip_stopwords(text: str) -> str:
    """Strips the words of a question from both ends of a text that has other words, too.

    `what happened in china please` gives `china`. A word in capitals (`WHO`) is no such word, and
    neither is anything in quotes.
    """
    left, before = text.strip(_SIGNS), ""
    while (match := _WORD.match(left)) and (_is_stopword(match[0]) or _is_counting(left)):
        before = match[0] if fold(match[0]) in _PART_OF_NAME else ""
        left = left[match.end() :].lstrip("'’").strip(_SIGNS)
    while (match := _LAST.search(left)) and _is_stopword(match[0]):
        left = left[: match.start()].rstrip("'’").strip(_SIGNS)
    return f"{before} {left}" if before and left else left or text


def _is_counting(text: str) -> bool:
    """Tells if a text begins with a count of stories."""
    word, behind = [*_WORD.findall(text)[:2], "", ""][:2]
    return is_count(fold(word), fold(behind))


def is_only_stopwords(text: str) -> bool:
    """Tells if a text has no words but those that are stripped; true for one without words."""
    return all(map(_is_stopword, _WORD.findall(text)))


def _is_stopword(word: str) -> bool:
    is_abbreviation = len(word) > 1 and word.isupper()
    return fold(word) in _AROUND and not is_abbreviation
