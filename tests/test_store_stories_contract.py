"""What every store must do: stories, sources and lists that were shown.

Searches, pages and words have files of their own; `stores.STORES` says which stores there are.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from stores import OpenStore, found, listed, open_store, store
from stories import CHAT, NOW, READER, batch, day, filed, story

from bot.chat.ports import Store
from bot.errors import StoreError
from bot.ingest.batch import StoryBatch
from bot.ingest.results import LoadReport, UnreadablePart
from bot.model import Action, Chat, Enclosure, Paragraph, Person, Shown, Story
from bot.search.query import Filter, parse

__all__ = ["open_store", "store"]

FULL = story(
    "Bridge opens “at last”",
    "The bridge opened.\n# Other towns\nThey wait.",
    published=day("2026-05-01"),
    date_only=True,
    url="https://example.org/bridge",
    image="https://example.org/bridge.jpg",
    image_alt="Two cranes at the pier",
    place="SÃO PAULO",
    byline="MU.",
    summary="The bridge opened.",
    categories=("Bridges", "Über"),
    language="pt-BR",
    enclosures=(
        Enclosure("https://example.org/bridge.mp3", "audio/mpeg", 12_345_678, 1_234),
        Enclosure("https://example.org/bridge.pdf"),
        Enclosure("https://example.org/ship.png", alt="A ship"),
    ),
)


async def test_a_story_comes_back_as_it_went_in(store: Store) -> None:
    await store.ingest.write(batch([FULL]))

    assert await store.stories.by_ids([FULL.id]) == [FULL]


async def test_a_time_keeps_its_microseconds(store: Store) -> None:
    exact = replace(FULL, date_only=False, published=NOW + timedelta(microseconds=1))
    await store.ingest.write(batch([exact]))

    (kept,) = await store.stories.by_ids([exact.id])
    assert kept.published == exact.published


async def test_what_was_written_outlives_the_store(open_store: OpenStore) -> None:
    first = await open_store()
    await first.ingest.write(batch([FULL]))
    await first.aclose()

    second = await open_store()
    assert await second.stories.by_ids([FULL.id]) == [FULL]


async def test_stories_come_in_the_order_of_their_ids_and_unknown_ids_are_left_out(
    store: Store,
) -> None:
    a, b, c = (story(title) for title in "abc")
    await store.ingest.write(batch([a, b, c]))

    found = await store.stories.by_ids([c.id, "no such id", a.id])
    assert [one.title for one in found] == ["c", "a"]
    assert list(await store.stories.by_ids([])) == []


async def test_a_known_id_is_replaced_under_its_new_key_and_found_by_its_new_words_only(
    store: Store,
) -> None:
    await store.ingest.write(batch([story("Old title", "crematorium", key="old")]))
    (old,) = (await store.stories.latest(Filter(), 1)).stories
    new = replace(old, key="new", title="New title", paragraphs=(Paragraph("pavilion"),))
    await store.ingest.write(batch([new]))

    assert await listed(store) == ["New title"]
    assert await found(store, "crematorium") == set()
    assert await found(store, "old") == set()
    assert await found(store, "pavilion") == {"New title"}
    assert list(await store.ingest.fingerprints("wire")) == ["new"]
    assert await store.check() == []


async def test_fingerprints_are_those_that_were_filed_of_that_source_alone(store: Store) -> None:
    mine = filed([story("a", "x"), story("b", "y")])
    await store.ingest.write(StoryBatch([*mine, *filed([story("c", source="other")])], NOW))

    kept = await store.ingest.fingerprints("wire")
    assert kept == {one.fingerprint.key: one.fingerprint for one in mine}
    assert await store.ingest.fingerprints("nobody") == {}


async def test_a_batch_is_written_whole_or_not_at_all(store: Store) -> None:
    await store.ingest.write(batch([story("kept")]))
    twice = [story("one", key="same"), replace(story("two", key="same"), id="another")]

    with pytest.raises(StoreError):
        await store.ingest.write(batch([story("lost"), *twice]))

    assert await listed(store) == ["kept"]
    assert await store.check() == []


async def test_many_tasks_may_write_and_read_at_once(store: Store) -> None:
    async def write(n: int) -> None:
        await store.ingest.write(batch([story(f"story {n} {i}", "common words") for i in range(5)]))
        await store.search.candidates(parse("common"), Filter(), 10)

    failing = store.ingest.write(batch([story("x", key="k"), replace(story("y", key="k"), id="z")]))
    results = await asyncio.gather(*map(write, range(20)), failing, return_exceptions=True)

    assert [type(r) for r in results if r is not None] == [StoreError]
    assert (await store.stories.latest(Filter(), 1)).total == 100
    assert await store.check() == []


async def test_a_cancelled_write_leaves_nothing_behind_and_blocks_nobody(store: Store) -> None:
    many = batch([story(f"story {i}", "some words " * 50) for i in range(2_000)])
    for delay in (0, 0.001, 0.01, 0.03):
        writing = asyncio.create_task(store.ingest.write(many))
        await asyncio.sleep(delay)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        assert (await store.stories.latest(Filter(), 1)).total in {0, len(many.stories)}

    await store.ingest.write(batch([story("after")]))
    assert "after" in await listed(store, limit=3_000)
    assert await store.check() == []


# Sources


async def test_a_source_is_loaded_by_its_first_report_without_an_error(store: Store) -> None:
    assert await store.sources.states() == {}
    failed = LoadReport("wire", NOW, error="no such file")
    await store.sources.finish_load(failed, "")
    (state,) = (await store.sources.states()).values()
    assert (state.loaded_at, state.report) == (None, failed)

    good = LoadReport("wire", NOW + timedelta(hours=1), 3, 2, 1, (UnreadablePart("f", 7, "why"),))
    good = replace(good, set_aside=(("draft", 2), ("page", 1)))
    await store.sources.finish_load(good, "signed")
    await store.sources.finish_load(replace(good, at=NOW + timedelta(hours=2)), "signed again")

    (state,) = (await store.sources.states()).values()
    assert state.loaded_at == NOW + timedelta(hours=1)
    assert state.signature == "signed again"
    assert state.report == replace(good, at=NOW + timedelta(hours=2))


async def test_the_state_of_a_source_counts_its_stories(store: Store) -> None:
    await store.ingest.write(
        batch(
            [
                story("a", published=day("2020-01-01")),
                story("b", published=day("2022-01-01")),
                story("c", published=day("2023-01-01"), source="other"),
            ]
        )
    )
    states = await store.sources.states()

    assert {s.source: (s.stories, s.newest) for s in states.values()} == {
        "wire": (2, day("2022-01-01")),
        "other": (1, day("2023-01-01")),
    }


async def test_one_source_is_told_of_as_among_all(store: Store) -> None:
    await store.ingest.write(batch([story("a"), story("b", source="other")]))
    for source in ("other", "third"):
        await store.sources.finish_load(LoadReport(source, NOW), source)

    states = await store.sources.states(rates=False)
    assert {name: await store.sources.state(name) for name in states} == states
    assert states.keys() == {"wire", "other", "third"}
    assert await store.sources.state("nobody") is None


# What people were shown


def _shown(*ids: str) -> Shown:
    listing = Action("latest", (("topic", 'Osaka "Expo"'), ("since", "2d")))
    return Shown(listing, 2, dict(enumerate(ids, 6)), {1: "earlier"})


async def test_a_list_that_was_shown_comes_back(store: Store) -> None:
    assert await store.chats.last_list(CHAT, READER) is None
    await store.chats.remember_last_lists([(CHAT, READER, _shown("a", "b"))])
    await store.chats.remember_last_lists([(CHAT, READER, _shown("c"))])

    assert await store.chats.last_list(
        CHAT, Person(READER.id, "renamed", moderator=True)
    ) == _shown("c")


async def test_who_was_shown_nothing_is_given_the_list_of_the_room_alone(store: Store) -> None:
    await store.chats.remember_last_lists([(CHAT, READER, _shown("mine"))])
    await store.chats.remember_last_lists(
        [(Chat("test", "elsewhere"), Person("b"), _shown("elsewhere"))]
    )

    assert await store.chats.last_list(CHAT, Person("newcomer")) == _shown("mine")
    assert await store.chats.last_list(CHAT, READER) == _shown("mine")
    assert await store.chats.own_last_list(CHAT, READER) == _shown("mine")
    assert await store.chats.own_last_list(CHAT, Person("newcomer")) is None
    assert await store.chats.last_list(Chat("test", "quiet"), READER) is None
    assert await store.chats.last_list(Chat("other", CHAT.id), READER) is None


async def test_of_many_in_a_room_the_newest_list_is_given_and_to_each_their_own(
    store: Store,
) -> None:
    for number in range(12):
        await store.chats.remember_last_lists(
            [(CHAT, Person(f"p{number}"), _shown(f"list {number}"))]
        )

    assert await store.chats.last_list(CHAT, Person("newcomer")) == _shown("list 11")
    for number in range(12):
        assert await store.chats.last_list(CHAT, Person(f"p{number}")) == _shown(f"list {number}")


# Closing


async def test_a_closed_store_says_so_and_closes_twice(open_store: OpenStore) -> None:
    opened = await open_store()
    await opened.aclose()
    await opened.aclose()

    with pytest.raises(StoreError, match="closed"):
        await opened.stories.latest(Filter(), 1)
    with pytest.raises(StoreError, match="closed"):
        await opened.ingest.write(batch([story("a")]))


def test_the_story_of_these_tests_uses_every_field() -> None:
    blank = story("blank")
    unused = [
        name
        for name in Story.__slots__
        if name not in {"source", "topics", "undated", "also", "development", "told_by"}
        and getattr(FULL, name) == getattr(blank, name)
    ]
    assert unused == []


async def test_a_revision_tells_of_new_changed_and_forgotten_stories(store: Store) -> None:
    seen = [await store.stories.revision()]
    one, other = story("One", published=day("2026-01-01")), story("Other")
    await store.ingest.write(batch([one, other]))
    seen.append(await store.stories.revision())
    await store.ingest.write(batch([replace(other, title="Another")]))
    seen.append(await store.stories.revision())
    await store.events.join(other.id, one.id)
    seen.append(await store.stories.revision())
    assert await store.retention.forget({"wire": day("2026-02-01")}, 10) == 1
    seen.append(await store.stories.revision())
    assert len(set(seen)) == len(seen)
    await store.chats.set_note("a", "b")
    assert await store.stories.revision() == seen[-1]


async def test_a_forgotten_story_is_known_to_have_been_there(store: Store) -> None:
    one, other = story("One", published=day("2026-01-01")), story("Other")
    await store.ingest.write(batch([one, other]))
    assert not await store.stories.was_forgotten(one.id)
    await store.retention.forget({"wire": day("2026-02-01")}, 10)
    assert await store.stories.was_forgotten(one.id)
    assert not await store.stories.was_forgotten(other.id)
    assert not await store.stories.was_forgotten("bcdfgh222222")


async def test_headlines_come_in_parts_in_the_order_of_their_coming(store: Store) -> None:
    assert await store.stories.last_place() == 0
    assert await store.stories.headlines(0, 10) == []
    stories = [story(f"Story {n}", "Text.", url="https://e.example/") for n in range(5)]
    await store.ingest.write(batch(stories))
    last = await store.stories.last_place()
    assert last == 5
    found = [one for at in range(0, last, 2) for one in await store.stories.headlines(at, 2)]
    assert [one.place for one in found] == [1, 2, 3, 4, 5]
    assert [one.story.title for one in found] == [one.title for one in stories]
    assert found[0].story.url == "https://e.example/"
    assert found[0].story.id == stories[0].id
