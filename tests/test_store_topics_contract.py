"""Contract of the store of found topics: names, counts, topics, decisions, activity."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from stores import OpenStore, open_store, store
from stories import CHAT, NOW, filed, story

from bot.chat.ports import Store
from bot.ingest.batch import StoryBatch
from bot.ingest.topics.model import EditKind, NameKind, StoryName
from bot.model import Story, Topic, TopicOrigin
from bot.search.query import Filter
from bot.subscriptions.model import Subscription, TargetKind
from store.schema import STEPS
from store.schema_changes import FOUND_TOPICS
from store.sqlite import SqliteStore

__all__ = ["open_store", "store"]

KOSAN = Topic("Kosan", origin=TopicOrigin.FOUND, keys=("kosan", "kosan line"))
VARNA = Topic("Varna Expo", origin=TopicOrigin.FOUND, keys=("varna expo",))
SEA = Topic("Sea", "ferry")


async def write(store: Store, *named: tuple[Story, tuple[StoryName, ...]]) -> None:
    records = [
        replace(record, names=names, names_method="1")
        for record, (_, names) in zip(filed(one for one, _ in named), named, strict=True)
    ]
    await store.ingest.write(StoryBatch(records, NOW))


def name(key: str, *short: str) -> StoryName:
    return StoryName(key, key.title(), NameKind.NAME, 5, short)


def told(title: str, days: float = 0) -> Story:
    return story(title, published=NOW - timedelta(days=days))


async def topics_of(store: Store, *titles: str) -> list[tuple[str, ...]]:
    listing = await store.stories.latest(Filter(), 50)
    known = {one.title: one.topics for one in listing.stories}
    return [known[title] for title in titles]


def follows(topic: str) -> Subscription:
    return Subscription(CHAT, TargetKind.TOPIC, topic)


async def test_names_are_counted_with_what_they_mean(store: Store) -> None:
    await write(
        store,
        (told("A"), (name("taro kanda", "kanda"), name("varna"))),
        (told("B"), (name("taro kanda"),)),
        (told("C"), (name("kanda"),)),
    )
    counts = await store.topics.name_counts(1)
    assert counts.stories == 3
    found = {(one.key, one.means): one.stories for one in counts.names}
    assert found == {
        ("taro kanda", ""): 2,
        ("kanda", "taro kanda"): 1,
        ("kanda", ""): 1,
        ("varna", ""): 1,
    }
    often = await store.topics.name_counts(2)
    assert {one.key for one in often.names} == {"taro kanda", "kanda"}


async def test_a_changed_story_has_its_new_names_alone(store: Store) -> None:
    await write(store, (told("A"), (name("kosan"),)))
    await write(store, (told("A"), (name("varna expo"),)))
    assert [one.key for one in (await store.topics.name_counts(1)).names] == ["varna expo"]


async def test_stories_of_before_are_put_under_a_topic_that_is_found(store: Store) -> None:
    await write(
        store,
        (told("A", 1), (name("kosan"),)),
        (told("B"), (name("kosan line"),)),
        (told("C"), (name("x", "kosan"),)),
    )
    before = await store.topics.revision()
    await store.topics.set_topics([KOSAN, VARNA])
    assert await store.topics.revision() != before
    assert await topics_of(store, "A", "B", "C") == [("Kosan",), ("Kosan",), ()]
    assert [(one.name, one.keys) for one in await store.topics.topics()] == [
        ("Kosan", ("kosan", "kosan line")),
        ("Varna Expo", ("varna expo",)),
    ]
    await store.topics.set_topics([VARNA])
    assert await topics_of(store, "A", "B") == [(), ()]


async def test_the_desks_topics_come_first_and_keep_theirs(store: Store) -> None:
    await store.topics.set_topics([KOSAN])
    await store.ingest.set_topics([SEA])
    await write(store, (replace(told("A ferry"), topics=("Sea", "Kosan")), (name("kosan"),)))
    assert await topics_of(store, "A ferry") == [("Sea", "Kosan")]
    await store.ingest.set_topics([SEA, Topic("KOSAN", "kosan")])
    assert [one.name for one in await store.topics.activity(NOW)] == ["Sea", "KOSAN"]
    await store.topics.set_topics([Topic("Sea", keys=("sea", "kosan"))])
    assert [(one.name, one.keys) for one in await store.topics.topics()] == [
        ("Sea", ("kosan", "sea"))
    ]


async def test_a_followed_topic_is_never_removed(store: Store) -> None:
    await store.topics.set_topics([KOSAN, VARNA])
    await store.subscriptions.put(follows("Kosan"))
    await store.topics.set_topics([])
    assert [one.name for one in await store.topics.topics()] == ["Kosan"]


async def test_a_topic_keeps_its_name_though_another_form_becomes_commoner(store: Store) -> None:
    await store.topics.set_topics([KOSAN])
    await store.topics.set_topics([replace(KOSAN, name="KOSAN Lines", keys=KOSAN.keys[::-1])])
    (topic,) = await store.topics.topics()
    assert (topic.name, topic.keys[0]) == ("Kosan", "kosan line")


async def test_hidden_renamed_and_merged_topics_are_remembered(open_store: OpenStore) -> None:
    store = await open_store()
    other = Topic("Quax", origin=TopicOrigin.FOUND, keys=("quax",))
    await store.topics.set_topics([KOSAN, VARNA, other])
    await store.topics.hide(KOSAN)
    await store.topics.rename(VARNA, "Varna 2031", NOW)
    await store.topics.merge(other, VARNA, NOW)
    await store.aclose()
    again = await open_store()
    decided = {(one.key, one.kind, one.value) for one in await again.topics.edits()}
    assert decided == {
        ("kosan", EditKind.HIDE, ""),
        ("kosan line", EditKind.HIDE, ""),
        ("varna expo", EditKind.RENAME, "Varna 2031"),
        ("quax", EditKind.MERGE, "varna expo"),
    }
    assert [one.name for one in await again.topics.topics()] == ["Varna 2031"]
    assert await again.topics.restore("kosan line", NOW)
    assert not await again.topics.restore("kosan", NOW)
    assert await again.topics.restore("varna expo", NOW)
    assert [one.name for one in await again.topics.topics()] == ["Varna Expo"]


async def test_followers_go_with_a_topic_and_follow_each_once(store: Store) -> None:
    await store.topics.set_topics([KOSAN, VARNA])
    await store.subscriptions.put(follows("Kosan"))
    await store.topics.rename(KOSAN, "Kosan Lines", NOW)
    assert [one.what for one in await store.subscriptions.of(CHAT)] == ["Kosan Lines"]
    await store.subscriptions.put(follows("Varna Expo"))
    await store.topics.merge(replace(KOSAN, name="Kosan Lines"), VARNA, NOW)
    assert [one.what for one in await store.subscriptions.of(CHAT)] == ["Varna Expo"]


async def test_a_merge_takes_the_stories_and_gives_them_back(store: Store) -> None:
    await write(
        store, (told("A"), (name("kosan"),)), (told("B"), (name("kosan"), name("varna expo")))
    )
    await store.topics.set_topics([KOSAN, VARNA])
    await store.topics.merge(KOSAN, VARNA, NOW)
    await store.topics.set_topics([replace(VARNA, keys=(*VARNA.keys, "kosan"))])
    assert await topics_of(store, "A", "B") == [("Varna Expo",), ("Varna Expo",)]
    await store.topics.restore("kosan", NOW)
    assert await topics_of(store, "A", "B") == [(), ("Varna Expo",)]


async def test_activity_tells_how_many_and_how_lately(store: Store) -> None:
    await write(
        store,
        *((told(f"K{n}", n), (name("kosan"),)) for n in range(4)),
        *((told(f"V{n}", 10 + n), (name("varna expo"),)) for n in range(8)),
    )
    await store.topics.set_topics([KOSAN, VARNA])
    kosan, varna = await store.topics.activity(NOW)
    assert (kosan.stories, kosan.recent, kosan.is_rising) == (4, 4, True)
    assert (kosan.first, kosan.last) == (NOW - timedelta(days=3), NOW)
    assert (varna.stories, varna.recent, varna.is_rising) == (8, 0, False)
    assert varna.is_lively(NOW)
    assert not varna.is_lively(NOW + timedelta(days=60))
    assert await store.topics.activity(NOW, "KOSAN") == [kosan]


async def test_where_all_is_new_nothing_rises(store: Store) -> None:
    await write(store, *((told(f"K{n}", n / 9), (name("kosan"),)) for n in range(9)))
    await store.topics.set_topics([KOSAN])
    (kosan,) = await store.topics.activity(NOW)
    assert not kosan.is_rising


async def test_stories_whose_names_another_method_found_are_looked_at_again(store: Store) -> None:
    await write(store, (told("A"), (name("kosan"),)), (told("B"), ()))
    assert await store.topics.count_unnamed("1") == 0
    assert await store.topics.count_unnamed("2") == 2
    (first,) = await store.topics.unnamed("2", 1)
    await store.topics.keep_names([(first, (name("varna expo"),))], "2")
    assert await store.topics.count_unnamed("2") == 1
    assert [one.key for one in (await store.topics.name_counts(1)).names] == ["varna expo"]


@pytest.mark.parametrize("deleted", ["A", "B"])
async def test_names_go_with_their_story(tmp_path: Path, deleted: str) -> None:
    path = tmp_path / "dateline.db"
    async with await SqliteStore.open(path) as store:
        await write(store, (told("A"), (name("a"),)), (told("B"), (name("b"),)))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM stories WHERE title = ?", (deleted,))
    async with await SqliteStore.open(path) as store:
        left = {one.key for one in (await store.topics.name_counts(1)).names}
        assert left == {"a", "b"} - {deleted.lower()}
        assert await store.check() == []


async def test_an_older_stores_topics_are_the_desks_and_its_stories_have_no_names(
    tmp_path: Path,
) -> None:
    path = tmp_path / "dateline.db"
    async with await SqliteStore.open(path, STEPS[: STEPS.index(FOUND_TOPICS)]):
        pass
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO topics (key, name, search, sources) VALUES ('sea', 'Sea', 'ferry', '[]')"
        )
    async with await SqliteStore.open(path) as store:
        (sea,) = await store.topics.activity(NOW)
        assert (sea.name, sea.origin) == ("Sea", TopicOrigin.DESK)
        assert await store.topics.topics() == []
        assert await store.topics.edits() == []
        assert await store.check() == []
