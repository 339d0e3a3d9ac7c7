from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.subscriptions.schedule import (
    AT_ONCE,
    Quiet,
    Rhythm,
    Timetable,
    daily,
    hourly,
    monthly,
    weekly,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FIRST, LAST = datetime(2005, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)

# With an hour more in summer, with half an hour, with none; one that left out a day, one whose
# clocks go back for Ramadan; gaps and repeated hours at midnight; quarters of an hour.
ZONES = tuple(
    map(
        ZoneInfo,
        (
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Tokyo",
            "Pacific/Apia",
            "Africa/Casablanca",
            "America/Sao_Paulo",
            "Asia/Kathmandu",
            "Asia/Gaza",
            "America/Havana",
            "UTC",
        ),
    )
)
BERLIN, LORD_HOWE, APIA = ZONES[0], ZONES[2], ZONES[4]
LEFT_OUT = date(2011, 12, 30)  # in Apia, which went to the other side of the date line


@cache
def changes(zone: ZoneInfo) -> list[datetime]:
    """When the clocks of a zone were or will be changed."""
    days = [FIRST + n * DAY for n in range((LAST - FIRST) // DAY)]
    return [_change(day, zone) for day in days if are_turned(day, day + DAY, zone)]


def _change(start: datetime, zone: ZoneInfo) -> datetime:
    second = timedelta(seconds=1)
    at = bisect_left(
        range(DAY // second), x=True, key=lambda n: are_turned(start, start + n * second, zone)
    )
    return start + at * second


def are_turned(start: datetime, end: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks were changed in between."""
    return start.astimezone(zone).utcoffset() != end.astimezone(zone).utcoffset()


def datetimes(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    bounds = first.replace(tzinfo=None), last.replace(tzinfo=None)
    return st.datetimes(*bounds, timezones=st.just(UTC))


def moments(zone: ZoneInfo) -> st.SearchStrategy[datetime]:
    """Any, and many near a change of the clocks."""
    anytime = datetimes(FIRST, LAST)
    if not changes(zone):
        return anytime
    near = st.integers(-3 * 1440, 3 * 1440).map(lambda minutes: minutes * MINUTE)
    return anytime | st.builds(datetime.__add__, st.sampled_from(changes(zone)), near)


zoned = st.sampled_from(ZONES).flatmap(lambda zone: st.tuples(st.just(zone), moments(zone)))
times = st.builds(time, st.integers(0, 23), st.integers(0, 59)) | st.sampled_from(
    [time(0), time(0, 30), time(1, 30), time(2), time(2, 15), time(2, 30), time(23, 59)]
)
dailies = times.map(daily)
many_times = st.lists(times, min_size=1, max_size=4)
repeated = st.builds(lambda clock: daily(*clock), many_times)
of_weekdays = st.builds(
    lambda days, clock: weekly(days, *clock),
    st.sets(st.integers(0, 6), min_size=1, max_size=6),
    many_times,
)
monthlies = st.builds(lambda day, clock: monthly(day, *clock), st.integers(1, 31), many_times)
several_hours = st.integers(1, 23).map(hourly)
weeklies = st.builds(lambda at, day: weekly((day,), at), times, st.integers(0, 6))


@st.composite
def quiets(draw: st.DrawFn) -> Quiet:
    start, end = draw(times), draw(times)
    assume(start != end)
    return Quiet(start, end)


def walk(table: Timetable, start: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    while True:
        start = table.next(start, zone)
        yield start


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def ends_a_gap(moment: datetime, zone: ZoneInfo) -> bool:
    return local(moment, zone) - local(moment - MINUTE, zone) > MINUTE


def shown(table: Timetable, start: str, zone: ZoneInfo, count: int) -> list[str]:
    """The next times, as the clocks there show them."""
    after = datetime.fromisoformat(start).replace(tzinfo=zone)
    return [f"{one.astimezone(zone):%d %H:%M%z}" for one in islice(walk(table, after, zone), count)]


# Posts


def test_what_is_posted_at_once_waits_for_nothing() -> None:
    after = datetime(2026, 11, 23, 12, 0, 1, tzinfo=BERLIN)

    assert AT_ONCE.next(after, BERLIN) == after
    assert AT_ONCE.next(after, BERLIN).tzinfo is UTC


def test_an_hour_is_full_by_the_local_clock() -> None:
    hourly = Timetable(Rhythm.HOURLY)

    assert shown(hourly, "2026-11-23T12:00", ZoneInfo("Asia/Kathmandu"), 2) == [
        "23 13:00+0545",
        "23 14:00+0545",
    ]


def test_a_full_hour_that_the_clocks_leave_out_is_where_they_go_on() -> None:
    assert shown(Timetable(Rhythm.HOURLY), "2026-10-04T01:10", LORD_HOWE, 2) == [
        "04 02:30+1100",
        "04 03:00+1100",
    ]


@pytest.mark.parametrize(
    ("at", "start", "expected"),
    [
        ((2, 30), "2026-03-28T12:00", ["29 03:00+0200", "30 02:30+0200"]),
        ((2, 0), "2026-03-28T12:00", ["29 03:00+0200", "30 02:00+0200"]),
        ((3, 0), "2026-03-28T12:00", ["29 03:00+0200", "30 03:00+0200"]),
        ((2, 30), "2026-10-24T12:00", ["25 02:30+0200", "26 02:30+0100"]),
        ((8, 0), "2026-10-24T08:00", ["25 08:00+0100", "26 08:00+0100"]),
    ],
)
def test_a_day_has_one_time_whatever_the_clocks_do(
    at: tuple[int, int], start: str, expected: list[str]
) -> None:
    assert shown(daily(time(*at)), start, BERLIN, 2) == expected


def test_a_time_in_half_an_hour_that_is_left_out_is_right_after_it() -> None:
    assert shown(daily(time(2, 15)), "2026-10-03T12:00", LORD_HOWE, 2) == [
        "04 02:30+1100",
        "05 02:15+1100",
    ]


def test_a_day_that_is_left_out_has_no_time() -> None:
    assert shown(daily(time(8)), "2011-12-28T12:00", APIA, 3) == [
        "29 08:00-1000",
        "31 08:00+1400",
        "01 08:00+1400",
    ]


def test_a_weekday_that_is_left_out_is_made_up_for_when_it_is_over() -> None:
    fridays = weekly((LEFT_OUT.weekday(),), time(8))

    assert shown(fridays, "2011-12-23T08:00", APIA, 2) == ["31 00:00+1400", "06 08:00+1400"]


@given(zoned)
def test_the_next_hour_is_at_most_an_hour_away_and_full(where: tuple[ZoneInfo, datetime]) -> None:
    zone, after = where
    found = Timetable(Rhythm.HOURLY).next(after, zone)

    assert after < found <= after + HOUR
    assert local(found, zone).minute == 0 or are_turned(after, found, zone)


@given(zoned, dailies | weeklies)
def test_the_next_time_is_later_and_as_wished(
    where: tuple[ZoneInfo, datetime], table: Timetable
) -> None:
    zone, after = where
    span = 7 * DAY if table.rhythm is Rhythm.WEEKLY else DAY
    found = table.next(after, zone)

    assert found.tzinfo is UTC
    assert after < found
    # A time that is left out is made up for as soon as the clocks go on.
    spare = DAY if zone is APIA else HOUR
    assert local(found, zone) - local(after, zone) <= span + spare
    if not ends_a_gap(found, zone):
        assert local(found, zone).time() in table.times
        assert table.rhythm is Rhythm.DAILY or local(found, zone).weekday() in table.weekdays


@given(zoned, dailies)
def test_each_local_day_has_one_time(where: tuple[ZoneInfo, datetime], table: Timetable) -> None:
    zone, start = where
    days = [local(one, zone).date() for one in islice(walk(table, start, zone), 9)]

    between = [days[0] + n * DAY for n in range((days[-1] - days[0]).days + 1)]
    assert days == [day for day in between if zone is not APIA or day != LEFT_OUT]


@given(zoned, dailies | weeklies, st.integers(0, 10_000))
def test_nothing_comes_between_a_time_and_the_next(
    where: tuple[ZoneInfo, datetime], table: Timetable, seconds: int
) -> None:
    zone, after = where
    found = table.next(after, zone)
    between = min(after + timedelta(seconds=seconds), found - timedelta(microseconds=1))

    assert table.next(between, zone) == found


@given(st.sampled_from(sorted(available_timezones())), st.data())
def test_every_zone_has_a_next_time(name: str, data: st.DataObject) -> None:
    zone = ZoneInfo(name)
    after = data.draw(datetimes(datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)))

    assert after < data.draw(dailies).next(after, zone) <= after + 2 * DAY
    assert after < Timetable(Rhythm.HOURLY).next(after, zone) <= after + HOUR
    quiet = data.draw(quiets())
    until = quiet.until(after, zone)
    assert until is None or after < until <= after + 2 * DAY


def test_what_means_the_same_is_equal() -> None:
    assert Timetable(Rhythm.HOURLY, (time(9),), (3,), 4) == hourly()
    assert Timetable(Rhythm.DAILY, (time(9, 0, 30),), (3,)) == daily(time(9))
    assert daily(time(18), time(9), time(18)) == daily(time(9), time(18))
    assert weekly((3,), time(9)) != weekly((4,), time(9))
    assert weekly((4, 0, 4), time(9)) == weekly((0, 4), time(9))
    assert weekly(range(7), time(9)) == daily(time(9))


@pytest.mark.parametrize("weekday", [-1, 7])
def test_a_week_has_seven_days(weekday: int) -> None:
    with pytest.raises(ValueError, match="no weekday"):
        weekly((weekday,), time(8))


@pytest.mark.parametrize("day", [0, 32])
def test_no_month_has_more_than_31_days(day: int) -> None:
    with pytest.raises(ValueError, match="no month"):
        monthly(day)


@pytest.mark.parametrize("hours", [0, 24])
def test_some_hours_are_less_than_a_day(hours: int) -> None:
    with pytest.raises(ValueError, match="not divided"):
        hourly(hours)


# Several times, several days, every few hours, months


def test_a_day_may_have_several_times() -> None:
    assert shown(daily(time(18), time(8)), "2026-11-23T12:00", BERLIN, 3) == [
        "23 18:00+0100",
        "24 08:00+0100",
        "24 18:00+0100",
    ]


def test_times_that_the_clocks_leave_out_together_are_one() -> None:
    assert shown(daily(time(2), time(2, 30), time(9)), "2026-03-28T12:00", BERLIN, 3) == [
        "29 03:00+0200",
        "29 09:00+0200",
        "30 02:00+0200",
    ]


def test_weekdays_are_the_named_ones_through_the_change_of_clocks() -> None:
    assert shown(weekly((3, 0), time(8)), "2026-10-22T08:00", BERLIN, 3) == [
        "26 08:00+0100",
        "29 08:00+0100",
        "02 08:00+0100",
    ]


@pytest.mark.parametrize(
    ("day", "start", "expected"),
    [
        (31, "2027-01-31T08:00", ["28 08:00", "31 08:00", "30 08:00"]),
        (31, "2028-01-31T08:00", ["29 08:00", "31 08:00", "30 08:00"]),
        (30, "2027-01-30T08:00", ["28 08:00", "30 08:00", "30 08:00"]),
        (29, "2027-02-01T08:00", ["28 08:00", "29 08:00", "29 08:00"]),
        (1, "2026-12-15T08:00", ["01 08:00", "01 08:00", "01 08:00"]),
    ],
)
def test_a_month_that_is_shorter_has_its_last_day(
    day: int, start: str, expected: list[str]
) -> None:
    found = shown(monthly(day), start, ZoneInfo("UTC"), 3)
    assert [one.removesuffix("+0000") for one in found] == expected


def test_every_few_hours_are_those_of_the_local_clock_from_midnight_on() -> None:
    assert shown(hourly(5), "2026-11-23T14:59", ZoneInfo("Asia/Kathmandu"), 4) == [
        "23 15:00+0545",
        "23 20:00+0545",
        "24 00:00+0545",
        "24 05:00+0545",
    ]


@given(zoned, repeated | of_weekdays | monthlies | several_hours)
def test_what_is_next_is_later_and_of_the_timetable(
    where: tuple[ZoneInfo, datetime], table: Timetable
) -> None:
    zone, after = where
    found = table.next(after, zone)
    assert found.tzinfo is UTC
    assert after < found
    at = local(found, zone)
    if ends_a_gap(found, zone):
        return
    assert table.rhythm is Rhythm.HOURLY or at.time() in table.times
    assert table.rhythm is not Rhythm.WEEKLY or at.weekday() in table.weekdays
    is_last = (at + DAY).month != at.month
    of_month = at.day == table.day or (is_last and at.day < table.day)
    assert table.rhythm is not Rhythm.MONTHLY or of_month
    assert table.rhythm is not Rhythm.HOURLY or table.hours == 1 or at.hour % table.hours == 0


def longest_wait(table: Timetable) -> timedelta:
    """How far apart two times of a timetable are at most, by clocks that are never changed."""
    if table.rhythm is Rhythm.HOURLY:
        return table.hours * HOUR
    if table.rhythm is Rhythm.MONTHLY:
        return 31 * DAY
    if table.rhythm is Rhythm.WEEKLY:
        following = (*table.weekdays[1:], table.weekdays[0] + 7)
        return max(map(int.__sub__, following, table.weekdays)) * DAY
    return DAY


@given(zoned, repeated | of_weekdays | monthlies | several_hours)
def test_what_is_next_is_never_further_away_than_the_timetable_allows(
    where: tuple[ZoneInfo, datetime], table: Timetable
) -> None:
    zone, after = where
    spare = DAY if zone is APIA else HOUR
    found = table.next(after, zone)
    assert local(found, zone) - local(after, zone) <= longest_wait(table) + spare


@given(zoned, repeated | of_weekdays | monthlies | several_hours, st.integers(0, 200_000))
def test_nothing_comes_between_a_time_and_the_next_of_any_timetable(
    where: tuple[ZoneInfo, datetime], table: Timetable, seconds: int
) -> None:
    zone, after = where
    found = table.next(after, zone)
    between = min(after + timedelta(seconds=seconds), found - timedelta(microseconds=1))
    assert table.next(between, zone) == found


# Quiet hours

NIGHT = Quiet(time(22), time(7))


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-23T21:59:59", None),
        ("2026-11-23T22:00", "2026-11-24T07:00"),
        ("2026-11-24T00:00", "2026-11-24T07:00"),
        ("2026-11-24T06:59:59", "2026-11-24T07:00"),
        ("2026-11-24T07:00", None),
    ],
)
def test_quiet_hours_go_over_midnight(now: str, until: str | None) -> None:
    found = NIGHT.until(datetime.fromisoformat(now).replace(tzinfo=BERLIN), BERLIN)

    assert found == (datetime.fromisoformat(until).replace(tzinfo=BERLIN) if until else None)
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        # The end is left out, and so is the hour after which it would be quiet again.
        (Quiet(time(22), time(2, 30)), "2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00"),
        (Quiet(time(3), time(2, 30)), "2026-03-29T01:00+01:00", "2026-03-30T02:30+02:00"),
        # The end is shown twice: each time it is the end.
        (Quiet(time(22), time(2, 30)), "2026-10-25T02:15+02:00", "2026-10-25T02:30+02:00"),
        (Quiet(time(22), time(2, 30)), "2026-10-25T02:15+01:00", "2026-10-25T02:30+01:00"),
    ],
)
def test_quiet_hours_end_whatever_the_clocks_do(quiet: Quiet, now: str, until: str) -> None:
    assert quiet.until(datetime.fromisoformat(now), BERLIN) == datetime.fromisoformat(until)


def test_quiet_hours_go_on_over_a_day_that_is_left_out() -> None:
    now = datetime(2011, 12, 29, 23, tzinfo=APIA)

    assert NIGHT.until(now, APIA) == datetime(2011, 12, 31, 7, tzinfo=APIA)


@given(zoned, quiets())
def test_quiet_hours_end_later_at_their_end_and_not_before(
    where: tuple[ZoneInfo, datetime], quiet: Quiet
) -> None:
    zone, now = where
    until = quiet.until(now, zone)

    clock = local(now, zone).time()
    within = quiet.start <= clock < quiet.end
    if quiet.start > quiet.end:
        within = clock >= quiet.start or clock < quiet.end
    assert (until is not None) == within
    if until is not None:
        assert now < until
        assert quiet.until(until, zone) is None
        assert quiet.until(until - timedelta(microseconds=1), zone) == until
        assert local(until, zone).time() == quiet.end or ends_a_gap(until, zone)


def test_quiet_hours_are_no_whole_day_and_no_none() -> None:
    with pytest.raises(ValueError, match="another time"):
        Quiet(time(7), time(7, 0, 30))
