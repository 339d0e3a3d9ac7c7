"""Names similar to what was typed: "did you mean" for typos in the name of something.

Typos in the words of a search are another matter: see `bot.search.spelling`.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

_SIMILAR = 70.0  # how alike (of 100) a name must be to be offered


def similar_names(typed: str, names: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Returns the names most like what was typed, the likest first; none when none is like it."""
    found = process.extract(
        typed,
        list(names),
        scorer=fuzz.WRatio,
        processor=str.casefold,
        limit=limit,
        score_cutoff=_SIMILAR,
    )
    return tuple(name for name, _, _ in found)
