"""Words that stories hold, told from what is in memory without a wait."""

from __future__ import annotations

from stores import open_store, store
from stories import batch, story

from bot.chat.ports import Store
from bot.search.engine import SearchEngine
from bot.search.query import parse

__all__ = ["open_store", "store"]


async def test_before_the_words_are_read_any_story_may_hold_all(store: Store) -> None:
    await store.ingest.write(batch([story("Osaka Expo")]))
    search = SearchEngine(store.search)

    assert await search.may_hold(parse("osaka nothing"))
    assert set(await search.held_words(["osaka", "nothing"])) == {"osaka"}


async def test_what_has_a_word_of_no_story_is_held_by_none(store: Store) -> None:
    await store.ingest.write(batch([story("Osaka Expo")]))
    search = SearchEngine(store.search)
    await search.warm()

    assert await search.may_hold(parse("osaka expo"))
    assert not await search.may_hold(parse("osaka nothing"))
    assert not await search.may_hold(parse('"nothing in osaka"'))
    assert await search.may_hold(parse("nothing OR osaka"))
    assert set(await search.held_words(["osaka", "nothing"])) == {"osaka"}
    await store.ingest.write(batch([story("Nothing new")]))
    assert await search.may_hold(parse('"nothing in" OR "nothing new"'))
