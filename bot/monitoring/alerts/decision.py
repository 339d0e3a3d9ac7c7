"""The decision of what to tell: each trouble once, and its end once, as a pure function."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime

from bot.monitoring.alerts.model import AlertKind, Condition, Known


def decide(
    known: Known, found: Iterable[Condition], sources: Container[str], now: datetime
) -> tuple[Known, Sequence[Condition]]:
    """Returns the troubles that are known from now on, and what has to be told.

    What nothing is found of stays as it is known: a platform that has nothing to post, a clock
    that nobody tells the time.

    Args:
        known: The troubles that were told before.
        found: What is well and what is not.
        sources: The ids of the sources in the configuration; others' troubles are forgotten.
        now: The time.
    """
    after = {key: since for key, since in known.items() if _is_current(key, sources)}
    told = [one for one in found if one.is_trouble is not (one.key in after)]
    for one in told:
        if one.is_trouble:
            after[one.key] = now
        else:
            del after[one.key]
    return after, told


def _is_current(key: str, sources: Container[str]) -> bool:
    kind, _, what = key.partition(":")
    return kind != AlertKind.SOURCE or what in sources
