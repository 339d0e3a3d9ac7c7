"""Which stories are looked at, as conditions of a statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from bot.query import Filter
from store.codec import to_micros


def filtered(within: Filter) -> tuple[str, list[str], dict[str, str | int]]:
    """The tables, the conditions and the values that a filter means."""
    tables, conditions, values = "stories", list[str](), dict[str, str | int]()
    if within.topic is not None:
        tables = "stories JOIN story_topics ON story_topics.story = stories.row"
        conditions.append("story_topics.topic = (SELECT row FROM topics WHERE key = :topic)")
        values["topic"] = within.topic.casefold()
    if within.source is not None:
        conditions.append("stories.source = :source")
        values["source"] = within.source
    if within.since is not None:
        instant = to_micros(within.since.instant)
        day = _midnight(within.since.day)
        conditions.append("stories.published >= :earliest")  # lets the index skip what is older
        conditions.append("stories.published >= iif(stories.date_only, :day, :instant)")
        values |= {"earliest": min(instant, day), "day": day, "instant": instant}
    if within.before is not None:
        conditions.append("stories.published < iif(stories.date_only, :before_day, :before)")
        values["before"] = to_micros(within.before.instant)
        values["before_day"] = _midnight(within.before.day)
    return tables, conditions, values


def _midnight(day: date) -> int:
    return to_micros(datetime.combine(day, time.min, UTC))


def where_clause(conditions: Sequence[str]) -> str:
    """The conditions as a clause."""
    # None at all for none: SQLite counts a whole table by the sums in its index, but not with
    # `WHERE TRUE`.
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""
