"""Agreement: whether a story tells what a development tells.

It is judged by the development's first story, which is the one that was posted: what joins it is
not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from bot.ingest.events.contradictions import contradict, markets
from bot.ingest.events.figures import differ
from bot.ingest.events.headline_forms import NEWS, QUESTION, REACTION, SERIES
from bot.ingest.events.likeness import (
    UNLIKE,
    Rarity,
    likeness_of_copies,
    likeness_of_leads,
    likeness_of_titles,
)
from bot.ingest.events.requirements import LEAST, required
from bot.ingest.events.terms import EventTerms, is_address, is_number

_DRIFT = 0.26  # how much less than others a copy of what has joined may be like the first

_SURE = 0.1  # more than titles must share, from which on leads need not agree
_APART = 0.05  # less than leads must share: they tell something else
_BESIDE = 0.4  # of what titles lack, leads must have more
_LITTLE = 0.3  # that titles lack at most


def agreement(
    one: EventTerms, members: Sequence[EventTerms], vector: Mapping[str, float], idf: Rarity
) -> float:
    """Returns how much more a story agrees with a development than it must to tell the same.

    Names alone do not tell: who is in the news is so for several things at once. What is told of
    one place, or of nobody in particular, is not what is told of another place; and a headline that
    asks comments on what another reports.

    Args:
        one: The terms of a story.
        members: Those of the development's stories, its first one first.
        vector: The story's, made by these inverse document frequencies.
        idf: Inverse document frequencies, undamped: within an event the rare words tell.

    Returns:
        Less than 0 where it tells something else.
    """
    first = members[0]
    if not _are_of_like_forms(one, first):
        return UNLIKE
    found = _likeness(one, members, vector, idf)
    if found < 0 or not _may_tell_alike(one, first) or _counts_otherwise(one, members):
        return UNLIKE
    return found


def may_be_copy(one: EventTerms, first: EventTerms) -> bool:
    """Tells if titles let one text be a copy of another: those of one template look like copies."""
    return _are_of_like_forms(one, first) and not contradict(one, first)


def _likeness(
    one: EventTerms, members: Sequence[EventTerms], vector: Mapping[str, float], idf: Rarity
) -> float:
    first, *others = members
    titles, leads = likeness_of_titles(one, members, idf), None
    if one.lead and first.lead:
        leads = likeness_of_leads(one, first, vector, idf)
    if max(titles + _DRIFT, UNLIKE if leads is None else leads) < LEAST:
        return UNLIKE  # nearly all end here
    more = required(one, members)
    found = titles - more if leads is None else _with_leads(titles - more, leads - more)
    if others and 0 > found > -_DRIFT and one.form == first.form and markets(one) == markets(first):
        found = max(found, likeness_of_copies(one, others, idf))
    return found


def _with_leads(titles: float, leads: float) -> float:
    """Returns how alike titles and leads are together, of how much each are."""
    if titles < _SURE and leads < -_APART:
        return UNLIKE
    return max(titles, leads + _BESIDE * min(0.0, max(titles, -_LITTLE)))


def _are_of_like_forms(one: EventTerms, other: EventTerms) -> bool:
    """Tells if the forms of two headlines let them tell the same.

    A report is none of what a question asks, and a guide is no gallery. Each issue of a series is
    about what it names. What somebody says to a report is none.
    """
    if one.denies != other.denies:
        return False
    if one.form == other.form:
        return one.form != SERIES or _are_of_one_issue(one, other)
    forms = {one.form, other.form}
    return NEWS in forms and forms.isdisjoint((QUESTION, REACTION, SERIES))


def _counts_otherwise(one: EventTerms, members: Sequence[EventTerms]) -> bool:
    """Tells if a title counts what those of a development do, and comes to none of their figures.

    The first may count nothing, and what has joined it may.
    """
    return differ(one.figures, tuple(chain.from_iterable(other.figures for other in members)))


def _are_of_one_issue(one: EventTerms, other: EventTerms) -> bool:
    """Tells if two titles of a series name the same, of which there must be something."""
    mine, theirs = (set(one.names), _numbers(one)), (set(other.names), _numbers(other))
    return any(mine) and mine == theirs and not _count_others(one, other)


def _count_others(one: EventTerms, other: EventTerms) -> bool:
    """Tells if each of two titles counts something, and none of it is what the other counts."""
    return bool(one.figures and other.figures) and set(one.figures).isdisjoint(other.figures)


def _numbers(one: EventTerms) -> set[str]:
    return set(filter(is_number, one.words))


def _may_tell_alike(one: EventTerms, other: EventTerms) -> bool:
    return (
        not contradict(one, other)
        and not _name_others(one, other)
        and _share_deed(one, other)
        and not _share_persons_alone(one, other)
    )


def _share_persons_alone(one: EventTerms, other: EventTerms) -> bool:
    """Tells if two titles share names, and beside these only what goes with a name, as `King`.

    Leads tell more than that, and are compared.
    """
    if one.lead and other.lead:
        return False
    shared = set(one.title).intersection(other.title)
    plain = shared.difference(one.names, other.names)
    return len(plain) < len(shared) and bool(plain) and all(map(is_address, plain))


def _share_deed(one: EventTerms, other: EventTerms) -> bool:
    """Tells if two main clauses have a word in common; what is told beside them is known."""
    if not one.main and not other.main:
        return True
    mine, theirs = one.deed, other.deed
    return not mine or not theirs or not mine.isdisjoint(theirs)


def _name_others(one: EventTerms, other: EventTerms) -> bool:
    """Tells if each of two titles has names, and none that the other title has."""
    has_names = bool(one.names and other.names)
    return has_names and not (one.has_name_of(other) or other.has_name_of(one))
