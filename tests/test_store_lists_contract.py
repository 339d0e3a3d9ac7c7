"""What every store must do: pages of stories, newest first, and topics."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from stores import listed, open_store, store
from stories import NOW, batch, day, story

from bot.chat.ports import Store
from bot.model import Topic
from bot.search.query import Filter, Since

__all__ = ["open_store", "store"]


# Lists


async def test_latest_is_newest_first_and_of_equals_the_last_written_first(store: Store) -> None:
    await store.ingest.write(
        batch(
            [
                story("old", published=day("2020-01-01")),
                story("first", published=day("2021-01-01")),
                story("second", published=day("2021-01-01")),
            ]
        )
    )
    await store.ingest.write(batch([story("middle", published=day("2020-06-01"))]))

    assert await listed(store) == ["second", "first", "middle", "old"]


async def test_latest_gives_pages_and_the_total(store: Store) -> None:
    await store.ingest.write(
        batch([story(f"{i}", published=NOW + timedelta(hours=i)) for i in range(7)])
    )

    page = await store.stories.latest(Filter(), limit=3, offset=3)
    assert ([one.title for one in page.stories], page.total) == (["3", "2", "1"], 7)
    beyond = await store.stories.latest(Filter(), limit=3, offset=30)
    assert (beyond.stories, beyond.total) == ((), 7)
    old = await store.stories.latest(Filter(), limit=3, offset=3, oldest_first=True)
    assert ([one.title for one in old.stories], old.total) == (["3", "4", "5"], 7)


async def test_the_oldest_of_a_topic_come_first_when_asked_for(store: Store) -> None:
    await store.ingest.set_topics([Topic("All", sources=frozenset({"wire"}))])
    stories = [story(f"{i}", published=NOW + timedelta(hours=i), topics=("All",)) for i in range(4)]
    await store.ingest.write(batch(stories))
    page = await store.stories.latest(Filter(topic="All"), limit=2, offset=1, oldest_first=True)
    assert ([one.title for one in page.stories], page.total) == (["1", "2"], 4)


async def test_latest_filters_by_source_topic_and_time_together(store: Store) -> None:
    topics = [Topic("Rail", "rail"), Topic("All", sources=frozenset({"wire"}))]
    await store.ingest.set_topics(topics)
    await store.ingest.write(
        batch(
            [
                story("rail new", published=day("2026-01-02")),
                story("rail old", published=day("2025-01-02")),
                story("road new", published=day("2026-01-03")),
                story("rail other", published=day("2026-01-04"), source="other"),
            ],
            topics,
        )
    )
    since = Since(day("2026-01-01"), day("2026-01-01").date())

    assert await listed(store, Filter(topic="RAIL")) == ["rail other", "rail new", "rail old"]
    assert await listed(store, Filter(topic="rail", source="wire", since=since)) == ["rail new"]
    assert await listed(store, Filter(source="other")) == ["rail other"]
    assert await listed(store, Filter(since=since)) == ["rail other", "road new", "rail new"]
    assert await listed(store, Filter(topic="nothing")) == []
    assert (await store.stories.latest(Filter(topic="All"), 1)).total == 3


async def test_a_story_with_a_date_only_counts_from_that_day_on_wherever_the_reader_is(
    store: Store,
) -> None:
    midnight = day("2026-01-02")
    await store.ingest.write(
        batch(
            [
                story("date", published=midnight, date_only=True),
                story("timed", published=midnight),
            ]
        )
    )
    # Midnight of January 2 in New York is five in the morning, UTC.
    new_york = Since(midnight + timedelta(hours=5), midnight.date())
    # In Tokyo it is three in the afternoon of the day before.
    tokyo = Since(midnight - timedelta(hours=9), midnight.date())

    assert await listed(store, Filter(since=new_york)) == ["date"]
    assert set(await listed(store, Filter(since=tokyo))) == {"date", "timed"}


async def test_before_takes_only_what_is_earlier_wherever_the_reader_is(store: Store) -> None:
    midnight = day("2026-01-02")
    eve = midnight - timedelta(days=1)
    await store.ingest.write(
        batch(
            [
                story("date", published=midnight, date_only=True),
                story("eve", published=eve, date_only=True),
                story("timed", published=midnight),
                story("just before", published=midnight - timedelta(microseconds=1)),
            ]
        )
    )
    utc = Since(midnight, midnight.date())
    new_york = Since(midnight + timedelta(hours=5), midnight.date())
    tokyo = Since(midnight - timedelta(hours=9), midnight.date())

    assert set(await listed(store, Filter(before=utc))) == {"eve", "just before"}
    assert set(await listed(store, Filter(before=new_york))) == {"eve", "timed", "just before"}
    assert set(await listed(store, Filter(before=tokyo))) == {"eve"}
    assert await listed(store, Filter(since=tokyo, before=new_york)) == ["timed", "just before"]
    assert (await store.stories.latest(Filter(source="wire", before=utc), 1)).total == 2


# Topics


async def test_topics_hold_the_stories_of_their_sources_and_of_their_search(store: Store) -> None:
    topics = [
        Topic("Japan", sources=frozenset({"wire"})),
        Topic("Expo", '"osaka expo" OR expo2025 -bus'),
    ]
    await store.ingest.set_topics(topics)
    await store.ingest.write(
        batch(
            [
                story("Osaka Expo cost", source="other"),
                story("Expo in Osaka", source="other"),
                story("Osaka Expo bus", source="wire"),
            ],
            topics,
        )
    )

    assert await store.stories.topic_counts() == {"Japan": 1, "Expo": 1}
    by_title = {one.title: one.topics for one in (await store.stories.latest(Filter(), 9)).stories}
    assert by_title == {
        "Osaka Expo cost": ("Expo",),
        "Expo in Osaka": (),
        "Osaka Expo bus": ("Japan",),
    }


async def test_other_topics_put_every_story_anew(store: Store) -> None:
    await store.ingest.set_topics([Topic("Rail", "rail")])
    await store.ingest.write(batch([story("rail"), story("road", source="other")]))

    await store.ingest.set_topics(
        [Topic("Road", "road"), Topic("None", "tram"), Topic("Other", sources=frozenset({"other"}))]
    )

    assert await store.stories.topic_counts() == {"Road": 1, "None": 0, "Other": 1}
    await store.ingest.set_topics([])
    assert await store.stories.topic_counts() == {}
    assert await store.check() == []


async def test_an_edited_story_changes_its_topics_and_its_place_among_them(store: Store) -> None:
    topics = [Topic("Rail", "rail"), Topic("Road", "road")]
    await store.ingest.set_topics(topics)
    old = story("rail", key="k", published=day("2020-01-01"))
    await store.ingest.write(batch([old, story("rail too", published=day("2021-01-01"))], topics))
    await store.ingest.write(
        batch([replace(old, title="rail road", published=day("2022-01-01"))], topics)
    )

    assert await listed(store, Filter(topic="Rail")) == ["rail road", "rail too"]
    assert await store.stories.topic_counts() == {"Rail": 2, "Road": 1}
    await store.ingest.write(batch([replace(old, topics=("Road", "no topic"))]))
    assert await store.stories.topic_counts() == {"Rail": 1, "Road": 1}
