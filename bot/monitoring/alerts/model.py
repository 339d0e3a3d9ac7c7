"""Conditions that an operator is told of, and which of them are known. All is frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class AlertKind(StrEnum):
    """The kinds of trouble."""

    SOURCE = "source"  # a source is dead
    POSTS = "posts"  # posts on a platform fail
    DISK = "disk"  # hardly any space is free
    CLOCK = "clock"  # the computer's clock is off


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is well or not, as it is now. What is in between, or unknown, has none.

    Attributes:
        kind: What it is.
        what: The source, or the platform; empty where there is only one.
        is_trouble: True when it is not well.
        reason: Why, in one line; empty for nothing.
        amount: Bytes that are free, posts that wait, or seconds that the clock is ahead.
    """

    kind: AlertKind
    what: str
    is_trouble: bool
    reason: str = ""
    amount: float = 0.0

    @property
    def key(self) -> str:
        """Its name, by which it is known to be told."""
        return f"{self.kind}:{self.what}"


@dataclass(frozen=True, slots=True)
class AlertLimits:
    """Limits beyond which something is trouble.

    Attributes:
        min_free: Bytes that are free where the store lies, at least.
    """

    min_free: int = 500 * 1024**2


Known = Mapping[str, datetime]
"""The troubles that were told and last, by key: since when."""

POSTS_FAIL_AFTER = timedelta(minutes=10)
"""The time for which what fails to be sent is tried before that is told."""

CLOCK_OFF, CLOCK_RIGHT = 60.0, 30.0
"""Seconds of offset that are told as trouble, and that are well again."""
