"""Words with digits, which stories write with signs between, or without."""

from __future__ import annotations

import pytest
from stores import open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.search.digit_writings import other_digit_writings
from bot.search.engine import SearchEngine
from bot.search.query import parse
from bot.search.vocabulary import Vocabulary

__all__ = ["open_store", "store"]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (("ba2",), ("ba", "2")),
        (("covid19",), ("covid", "19")),
        (("covid", "19"), ("covid19",)),
        (("20000",), ("20", "000")),
        (("1500000",), ("1", "500", "000")),
        (("20", "000"), ("20000",)),
    ],
)
def test_signs_within_are_no_matter(typed: tuple[str, ...], stored: tuple[str, ...]) -> None:
    known = Vocabulary.from_counts(dict.fromkeys(stored, 1))
    assert [form for form, _ in other_digit_writings(typed, known)] == [stored]


@pytest.mark.parametrize("typed", [("2023",), ("tram",), ("4th",), ("f35",)])
def test_a_year_and_what_stories_do_not_hold_stay_as_they_are(typed: tuple[str, ...]) -> None:
    known = Vocabulary.from_counts({"2": 1, "023": 1, "4": 1})
    assert not other_digit_writings(typed, known)


@pytest.mark.parametrize("typed", ["ba2 variant", "BA2 variant", "ba.2 variant"])
async def test_a_story_is_found_by_either(store: Store, typed: str) -> None:
    told = [story("The BA.2 variant spreads"), story("A stealth variant", "It is new.")]
    await store.ingest.write(batch(told))
    found = await SearchEngine(store.search).find(parse(typed))
    assert found.hits[0].title == "The BA.2 variant spreads"
    assert not found.corrected
