"""Changes of the sources that run: in the store and at work, or in neither."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from scripted_sources import SourcesDesk, sources_desk_over
from stories import NOW

from bot.chat.source_edits import SourceEditor
from bot.config.added_sources import SourceSettingError
from bot.errors import ConfigError, StoreError
from bot.ingest.added_sources import AddedSource, EditStamp

STAMP = EditStamp(NOW, "telegram", "7", "Ada")


def added(id_: str, url: str = "", **settings: str) -> AddedSource:
    url = url or f"https://{id_}.example/feed"
    return AddedSource(id_, {"kind": "feed", "url": url, **settings}, STAMP)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[SourcesDesk]:
    async with sources_desk_over(tmp_path / "store.db") as one:
        await one.editor.put([added("a"), added("b")])
        await one.editor.pause("wire", STAMP)
        yield one


CHANGES: dict[str, Callable[[SourceEditor], Awaitable[None]]] = {
    "add": lambda editor: editor.put([added("c"), added("d")]),
    "change": lambda editor: editor.put([added("a", name="Another")]),
    "remove": lambda editor: editor.remove("a"),
    "pause": lambda editor: editor.pause("a", STAMP),
    "pause again": lambda editor: editor.pause("wire", EditStamp(NOW, "discord", "8", "Bo")),
    "resume": lambda editor: editor.resume("wire"),
    "resume what runs": lambda editor: editor.resume("a"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("error", [ConfigError("no"), StoreError("full")], ids=["made", "store"])
async def test_what_cannot_be_put_to_work_is_not_kept(
    desk: SourcesDesk, change: Callable[[SourceEditor], Awaitable[None]], error: Exception
) -> None:
    before = await desk.editor.store.edits()
    desk.roster.refuses = error
    with pytest.raises(type(error)):
        await change(desk.editor)
    after = await desk.editor.store.edits()
    assert (after.added, after.paused) == (before.added, before.paused)
    desk.roster.refuses = None
    await change(desk.editor)


async def test_changes_are_at_work_at_once(desk: SourcesDesk) -> None:
    assert [one.id for one in desk.roster.added] == ["a", "b"]
    assert desk.roster.paused == {"wire"}
    await desk.editor.remove("a")
    await desk.editor.resume("wire")
    await desk.editor.pause("b", STAMP)
    assert [one.id for one in desk.editor.sources] == ["wire", "other", "b"]
    assert desk.roster.paused == {"b"}


async def test_what_cannot_be_made_is_not_even_written(desk: SourcesDesk) -> None:
    desk.roster.unopened = {"https://c.example/feed": "full_text needs an extra"}
    with pytest.raises(ConfigError, match="extra"):
        await desk.editor.put([added("d"), added("c")])
    with pytest.raises(SourceSettingError):
        await desk.editor.put([added("e", every="soon")])
    edits = await desk.editor.store.edits()
    assert [one.id for one in edits.added] == ["a", "b"]
    assert edits.removed == ()


@pytest.mark.parametrize(
    ("typed", "id_"),
    [
        ("https://a.example/feed", "a"),
        ("feed://www.a.example/feed/", "a"),
        ("http://other.example/feed", "other"),
        ("a.example/feed", None),
        ("wire", None),
        ("", None),
        ("https://[", None),
    ],
)
async def test_a_source_is_found_by_its_address(
    desk: SourcesDesk, typed: str, id_: str | None
) -> None:
    found = desk.editor.by_address(typed)
    assert (found and found.id) == id_
