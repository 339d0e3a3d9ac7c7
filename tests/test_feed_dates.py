from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.feed.dates import from_timestamp, parse_date, read_date

NOON = datetime(2023, 11, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Wed, 29 Nov 2023 12:00:00 GMT",
        "Wed, 29 Nov 2023 21:00:00 +0900",
        "Wed, 29 Nov 2023 12:00:00",
        "Wed, 29 Nov 2023  07:00:00  EST",
        "Wed, 29 Nov 23 13:00 +01:00",
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
        "Wed, 29 Nov 2023 07:00:00 ET",
        "Wed, 29 Nov 2023 07:00:00 America/New_York",
        "Wed, 29 Nov 2023 14:00:00 EET",
        "Wed, 29 Nov 2023 15:00 MSK",
        "2023-11-29 13:00:00 Europe/Berlin",
        "2023-11-29T13:00:00+01:00[Europe/Berlin]",
        "2023-11-29 17:30 Asia/Kolkata",
        "Nov 29 2023 12:00:00 P.M.",
        "2023-11-29 12:00:00 PM",
        "11/29/2023 - 12:00pm",
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


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-11-06 03:15:00 PM", 15),
        ("2026-11-06 12:15:00 AM", 0),
        ("11/06/2026 03:15 PM", 15),
        ("11/6/2026 12:15 p.m.", 12),
        ("11/06/2026 03:15:00 AM", 3),
        ("6 de noviembre de 2026 3:15 p. m.", 15),
        ("2026-11-06 下午 3:15", 15),
        ("2026年11月6日 上午3:15", 3),
        ("6 Νοεμβρίου 2026 3:15 μ.μ.", 15),
        ("6 نوفمبر 2026 3:15 م", 15),
        ("6 Kas 2026 3:15 ÖS", 15),
        ("6 nov 2026 15:15 PM", 15),
    ],
)
def test_half_days_are_read_in_any_case_and_language(text: str, hour: int) -> None:
    assert parse_date(text) == datetime(2026, 11, 6, hour, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pon, 09 lis 2026 10:00:00 +0100", datetime(2026, 11, 9, 9, tzinfo=UTC)),
        ("pon, 19 lis 2026 10:00:00 +0200", datetime(2026, 10, 19, 8, tzinfo=UTC)),  # Croatian
        ("Пн, 09 ноя 2026 10:00:00 +0300", datetime(2026, 11, 9, 7, tzinfo=UTC)),
        ("Παρ, 06 Νοε 2026 10:00:00 EET", datetime(2026, 11, 6, 8, tzinfo=UTC)),
        ("ΚΥΡ, 12 ΙΟΥΛ 2026 12:00:00 EST", datetime(2026, 7, 12, 17, tzinfo=UTC)),
        ("2026년 11월 06일 10:15:00", datetime(2026, 11, 6, 1, 15, tzinfo=UTC)),
        ("2026년 11월 6일 (금) 오후 3:15", datetime(2026, 11, 6, 6, 15, tzinfo=UTC)),
        ("2026年11月6日 10:15", datetime(2026, 11, 6, 10, 15, tzinfo=UTC)),
        ("2026年1月2日（金）15時04分05秒", datetime(2026, 1, 2, 15, 4, 5, tzinfo=UTC)),
        ("令和8年11月6日 10:15", datetime(2026, 11, 6, 10, 15, tzinfo=UTC)),
        ("民國115年11月6日", datetime(2026, 11, 6, tzinfo=UTC)),
        ("2004-július-13T9:15-05:00", datetime(2004, 7, 13, 14, 15, tzinfo=UTC)),
        ("2026. november 6., péntek 9:05", datetime(2026, 11, 6, 9, 5, tzinfo=UTC)),
        ("mar 10 nov 2026 10:00", datetime(2026, 11, 10, 10, tzinfo=UTC)),
        ("jeudi 6 août 2026 à 15h15", datetime(2026, 8, 6, 15, 15, tzinfo=UTC)),
        ("6 KASIM 2026", datetime(2026, 11, 6, tzinfo=UTC)),
        ("6. marraskuuta 2026 klo 15.15", datetime(2026, 11, 6, 15, 15, tzinfo=UTC)),
        ("6 พ.ย. 2569 10:15 น.", datetime(2026, 11, 6, 10, 15, tzinfo=UTC)),
        ("15:15, 6 tháng 11, 2026", datetime(2026, 11, 6, 15, 15, tzinfo=UTC)),
        ("٦ نوفمبر ٢٠٢٦ ١٠:١٥", datetime(2026, 11, 6, 10, 15, tzinfo=UTC)),
        ("۶ نوامبر ۲۰۲۶", datetime(2026, 11, 6, tzinfo=UTC)),
        ("६ नवंबर २०२६", datetime(2026, 11, 6, tzinfo=UTC)),
        ("2026-11-06 10:15", datetime(2026, 11, 6, 10, 15, tzinfo=UTC)),
        ("Febuary 6, 2026 10:00", datetime(2026, 2, 6, 10, tzinfo=UTC)),
        ("Septmber 6th 2026", datetime(2026, 9, 6, tzinfo=UTC)),
    ],
)
def test_months_are_read_in_the_languages_of_the_world(text: str, expected: datetime) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-W05-3", datetime(2024, 1, 31, tzinfo=UTC)),
        ("2024W053", datetime(2024, 1, 31, tzinfo=UTC)),
        ("2024-W05", datetime(2024, 1, 29, tzinfo=UTC)),
        ("2020-W53-7T10:20+02:00", datetime(2021, 1, 3, 8, 20, tzinfo=UTC)),
        ("2024W053T102030Z", datetime(2024, 1, 31, 10, 20, 30, tzinfo=UTC)),
        ("2024-032", datetime(2024, 2, 1, tzinfo=UTC)),
        ("2024032T1011", None),
        ("2024-366T23:59:59Z", datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2023-366", None),
        ("2023-000", None),
        ("2021-W53-1", None),
        ("20240131101112", datetime(2024, 1, 31, 10, 11, 12, tzinfo=UTC)),
        ("1706695872.25", datetime(2024, 1, 31, 10, 11, 12, tzinfo=UTC)),
        ("/Date(1706695872000+0100)/", datetime(2024, 1, 31, 10, 11, 12, tzinfo=UTC)),
    ],
)
def test_days_by_their_week_or_year_and_timestamps(text: str, expected: datetime | None) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("31.01.2024 um 10:11 Uhr", "de", datetime(2024, 1, 31, 10, 11, tzinfo=UTC)),
        ("31/01/2024 à 10h11", "fr", datetime(2024, 1, 31, 10, 11, tzinfo=UTC)),
        ("Thứ Tư, 31/01/2024 - 10:11", "vi", datetime(2024, 1, 31, 10, 11, tzinfo=UTC)),
        ("10:11, 31.01.2024", "", datetime(2024, 1, 31, 10, 11, tzinfo=UTC)),
        ("3. 1. 2026 v 15:05 CET", "cs", datetime(2026, 1, 3, 14, 5, tzinfo=UTC)),
        ("3.01.2026 г., 15:05", "bg", datetime(2026, 1, 3, 15, 5, tzinfo=UTC)),
        ("٠٣\u200f/٠١\u200f/٢٠٢٦", "ar", datetime(2026, 1, 3, tzinfo=UTC)),
        ("2024 оны 01 сарын 31, 10:11", "mn", datetime(2024, 1, 31, 10, 11, tzinfo=UTC)),
        ("2024 оны 1-р сарын 31", "mn", datetime(2024, 1, 31, tzinfo=UTC)),
        ("2024 оны арваннэгдүгээр сарын 30", "mn", datetime(2024, 11, 30, tzinfo=UTC)),
        ("2024(e)ko urriaren 3(a)", "", datetime(2024, 10, 3, tzinfo=UTC)),
        ("2024ko urriaren 3a, 10:11", "eu", datetime(2024, 10, 3, 10, 11, tzinfo=UTC)),
        ("3 de xan. de 2026", "", datetime(2026, 1, 3, tzinfo=UTC)),
        ("01/03/2026", "es-PA", datetime(2026, 1, 3, tzinfo=UTC)),
        ("01/03/2026", "en-AE", datetime(2026, 3, 1, tzinfo=UTC)),
        ("01/03/2026", "en-CA", None),
        ("01/03/2026 room 7", "de", None),
    ],
)
def test_figures_among_the_words_of_a_language(
    text: str, language: str, expected: datetime | None
) -> None:
    assert parse_date(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "month"),
    [
        ("09 lis 2026", "", 11),
        ("09 lis 2026", "pl", 11),
        ("09 lis 2026", "hr-HR", 10),
        ("9 srp 2026", "cs", 8),
        ("9 srp 2026", "hr", 7),
        ("09/08/2026", "it", 8),
        ("09/08/2026 10:15", "pt-BR", 8),
        ("08/09/2026 3:15 PM", "en-US", 8),
        ("2026(e)ko ekainaren 9(a)", "eu", 6),
    ],
)
def test_the_language_of_a_feed_tells_which_month_is_meant(
    text: str, language: str, month: int
) -> None:
    found = parse_date(text, language)
    assert found is not None
    assert (found.day, found.month) == (9, month)


