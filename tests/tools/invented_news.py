"""Invented news of some weeks, for the README's picture of trends."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta

from stories import story

from bot.model import Story, Topic

_NAMES = "Harbour tunnel, Night trains, 大阪万博, Ferries, Wildfires, Elections, Vaccines".split(
    ", "
)
_WEEKS = 12

TOPICS = [Topic(name, f'"{name}"') for name in _NAMES]
"""The topics of the news."""


def invented_news(now: datetime) -> Iterator[Story]:
    """Yields the stories of the weeks before a time, in which each topic has its own time."""
    for place, topic in enumerate(TOPICS):
        for week in range(_WEEKS):
            wave = math.sin((week - 1.7 * place) / (1.6 + place % 3))
            for number in range(round((9 - place) * (1.15 + wave))):
                published = now - timedelta(weeks=_WEEKS - 1 - week, hours=2 + number)
                title = f"{topic.name} {week} {number}"
                yield story(title, published=published, topics=(topic.name,))
