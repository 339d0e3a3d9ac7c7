"""Filters in SQL: which stories a question is about, and in what order they are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from bot.search.query import Filter
from store.codec import to_micros


def _or_date(story: str, day: str, instant: str) -> str:
    """Returns the expression of a bound: a date for a story whose time of day nobody knows."""
    return f"CASE WHEN {story}.date_only = 1 THEN :{day} ELSE :{instant} END"


def filter_sql(within: Filter) -> tuple[str, list[str], dict[str, str | int]]:
    """Returns the tables, the conditions and the values of a filter."""
    tables, conditions, values = "stories", list[str](), dict[str, str | int]()
    if within.topic is not None:
        tables = "stories JOIN story_topics ON story_topics.story = stories.row"
        conditions.append("story_topics.topic = (SELECT row FROM topics WHERE key = :topic)")
        values["topic"] = within.topic.casefold()
    listed = "stories"
    if within.source is not None:
        listed = "story_sources"
        tables += " JOIN story_sources ON story_sources.story = stories.row"
        conditions.append("story_sources.source = :source")
        values["source"] = within.source
    if within.since is not None:
        instant = to_micros(within.since.instant)
        day = _midnight(within.since.day)
        conditions.append(f"{listed}.published >= :earliest")  # lets the index skip what is older
        conditions.append(f"stories.published >= {_or_date('stories', 'day', 'instant')}")
        values |= {"earliest": min(instant, day), "day": day, "instant": instant}
    if within.before is not None:
        instant = to_micros(within.before.instant)
        day = _midnight(within.before.day)
        conditions.append("stories.published < :last")  # as above, of what is newer
        conditions.append(f"stories.published < {_or_date('stories', 'before_day', 'before')}")
        values |= {"last": max(instant, day), "before_day": day, "before": instant}
    return tables, conditions, values


_MEETS = {
    "topic": """EXISTS (SELECT 1 FROM story_topics WHERE story = other.row
        AND topic = (SELECT row FROM topics WHERE key = :topic))""",
    "source": "EXISTS (SELECT 1 FROM story_sources WHERE story = other.row AND source = :source)",
    "since": f"other.published >= {_or_date('other', 'day', 'instant')}",
    "before": f"other.published < {_or_date('other', 'before_day', 'before')}",
}


def repeats_sql(within: Filter) -> str:
    """Returns the condition by which a listed story tells what another one does.

    That other one meets the filter, too, and comes before it in its development. The values are
    those of the filter.
    """
    meets = [one for name, one in _MEETS.items() if getattr(within, name) is not None]
    if not meets:
        return "EXISTS (SELECT 1 FROM event_stories WHERE story = stories.row AND follows = 1)"
    return f"""
        EXISTS (SELECT 1 FROM event_stories AS mine
            JOIN event_stories AS first USING (development)
            JOIN stories AS other ON other.row = first.story
            WHERE mine.story = stories.row AND mine.follows = 1 AND {" AND ".join(meets)}
                AND (first.follows, other.published, other.row)
                    < (1, stories.published, stories.row))
    """


def order_sql(within: Filter, way: str) -> str:
    """Returns the order in which stories are listed, as an index has it; `way` is ASC or DESC."""
    if within.topic is not None:
        return f"story_topics.published {way}, story_topics.story {way}"
    if within.source is not None:
        return f"story_sources.published {way}, story_sources.story {way}"
    return f"stories.published {way}, stories.row {way}"


def _midnight(day: date) -> int:
    return to_micros(datetime.combine(day, time.min, UTC))


def where_clause(conditions: Sequence[str]) -> str:
    """Returns the conditions as a clause."""
    # None at all for none: SQLite counts a whole table by the sums in its index, but not with
    # `WHERE TRUE`.
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""
