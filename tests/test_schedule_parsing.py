from __future__ import annotations

from collections.abc import Iterable
from datetime import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.subscriptions import schedule
from bot.subscriptions.clock_words import parse_quiet
from bot.subscriptions.schedule import AT_ONCE, Quiet, Rhythm, Timetable, hourly
from bot.subscriptions.timetable_grammar import parse_timetable

HOURLY = hourly()
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
TABLES = st.builds(
    Timetable,
    st.sampled_from(Rhythm),
    st.lists(st.times(), max_size=4).map(tuple),
    st.sets(st.integers(0, 6), min_size=1).map(tuple),
    st.integers(1, 31),
    st.integers(1, 23),
)
WORKDAYS = range(5)


def daily(*hours: int | tuple[int, int]) -> Timetable:
    return schedule.daily(*map(at, hours))


def weekly(days: int | Iterable[int], *hours: int | tuple[int, int]) -> Timetable:
    return schedule.weekly((days,) if isinstance(days, int) else days, *map(at, hours))


def monthly(day: int, *hours: int | tuple[int, int]) -> Timetable:
    return schedule.monthly(day, *map(at, hours))


def at(hour: int | tuple[int, int]) -> time:
    return time(hour) if isinstance(hour, int) else time(*hour)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("at once", AT_ONCE),
        ("now", AT_ONCE),
        ("Immediately", AT_ONCE),
        ("hourly", HOURLY),
        ("every hour", HOURLY),
        ("daily", daily(8)),
        ("daily 8", daily(8)),
        ("DAILY 8:30", daily((8, 30))),
        ("daily 8.30", daily((8, 30))),
        ("half past 8", daily((8, 30))),
        ("daily quarter to nine", daily((8, 45))),
        ("at 8 o'clock", daily(8)),
        ("8 in the morning", daily(8)),
        ("weekdays 6 in the evening", weekly(WORKDAYS, 18)),
        ("every morning at 7", daily(7)),
        ("every morning at 7 am", daily(7)),
        ("every morning at 19", daily(19)),
        ("each night at 10", daily(22)),
        ("every evening at half past 6", daily((18, 30))),
        ("weekdays in the evening at 6", weekly(WORKDAYS, 18)),
        ("monday morning at seven", weekly([0], 7)),
        ("9:30 at night", daily((21, 30))),
        ("12 at night", daily(0)),
        ("every night", daily(21)),
        ("0830", daily((8, 30))),
        ("daily 0800 0945", daily(8, (9, 45))),
        ("three times a day", daily(8, 13, 18)),
        ("twice per day", daily(8, 18)),
        ("daily digest", daily(8)),
        ("as a weekly roundup on friday", weekly(4, 8)),
        ("daily summary at 18:00", daily(18)),
        ("on the 15th", monthly(15, 8)),
        ("on the 1st at 9", monthly(1, 9)),
        ("every day at lunch", daily(12)),
        ("at breakfast and at dinner", daily(8, 18)),
        ("around 9:30", daily((9, 30))),
        ("mon/thu 8:00", weekly((0, 3), 8)),
        ("8:00/18:00", daily(8, 18)),
        ("daily except sunday", weekly(range(6), 8)),
        ("every day but not on weekends at 9", weekly(WORKDAYS, 9)),
        ("not on weekends", weekly(WORKDAYS, 8)),
        ("weekdays except wed 7:30", weekly((0, 1, 3, 4), (7, 30))),
        ("as it happens", AT_ONCE),
        ("as they come in", AT_ONCE),
        ("ASAP", AT_ONCE),
        ("right now", AT_ONCE),
        ("in real time", AT_ONCE),
        ("daily at 8am", daily(8)),
        ("daily at 8 p.m.", daily(20)),
        ("daily 12am", daily(0)),
        ("daily 12:30 pm", daily((12, 30))),
        ("daily noon", daily(12)),
        ("daily at Midnight", daily(0)),
        ("daily 24:00", daily(0)),
        ("  every   day at 20:15 ", daily((20, 15))),
        ("weekly", weekly(0)),
        ("weekly 9", weekly(0, 9)),
        ("weekly mon", weekly(0)),
        ("weekly on tues at 7", weekly(1, 7)),
        ("weekly friday 18:00", weekly(4, 18)),
        ("every week", weekly(0)),
        ("every week on sunday", weekly(6)),
        ("every monday at 9", weekly(0, 9)),
        ("every Thu 9:30", weekly(3, (9, 30))),
        ("mondays 9:00", weekly(0, 9)),
        ("Saturdays", weekly(5)),
        ("on wednesdays at noon", weekly(2, 12)),
        ("monday 9:00", weekly(0, 9)),
        ("sun at 9", weekly(6, 9)),
        ("friday 6pm", weekly(4, 18)),
        ("weekdays 9:00", weekly(WORKDAYS, 9)),
        ("9:00 weekdays", weekly(WORKDAYS, 9)),
        ("at 9 on workdays", weekly(WORKDAYS, 9)),
        ("mon-fri 7:30", weekly(WORKDAYS, (7, 30))),
        ("Monday to Friday at 9 p.m.", weekly(WORKDAYS, 21)),
        ("daily, mon–fri 8:00", weekly(WORKDAYS, 8)),
        ("fri-mon 8:00", weekly((4, 5, 6, 0), 8)),
        ("weekends at noon", weekly((5, 6), 12)),
        ("monday", weekly(0)),
        ("Sun", weekly(6)),
        ("Friday 13", weekly(4, 13)),
        ("on monday", weekly(0)),
        ("monday morning", weekly(0, 8)),
        ("sunday evening", weekly(6, 18)),
        ("mon,thu 8:00", weekly((0, 3), 8)),
        ("mon, wed & fri at 8 and 18", weekly((0, 2, 4), 8, 18)),
        ("8am tuesdays and saturdays", weekly((1, 5), 8)),
        ("mon tue 9:00", weekly((0, 1), 9)),
        ("weekly monday friday", weekly((0, 4))),
        ("once a week", weekly(0)),
        ("daily 8:00 18:00", daily(8, 18)),
        ("daily 8 and 18", daily(8, 18)),
        ("8:00, 12:30 and 18:00 daily", daily(8, (12, 30), 18)),
        ("twice a day", daily(8, 18)),
        ("daily at eight", daily(8)),
        ("8h30 daily", daily((8, 30))),
        ("daily at 8 o'clock", daily(8)),
        ("at 8", daily(8)),
        ("8am", daily(8)),
        ("8:30", daily((8, 30))),
        ("18h", daily(18)),
        ("morning", daily(8)),
        ("every evening", daily(18)),
        ("in the afternoon", daily(14)),
        ("noon", daily(12)),
        ("every 2 hours", hourly(2)),
        ("every 6h", hourly(6)),
        ("each three hours", hourly(3)),
        ("every 1 hour", HOURLY),
        ("monthly", monthly(1)),
        ("monthly 1st", monthly(1)),
        ("monthly 15", monthly(15)),
        ("monthly 15 9:00", monthly(15, 9)),
        ("monthly on the 31st at 18:00", monthly(31, 18)),
        ("22nd of each month", monthly(22)),
        ("9:00 on the 3rd of the month", monthly(3, 9)),
        ("last day of the month", monthly(31)),
        ("every month at 7", monthly(1, 7)),
    ],
)
def test_timetables_are_understood_as_people_type_them(typed: str, expected: Timetable) -> None:
    assert parse_timetable(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "at", "8", "8 18", "once", "expo", "Osaka Expo", "the", "and", "1st"),
        *("Daily News", "Daily Mail 8", "daily at", "dailies", "mondays at"),
        *("Weekly World", "weekly 3 days", "weekly at once", "first monday", "last day"),
        *("Suns 9", "Black Friday", "monday or so", "mondy", "mondy 8", "wekdays 9:00"),
        *("every", "every story", "every 8", "every hour 8", "hourly 8", "now 8", "Now what"),
        *("daily 25", "daily 24:30", "daily 8:60", "daily 8:3", "daily 13pm", "daily 0am"),
        *("daily 8-9", "every monday at", "25:00", "8:75", "at 25", "daily 8:00 3"),
        *("every 0 hours", "every 24 hours", "every 30 minutes", "every other day", "every 2 days"),
        *("monthly 0", "monthly 32", "monthly 32nd", "monthly monday", "twice a week", "daily 1st"),
    ],
)
def test_what_is_no_timetable_is_none(typed: str) -> None:
    assert parse_timetable(typed) is None


