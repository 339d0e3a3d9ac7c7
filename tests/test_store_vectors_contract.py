"""What every store must do: the vectors of its stories, and which stories lack one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from stores import OpenStore, open_store, store
from stories import NOW, batch, story

from bot.chat.ports import Store
from bot.search.meaning.ports import UnembeddedStory, VectorChanges
from bot.search.query import Filter, Since

__all__ = ["open_store", "store"]

MODEL, OTHER = "by-heart 3", "another 2"


async def _write(store: Store, *titles: str, **given: object) -> None:
    await store.ingest.write(batch([story(one, key=one, **given) for one in titles]))


async def _keep(
    store: Store, model: str = MODEL, vector: bytes = b"abc"
) -> Sequence[UnembeddedStory]:
    """Gives each story that has none a vector of the model."""
    passages = await store.vectors.unembedded(model, None, 100)
    await store.vectors.keep_vectors(model, dict.fromkeys(passages, vector))
    return passages


async def _lacking(store: Store, model: str = MODEL) -> list[str]:
    return [one.title for one in await store.vectors.unembedded(model, None, 100)]


async def test_stories_without_a_vector_come_with_the_last_that_was_added_first(
    store: Store,
) -> None:
    await _write(store, "One", "Two", "Three", "Four", summary="What it is.")
    first = await store.vectors.unembedded(MODEL, None, 2)
    assert [(one.title, one.summary) for one in first] == [
        ("Four", "What it is."),
        ("Three", "What it is."),
    ]
    rest = await store.vectors.unembedded(MODEL, first[-1].number, 9)
    assert [one.title for one in rest] == ["Two", "One"]


async def test_what_has_a_vector_lacks_none_and_what_is_new_does(store: Store) -> None:
    await _write(store, "One", "Two")
    await _keep(store)
    assert await _lacking(store) == []
    revision = await store.vectors.last_revision()
    await _write(store, "Three", "Four")
    since = await store.vectors.unembedded_since(MODEL, revision, 9)
    assert sorted(one.title for one in since) == ["Four", "Three"]
    assert await store.vectors.count_vectors(MODEL) == (2, 4)


@pytest.mark.parametrize("changed", [{"title": "One!"}, {"summary": "Another."}])
async def test_a_vector_goes_with_what_it_was_made_from(
    store: Store, changed: dict[str, str]
) -> None:
    await _write(store, "One", "Two", summary="What it is.")
    await _keep(store)
    revision = await store.vectors.last_revision()
    fields = {"summary": "What it is.", **changed}
    await store.ingest.write(batch([story(fields.pop("title", "One"), key="One", **fields)]))
    since = await store.vectors.unembedded_since(MODEL, revision, 9)
    assert [(one.title, one.summary) for one in since] == [
        (changed.get("title", "One"), changed.get("summary", "What it is."))
    ]


async def test_a_vector_stays_when_only_the_text_changes(store: Store) -> None:
    await store.ingest.write(batch([story("One", "Before.", summary="It is.")]))
    await _keep(store)
    await store.ingest.write(batch([story("One", "After.", summary="It is.")]))
    assert await _lacking(store) == []


async def test_a_vector_of_a_story_that_changed_meanwhile_is_not_kept(store: Store) -> None:
    await _write(store, "One")
    (passage,) = await store.vectors.unembedded(MODEL, None, 9)
    await store.ingest.write(batch([story("One, corrected", key="One")]))
    await store.vectors.keep_vectors(MODEL, {passage: b"abc"})
    assert await _lacking(store) == ["One, corrected"]


async def test_vectors_are_given_from_a_cursor_on_in_the_order_in_which_they_were_made(
    store: Store,
) -> None:
    await _write(store, "One", "Two")
    passages = await _keep(store)
    first = await store.vectors.vectors_since(MODEL, 0)
    assert list(first.numbers) == [one.number for one in passages]
    assert first.vectors == b"abcabc"
    nothing = await store.vectors.vectors_since(MODEL, first.cursor)
    assert (list(nothing.numbers), nothing.cursor) == ([], first.cursor)

    await store.vectors.keep_vectors(MODEL, {passages[1]: b"xyz"})
    again = await store.vectors.vectors_since(MODEL, first.cursor)
    assert isinstance(again, VectorChanges)
    assert (list(again.numbers), again.vectors) == ([passages[1].number], b"xyz")


async def test_models_are_told_apart_and_the_last_one_counts(store: Store) -> None:
    await _write(store, "One", "Two")
    passages = await _keep(store)
    assert await _lacking(store, OTHER) == ["Two", "One"]
    await store.vectors.keep_vectors(OTHER, {passages[0]: b"12"})
    assert (await store.vectors.vectors_since(OTHER, 0)).vectors == b"12"
    assert (await store.vectors.vectors_since(MODEL, 0)).vectors == b"abc"
    assert await store.vectors.count_vectors(MODEL) == (1, 2)
    assert await _lacking(store) == [passages[0].title]


async def test_a_story_that_has_no_vector_to_be_had_is_not_asked_for_again(store: Store) -> None:
    await _write(store, "One")
    await _keep(store, vector=b"")
    assert await _lacking(store) == []
    assert list((await store.vectors.vectors_since(MODEL, 0)).numbers) == []


async def test_vectors_outlive_the_process_and_are_seen_by_another(open_store: OpenStore) -> None:
    one, other = await open_store(), await open_store()
    await _write(one, "One")
    await _keep(one)
    assert (await other.vectors.vectors_since(MODEL, 0)).vectors == b"abc"
    assert await _lacking(other) == []


async def test_stories_are_found_by_their_numbers_and_by_filters(store: Store) -> None:
    await _write(store, "One", "Two")
    await _write(store, "Three", source="other")
    three, two, one = await store.vectors.unembedded(MODEL, None, 9)
    found = await store.vectors.candidates_by_number([two.number, 999, three.number])
    assert [(number, each.title) for number, each in found.items()] == [
        (two.number, "Two"),
        (three.number, "Three"),
    ]
    assert list(await store.vectors.numbers_within(Filter(source="other"))) == [three.number]
    assert set(await store.vectors.numbers_within(Filter(since=Since(NOW, NOW.date())))) == {
        one.number,
        two.number,
        three.number,
    }
    assert await store.check() == []
