"""Activity of topics: how many stories each has, since when, and how many of late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import TopicOrigin

RECENT = timedelta(days=7)
"""Time whose stories count as recent."""

BEFORE = timedelta(days=28)
"""Time before that, which tells what is usual."""

_LIVELY = timedelta(days=30)
_AT_LEAST = 3  # recent stories of a topic that rises
_TIMES = 2  # as many as usual


@dataclass(frozen=True, slots=True)
class TopicActivity:
    """The life of a topic: how many stories it has, and how recent they are.

    Attributes:
        name: Its name.
        origin: Where it comes from.
        stories: How many stories it has.
        first: When the first one was published; None when it has none.
        last: When the newest one was.
        recent: How many were published in the last week.
        usual: How many that would be of usual: as many as in the weeks before, for all that was
            published then and now. Where nothing was published before, as many as there are.
    """

    name: str
    origin: TopicOrigin = TopicOrigin.DESK
    stories: int = 0
    first: datetime | None = None
    last: datetime | None = None
    recent: int = 0
    usual: float = 0.0

    @property
    def is_rising(self) -> bool:
        """True when the last week had many more stories of it than usual."""
        return self.recent >= _AT_LEAST and self.recent >= _TIMES * self.usual

    def is_lively(self, now: datetime) -> bool:
        """Tells if it had a story in the last thirty days."""
        return self.last is not None and now - self.last <= _LIVELY
