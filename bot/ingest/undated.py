"""Dates of stories whose source gives none.

Such a story is dated when it is first seen. At the first poll of a source that says nothing: all of
its stories are seen then, and hardly one is of that moment. They keep the source's order, stand
between the dated ones that they are listed with, and never before what is dated now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, groupby
from operator import attrgetter

from bot.model import Story

_STEP = timedelta(seconds=1)  # between stories that nothing else tells apart
_PAST = timedelta(days=1)  # since which stories of a first poll are taken to be there, at least


def date_undated(fetched: Sequence[Story], now: datetime, *, first: bool) -> list[Story]:
    """Gives dates to the stories that have none, so that the source's order stays.

    They stay marked as undated: a story that is known keeps the date that it was first given.

    Args:
        fetched: What the source gives, oldest first, the undated ones in their places.
        now: The time of the poll.
        first: True at the first poll of the source.
    """
    if not first:
        return _redated(fetched, now)
    groups = [list(group) for _, group in groupby(fetched, attrgetter("undated"))]
    for at, group in enumerate(groups):
        if group[0].undated:
            groups[at] = _redated(group, _latest(groups, at, now))
    return list(chain(*groups))


def _latest(groups: Sequence[Sequence[Story]], at: int, now: datetime) -> datetime:
    """Returns the date of the newest of a group of undated stories, seen at a first poll."""
    if at + 1 < len(groups):
        return min(groups[at + 1][0].published - _STEP, now)
    if at == 0:
        return now - _PAST
    return min(max(now - _PAST, groups[at - 1][-1].published + _STEP * len(groups[at])), now)


def _redated(stories: Sequence[Story], latest: datetime) -> list[Story]:
    """Dates the undated ones of these, the last of them with `latest`, the others just before."""
    found: list[Story] = []
    for story in reversed(stories):
        found.append(replace(story, published=latest) if story.undated else story)
        latest -= _STEP if story.undated else timedelta()
    return found[::-1]
