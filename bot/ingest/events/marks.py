"""Marks of headlines: what agencies and desks put before and behind them, `UPDATE 2-` or `(1)`."""

from __future__ import annotations

import re

_BEFORE = re.compile(
    r"\A(?:(?:UPDATE|REFILE|RPT|CORRECTED|WRAPUP|EXCLUSIVE|BREAKING|BRIEF|VIDEO|WATCH)"
    r"\s*\d*\s*[-:]\s*)+"
)
_SLUG = re.compile(r"\A[A-Z][A-Z &/]{3,}-(?=[A-Z])")  # `US STOCKS-Shares rise`
_BEHIND = re.compile(
    r"\s*(?:[([](?:\d\d?|\+?video|update[ds]?(?: \d)?|correct(?:ed|s))[)\]]"
    r"|(?:\s--?|\s?[–—])\s*(?:\d(?:st|nd|rd|th) )?updated?)\s*\Z",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(r"\b[Nn]o-(?=\w)|\bNo\.\s?(?=\d)")  # `no-confidence vote`, `No. 1`


def without_marks(title: str) -> str:
    """Returns a headline without its marks, and without a `no` that denies nothing."""
    for mark in (_BEFORE, _SLUG, _BEHIND, _NO_DENIAL):
        title = mark.sub("", title)
    return title
