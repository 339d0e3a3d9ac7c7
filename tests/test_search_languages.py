"""Searches in Japanese, Chinese, Korean and German, in words that hardly ever stand there so."""

from __future__ import annotations

import pytest
from language_questions import ASKED, CHINESE, GERMAN, JAPANESE, KOREAN, Told
from stores import EVERYTHING, open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.search.engine import SearchEngine
from bot.search.query import parse

pytestmark = pytest.mark.slow

__all__ = ["open_store", "store"]


@pytest.mark.parametrize(
    ("stories", "others"),
    [(JAPANESE, CHINESE), (CHINESE, {}), (KOREAN, {}), (GERMAN, {})],
    ids=["ja", "zh", "ko", "de"],
)
async def test_the_right_story_comes_first(
    store: Store, stories: dict[str, Told], others: dict[str, Told]
) -> None:
    told = [*stories.items(), *others.items()]
    await store.ingest.write(batch([story(*one, key=f"{one[0]} {name}") for name, one in told]))
    engine = SearchEngine(store.search)
    asked = [(typed, stories[key][0]) for among, typed, key in ASKED if among is stories]
    found = {typed: (await engine.find(parse(typed), EVERYTHING)).hits for typed, _ in asked}

    assert {typed: [hit.title for hit in found[typed][:1]] for typed, _ in asked} == {
        typed: [meant] for typed, meant in asked
    }
