"""Whole stories that a search reads beside what ranks them, where it finds few."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from stores import open_store, store
from stories import NOW, filed, story

from bot.chat.ports import Store
from bot.ingest.batch import StoryBatch
from bot.ingest.events.placement import Placement
from bot.model import Enclosure, Topic
from bot.search.query import Filter, parse
from store.sqlite import SqliteStore
from store.whole_stories import MOST_WHOLE

__all__ = ["open_store", "store"]

FIRST = story(
    "Quake in Chile",
    "#What is known\nThe “quake” came at night.\nNobody was hurt.",
    source="coast",
    published=NOW - timedelta(hours=2),
    place="SANTIAGO",
    byline="Ada",
    url="https://e.example/quake?a=1&b=2",
    image="https://e.example/quake.png",
    image_alt='A "crack"\\',
    enclosures=(Enclosure("https://e.example/quake.mp3", "audio/mpeg", 12, 3),),
    categories=("World", "Erdbeben, Ärger"),
    language="en",
    summary="A quake at night.",
    date_only=True,
)
SECOND = story("Chile: quake at night", "More.", source="valley")


async def test_of_few_matches_the_whole_stories_are_at_hand(store: Store) -> None:
    topics = [Topic("World", "quake"), Topic("Night", "night")]
    await store.ingest.set_topics(topics)
    told = Placement(FIRST.id, FIRST.id)
    tagged = [replace(one, topics=("World", "Night")) for one in (FIRST, SECOND)]
    places = {one.id: told for one in tagged}
    await store.ingest.write(StoryBatch(filed(tagged), NOW, places=places))

    found = await store.search.candidates(parse("quake"), Filter(), 40)
    kept = await store.stories.by_ids([one.id for one in found])
    assert {one.title for one in kept} == {FIRST.title, SECOND.title}
    assert {one.told_by for one in kept} == {("coast",), ("valley",)}
    made = [one.make_story() for one in found if one.make_story]
    assert made == (kept if isinstance(store, SqliteStore) else [])


async def test_of_many_matches_none_is_read_in_vain(store: Store) -> None:
    many = [story(f"Quake {number}") for number in range(MOST_WHOLE + 1)]
    await store.ingest.write(StoryBatch(filed(many), NOW))

    found = await store.search.candidates(parse("quake"), Filter(), 40)
    assert len(found) == len(many)
    assert [one.make_story for one in found] == [None] * len(many)
