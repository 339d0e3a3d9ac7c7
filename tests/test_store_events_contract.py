"""Events in the store: kept with the stories, listed once, rebuilt, split and joined."""

from __future__ import annotations

from datetime import timedelta

from stores import open_store, store
from stories import NOW, filed, story

from bot.chat.ports import Store
from bot.ingest.batch import StoryBatch
from bot.ingest.events.clusterer import METHOD
from bot.ingest.events.placement import Placement, Position
from bot.ingest.events.upkeep import place_rest, rebuild_events
from bot.model import Story, Topic
from bot.search.query import Filter, Since

__all__ = ["open_store", "store"]

HOUR = timedelta(hours=1)
TITLES = (
    "Magnitude 7.1 earthquake strikes northern Chile, tsunami warning issued",
    "Strong earthquake of magnitude 7.1 strikes northern Chile",
    "Northern Chile: magnitude 7.1 earthquake strikes, tsunami warning",
)
QUAKE = tuple(
    story(title, source=f"s{n}", published=NOW - (3 - n) * HOUR) for n, title in enumerate(TITLES)
)
FLOOD = story("Rain floods Venice", source="s1", published=NOW - 5 * HOUR)
FIRST = QUAKE[0].id


async def write(store: Store, *stories: Story, places: bool = False) -> None:
    told = Placement(FIRST, FIRST)
    where = {one.id: told for one in stories if one in QUAKE} if places else {}
    await store.ingest.write(StoryBatch(filed(stories), NOW, places=where))


def titles(stories: tuple[Story, ...]) -> list[str]:
    return [one.title for one in stories]


async def test_stories_are_written_with_their_events(store: Store) -> None:
    await write(store, *QUAKE, FLOOD, places=True)
    event = await store.events.of_story(QUAKE[2].id)
    assert event is not None
    assert (event.id, [one.id for one in event.stories]) == (FIRST, [one.id for one in QUAKE])
    assert [one.told_by for one in event.stories] == [("s1", "s2"), ("s0", "s2"), ("s0", "s1")]
    assert await store.events.of_story(FLOOD.id) is None
    assert await store.events.developments([QUAKE[1].id, FLOOD.id]) == {QUAKE[1].id: FIRST}
    found = await store.search.candidates_by_id([QUAKE[1].id, FLOOD.id])
    assert [one.development for one in found] == [FIRST, ""]
    assert await store.check() == []


async def test_a_story_that_changes_stays_in_its_event(store: Store) -> None:
    await write(store, *QUAKE, places=True)
    other = Placement(QUAKE[1].id, QUAKE[1].id)
    await store.ingest.write(StoryBatch(filed([QUAKE[1]]), NOW, places={QUAKE[1].id: other}))
    assert (await store.events.developments([QUAKE[1].id]))[QUAKE[1].id] == FIRST


async def test_each_development_is_listed_once(store: Store) -> None:
    await store.ingest.set_topics([Topic("Sea", "tsunami")])
    await write(store, *QUAKE, FLOOD, places=True)
    listing = await store.stories.latest(Filter(), 10, once=True)
    assert (titles(listing.stories), listing.total) == ([TITLES[0], FLOOD.title], 2)
    assert listing.stories[0].told_by == ("s1", "s2")
    assert (await store.stories.latest(Filter(), 10)).total == 4
    second = await store.stories.latest(Filter(), 1, 1, once=True)
    assert (titles(second.stories), second.total) == ([FLOOD.title], 2)


async def test_where_the_first_is_not_among_those_asked_for_the_next_one_stands(
    store: Store,
) -> None:
    await write(store, *QUAKE, FLOOD, places=True)
    mine = await store.stories.latest(Filter(source="s2"), 10, once=True)
    assert (titles(mine.stories), mine.total) == ([TITLES[2]], 1)
    late = Since(NOW - 2.5 * HOUR, NOW.date())
    since = await store.stories.latest(Filter(since=late), 10, once=True)
    assert (titles(since.stories), since.total) == ([TITLES[1]], 1)
    before = await store.stories.latest(Filter(before=late), 10, once=True)
    assert (titles(before.stories), before.total) == ([TITLES[0], FLOOD.title], 2)