@pytest.mark.parametrize(
    "text",
    [
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "Wed, 31 Dec 1969 16:00:00 -0800",
        "1970-01-01T09:00:00+09:00",
        "1 stycznia 1970",
        "1970-01-01",
        "1900-01-01 00:00:00",
        "0001-01-01T00:00:00Z",
        "0000000000",
    ],
)
def test_a_programs_zero_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "has_zone"),
    [
        ("Wed, 29 Nov 2023 12:00:00 GMT", True),
        ("2023-11-29T12:00:00Z", True),
        ("29 lis 2023 12:00 +0100", True),
        ("1701259200", True),
        ("Wed, 29 Nov 2023 12:00:00", False),
        ("2023-11-29", False),
        ("29.11.2023 12:00", False),
        ("29 listopada 2023 12:00", False),
    ],
)
def test_a_date_tells_if_it_names_a_zone(text: str, has_zone: bool) -> None:
    found = read_date(text)
    assert found is not None
    assert found.has_zone is has_zone


@pytest.mark.parametrize("number", [1701259200, 1701259200000, 1701259200.0])
def test_numbers_are_seconds_or_milliseconds(number: float) -> None:
    assert from_timestamp(number) == NOON


@pytest.mark.parametrize("number", [0, 0.0, 3600, float("nan"), float("inf"), 1e300, -1e15])
def test_wild_numbers_are_no_date(number: float) -> None:
    assert from_timestamp(number) is None


