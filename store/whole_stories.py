"""Whole stories beside what ranks them: where few match, nothing needs to be asked for again."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from bot.model import Story
from store.codec import to_story
from store.ports import Row
from store.stories import EVENT_TELLERS, OTHER_SOURCES, TOPICS_OF_STORY

MOST_WHOLE = 10
"""Matches of which all is read at once; of more, most would be read in vain."""

_PLAIN = (
    "source key date_only url place byline image image_alt enclosures categories language body"
    " headings"
).split()
_LISTS = {"topics": TOPICS_OF_STORY, "also": OTHER_SOURCES, "told_by": EVENT_TELLERS}
_NAMES = (*_PLAIN, *_LISTS)


def whole_column(few: str) -> str:
    """Returns the column of all that a candidate lacks of its story, as JSON.

    Args:
        few: The condition under which it is read; elsewhere the column is NULL.
    """
    plain = (f"stories.{name}" for name in _PLAIN)
    lists = (f"{query} || ''" for query in _LISTS.values())  # as a text, whatever JSON it is
    return f"CASE WHEN {few} THEN json_array({', '.join((*plain, *lists))}) END"


def whole_story(row: Row, whole: str | None) -> Callable[[], Story] | None:
    """Returns what makes the story of a candidate's row; None where not all of it was read."""
    return None if whole is None else partial(_make, row, whole)


def _make(row: Row, whole: str) -> Story:
    rest = dict(zip(_NAMES, json.loads(whole), strict=True))
    return to_story(rest | {name: row[name] for name in row.keys()})  # noqa: SIM118
