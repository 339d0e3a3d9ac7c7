"""What is very long is kept as anything else, though an index of PostgreSQL takes 2,704 bytes."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from stores import found, listed, open_store, store
from stories import NOW, batch, story

from bot.chat.ports import Store
from bot.ingest.topics.model import StoryName
from bot.model import Chat
from bot.subscriptions.model import Subscription, TargetKind

__all__ = ["open_store", "store"]

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
HAN = "".join(map(chr, range(0x4E00, 0x9FA0)))


def noise(length: int, signs: str = LETTERS, seed: int = 1) -> str:
    """Signs of which none can be guessed: nothing makes them shorter."""
    return "".join(random.Random(seed).choices(signs, k=length))  # noqa: S311 - of no secret


@pytest.mark.parametrize("signs", [LETTERS, HAN])
@pytest.mark.parametrize("seed", [1, 2])
async def test_stories_of_long_keys_are_told_apart(store: Store, signs: str, seed: int) -> None:
    same = noise(10_000, signs, seed)
    keys = [same, f"{same}x", f"{same}\n{same}", same[:2_704], f"https://example.org/{same}"]
    stories = [story(f"Tram {number}", "It runs.", key=key) for number, key in enumerate(keys)]
    await store.ingest.write(batch(stories))
    assert len(await listed(store)) == len(keys)
    known = await store.ingest.fingerprints("wire", stories)
    assert known.keys() == {one.key for one in stories}
    assert {one.id for one in known.values()} == {one.id for one in stories}
    await store.ingest.write(batch([replace(stories[0], title="Tram runs")]))
    assert max(await listed(store)) == "Tram runs"
    assert len(await listed(store)) == len(keys)


@pytest.mark.parametrize("signs", [LETTERS, HAN])
async def test_a_story_long_in_all_that_it_has_comes_back(store: Store, signs: str) -> None:
    long = noise(10_000, signs)
    one = story(
        f"Harbour {long}",
        f"The {long}.\n{long[:3_000]} again.",
        url=f"https://example.org/{noise(10_000)}",
        image=f"https://example.org/{noise(10_000)}.jpg",
        byline=long,
        place=long,
        categories=(long, "Harbour"),
    )
    other = story("Bridge", "It opens.", source="other", url=one.url)
    await store.ingest.write(batch([one]))
    await store.ingest.write(batch([other]))
    assert await store.stories.by_ids([one.id]) == [one]
    assert await found(store, "harbour") == {one.title}
    assert await found(store, "again") == {one.title}


async def test_a_long_name_is_what_a_story_is_about(store: Store) -> None:
    one = story("Harbour", "It opens.")
    (record,) = batch([one]).stories
    long = noise(10_000, HAN)
    names = (StoryName(long, long), StoryName("harbour", "Harbour"))
    await store.ingest.write(
        replace(batch([one]), stories=[replace(record, names=names, names_method="test")])
    )
    counts = await store.topics.name_counts(1)
    assert [one.key for one in counts.names] == ["harbour"]


@pytest.mark.parametrize("signs", [LETTERS, HAN])
async def test_a_search_of_the_longest_kind_is_followed(store: Store, signs: str) -> None:
    what = noise(1_000, signs)
    chat = Chat("discord", "1")
    for text in (what, what[::-1]):
        kept = await store.subscriptions.put(Subscription(chat, TargetKind.SEARCH, text, made=NOW))
        assert kept.what == text
    again = Subscription(chat, TargetKind.SEARCH, what, made=NOW + timedelta(1))
    assert (await store.subscriptions.put(again)).what == what
    assert len(await store.subscriptions.of(chat)) == 2
