"""What every store must do: the stories that hold a term, by the store's own numbers."""

from __future__ import annotations

from collections.abc import Sequence

from stores import EVERYTHING, open_store, store, term
from stories import batch, day, story

from bot.chat.ports import Store
from bot.model import Topic
from bot.search.ports import Candidate
from bot.search.query import Filter, Since, Term

__all__ = ["open_store", "store"]


async def test_holders_are_the_last_that_came_for_each_term(store: Store) -> None:
    await store.ingest.write(batch([story(f"s{n}", "expo" if n % 2 else "bus") for n in range(7)]))
    await store.ingest.write(batch([story("both", "expo bus", published=day("2001-01-01"))]))

    expo, bus, none = await store.search.holders(
        [term("expo"), term("bus"), term("x")], EVERYTHING, 3
    )

    async def titles(numbers: Sequence[int]) -> list[str]:
        assert list(numbers) == sorted(numbers, reverse=True)
        known = await store.search.by_numbers(numbers)
        return [known[number].title for number in numbers]

    assert await titles(expo) == ["both", "s5", "s3"]
    assert await titles(bus) == ["both", "s6", "s4"]
    assert list(none) == []
    assert list(await store.search.holders([], EVERYTHING, 3)) == []


async def _held(store: Store, asked: Term, within: Filter = EVERYTHING) -> set[str]:
    (numbers,) = await store.search.holders([asked], within, 9)
    return {one.title for one in (await store.search.by_numbers(numbers)).values()}


async def test_holders_know_forms_phrases_beginnings_runs_and_filters(store: Store) -> None:
    topics = [Topic("Rail", "rail")]
    await store.ingest.set_topics(topics)
    await store.ingest.write(
        batch(
            [
                story("rail pavilion"),
                story("pavilions", source="other"),
                story("rail 大阪万博", source="other", published=day("2020-01-01")),
            ],
            topics,
        )
    )
    old = Filter(before=Since(day("2021-01-01"), day("2021-01-01").date()))

    assert await _held(store, term("pavilion")) == {"rail pavilion"}
    assert await _held(store, term("pavilion", "pavilions")) == {"rail pavilion", "pavilions"}
    assert await _held(store, term("x", "rail pavilion")) == {"rail pavilion"}
    assert await _held(store, term("pav", prefix=True)) == {"rail pavilion", "pavilions"}
    assert await _held(store, term("万博")) == {"rail 大阪万博"}
    assert await _held(store, term("rail"), Filter(topic="Rail", source="other")) == {
        "rail 大阪万博"
    }
    assert await _held(store, term("pavilions", "rail"), old) == {"rail 大阪万博"}


async def test_numbers_that_name_no_story_are_left_out(store: Store) -> None:
    one = story("a", summary="Short.")
    await store.ingest.write(batch([one]))
    ((number,),) = await store.search.holders([term("a")], EVERYTHING, 9)

    known = await store.search.by_numbers([number, number + 99, -1, number])
    assert known == {number: Candidate(one.id, "a", "Short.", one.published)}
    assert await store.search.by_numbers([]) == {}
