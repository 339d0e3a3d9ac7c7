from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.feed.dates import from_timestamp, parse_date

NOON = datetime(2023, 11, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Wed, 29 Nov 2023 12:00:00 GMT",
        "Wed, 29 Nov 2023 21:00:00 +0900",
        "Wed, 29 Nov 2023 12:00:00",
        "29 Nov 2023 12:00 UT",
        "Wednesday, 29-Nov-23 07:00:00 EST",
        "Wendsday, 29 November 2023 13:00:00 CET",
        "Wed,29 Nov 2023 14:00:00 GMT+2",
        "Wed Nov 29 12:00:00 2023",
        "Wed Nov 29 04:00:00 PST 2023",
        "Wed Nov 29 2023 13:00:00 GMT+0100 (Central European Standard Time)",
        "Mer, 29 nov 2023 13:00:00 +0100",
        "mié., 29 nov. 2023 12:00:00 GMT",
        "Nov 29, 2023 12:00 PM",
        "November 29th, 2023 at 12:00",
        "2023-11-29T12:00:00Z",
        "2023-11-29T12:00Z",
        "2023-11-29t12:00:00.123456789z",
        "2023-11-29T21:00:00+09:00",
        "2023-11-29T07:00:00-05",
        "2023-11-29 12:00:00",
        "2023-11-29 12:00:00 +0000",
        "2023-11-29 12:00:00 UTC",
        "Wed, 2023/11/29 07:00:00 EST",
        "20231129T120000Z",
        "29/11/2023 12:00",
        "29.11.2023 12:00:00",
        "11/29/2023 12:00:00 PM",
        "1701259200",
        "1701259200000",
        "  2023-11-29T12:00:00Z\n",
    ],
)
def test_dates_are_read_in_the_forms_that_feeds_use(text: str) -> None:
    assert parse_date(text) == NOON


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wed, 29 Nov 2023 24:00:00 GMT", datetime(2023, 11, 30, tzinfo=UTC)),
        ("2023-12-31T24:00:00Z", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("Thu, 01 Jan 04 19:48:21 GMT", datetime(2004, 1, 1, 19, 48, 21, tzinfo=UTC)),
        ("Fri, 01 Jan 99 00:00:00 GMT", datetime(1999, 1, 1, tzinfo=UTC)),
        ("2023", datetime(2023, 1, 1, tzinfo=UTC)),
        ("2023-11", datetime(2023, 11, 1, tzinfo=UTC)),
        ("2023-11-29", datetime(2023, 11, 29, tzinfo=UTC)),
        ("mar, 05 mars 2024 12:00:00 GMT", datetime(2024, 3, 5, 12, tzinfo=UTC)),
        ("2023-11-29T12:00:00+05:30", datetime(2023, 11, 29, 6, 30, tzinfo=UTC)),
    ],
)
def test_odd_dates_are_read_as_they_are_meant(text: str, expected: datetime) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "0001-01-01T00:00:00Z",
        "0000-00-00 00:00:00",
        "Thu, 30 Feb 2023 10:00:00 GMT",
        "1/2/2023",
        "2023-13-01",
        "2023-11-29T25:00:00Z",
        "Wed, 29 Nov 2023 12:61:00 GMT",
        "29 Nov",
        "9" * 5_000,
        "-" * 50,
    ],
)
def test_what_is_no_sure_date_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize("number", [1701259200, 1701259200000, 1701259200.0])
def test_numbers_are_seconds_or_milliseconds(number: float) -> None:
    assert from_timestamp(number) == NOON


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e300, -1e15])
def test_wild_numbers_are_no_date(number: float) -> None:
    assert from_timestamp(number) is None


MOMENTS = st.datetimes(
    datetime(1970, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 4, 14 * 4).map(lambda n: timezone(timedelta(minutes=15 * n))),
).map(lambda moment: moment.replace(microsecond=0))


@given(moment=MOMENTS)
def test_any_moment_survives_being_written(moment: datetime) -> None:
    assert parse_date(format_datetime(moment)) == moment
    assert parse_date(moment.isoformat()) == moment
    assert parse_date(moment.astimezone(UTC).strftime("%a %b %d %H:%M:%S %Y")) == moment


@given(text=st.text() | st.text("0123456789:-/+ TZ.,NovapmGMT", max_size=40))
def test_any_text_gives_a_date_in_utc_or_none(text: str) -> None:
    found = parse_date(text)
    assert found is None or found.tzinfo is UTC
