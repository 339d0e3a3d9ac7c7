"""Clauses of headlines: what is told, and what it is told beside.

`Minister resigns after dam bursts` and `Dam bursts above Gullhaven` share most of their words, and
tell two things: what stands behind `after` is known already.
"""

from __future__ import annotations

import re

_MARK = re.compile(
    r"\b(?:after|ahead of|although|amid(?:st)?|as|because|before|despite|following|if|(?:just )?in "
    r"time for|since|though|unless|until|when|while)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[;,:]| [-–—] ")


def main_clause(title: str) -> str:
    """Returns a headline without its first subordinate clause; the headline itself without one."""
    mark = _MARK.search(title)
    if mark is None:
        return title
    end = _END.search(title, mark.end())
    if not mark.start() and not end:
        return title
    return (title[: mark.start()] + (title[end.end() :] if end else "")).strip()
