from __future__ import annotations

from datetime import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.subscriptions.schedule import (
    AT_ONCE,
    Quiet,
    Rhythm,
    Timetable,
    parse_quiet,
    parse_timetable,
)

HOURLY = Timetable(Rhythm.HOURLY)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
TABLES = st.builds(Timetable, st.sampled_from(Rhythm), st.times(), st.integers(0, 6))


def daily(hour: int, minute: int = 0) -> Timetable:
    return Timetable(Rhythm.DAILY, time(hour, minute))


def weekly(day: int, hour: int = 8, minute: int = 0) -> Timetable:
    return Timetable(Rhythm.WEEKLY, time(hour, minute), day)


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
        ("DAILY 8:30", daily(8, 30)),
        ("daily 8.30", daily(8, 30)),
        ("daily at 8am", daily(8)),
        ("daily at 8 p.m.", daily(20)),
        ("daily 12am", daily(0)),
        ("daily 12:30 pm", daily(12, 30)),
        ("daily noon", daily(12)),
        ("daily at Midnight", daily(0)),
        ("daily 24:00", daily(0)),
        ("  every   day at 20:15 ", daily(20, 15)),
        ("weekly", weekly(0)),
        ("weekly 9", weekly(0, 9)),
        ("weekly mon", weekly(0)),
        ("weekly on tues at 7", weekly(1, 7)),
        ("weekly friday 18:00", weekly(4, 18)),
        ("every week", weekly(0)),
        ("every week on sunday", weekly(6)),
        ("every monday at 9", weekly(0, 9)),
        ("every Thu 9:30", weekly(3, 9, 30)),
        ("mondays 9:00", weekly(0, 9)),
        ("Saturdays", weekly(5)),
        ("on wednesdays at noon", weekly(2, 12)),
        ("monday 9:00", weekly(0, 9)),
        ("sun at 9", weekly(6, 9)),
        ("friday 6pm", weekly(4, 18)),
    ],
)
def test_timetables_are_understood_as_people_type_them(typed: str, expected: Timetable) -> None:
    assert parse_timetable(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "at", "8", "8:30", "noon", "once", "expo", "Osaka Expo"),
        *("Daily News", "The Daily", "Daily Mail 8", "daily at", "daily at eight", "dailies"),
        *("Weekly World", "weekly 3 days", "weekly monday friday", "weekly at once"),
        *("Monday", "Sun", "Friday 13", "Suns 9", "Black Friday", "Monday morning", "mon tue 9:00"),
        *("every", "every story", "every 8", "every hour 8", "hourly 8", "now 8", "Now what"),
        *("daily 25", "daily 24:30", "daily 8:60", "daily 8:3", "daily 13pm", "daily 0am"),
        *("daily 8-9", "daily 8 9", "every monday at", "on monday", "at monday 9:00"),
    ],
)
def test_what_is_no_timetable_is_none(typed: str) -> None:
    assert parse_timetable(typed) is None


@given(TABLES)
def test_a_timetable_is_written_as_it_is_read(table: Timetable) -> None:
    assert parse_timetable(str(table)) == table
    assert parse_timetable(str(table).upper()) == table


def test_a_timetable_is_written_as_a_person_would() -> None:
    assert [*map(str, (AT_ONCE, HOURLY, daily(8), weekly(4, 18, 30)))] == [
        "at once",
        "hourly",
        "daily 08:00",
        "weekly friday 18:30",
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


@given(st.text(max_size=40) | st.from_regex(r"(weekly|every|daily|mon)[ a-z0-9:-]{0,20}"))
def test_anything_can_be_typed(typed: str) -> None:
    table, quiet = parse_timetable(typed), parse_quiet(typed)

    assert table is None or parse_timetable(str(table)) == table
    assert quiet is None or parse_quiet(str(quiet)) == quiet
