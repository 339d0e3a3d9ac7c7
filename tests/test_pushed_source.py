"""The timetable of a source whose hub pushes, and the words that `/sources` has for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from newsdesk import WIRE, TestDesk
from stories import NOW, filed, story

from bot.errors import SourceError
from bot.ingest.results import FetchResult, LoadReport
from bot.ingest.websub.lifecycle import denied, granted
from bot.ingest.websub.model import HubLinks, HubSubscription, Mode, Phase
from bot.ingest.websub.ports import Hubs
from bot.ingest.websub.pushed_source import PushedSource, slowed
from bot.ingest.websub.subscriber import WebSubSubscriber
from bot.ingest.websub.subscriptions import HubSubscriptions

ONE = HubSubscription(
    callback="https://bot.example/websub/one",
    secret="secret",  # noqa: S106 - nobody's
    source="wire",
    hub="https://hub.example/",
    topic="https://news.example/",
    phase=Phase.NEW,
    due=NOW,
)
ACTIVE = granted(replace(ONE, proven=True), "86400", NOW, 0.5)


class NoHubs(Hubs):
    """Hubs that nobody is to ask."""

    async def request(self, subscription: HubSubscription, mode: Mode) -> None:
        raise AssertionError(f"{mode} of {subscription.source}")


async def pushed(desk: TestDesk, *kept: HubSubscription) -> PushedSource:
    await desk.store.websub.update(kept)
    subscriptions = HubSubscriptions(desk.store.websub, desk.clock, "https://bot.example/websub")
    subscriber = WebSubSubscriber(subscriptions, NoHubs(), desk.clock, {"wire"})
    await subscriber.load()
    return PushedSource(desk.wire, subscriber, desk.clock)


@pytest.mark.parametrize(
    ("every", "slow"),
    [
        (timedelta(minutes=1), timedelta(minutes=8)),
        (timedelta(minutes=15), timedelta(hours=2)),
        (timedelta(hours=1), timedelta(hours=6)),
        (timedelta(hours=6), timedelta(hours=6)),
        (timedelta(days=3), timedelta(days=3)),
    ],
)
def test_slow_polling_is_bounded(every: timedelta, slow: timedelta) -> None:
    assert slowed(every) == slow


TRUSTED = {
    "an active one": (ACTIVE,),
    "one that is being renewed": (ACTIVE, replace(ONE, callback=f"{ONE.callback}2")),
}
NOT_TRUSTED: dict[str, tuple[HubSubscription, ...]] = {
    "none": (),
    "a new one": (ONE,),
    "one that waits for its verification": (replace(ONE, phase=Phase.PENDING, proven=True),),
    "one that has never pushed": (replace(ACTIVE, proven=False),),
    "one whose lease has ended": (replace(ACTIVE, lease=timedelta()),),
    "one that is ending": (replace(ACTIVE, phase=Phase.LEAVING),),
    "a denied one": (denied(ACTIVE, NOW),),
    "one whose renewal fails": (ACTIVE, replace(ONE, callback=f"{ONE.callback}2", failures=1)),
    "one whose renewal is denied": (
        ACTIVE,
        denied(replace(ONE, callback=f"{ONE.callback}2"), NOW),
    ),
    "that of another source": (replace(ACTIVE, source="other"),),
}


@pytest.mark.parametrize("kept", TRUSTED.values(), ids=TRUSTED)
async def test_a_source_with_a_hub_is_polled_slowly(
    desk: TestDesk, kept: tuple[HubSubscription, ...]
) -> None:
    source = await pushed(desk, *kept)
    assert source.source == replace(WIRE, every=slowed(WIRE.every))
    desk.clock.pass_(86_400)
    assert source.source == WIRE


@pytest.mark.parametrize("kept", NOT_TRUSTED.values(), ids=NOT_TRUSTED)
async def test_any_other_is_polled_as_ever(
    desk: TestDesk, kept: tuple[HubSubscription, ...]
) -> None:
    assert (await pushed(desk, *kept)).source == WIRE


async def test_a_poll_that_fails_is_followed_by_polls_as_ever(desk: TestDesk) -> None:
    source = await pushed(desk, ACTIVE)
    desk.wire.gives = [SourceError("the response was 500"), FetchResult()]
    with pytest.raises(SourceError):
        await source.fetch()
    assert source.source == WIRE
    await source.fetch()
    assert source.source.every == slowed(WIRE.every)


async def test_a_source_that_cannot_name_hubs_loses_none(desk: TestDesk) -> None:
    source = await pushed(desk, ACTIVE)
    desk.wire.gives = [FetchResult(), FetchResult(hub_links=HubLinks())]
    await source.fetch()
    await source.complete(filed([story("a")]))
    assert source.source.every == slowed(WIRE.every)  # it may have been pushed before the start


async def test_something_new_without_a_push_ends_the_trust(desk: TestDesk) -> None:
    source = await pushed(desk, ACTIVE)
    for new in ([], [story("a")]):
        desk.wire.gives = [FetchResult()]
        desk.clock.pass_(600)
        await source.fetch()
        if new:
            await source.complete(filed(new))
    assert source.source == WIRE
    assert [one.proven for one in await desk.store.websub.subscriptions()] == [False]


async def test_what_has_changed_meanwhile_is_not_renewed(desk: TestDesk) -> None:
    await pushed(desk, ACTIVE)
    subscriptions = HubSubscriptions(desk.store.websub, desk.clock, "https://bot.example/websub")
    subscriber = WebSubSubscriber(subscriptions, NoHubs(), desk.clock, {"wire"})
    await subscriber.load()
    await subscriptions.change(ACTIVE.token, subscriptions.end)
    await subscriber._look_after(ACTIVE)  # noqa: SLF001 - as a task that begins late
    assert [one.phase for one in await desk.store.websub.subscriptions()] == [Phase.LEAVING]


async def test_readers_see_which_sources_have_live_updates(desk: TestDesk) -> None:
    for name in ("wire", "other"):
        await desk.store.sources.finish_load(LoadReport(name, NOW), "")
    await desk.store.websub.update([ACTIVE])
    reply = await desk.ask("/sources")
    assert {one.name: "live updates" in one.text for one in reply.entries} == {
        "The Wire": True,
        "Other News": False,
    }
    desk.clock.pass_(86_400)
    assert "live updates" not in repr(await desk.ask("/sources"))
