"""Stories whose source gives no date, or one without a time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import NOW, story

from adapters.sources.feed.parse import parse_feed
from adapters.sources.feed.stories import stories
from bot.ingest.undated import date_undated
from bot.model import Story

MINUTE = timedelta(minutes=1)


def rss(*dates: str) -> bytes:
    """A feed of items with these dates, the newest first."""
    items = "".join(
        f"<item><title>Story {n}</title><guid>{n}</guid><pubDate>{date}</pubDate></item>"
        for n, date in enumerate(dates)
    )
    return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


def fetched(*dates: str, zone: ZoneInfo | None = None) -> list[Story]:
    feed = parse_feed(rss(*dates), "", "http://e.org/feed")
    return list(stories(feed, "wire", NOW, zone or ZoneInfo("UTC")))


def at_first(*dates: str) -> list[tuple[str, datetime]]:
    """The titles of the stories of a first poll, with their dates, as `/latest` lists them."""
    found = date_undated(fetched(*dates), NOW, first=True)
    listed = sorted(found, key=lambda one: one.published, reverse=True)
    return [(one.title, one.published) for one in listed]


def test_a_first_poll_without_dates_keeps_the_order_of_the_feed_and_is_not_of_now() -> None:
    found = at_first(*[""] * 30)
    assert [title for title, _ in found] == [f"Story {n}" for n in range(30)]
    assert len({date for _, date in found}) == 30
    assert max(date for _, date in found) <= NOW - timedelta(days=1)


@pytest.mark.parametrize("zero", ["", "Thu, 01 Jan 1970 00:00:00 +0000", "0001-01-01", "soon"])
def test_undated_stories_stand_between_the_dated_ones_of_their_feed(zero: str) -> None:
    dates = ["2026-11-22T10:00Z", zero, zero, "2026-11-20T10:00Z", zero]
    found = at_first(*dates)
    assert [title for title, _ in found] == [f"Story {n}" for n in range(5)]
    assert all(date.day in {22, 20} for _, date in found)


def test_undated_stories_are_older_than_what_is_dated_now() -> None:
    found = at_first("", "", (NOW - MINUTE).isoformat(), NOW.isoformat())
    assert found[0] == ("Story 3", NOW)
    assert all(date < NOW for title, date in found if title != "Story 3")


def test_what_appears_without_a_date_later_is_of_now_in_the_order_of_the_feed() -> None:
    found = date_undated(fetched("", "", "2026-11-20T10:00Z", ""), NOW, first=False)
    dates = {one.title: one.published for one in found}
    assert dates["Story 0"] == NOW
    assert NOW - MINUTE < dates["Story 3"] < dates["Story 1"] < NOW


GIVEN = st.lists(st.none() | st.integers(1, 10_000), max_size=30)


@given(minutes=GIVEN, first=st.booleans())
def test_dated_stories_keep_their_dates_and_undated_ones_their_order(
    minutes: list[int | None], first: bool
) -> None:
    given_stories = [
        story(f"Story {n}", published=NOW - MINUTE * (ago or 0), undated=ago is None)
        for n, ago in enumerate(minutes)
    ]
    found = date_undated(given_stories, NOW, first=first)
    assert [one.title for one in found] == [one.title for one in given_stories]
    undated = [one.published for one in found if one.undated]
    assert all(date <= NOW for date in undated)
    if not first:
        assert undated == sorted(undated)
    for before, after in zip(given_stories, found, strict=True):
        assert before.undated or before == after


@pytest.mark.parametrize(
    "date",
    ["Fri, 06 Nov 2026 10:00:00", "2026-11-06 10:00", "6. november 2026 10:00", "06.11.2026 10:00"],
)
def test_a_date_without_a_zone_is_of_the_zone_of_its_source(date: str) -> None:
    (one,) = fetched(date, zone=ZoneInfo("America/New_York"))
    assert one.published == datetime(2026, 11, 6, 15, tzinfo=UTC)
    (plain,) = fetched(date)
    assert plain.published == datetime(2026, 11, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "date", ["Fri, 06 Nov 2026 10:00:00 GMT", "2026-11-06T11:00+01:00", "6 lis 2026 5:00 EST"]
)
def test_a_date_with_a_zone_is_left_alone(date: str) -> None:
    (one,) = fetched(date, zone=ZoneInfo("Asia/Tokyo"))
    assert one.published == datetime(2026, 11, 6, 10, tzinfo=UTC)


def test_summer_time_is_that_of_the_date() -> None:
    winter, summer = fetched("2026-07-06 10:00", "2026-01-06 10:00", zone=ZoneInfo("Europe/Oslo"))
    assert (winter.published.hour, summer.published.hour) == (9, 8)


def test_dates_from_before_the_web_are_none_where_a_feed_has_no_others() -> None:
    old, older = fetched("1 Jan 1980", "2 Feb 1972 10:00 GMT")
    assert old.undated
    assert older.undated
    history, _ = fetched("2026-11-06", "2 Feb 1972 10:00 GMT")
    assert (history.undated, history.published.year) == (False, 1972)
