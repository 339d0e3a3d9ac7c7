"""The budget of one search: bounds of its work, so that no question costs more than a moment.

Work is counted in postings, each a story that holds one of the words and that the index goes
through. An ordinary question needs a small part of the budget, and counting is the same on every
machine; the time limit is there for what no count foresees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum, auto
from typing import NamedTuple

SECONDS = 3.0
"""The time limit of one statement of a search; the wait for its turn is not counted."""

MAX_WORK = 500_000
"""Postings that the index goes through for one question: about 10 ms."""

LONG = 16
"""Words of a question that are taken for typos; one of more words is a long one."""

PHRASE = 500
"""Postings that looking up one word or phrase of an expression counts for."""

_IN_A_ROW = 2  # postings that one of a phrase's counts for: where in the story it is must be read
_SEEK = 10  # postings that looking for a story in the list of a word counts for


class Breadth(IntEnum):
    """Breadths of a search: how far it goes to find stories, from the very words on."""

    LITERAL = auto()  # stories that hold all the words as they were typed
    CORRECTED = auto()  # or that hold what may be meant by them
    PARTIAL = auto()  # or that hold some of them


class Budget:
    """The work that is left for a question.

    Attributes:
        exhausted: True when something was left out because it would have cost too much.
    """

    def __init__(self, work: int = MAX_WORK) -> None:
        self._left = work
        self.exhausted = False

    def charge(self, work: int) -> None:
        """Takes off work that is done in any case."""
        self._left = max(self._left - work, 0)

    def spend(self, work: int) -> bool:
        """Spends work, and returns True; returns False where less than that is left."""
        if work > self._left:
            self.exhausted = True
            return False
        self._left -= work
        return True


class FormCount(NamedTuple):
    """The numbers of one form of a term.

    Attributes:
        stories: Those that hold it, at most.
        postings: Those that finding all of these takes.
    """

    stories: int
    postings: int


def count_form(form: Sequence[str], count: Callable[[str], int]) -> FormCount:
    """Counts a form, one word or several in a row, by the stories that hold each word."""
    if len(form) == 1:  # as nearly all
        stories = count(form[0])
        return FormCount(stories, stories)
    counts = [count(word) for word in form]
    return FormCount(min(counts), sum(counts) * _IN_A_ROW)


def work_of_all(terms: Sequence[Sequence[FormCount]], excluded: Sequence[FormCount] = ()) -> int:
    """Returns the work of finding the stories that hold one form of each term.

    Args:
        terms: The counts of the forms of each term.
        excluded: The counts of what they must not hold.
    """
    forms = [*(form for term in terms for form in term), *excluded]
    rarest = min((sum(form.stories for form in term) for term in terms), default=0)
    # Each list is gone through to its end, or sought through for the stories of the rarest.
    through = sum(form.postings for form in forms)
    return PHRASE * len(forms) + min(through, _SEEK * rarest * len(forms))
