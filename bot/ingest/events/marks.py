"""Marks of headlines: what agencies, desks and sites put around them, `UPDATE 2-` or `(1)`."""

from __future__ import annotations

import re

_BEFORE = re.compile(
    r"\A(?:(?:UPDATE|REFILE|RPT|CORRECTED|WRAPUP|EXCLUSIVE|BREAKING|BRIEF|VIDEO|WATCH"
    r"|MARKET SNAPSHOT|TECH STOCKS)\s*(?:\d+\s*)?[-:]\s*)+"
)
_SLUG = re.compile(r"\A[A-Z][A-Z &/]{3,}-(?=[A-Z])")  # `US STOCKS-Shares rise`
_BEHIND = re.compile(
    r"\s*(?:[([](?:\d\d?|\+?video|update[ds]?(?: \d)?|correct(?:ed|s))[)\]]"
    r"|(?:\s--?|\s?[–—])\s*(?:\d(?:st|nd|rd|th) )?updated?)\s*\Z",
    re.IGNORECASE,
)
_TICKER = re.compile(r" ?\((?:[A-Za-z.]{2,12}: ?)?([A-Z]{1,5}(?:\.[A-Z]{1,2})?)\)(?=[ :,;.?!-]|\Z)")
_LEGAL_FORM = re.compile(
    r",? (?:(?:Company|Co\.?|Corporation|Corp\.?),? )?(?:Inc|Ltd|Plc|PLC|LLC|Corp)\b\.?"
    r"(?: [Nn]ews(?=:))?"
)
# Who says it, where that is nobody in particular: `Ferries to merge: report`.
_SAYERS = r"(?:reports?|sources?|study|studies|survey|polls?|officials?|experts?)"
_SAYER = re.compile(
    rf" ?[-–—:,] ?(?:an? )?{_SAYERS}(?: (?:say|said|find|found|show|suggest)s?)?\Z"
    rf"|\A(?:AP )?{_SAYERS}: ",
    re.IGNORECASE,
)
# What a site puts behind its headlines: its own name.
_SITE = re.compile(
    r"\b(?:Analyst Blog|Quick Facts|Market News|\w{1,40}\.com|TV|News|Times|Post|Herald|Tribune"
    r"|Journal|Gazette|Chronicle|Reuters|Bloomberg|BBC|CNN)\b"
)
_BARS = (" | ", " - ", " – ", " — ")
# `no-confidence vote`, `No. 1`, `when, not if`, `not just`: these deny nothing of what is told.
_NO_DENIAL = re.compile(
    r"\b[Nn]o-(?=\w)|\bNo\.\s?(?=\d)|, [Nn]ot\b[^,]{0,80}\Z|\b[Nn]ot (?:[Jj]ust|[Oo]nly)\b"
    r"|\b[Cc]an['’]t (?:[Ss]top|[Ww]ait|[Mm]iss)\b|\b[Nn]o, "
)


def tickers(title: str) -> list[str]:
    """Returns the tickers that a headline gives in brackets, in small letters: `(NYSE:GM)`."""
    return [ticker.casefold() for ticker in _TICKER.findall(title)]


def without_slugs(title: str) -> str:
    """Returns a headline without what an agency puts before it."""
    return _BEFORE.sub("", title)


def without_marks(title: str) -> str:
    """Returns a headline without its marks, and without a `no` that denies nothing."""
    title = _without_site(title)
    for mark in (_BEFORE, _SLUG, _BEHIND, _SAYER, _NO_DENIAL, _TICKER, _LEGAL_FORM):
        title = mark.sub("", title)
    return title


def _without_site(title: str) -> str:
    """Returns a headline without the name of a site: what is behind a bar, and shorter."""
    for bar in _BARS:
        head, _, tail = title.rpartition(bar)
        is_site = bar == _BARS[0] or _SITE.search(tail)
        if is_site and head.count(" ") > tail.count(" "):
            return head
    return title
