from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from times import settle

from bot.chat.last_list import WriteBehind
from bot.errors import StoreError


@dataclass
class Saver:
    """Saves when it may, and fails with what is in `fails`."""

    saved: list[dict[str, int]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    may_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def save(self, things: Mapping[str, int]) -> None:
        self.begun.set()
        await self.may_go.wait()
        if self.fails:
            raise self.fails.pop(0)
        self.saved.append(dict(things))


@pytest.fixture
def saver() -> Saver:
    return Saver()


@pytest.fixture
def later(saver: Saver) -> WriteBehind[str, int]:
    return WriteBehind("numbers", saver.save)


async def test_what_is_put_is_saved_together_the_last_of_each_key(
    saver: Saver, later: WriteBehind[str, int]
) -> None:
    saver.may_go.set()
    later.put("a", 1)
    await settle()
    later.put("b", 2)
    later.put("a", 3)
    await settle()
    assert saver.saved == []
    assert later.unsaved == {"a": 3, "b": 2}
    await later.flush()
    assert saver.saved == [{"a": 3, "b": 2}]
    assert later.unsaved == {}


async def test_what_is_put_while_others_are_saved_is_saved_by_the_same_flush(
    saver: Saver, later: WriteBehind[str, int]
) -> None:
    later.put("a", 1)
    flush = asyncio.create_task(later.flush())
    await saver.begun.wait()
    later.put("a", 2)
    saver.may_go.set()
    await flush
    assert saver.saved == [{"a": 1}, {"a": 2}]


async def test_what_is_being_saved_is_not_saved_yet(
    saver: Saver, later: WriteBehind[str, int]
) -> None:
    later.put("a", 1)
    later.put("b", 1)
    flush = asyncio.create_task(later.flush())
    await saver.begun.wait()
    later.put("b", 2)
    assert later.unsaved == {"a": 1, "b": 2}
    saver.may_go.set()
    await flush
    assert later.unsaved == {}


async def test_what_cannot_be_saved_is_dropped_with_a_warning(
    saver: Saver, later: WriteBehind[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    saver.may_go.set()
    saver.fails = [StoreError("the disk is full")]
    later.put("a", 1)
    await later.flush()
    assert [r.getMessage() for r in caplog.records] == ["could not save numbers: the disk is full"]
    assert later.unsaved == {}
    later.put("b", 2)
    await later.flush()
    assert saver.saved == [{"b": 2}]


async def test_lasting_trouble_is_logged_once(
    saver: Saver, later: WriteBehind[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    saver.may_go.set()
    saver.fails += [StoreError(why) for why in ("it is busy", "it is busy", "it is full")] * 2
    for value in range(7):
        later.put("a", value)
        await later.flush()
    assert [r.getMessage() for r in caplog.records] == [
        "could not save numbers: it is busy",
        "could not save numbers: it is full",
    ]
    assert saver.saved == [{"a": 6}]


async def test_nothing_to_save_is_nothing_to_wait_for(
    saver: Saver, later: WriteBehind[str, int]
) -> None:
    await later.flush()
    assert not saver.begun.is_set()


async def test_who_gives_up_waiting_neither_stops_the_saving_nor_hurries_what_comes_later(
    saver: Saver, later: WriteBehind[str, int]
) -> None:
    later.put("a", 1)
    flush = asyncio.create_task(later.flush())
    await saver.begun.wait()
    flush.cancel()
    with pytest.raises(asyncio.CancelledError):
        await flush
    saver.may_go.set()
    await settle()
    assert saver.saved == [{"a": 1}]

    later.put("b", 2)
    await settle()
    assert saver.saved == [{"a": 1}]
    await later.flush()
    assert saver.saved == [{"a": 1}, {"b": 2}]