async def test_what_has_no_place_is_placed_among_the_rest(store: Store) -> None:
    await write(store, QUAKE[0], places=True)
    await write(store, *QUAKE[1:], FLOOD)
    before = await store.events.revision()
    assert await store.events.count_unplaced() == 3
    assert await place_rest(store.events) == 3
    assert await store.events.revision() > before
    found = await store.events.developments([one.id for one in (*QUAKE, FLOOD)])
    assert [found[one.id] for one in (*QUAKE, FLOOD)] == [FIRST, FIRST, FIRST, FLOOD.id]
    assert await place_rest(store.events) == 0


async def test_a_rebuild_finds_all_anew_after_another_method(store: Store) -> None:
    wrong = Placement(FLOOD.id, FLOOD.id)
    stories = (*QUAKE, FLOOD)
    await store.events.reset(METHOD)
    await store.ingest.write(
        StoryBatch(filed(stories), NOW, places={one.id: wrong for one in stories})
    )
    assert await rebuild_events(store.events) == 0
    assert await store.events.reset("another")
    seen: list[tuple[int, int]] = []
    assert await rebuild_events(store.events, lambda *bar: seen.append(bar)) == 4
    assert seen[-1] == (4, 4)
    found = await store.events.developments([one.id for one in stories])
    assert found == {**{one.id: FIRST for one in QUAKE}, FLOOD.id: FLOOD.id}


async def test_a_split_is_remembered_by_a_rebuild(store: Store) -> None:
    await write(store, *QUAKE, places=True)
    await store.events.split(FIRST)
    rest = await store.events.of_story(QUAKE[2].id)
    assert rest is not None
    assert (rest.id, [one.id for one in rest.stories]) == (QUAKE[1].id, [QUAKE[1].id, QUAKE[2].id])
    assert [one.told_by for one in rest.stories] == [("s2",), ("s1",)]
    assert (await store.stories.latest(Filter(), 10, once=True)).total == 2

    await store.events.reset("another")
    await rebuild_events(store.events)
    found = await store.events.developments([one.id for one in QUAKE])
    assert found == {FIRST: FIRST, QUAKE[1].id: QUAKE[1].id, QUAKE[2].id: QUAKE[1].id}


async def test_a_join_is_remembered_by_a_rebuild(store: Store) -> None:
    await write(store, *QUAKE, FLOOD, places=True)
    await store.events.join(FLOOD.id, QUAKE[1].id)
    for _ in range(2):
        found = await store.events.developments([FLOOD.id, *(one.id for one in QUAKE)])
        assert len(set(found.values())) == 1
        assert (await store.stories.latest(Filter(), 10, once=True)).total == 1
        await store.events.reset("another")
        await rebuild_events(store.events)


async def test_a_story_that_was_split_can_be_joined_again(store: Store) -> None:
    await write(store, *QUAKE, places=True)
    await store.events.split(QUAKE[2].id)
    await store.events.join(QUAKE[2].id, FIRST)
    assert FIRST not in (await store.events.splits()).get(QUAKE[2].id, ())
    assert (await store.events.developments([QUAKE[2].id]))[QUAKE[2].id] == FIRST
    assert (await store.stories.latest(Filter(), 10, once=True)).total == 1


async def test_stories_come_in_the_order_of_their_publication(store: Store) -> None:
    await write(store, *QUAKE, FLOOD, places=True)
    after, seen = Position(NOW - timedelta(days=9)), []
    while found := await store.events.stories_from(after, 2):
        seen += [(one.id, one.place is not None) for one in found]
        after = found[-1].position
    assert seen == [(FLOOD.id, False), *((one.id, True) for one in QUAKE)]
