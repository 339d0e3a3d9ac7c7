"""Searches in Japanese, Chinese, Korean and German, in words that hardly ever stand there so."""

from __future__ import annotations

import pytest
from language_questions import ASKED, CHINESE, JAPANESE, Told
from stores import EVERYTHING, open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.search.engine import SearchEngine
from bot.search.query import parse

pytestmark = pytest.mark.slow

__all__ = ["open_store", "store"]


@pytest.mark.parametrize(("stories", "typed", "key"), ASKED, ids=[one[1] for one in ASKED])
async def test_the_right_story_comes_first(
    store: Store, stories: dict[str, Told], typed: str, key: str
) -> None:
    everything = JAPANESE | CHINESE if stories is JAPANESE else stories
    await store.ingest.write(
        batch([story(*told, key=f"{told[0]} {name}") for name, told in everything.items()])
    )
    found = await SearchEngine(store.search).find(parse(typed), EVERYTHING)

    assert found.hits, typed
    assert found.hits[0].title == stories[key][0]
