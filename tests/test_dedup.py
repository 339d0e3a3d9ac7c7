"""What a poll asks the store leads to the same decision as all that the store knows."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import NOW, batch, story

from bot.ingest.batch import StoryBatch
from bot.ingest.change_detection import decide
from bot.ingest.dedup import fetch_known
from bot.model import Story
from store.sqlite import SqliteStore

LONG = "A long text that nobody would write in the very same words a second time. " * 4
TEXTS = ("", "Short.", LONG, f"{LONG} More.")
LINKS = (None, "https://a.org/", "https://a.org/1", "http://www.a.org/1/", "https://a.org/?p=1")
KEPT = 60


@st.composite
def _stories(draw: st.DrawFn, keys: str) -> Story:
    days = draw(st.sampled_from((0, 1, 30, 32)))
    return story(
        draw(st.sampled_from(("One", "ONE ", "Two", "Three"))),
        draw(st.sampled_from(TEXTS)),
        key=draw(st.sampled_from(keys)),
        url=draw(st.sampled_from((*LINKS, "https://a.org/?p=1&x=2", "http://["))),
        published=NOW - timedelta(days=days, seconds=draw(st.integers(0, 1))),
        undated=draw(st.booleans()),
    )


def _unique(stories: Sequence[Story]) -> list[Story]:
    return list({one.key: one for one in stories}.values())


KNOWN = st.lists(_stories("abcdefghij"), max_size=10).map(_unique)
GIVEN = st.lists(_stories("ghijklm"), min_size=1, max_size=4).map(_unique)


@settings(max_examples=60, deadline=None)
@given(KNOWN, GIVEN, st.booleans())
def test_the_question_leads_to_the_decision_that_all_stories_lead_to(
    tmp_path_factory: pytest.TempPathFactory,
    known: list[Story],
    given_now: list[Story],
    first: bool,
) -> None:
    asyncio.run(_compare(tmp_path_factory.mktemp("d") / "d.db", known, given_now, first=first))


async def _compare(path: Path, known: list[Story], now: list[Story], *, first: bool) -> None:
    # Of many stories that match nothing, reading all would be dearer than asking.
    others = [
        story(f"Other {n}", f"Text {n}.", key=f"other {n}", published=NOW - timedelta(days=90 + n))
        for n in range(KEPT)
    ]
    async with await SqliteStore.open(path) as store:
        await store.ingest.write(batch([replace(one, undated=False) for one in known]))
        await store.ingest.write(batch(others))
        everything = await store.ingest.fingerprints("wire")
        asked = await fetch_known(store.ingest, "wire", now)
        assert len(everything) == len(known) + KEPT
        assert len(asked) <= len(known) + 1
        whole = decide(everything, now, first=first, now=NOW)
        assert decide(asked, now, first=first, now=NOW) == whole


@pytest.mark.slow
async def test_ids_stay_unique_where_a_feed_uses_a_key_again_and_again(tmp_path: Path) -> None:
    """Its newest story has always the key `new`, and another one as soon as it is not."""
    async with await SqliteStore.open(tmp_path / "d.db") as store:
        others = [story(f"Other {n}", f"Text {n}.", key=f"other {n}") for n in range(KEPT)]
        await store.ingest.write(batch(others))
        for n in range(12):
            newest = story(f"Story {n}", f"{n} {LONG}", key="new")
            for one in (newest, replace(newest, key=f"story {n}")):
                known = await fetch_known(store.ingest, "wire", [one])
                decision = decide(known, [one], now=NOW)
                assert decision == decide(await store.ingest.fingerprints("wire"), [one], now=NOW)
                stories = [*decision.changed, *decision.new]
                await store.ingest.write(StoryBatch(stories, NOW))
        assert len(await store.ingest.fingerprints("wire")) == KEPT + 12


async def test_a_source_that_was_given_no_story_is_asked_for_none(tmp_path: Path) -> None:
    async with await SqliteStore.open(tmp_path / "d.db") as store:
        await store.ingest.write(batch([story("a")]))
        assert await store.ingest.fingerprints("wire", []) == {}
