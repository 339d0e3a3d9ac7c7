"""Runs of capitalised words: the names in texts of scripts that have capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.ingest.topics.word_sets import (
    CALENDAR,
    COMPANY_FORMS,
    COUNTRIES,
    NAMELESS,
    NATIONALITIES,
    NOT_FIRST,
    TITLE_PARTS,
    TITLES,
    english_words,
    everyday_words,
)
from bot.text.stopwords import EXTENDED_STOPWORDS

_UPPER = "".join(chr(code) for code in range(0x590) if chr(code).isupper())
_WORD = rf"(?:(?:[{_UPPER}]\.){{2,}}|[{_UPPER}](?:\.(?= )|[\w]*(?:[-’'&/][\w]+)*)\.?)"
_LINKS = "of|de|del|van|von|bin|di|da|du|la|le|el|der|den|al|ibn|&"
_RUN = re.compile(rf"(?<![\w’'&.@#/-]){_WORD}(?:[ \u00a0](?:(?:{_LINKS}) (?:the )?)?{_WORD})*")
_SPLIT = re.compile(r"[ \u00a0]+")
_OWNER = re.compile(r"(?:['’]s|(?<=s)['’])$")
_CONTRACTED = re.compile(r"['’](?:m|re|ve|ll|d|t)$")
_BEGINS = re.compile(r"(?:^|[.!?:;…。“\"‘(\[•–—|]|--)[\"“‘'(\[]{0,4}\s{0,4}[\"“‘'(\[]{0,4}$")
_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|for|is|are|was|on|at|by|with|will)\b")
_LINK_WORDS = frozenset(_LINKS.split("|")) | {"the"}
_ENGLISH_LINKS = frozenset({"the", "of", "&"})
_QUOTES, _CLOSING = "\"'“‘", "\"'”’"
_STATES = "US"  # which is written like a small word
_LOOKBEHIND = 4  # signs before a run that tell whether a sentence begins there
_LONGEST = 5  # words; longer runs are headings
_MOSTLY = 0.6  # of the words of a text in English
_LONGEST_HEADLINE = 200  # signs
_LONG_WORD = 4  # letters of a word that headlines capitalise
_TITLE_CASE = 0.7  # of the long words
_LONGEST_ACRONYM = 6


@dataclass(frozen=True, slots=True)
class CapitalRun:
    """A name as it stands in a text.

    Attributes:
        words: Its words.
        is_certain: False where anything would be capitalised, as at the beginning of a sentence.
    """

    words: tuple[str, ...]
    is_certain: bool


def capital_runs(text: str) -> Iterator[CapitalRun]:
    """Yields the names in a text, without titles, possessives and companies' forms."""
    if text.isupper():
        return
    doubtful = is_title_case(text)
    for match in _RUN.finditer(text):
        begins = bool(_BEGINS.search(text, max(0, match.start() - _LOOKBEHIND), match.start()))
        is_quoted = begins and _is_quoted(text, match)
        for at, (words, may_begin) in enumerate(_parts(match[0])):
            is_first = may_begin and (begins or at > 0)
            for part in _without_everyday(words) if doubtful else (words,):
                bare = _bare(part, is_first=is_first and not is_quoted)
                if bare:
                    yield CapitalRun(bare, not (is_first or doubtful))


def _is_quoted(text: str, match: re.Match[str]) -> bool:
    """Tells if a run is all that stands in quotes: `the ‘My Number’ card`."""
    return (
        match.start() > 0
        and text[match.start() - 1 : match.start()] in _QUOTES
        and (text[match.end() : match.end() + 1] in _CLOSING)
    )


def is_title_case(text: str) -> bool:
    """Tells if a line capitalises all words, as headlines do; a sentence of names does not."""
    if len(text) > _LONGEST_HEADLINE or text.rstrip().endswith("."):
        return False
    words = [word for word in text.split()[1:] if len(word) >= _LONG_WORD and word.isalpha()]
    capital = sum(not word.islower() for word in words)
    return len(words) > 2 and capital >= _TITLE_CASE * len(words)  # noqa: PLR2004


def is_english(text: str) -> bool:
    """Tells if a text is English, as far as its small words tell."""
    if _ENGLISH.search(text):
        return True
    small = [word for word in text.split() if word.islower() and word.isalpha()]
    known = sum(word in english_words() for word in small)
    return known > 0 and known >= _MOSTLY * len(small)


