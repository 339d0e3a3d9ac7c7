"""English words whose forms share no stem."""

from __future__ import annotations

import pytest
from stores import open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.search.engine import SearchEngine
from bot.search.query import parse
from bot.text.irregular_words import irregular_forms

__all__ = ["open_store", "store"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("fell", "falling"), ("stole", "steals"), ("women", "woman"), ("ran", "running")],
)
def test_forms_lead_to_one_another(one: str, other: str) -> None:
    assert other in irregular_forms(one)
    assert one in irregular_forms(other)


@pytest.mark.parametrize("word", ["tram", "left", "runing", "fallling", "menes"])
def test_other_words_have_none(word: str) -> None:
    assert not irregular_forms(word)


@pytest.mark.parametrize(
    ("typed", "title"),
    [("ferry sinks", "Ferry sank off Cebu"), ("woman climbers", "Women climb first")],
)
async def test_another_tense_is_no_correction(store: Store, typed: str, title: str) -> None:
    told = [story("Ferry sank off Cebu"), story("Women climb first", "Climbers."), story("Ferry")]
    await store.ingest.write(batch(told))
    found = await SearchEngine(store.search).find(parse(typed))
    assert found.hits[0].title == title
    assert not found.corrected
    assert not found.partial