@given(TABLES)
def test_a_timetable_is_written_as_it_is_read(table: Timetable) -> None:
    assert parse_timetable(str(table)) == table
    assert parse_timetable(str(table).upper()) == table


def test_a_timetable_is_written_as_a_person_would() -> None:
    tables = (
        *(AT_ONCE, HOURLY, hourly(2), daily(8), daily(18, 8), weekly(4, (18, 30))),
        *(weekly((3, 0), 8), weekly(WORKDAYS, 9), weekly((5, 6)), monthly(1), monthly(22, 9)),
    )
    assert [*map(str, tables)] == [
        "at once",
        "hourly",
        "every 2 hours",
        "daily 08:00",
        "daily 08:00 18:00",
        "weekly friday 18:30",
        "weekly monday,thursday 08:00",
        "weekdays 09:00",
        "weekends 08:00",
        "monthly 1st 08:00",
        "monthly 22nd 09:00",
    ]


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("22-7", time(22), time(7)),
        ("22:00-07:30", time(22), time(7, 30)),
        ("22.00 - 7.30", time(22), time(7, 30)),
        ("22–7", time(22), time(7)),
        ("22:00 — 07:00", time(22), time(7)),
        ("10pm-7am", time(22), time(7)),
        ("10 PM to 7:30 a.m.", time(22), time(7, 30)),
        ("22 to 7", time(22), time(7)),
        ("from 22 until 07", time(22), time(7)),
        ("midnight to noon", time(0), time(12)),
        ("20-24", time(20), time(0)),
        ("22-7am", time(22), time(7)),
        ("10pm-07:00", time(22), time(7)),
        ("midnight-7am", time(0), time(7)),
        ("1-2", time(1), time(2)),
    ],
)
def test_quiet_hours_are_understood_as_people_type_them(typed: str, start: time, end: time) -> None:
    assert parse_quiet(typed) == Quiet(start, end)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "22", "22-", "-7", "22 7", "off", "at night", "22-7-8", "22:00-07:60", "25-7"),
        *("7-7", "0-24", "7:00 to 7am", "9am-5", "10-7am", "22tomorrow7", "13pm-2am"),
    ],
)
def test_what_are_no_quiet_hours_is_none(typed: str) -> None:
    assert parse_quiet(typed) is None


@given(TIMES, TIMES)
def test_quiet_hours_are_written_as_they_are_read(start: time, end: time) -> None:
    assume(start != end)

    assert parse_quiet(str(Quiet(start, end))) == Quiet(start, end)


def test_quiet_hours_are_written_as_a_person_would() -> None:
    assert str(Quiet(time(22), time(7))) == "22:00-07:00"


@given(
    st.text(max_size=40) | st.from_regex(r"(weekly|every|daily|mon|monthly|at|8)[ a-z0-9:,-]{0,20}")
)
def test_anything_can_be_typed(typed: str) -> None:
    table, quiet = parse_timetable(typed), parse_quiet(typed)

    assert table is None or parse_timetable(str(table)) == table
    assert quiet is None or parse_quiet(str(quiet)) == quiet
