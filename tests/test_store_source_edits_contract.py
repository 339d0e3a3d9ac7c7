"""The contract of what people change of the sources: kept, replaced, removed, forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from stores import OpenStore, open_store, store
from stories import NOW, batch, story

from bot.chat.ports import Store
from bot.ingest.added_sources import (
    KEPT_REMOVED,
    AddedSource,
    EditStamp,
    SettingValue,
    SourceEdits,
)
from bot.ingest.results import LoadReport
from bot.model import Person
from store.rescue import rescue_store
from store.schema import STEPS
from store.schema_changes import SOURCE_EDITS
from store.sqlite import SqliteStore

__all__ = ["open_store", "store"]

ADA = EditStamp(NOW, "telegram", "7", "Ada Løvelace 東京")
SETTINGS: Mapping[str, SettingValue] = {
    "kind": "feed",
    "url": "https://a.example/feed?x=1&y=ü",
    "name": "“A” & Söns",
    "topics": ("Japan", "宇宙"),
    "full_text": True,
    "keep_stories": 500,
}


def added(id_: str = "a", **settings: str) -> AddedSource:
    return AddedSource(id_, {**SETTINGS, **settings}, ADA)


async def test_what_was_added_is_there_after_a_restart(open_store: OpenStore) -> None:
    first = await open_store()
    later = replace(added("b"), added=replace(ADA, at=NOW + timedelta(hours=1)))
    await first.source_edits.put([later, added("a")])
    await first.source_edits.pause("wire", ADA)
    await first.aclose()
    edits = await (await open_store()).source_edits.edits()
    assert edits.added == (added("a"), later)
    assert (edits.removed, edits.paused) == ((), {"wire": ADA})


async def test_a_changed_source_takes_the_place_of_the_old_one(store: Store) -> None:
    await store.source_edits.put([added("a"), added("b")])
    await store.source_edits.put([added("a", name="Another name")])
    edits = await store.source_edits.edits()
    assert [one.name for one in edits.added] == ["Another name", "“A” & Söns"]


async def test_a_pause_is_of_who_paused_first_and_ends(store: Store) -> None:
    await store.source_edits.pause("wire", ADA)
    await store.source_edits.pause("wire", EditStamp(NOW, "discord", "8", "Bo"))
    assert (await store.source_edits.edits()).paused == {"wire": ADA}
    await store.source_edits.resume("wire")
    await store.source_edits.resume("wire")
    assert (await store.source_edits.edits()).paused == {}


async def _is_loaded(store: Store, source: str) -> bool:
    states = await store.sources.states()
    return source in states and states[source].loaded_at is not None


async def _load(store: Store, source: str) -> None:
    await store.ingest.write(batch([story("One", source=source)]))
    await store.sources.finish_load(LoadReport(source, NOW), "signature")


async def test_a_removed_source_keeps_its_stories_and_comes_back_as_a_new_one(
    store: Store,
) -> None:
    await store.source_edits.put([added("a")])
    await store.source_edits.pause("a", ADA)
    await _load(store, "a")
    await store.source_edits.remove("a", NOW)
    edits = await store.source_edits.edits()
    assert (edits.added, edits.paused) == ((), {})
    assert edits.removed == (replace(added("a"), removed=NOW),)
    assert (await store.sources.states())["a"].stories == 1
    assert not await _is_loaded(store, "a")

    await _load(store, "a")  # a poll that was under way when it was removed
    await store.source_edits.put([added("a")])
    assert (await store.source_edits.edits()).removed == ()
    assert not await _is_loaded(store, "a")


@pytest.mark.parametrize(
    ("settings", "is_anew"),
    [
        ({"url": "https://elsewhere.example/feed"}, True),
        ({"url": "https://a.example/feed?x=1&y=ü#part"}, True),
        ({"name": "Another"}, False),
        ({"every": "1h"}, False),
        ({}, False),
    ],
)
async def test_only_another_address_makes_it_new(
    store: Store, settings: dict[str, str], *, is_anew: bool
) -> None:
    await store.source_edits.put([added("a")])
    await _load(store, "a")
    await store.source_edits.put([added("a", **settings)])
    assert await _is_loaded(store, "a") is not is_anew


async def test_removing_what_is_not_there_changes_nothing(store: Store) -> None:
    await store.source_edits.put([added("a")])
    await store.source_edits.remove("b", NOW)
    assert len((await store.source_edits.edits()).added) == 1


async def test_of_removed_sources_a_bounded_number_is_remembered_the_newest(store: Store) -> None:
    some = [added(f"s{n}") for n in range(KEPT_REMOVED + 2)]
    await store.source_edits.put(some)
    for at, one in enumerate(some):
        await store.source_edits.remove(one.id, NOW + timedelta(seconds=at))
    removed = (await store.source_edits.edits()).removed
    assert [one.id for one in removed] == [one.id for one in reversed(some[2:])]


async def test_who_added_or_paused_is_counted_and_forgotten(store: Store) -> None:
    await store.source_edits.put([added("a"), added("b")])
    await store.source_edits.pause("a", ADA)
    await store.source_edits.pause("wire", ADA)
    ada, same_id = Person("7"), Person("7")
    assert (await store.privacy.kept("telegram", ada, None)).sources == 3
    assert (await store.privacy.kept("discord", same_id, None)).sources == 0
    await store.privacy.forget("discord", same_id, None, NOW)
    assert (await store.privacy.kept("telegram", ada, None)).sources == 3
    await store.privacy.forget("telegram", ada, None, NOW)
    assert not (await store.privacy.kept("telegram", ada, None)).anything
    edits = await store.source_edits.edits()
    nobody = EditStamp(NOW, "telegram")
    assert [one.added for one in edits.added] == [nobody, nobody]
    assert set(edits.paused.values()) == {nobody}


@pytest.mark.slow
async def test_a_store_of_before_has_no_changes_and_takes_them(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    async with await SqliteStore.open(path, STEPS[: STEPS.index(SOURCE_EDITS)]) as old:
        await old.sources.finish_load(LoadReport("wire", NOW), "signature")
    async with await SqliteStore.open(path) as new:
        assert await new.source_edits.edits() == SourceEdits()
        await new.source_edits.put([added("a")])
        await new.source_edits.pause("wire", ADA)
        assert "wire" in await new.sources.states()
        assert await new.check() == []


@pytest.mark.slow
async def test_added_sources_are_rescued(tmp_path: Path) -> None:
    async with await SqliteStore.open(tmp_path / "old.db") as old:
        await old.source_edits.put([added("a")])
        await old.source_edits.pause("wire", ADA)
    saved = await rescue_store(tmp_path / "old.db", tmp_path / "new.db")
    assert saved["sources that were added in chats"] == 1
    async with await SqliteStore.open(tmp_path / "new.db") as new:
        edits = await new.source_edits.edits()
        assert (edits.added, edits.paused) == ((added("a"),), {"wire": ADA})
