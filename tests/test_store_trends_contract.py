"""What every store must do: counts of stories by topic, by source and by time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from stores import open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.model import Story, Topic
from bot.trends.periods import TrendPeriod, make_period

__all__ = ["open_store", "store"]

TOPICS = (Topic("Osaka Expo", "expo"), Topic("Ferries & Ports", "ferry"), Topic("大阪", "大阪"))
LAST = date(2026, 11, 27)


def week(zone: str = "UTC") -> TrendPeriod:
    return make_period(LAST, 7, ZoneInfo(zone))


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def has(store: Store, *stories: Story) -> None:
    await store.ingest.set_topics(TOPICS)
    await store.ingest.write(batch(stories, TOPICS))


async def counts(store: Store, topic: str, period: TrendPeriod) -> Sequence[int]:
    (found,) = await store.trends.topic_counts([topic], period.spans)
    return found


async def test_stories_are_counted_on_their_days(store: Store) -> None:
    await has(
        store,
        story("Expo one", published=at(21)),
        story("Expo two", published=at(27, 23, 59)),
        story("Expo three", published=at(27, 0, 1)),
        story("Expo before", published=at(20, 23, 59)),
        story("Expo after", published=at(28, 0, 0)),
        story("Nothing", published=at(25)),
    )
    assert await counts(store, "osaka EXPO", week()) == [1, 0, 0, 0, 0, 0, 2]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("UTC", [0, 0, 1, 0, 0, 1, 0]), ("Asia/Tokyo", [0, 0, 1, 0, 0, 0, 1])],
)
async def test_a_time_counts_on_the_day_of_the_zone_and_a_date_on_its_own(
    store: Store, zone: str, expected: list[int]
) -> None:
    await has(
        store,
        story("Expo by date", published=at(23, 0), date_only=True),
        story("Expo at night", published=at(26, 16)),
    )
    assert await counts(store, "Osaka Expo", week(zone)) == expected


async def test_a_date_is_not_moved_west_of_greenwich(store: Store) -> None:
    await has(store, story("Expo", published=at(23, 0), date_only=True))
    period = week("America/Los_Angeles")
    assert await counts(store, "Osaka Expo", period) == [0, 0, 1, 0, 0, 0, 0]
    assert await store.trends.source_counts("wire", period.spans) == [0, 0, 1, 0, 0, 0, 0]


async def test_the_busiest_topics_come_first_and_idle_ones_not_at_all(store: Store) -> None:
    ferries = [story(f"Ferry {n}", published=at(22 + n)) for n in range(3)]
    expo = [story(f"Expo {n}", published=at(22 + n)) for n in range(2)]
    old = [story(f"大阪 {n}", published=at(1) - timedelta(days=n)) for n in range(9)]
    await has(store, *ferries, *expo, *old)
    busiest = store.trends.busiest_topics
    assert await busiest(week().whole, 8) == ["Ferries & Ports", "Osaka Expo"]
    assert await busiest(week().whole, 1) == ["Ferries & Ports"]
    year = make_period(LAST, 365, ZoneInfo("UTC"))
    assert await busiest(year.whole, 8) == ["大阪", "Ferries & Ports", "Osaka Expo"]


async def test_topics_are_counted_in_the_order_in_which_they_are_asked_for(store: Store) -> None:
    await has(store, story("Expo"), story("Ferry", published=at(27)), story("Ferry and expo"))
    names = ["Ferries & Ports", "No such topic", "Osaka Expo"]
    found = await store.trends.topic_counts(names, week().spans)
    assert [list(one) for one in found] == [
        [0, 0, 1, 0, 0, 0, 1],
        [0] * 7,
        [0, 0, 2, 0, 0, 0, 0],
    ]


async def test_a_source_is_counted_with_what_others_had_first(store: Store) -> None:
    await has(
        store,
        story("One", published=at(23)),
        story("Two", published=at(25)),
        story("Three", published=at(25), source="other"),
    )
    counted = store.trends.source_counts
    assert await counted("wire", week().spans) == [0, 0, 1, 0, 1, 0, 0]
    assert await counted("other", week().spans) == [0, 0, 0, 0, 1, 0, 0]
    assert await counted("nobody", week().spans) == [0] * 7


async def test_a_story_that_is_redated_counts_on_its_new_day(store: Store) -> None:
    await has(store, story("Expo", published=at(23)))
    await has(store, story("Expo", published=at(26)))
    assert await counts(store, "Osaka Expo", week()) == [0, 0, 0, 0, 0, 1, 0]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/St_Johns", "Pacific/Kiritimati"])
@pytest.mark.parametrize("step", [1, 7])
async def test_many_stories_are_counted_as_one_by_one(store: Store, zone: str, step: int) -> None:
    chance = random.Random(zone)  # noqa: S311 - repeatable
    stories = [
        story(
            f"Expo {number}",
            published=at(1) + timedelta(minutes=30 * chance.randrange(-720, 2200)),
        )
        for number in range(300)
    ]
    dates = [
        story(f"Expo by date {day}", published=at(day, 0), date_only=True) for day in range(1, 29)
    ]
    await has(store, *stories, *dates)
    period = make_period(LAST, 28, ZoneInfo(zone), step=step)
    days = [one.published.date() for one in dates]
    # Whether only the date is known cannot be told of a story of that very moment.
    days += [
        (when if when.time() == time.min else when.astimezone(ZoneInfo(zone))).date()
        for when in (one.published for one in stories)
    ]
    expected = [sum(span.first <= day < span.end for day in days) for span in period.spans]
    assert list(await counts(store, "Osaka Expo", period)) == expected
    assert list(await store.trends.source_counts("wire", period.spans)) == expected
