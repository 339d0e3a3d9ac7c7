"""The words of which timetables are made, and what they mean."""

from __future__ import annotations

from bot.subscriptions.clock_words import NAMED_TIMES
from bot.subscriptions.schedule import WEEKDAYS, WEEKEND, WORKDAYS, Rhythm, ordinal

_SHORT = ("mon", "tue tues", "wed", "thu thur thurs", "fri", "sat", "sun")
FULL_DAYS = {form: n for n, day in enumerate(WEEKDAYS) for form in (day, f"{day}s")}
ABBREVIATED_DAYS = {form: n for n, short in enumerate(_SHORT) for form in short.split()}
DAYS = {**FULL_DAYS, **ABBREVIATED_DAYS}
"""The names of the days of the week, counted from Monday as 0, as people type them."""

GROUPS = {
    **dict.fromkeys(("weekday", "weekdays", "workday", "workdays"), WORKDAYS),
    **dict.fromkeys(("weekend", "weekends"), WEEKEND),
}
RHYTHMS = {
    "hourly": Rhythm.HOURLY,
    "daily": Rhythm.DAILY,
    "everyday": Rhythm.DAILY,
    "weekly": Rhythm.WEEKLY,
    "monthly": Rhythm.MONTHLY,
}
"""The words that name a rhythm by themselves."""

UNITS = {
    "hour": Rhythm.HOURLY,
    "day": Rhythm.DAILY,
    "week": Rhythm.WEEKLY,
    "month": Rhythm.MONTHLY,
}
HOURS = frozenset({"hour", "hours", "hrs", "h"})
TO = frozenset({"-", "to", "till", "through"})
JOINS = frozenset({"at", "@", "on", "in", "the", "of", "and", "&", ",", "a"})
EXCEPT = frozenset({"except", "excluding", "but", "not"})
LAST_DAY = 31
ORDINALS = {ordinal(day): day for day in range(1, LAST_DAY + 1)} | {
    "first": 1,
    "last": LAST_DAY,
}

KEYWORDS = (*RHYTHMS, *FULL_DAYS, *GROUPS, *NAMED_TIMES, "every")
"""Words of the grammar of which a slip can be told from other words."""
