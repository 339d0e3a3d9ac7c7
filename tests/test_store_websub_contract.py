"""What every store must do with subscriptions at hubs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from stores import OpenStore, open_store, store
from stories import NOW, batch, story

from bot.chat.ports import Store
from bot.ingest.results import LoadReport
from bot.ingest.websub.lifecycle import denied, granted
from bot.ingest.websub.model import HubSubscription, Phase

__all__ = ["open_store", "store"]

ONE = HubSubscription(
    callback="https://bot.example/websub/one",
    secret="sécret",  # noqa: S106 - nobody's
    source="wire",
    hub="https://hub.example/",
    topic="https://news.example/?a=1&b=ü",
    phase=Phase.NEW,
    due=NOW,
)
TWO = granted(replace(ONE, callback="https://bot.example/websub/two"), "864000", NOW, 0.5)


async def test_there_are_none_at_first(store: Store) -> None:
    assert list(await store.websub.subscriptions()) == []


async def test_they_survive_a_restart_as_they_were(open_store: OpenStore) -> None:
    first = await open_store()
    other = replace(TWO, proven=True, failures=3, lease=timedelta(microseconds=5))
    await first.websub.update([ONE, other])
    second = await open_store()
    assert {one.token: one for one in await second.websub.subscriptions()} == {
        "one": ONE,
        "two": other,
    }


async def test_they_are_replaced_and_removed_by_their_callbacks(store: Store) -> None:
    await store.websub.update([ONE, TWO])
    await store.websub.update([denied(ONE, NOW)], [TWO])
    assert list(await store.websub.subscriptions()) == [denied(ONE, NOW)]
    await store.websub.update(removed=[ONE, TWO])
    await store.websub.update()
    assert list(await store.websub.subscriptions()) == []


async def test_a_source_knows_until_when_it_is_pushed(store: Store) -> None:
    await store.ingest.write(batch([story("a"), story("b", source="other")]))
    for source in ("wire", "other"):
        await store.sources.finish_load(LoadReport(source, NOW), "")
    later = granted(replace(TWO, callback="https://bot.example/websub/3"), "864001", NOW, 0.5)
    longest = granted(replace(TWO, callback="x/4"), "999999", NOW, 0.5)
    await store.websub.update([ONE, TWO, later, replace(longest, phase=Phase.LEAVING)])
    states = await store.sources.states()
    assert states["wire"].pushed_until == NOW + timedelta(seconds=864_001)
    assert states["other"].pushed_until is None