MOMENTS = st.datetimes(
    datetime(1971, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
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


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("07/11/2026 15:15", "en-GB", "2026-11-07T15:15"),
        ("07/11/2026", "en_AU", "2026-11-07T00:00"),
        ("11/07/2026 15:15", "en-US", "2026-11-07T15:15"),
        ("11/07/2026 15:15", "en", None),
        ("11/07/2026 15:15", "", None),
        ("7. 11. 2026 10:00", "cs", "2026-11-07T10:00"),
        ("7.11.26 10:00", "de", "2026-11-07T10:00"),
        ("2026. 11. 07. 10:00", "hu", "2026-11-07T10:00"),
        ("2026. 11. 7. 오후 3:15:00", "ko", "2026-11-07T06:15"),  # in Korea
        ("2026-11-07 오전 3:15", "", "2026-11-06T18:15"),
        ("2026/11/07 오후 3:15:20 +0000", "", "2026-11-07T15:15"),
        ("пт, 06 лис 2026 10:00:00 +0200", "uk", "2026-11-06T08:00"),
        ("06 жов 2026 10:00", "", "2026-10-06T10:00"),
        ("13/11/26", "", None),
        ("v2.11.26", "", None),
        ("1. 2. 3", "", None),
        ("Do, 07 Mrz 2026 10:00:00 +0100", "de", "2026-03-07T09:00"),
        ("7. Mrz 2026", "", "2026-03-07T00:00"),
        ("T7, 07 Th11 2026 10:00:00 +0700", "vi", "2026-11-07T03:00"),
        ("07 Th3, 2026", "", "2026-03-07T00:00"),
        ("Nov 7th, 2026 10am", "en", "2026-11-07T10:00"),
        ("November 7, 2026, 10 p.m.", "", "2026-11-07T22:00"),
    ],
)
def test_dates_that_no_standard_knows_but_many_write(
    text: str, language: str, expected: str | None
) -> None:
    found = parse_date(text, language)
    assert (found and found.strftime("%Y-%m-%dT%H:%M")) == expected
