"""Selection of topics: what recurs, joined over stories, as moderators will have it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.ingest.topics.model import EditKind, NameCount, NameCounts, NameKind, TopicEdit
from bot.ingest.topics.selection import MOST, select_topics, stories_needed
from bot.model import Topic, TopicOrigin


def name(key: str, stories: int = 5, **given: object) -> NameCount:
    fields: dict[str, object] = {"form": key.title(), "kind": NameKind.NAME, **given}
    return NameCount(key, stories=stories, **fields)  # type: ignore[arg-type] # given by the test


def select(
    *names: NameCount,
    total: int = 150,
    desk: Sequence[Topic] = (),
    edits: Sequence[TopicEdit] = (),
    others: Sequence[str] = (),
) -> dict[str, Topic]:
    found = select_topics(NameCounts(total, names), desk, edits, others)
    return {one.name: one for one in found}


@pytest.mark.parametrize(
    ("total", "needed"), [(1, 1), (29, 1), (30, 2), (500, 3), (9_999, 4), (10**6, 5)]
)
def test_the_more_stories_there_are_the_more_a_topic_needs(total: int, needed: int) -> None:
    assert stories_needed(total) == needed
    few, enough = name("few", needed - 1), name("enough", needed)
    assert list(select(few, enough, total=total)) == ["Enough"]


def test_a_word_alone_needs_twice_as_many() -> None:
    pair, word = (name(key, 2, kind=NameKind.PHRASE) for key in ("bird flu", "vaccine"))
    assert list(select(pair, word)) == ["Bird Flu"]


def test_of_a_single_story_only_the_weightiest_names_are_topics() -> None:
    assert list(select(name("first", 1, place=0), name("fifth", 1, place=5), total=9)) == ["First"]


def test_what_nearly_all_stories_are_about_is_no_topic_and_qualifies_none() -> None:
    names = (
        name("japan", 80),
        name("china", 20),
        name("japanese property", 9, kind=NameKind.PHRASE),
        name("chinese property", 9, kind=NameKind.PHRASE),
    )
    assert list(select(*names)) == ["China", "Chinese Property"]


def test_a_category_of_all_stories_is_a_topic_all_the_same() -> None:
    told = select(name("rail", 140, kind=NameKind.CATEGORY))
    assert told["Rail"].origin is TopicOrigin.SOURCE


def test_names_of_the_same_words_are_one_and_the_most_frequent_is_shown() -> None:
    (told,) = select(name("expo osaka", 2), name("osaka expo", 9), name("e commerce", 0)).values()
    assert (told.name, set(told.keys)) == ("Osaka Expo", {"osaka expo", "expo osaka"})


def test_a_short_name_means_what_stories_say_that_it_means() -> None:
    names = (
        name("taro kanda", 4),
        name("kanda", 6),
        name("kanda", 3, means="taro kanda"),
    )
    (told,) = select(*names).values()
    assert (told.name, told.keys) == ("Taro Kanda", ("taro kanda", "kanda"))


def test_a_short_name_that_means_many_things_means_none_of_them() -> None:
    names = (
        name("ada brook", 4),
        name("bo brook", 4),
        name("brook", 6),
        name("brook", 3, means="ada brook"),
        name("brook", 3, means="bo brook"),
    )
    assert set(select(*names)) == {"Ada Brook", "Bo Brook", "Brook"}


def test_a_place_that_a_longer_name_ends_in_now_and_then_stays_itself() -> None:
    names = (
        name("ronsby", 60),
        name("greater ronsby", 2),
        name("ronsby", 2, means="greater ronsby"),
    )
    assert "Ronsby" in select(*names, total=1_000)


def test_names_of_the_desk_and_of_sources_are_no_found_topics() -> None:
    desk = (Topic("🚆 Night Trains", "sleeper"), Topic("Sea", '"osaka expo"'))
    names = (name("night train"), name("osaka expo"), name("lantern"), name("ronsby"))
    told = select(*names, desk=desk, others=("The Lantern",))
    assert list(told) == ["🚆 Night Trains", "Sea", "Ronsby"]
    assert told["🚆 Night Trains"].keys == ("night train",)
    assert told["Sea"].origin is TopicOrigin.DESK


@pytest.mark.parametrize(
    ("edit", "shown"),
    [
        (TopicEdit("kosan", EditKind.HIDE), ["Ronsby"]),
        (TopicEdit("kosan", EditKind.RENAME, "Kosan Group"), ["Kosan Group", "Ronsby"]),
        (TopicEdit("kosan", EditKind.MERGE, "ronsby"), ["Ronsby"]),
    ],
)
def test_what_moderators_decide_holds(edit: TopicEdit, shown: list[str]) -> None:
    told = select(name("kosan", 9), name("ronsby", 4), edits=[edit])
    assert list(told) == shown
    assert ("kosan" in told["Ronsby"].keys) is (edit.kind is EditKind.MERGE)


def test_merges_in_a_circle_harm_nothing() -> None:
    edits = [TopicEdit("a1", EditKind.MERGE, "b2"), TopicEdit("b2", EditKind.MERGE, "a1")]
    assert len(select(name("a1"), name("b2"), edits=edits)) <= 2


def test_there_are_never_more_than_so_many() -> None:
    told = select(*(name(f"n{n}", n) for n in range(3, 2 * MOST)), total=10_000)
    assert len(told) == MOST
    assert f"N{2 * MOST - 1}" in told
