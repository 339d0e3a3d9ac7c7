"""What every store must do: stories that hold some of several terms, and stories by their ids."""

from __future__ import annotations

from collections.abc import Sequence

from stores import EVERYTHING, open_store, store, term
from stories import batch, day, story

from bot.chat.ports import Store
from bot.model import Topic
from bot.search.ports import Candidate, PartialMatch, PartialQuery
from bot.search.query import Filter, Since, Term

__all__ = ["open_store", "store"]


def _titles(matches: Sequence[PartialMatch]) -> list[str]:
    return [one.candidate.title for one in matches]


async def test_the_heaviest_come_first_and_of_equals_the_one_added_last(store: Store) -> None:
    await store.ingest.write(batch([story(f"s{n}", "expo" if n % 2 else "bus") for n in range(7)]))
    await store.ingest.write(batch([story("both", "expo bus", published=day("2001-01-01"))]))
    await store.ingest.write(batch([story("s2", "bus again")]))  # an edited story keeps its place
    terms = [(term("expo"), 1.0), (term("bus"), 2.5), (term("x"), 9.0)]

    matches = await store.search.partial_matches(PartialQuery(terms, EVERYTHING, 9), 99)
    assert _titles(matches) == ["both", "s6", "s4", "s2", "s0", "s5", "s3", "s1"]
    assert [one.weight for one in matches] == [3.5, 2.5, 2.5, 2.5, 2.5, 1.0, 1.0, 1.0]
    assert {one.candidate.text for one in matches} == {None}
    told = await store.search.partial_matches(PartialQuery(terms, EVERYTHING, 9), 1, texts=True)
    assert told[0].candidate.text == "\nexpo bus"


async def test_a_term_counts_only_for_the_stories_that_were_added_last(store: Store) -> None:
    await store.ingest.write(batch([story(f"s{n}", "expo bus" if n else "bus") for n in range(5)]))
    terms = [(term("expo"), 1.0), (term("bus"), 1.0)]

    matches = await store.search.partial_matches(PartialQuery(terms, EVERYTHING, 2), 99)
    assert _titles(matches) == ["s4", "s3"]
    assert len(await store.search.partial_matches(PartialQuery(terms, EVERYTHING, 9), 1)) == 1
    assert await store.search.partial_matches(PartialQuery([], EVERYTHING, 9), 9) in ((), [])


async def test_stories_that_hold_too_few_of_the_terms_are_left_out(store: Store) -> None:
    await store.ingest.write(batch([story("a", "expo"), story("b", "bus tram")]))
    terms = [(term("expo"), 9.0), (term("bus"), 1.0), (term("tram"), 1.0)]

    matches = await store.search.partial_matches(PartialQuery(terms, EVERYTHING, 9, least=2), 9)
    assert _titles(matches) == ["b"]


async def _held(store: Store, asked: Term, within: Filter = EVERYTHING) -> set[str]:
    matches = await store.search.partial_matches(PartialQuery([(asked, 1.0)], within, 9), 9)
    return set(_titles(matches))


async def test_a_partial_match_knows_forms_phrases_prefixes_runs_and_filters(store: Store) -> None:
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


async def test_what_is_not_wanted_or_not_in_the_title_is_no_partial_match(store: Store) -> None:
    await store.ingest.write(batch([story("expo"), story("expo bus"), story("other", "expo")]))
    terms = [(term("expo"), 1.0)]
    without = PartialQuery(terms, EVERYTHING, 9, without=(term("bus"),))
    in_title = PartialQuery(terms, EVERYTHING, 9, in_title=True)

    assert set(_titles(await store.search.partial_matches(without, 9))) == {"expo", "other"}
    assert set(_titles(await store.search.partial_matches(in_title, 9))) == {"expo", "expo bus"}


async def test_candidates_come_in_the_order_of_the_ids(store: Store) -> None:
    one, other = story("a", summary="Short."), story("b")
    await store.ingest.write(batch([one, other]))

    found = await store.search.candidates_by_id([other.id, "nothing", one.id])
    assert list(found) == [
        Candidate(other.id, "b", "", other.published),
        Candidate(one.id, "a", "Short.", one.published),
    ]
    assert list(await store.search.candidates_by_id([])) == []