def _parts(run: str) -> Iterator[tuple[list[str], bool]]:
    """Yields the parts of a run that possessives and full stops cut.

    With each, True where a sentence may begin: with the first part, and behind a full stop.
    """
    part: list[str] = []
    may_begin = True
    for word in _apart(_SPLIT.split(run)):
        bare = _OWNER.sub("", word)
        stops = word.endswith(".") and not _is_abbreviated(word)
        part.append(bare.rstrip(".") if "." not in bare[:-1] else bare)
        if stops or bare != word:
            yield part, may_begin
            part, may_begin = [], stops
    if part:
        yield part, may_begin


def _apart(words: list[str]) -> Iterator[str]:
    """Yields the words of a run, of two names that a hyphen joins with a cut between them."""
    for at, word in enumerate(words):
        one, sign, other = word.partition("-")
        if sign and 0 < at < len(words) - 1 and other[:1].isupper():
            yield f"{one}’s"
            yield other
        else:
            yield word


def _is_abbreviated(word: str) -> bool:
    bare = word.rstrip(".").lower()
    return "." in word[:-1] or len(bare) == 1 or bare in TITLES or bare in {"st", "mt", "ft"}


def _without_everyday(words: list[str]) -> Iterator[list[str]]:
    """Yields the rows of words of a headline in capitals that are no everyday words."""
    row: list[str] = []
    for word in words:
        if word.lower() in english_words():
            if row:
                yield row
            row = []
        else:
            row.append(word)
    if row:
        yield row


def _bare(words: list[str], *, is_first: bool) -> tuple[str, ...]:
    """Strips from a run what belongs to no name; gives none where nothing is left."""
    words = _behind_titles([_cut_tail(word) for word in words])
    while words and _is_before(words, is_first=is_first):
        words = words[1:]
        is_first = False
    while words and _is_behind(words[-1].lower()):
        words = words[:-1]
    if not words or len(words) > _LONGEST or (len(words) == 1 and _is_nameless(words[0])):
        return ()
    if all(word.lower() in NAMELESS or word.lower() in NATIONALITIES for word in words):
        return tuple(words) if len(words) > 1 and not _all_origins(words) else ()
    return tuple(words)


def _all_origins(words: list[str]) -> bool:
    return all(word.lower() in NATIONALITIES or word.lower() in CALENDAR for word in words)


def _cut_tail(word: str) -> str:
    """Cuts what makes another word of a name: `US-led`, `Japan-resident`."""
    head, sign, tail = word.partition("-")
    return head if sign and tail.islower() and tail in english_words() else word


def _behind_titles(words: list[str]) -> list[str]:
    """Returns what stands behind the last title: `UK Foreign Secretary Jack Straw`."""
    last = max((at for at, word in enumerate(words) if word.lower() in TITLES), default=0)
    return words[last + 1 :] if last and last + 2 < len(words) else words


def _is_before(words: list[str], *, is_first: bool) -> bool:
    word = words[0].lower()
    if word in TITLES or word in CALENDAR or word in NOT_FIRST:
        return True
    if word in _LINK_WORDS:  # `La Liga` and `El Salvador`, but `The Hague` has long been `Hague`
        return word in _ENGLISH_LINKS or words[0].islower() or len(words) == 1
    if word in TITLE_PARTS and len(words) > 1 and words[1].lower() in TITLES:
        return True
    return is_first and word in everyday_words() and words[0] != _STATES


def _is_behind(word: str) -> bool:
    return word in COMPANY_FORMS or word in _LINK_WORDS or word in CALENDAR


def _is_nameless(word: str) -> bool:
    small = word.lower()
    if "-" in small and all(
        part in NATIONALITIES or part in COUNTRIES for part in small.split("-")
    ):
        return True
    if word == _STATES:
        return False
    if len(small.strip(".")) < 2 or small in NAMELESS:  # noqa: PLR2004
        return True
    if small in NATIONALITIES or small.removesuffix("s") in NATIONALITIES:
        return True
    if small in EXTENDED_STOPWORDS or _CONTRACTED.search(small):
        return True
    return small in everyday_words() and not is_acronym(word)


def is_acronym(word: str) -> bool:
    """Tells if a word is an abbreviation of capitals, such as `NTT`."""
    return len(word) <= _LONGEST_ACRONYM and sum(map(str.isupper, word)) > 1
