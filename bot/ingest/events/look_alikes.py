"""Look-alikes: events of one kind that are two, as their numbers, places and names tell.

`Magnitude 6.1 quake strikes Chile` and `Magnitude 5.8 quake strikes Japan` share most of their
words. So do two verdicts, two years' reports and two days' market news.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import product

from bot.ingest.events.figures import are_near
from bot.ingest.events.headline_forms import GUIDE, SERIES
from bot.ingest.events.terms import EventTerms, is_number

_YEAR = re.compile(r"(?:19|20)\d\d|[qh][1-4]")
_TOLL = frozenset("casualti dead death die injur hurt kill miss peopl toll victim wound".split())
_FORM = 0.6  # of the words of two titles, in their order, from which on they have one form
_TEMPLATES = (GUIDE, SERIES)
"""The forms of what is written by a template: with another word, it is about another thing."""
_MATTER = 3  # words of a lead that tell what a story is about
_TOLD_ANEW = 0.4  # of these, that what is told anew has at least
_NEAR = 3  # words around a number in which it is told what it counts


def are_look_alikes(one: EventTerms, other: EventTerms) -> bool:
    """Tells if two stories that are alike in words must be of two events all the same."""
    return _has_other_years(one, other) or _is_filled_in_differently(one, other)


def _has_other_years(one: EventTerms, other: EventTerms) -> bool:
    mine, theirs = _years(one.words), _years(other.words)
    return bool(mine and theirs and not mine & theirs)


def _years(words: Sequence[str]) -> set[str]:
    return {word for word in words if _YEAR.fullmatch(word)}


def share_no_name(one: EventTerms, others: Iterable[EventTerms]) -> bool:
    """Tells if a story has names and all others have, and none of them stands in both."""
    return bool(one.names) and all(
        other.names and not (one.has_name_of(other) or other.has_name_of(one)) for other in others
    )


def _is_filled_in_differently(one: EventTerms, other: EventTerms) -> bool:
    """True where one form of words has another name or number at the same place."""
    if one.form == other.form and one.form in _TEMPLATES:
        return are_of_one_template(one, other)
    return any(_differ(one, other, *places) for places in _replacements(one, other))


def are_of_one_template(one: EventTerms, other: EventTerms) -> bool:
    """Tells if one form of words has others at the same place, whatever these are."""
    return any(_replacements(one, other))


def are_issues(one: EventTerms, other: EventTerms) -> bool:
    """Tells if two stories of one source are issues of a column: one title, and other matter.

    `The week in books` tells of other books each time. What is told anew, or corrected, has more in
    common than its title.
    """
    mine, theirs = set(one.lead), set(other.lead)
    fewer = min(len(mine), len(theirs))
    if set(one.title) != set(other.title) or fewer < _MATTER:
        return False
    return len(mine & theirs) < _TOLD_ANEW * fewer


def _replacements(one: EventTerms, other: EventTerms) -> Iterator[tuple[range, range]]:
    """Yields where two titles of one form have other words; none for titles of two forms."""
    matcher = SequenceMatcher(None, one.words, other.words, autojunk=False)
    if one.words == other.words or matcher.ratio() < _FORM:
        return
    for kind, start, end, from_, to in matcher.get_opcodes():
        if kind == "replace":
            yield range(start, end), range(from_, to)


def _differ(one: EventTerms, other: EventTerms, mine: range, theirs: range) -> bool:
    if "".join(one.words[at] for at in mine) == "".join(other.words[at] for at in theirs):
        return False  # one name, as one word and as two
    numbers = list(_numbers(one.words, mine)), list(_numbers(other.words, theirs))
    if all(numbers) and not any(are_near(*pair) for pair in product(*numbers)):
        return True
    if len(mine) != len(theirs):
        # Another way to say it, rather than another filling, unless there are only names.
        return _are_names(one, mine, other) and _are_names(other, theirs, one)
    return any(
        _are_names(one, [at], other) and _are_names(other, [to], one)
        for at, to in zip(mine, theirs, strict=True)
    )


def _are_names(one: EventTerms, places: Iterable[int], other: EventTerms) -> bool:
    """Tells if all words at some places are names that the other story has nowhere."""
    words = [one.words[at] for at in places]
    return all(word in one.names and word not in other.weights for word in words)


def _numbers(words: Sequence[str], places: range) -> Iterator[float]:
    """Yields the numbers at some places, but for those of victims, which grow by the hour."""
    for at in places:
        around = words[max(0, at - _NEAR) : at + _NEAR + 1]
        if is_number(words[at]) and not _TOLL.intersection(around):
            yield _value(words[at])


def _value(number: str) -> float:
    """Returns what a number is; a version (`15.2.1`) has one dot that counts."""
    whole, *parts = number.replace(",", "").split(".")
    return float(f"{whole}.{''.join(parts)}")
