"""WebSub from end to end: a feed, its hub, the listener, the poller and the store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from feed_server import Answer, FeedServer
from pushed_desk import EVERY, OTHER, PUBLIC, WIRE, PushedDesk, rss
from servers.websub_hub import Hub

from bot.app import open_app
from bot.config.platforms import TelegramConfig
from bot.ingest.websub.model import Phase
from bot.ingest.websub.pushed_source import slowed

pytestmark = pytest.mark.process

DAY = timedelta(days=1).total_seconds()


@pytest.fixture
async def pushed(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[PushedDesk]:
    async with Hub().running() as hub, FeedServer().running() as site:
        desk = PushedDesk(tmp_path / "dateline.db", unused_tcp_port, hub, site)
        desk.gives("One")
        yield desk


async def test_a_feed_that_names_a_hub_is_subscribed_to_and_read_when_it_is_pushed(
    pushed: PushedDesk,
) -> None:
    async with pushed.running():
        await pushed.has("One")
        kept = await pushed.subscribed()
        (asked,) = pushed.hub.asked
        assert (asked.mode, asked.topic, asked.lease) == ("subscribe", pushed.topic(), "864000")
        assert asked.callback.startswith(f"{PUBLIC}/websub/")
        assert (len(kept.token), len(kept.secret)) == (43, 43)
        assert kept.secret not in asked.callback
        assert kept.lease == timedelta(days=10)

        pushed.gives("Two", "One")
        assert await pushed.hub.publish(pushed.topic(), b"<rss/>") == [202]
        await pushed.has("One", "Two")
        assert (await pushed.store.sources.states())[WIRE].pushed_until == kept.lease_end


async def test_what_is_pushed_is_no_story(pushed: PushedDesk) -> None:
    async with pushed.running():
        await pushed.subscribed()
        fat = b"<rss><channel><title>t</title><item><title>Forged</title></item></channel></rss>"
        await pushed.hub.publish(pushed.topic(), fat)
        await pushed.polled(2)
        await pushed.settled()
        assert await pushed.titles() == {"One"}


async def test_a_feed_is_polled_slowly_while_its_hub_can_be_relied_on(pushed: PushedDesk) -> None:
    async with pushed.running():
        await pushed.subscribed()
        assert pushed.every == EVERY  # the hub has still to show that it pushes
        pushed.gives("Two", "One")
        await pushed.hub.publish(pushed.topic(), b"")
        await pushed.has("One", "Two")
        assert pushed.every == EVERY  # a cache may have held something back
        pushed.clock.pass_(EVERY.total_seconds() + 1)
        await pushed.polled(3)
        await pushed.until(lambda: pushed.every == slowed(EVERY))
        pushed.clock.pass_(slowed(EVERY).total_seconds() - EVERY.total_seconds())
        await pushed.settled()
        assert pushed.polls == 3
        pushed.clock.pass_(2 * EVERY.total_seconds())
        await pushed.polled(4)

        pushed.gives("Three", "Two", "One")  # the hub says nothing of it
        pushed.clock.pass_(slowed(EVERY).total_seconds() + 1)
        await pushed.has("One", "Two", "Three")
        await pushed.until(lambda: pushed.every == EVERY)


async def test_any_number_of_pushes_make_few_polls(pushed: PushedDesk) -> None:
    async with pushed.running():
        await pushed.subscribed()
        for _ in range(50):
            await pushed.hub.publish(pushed.topic(), b"again")
        await pushed.polled(2)
        await pushed.settled()
        assert pushed.polls == 2
        for polls, pause in ((3, 121), (4, 241)):  # none of them brings anything
            pushed.clock.pass_(pause)
            await pushed.hub.publish(pushed.topic(), b"again")
            await pushed.polled(polls)
        await pushed.settled()
        assert pushed.polls == 4


async def test_a_subscription_is_renewed_before_its_lease_ends(pushed: PushedDesk) -> None:
    pushed.hub.lease = "86400"
    async with pushed.running():
        first = await pushed.subscribed()
        assert first.lease == timedelta(days=1)
        await pushed.hub.publish(pushed.topic(), b"")
        await pushed.until(lambda: pushed.service.subscriber.subscriptions.is_trusted(WIRE))
        pushed.clock.pass_(0.85 * DAY)
        await pushed.hub.until(lambda hub: len(hub.asked) == 3 and len(hub.subscribed) == 1)
        second = await pushed.subscribed()
        assert [one.mode for one in pushed.hub.asked] == ["subscribe", "subscribe", "unsubscribe"]
        assert pushed.hub.asked[2].callback == first.callback
        assert first.callback != second.callback
        assert first.secret != second.secret
        assert second.proven
        assert second.lease_end == pushed.clock.now() + timedelta(days=1)
        assert await pushed.hub.push(pushed.hub.asked[0], b"") == 410
        pushed.gives("Two", "One")
        assert await pushed.hub.publish(pushed.topic(), b"") == [202]
        await pushed.has("One", "Two")


async def test_a_restart_asks_no_hub_and_loses_no_push(pushed: PushedDesk) -> None:
    async with pushed.running():
        before = await pushed.subscribed()
    pushed.clock.pass_(60)
    async with pushed.running():
        await pushed.until(
            lambda: pushed.service.subscriber.subscriptions.get(before.token) is not None
        )
        await pushed.listening()
        pushed.gives("Two", "One")
        assert await pushed.hub.publish(pushed.topic(), b"") == [202]
        await pushed.has("One", "Two")
        assert len(pushed.hub.asked) == 1


async def test_a_lease_that_ended_while_the_bot_was_down_is_begun_anew(pushed: PushedDesk) -> None:
    async with pushed.running():
        before = await pushed.subscribed()
    pushed.clock.pass_(11 * DAY)
    async with pushed.running():
        await pushed.hub.until(lambda hub: len(hub.asked) == 2 and len(hub.subscribed) == 2)
        after = await pushed.subscribed()
        assert after.token != before.token


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (500, {}, 60),
        (503, {"Retry-After": "7200"}, 7200),
        (429, {"Retry-After": "300"}, 300),
        (404, {}, 60),
        (302, {"Location": "/elsewhere"}, 60),
        (307, {}, 60),
    ],
)
async def test_a_hub_in_trouble_is_asked_later_and_the_feed_polled_as_ever(
    pushed: PushedDesk, status: int, headers: dict[str, str], wait: float
) -> None:
    pushed.hub.statuses, pushed.hub.headers = [status], headers
    async with pushed.running():
        await pushed.hub.until(lambda hub: not hub.statuses)
        kept = await pushed.subscribed(Phase.NEW)
        while not kept.failures:
            kept = (await pushed.kept())[0]
        assert (kept.due - pushed.clock.now()).total_seconds() == pytest.approx(wait, abs=1)
        assert pushed.every == EVERY
        assert pushed.hub.asked == []
        pushed.clock.pass_(wait + 1)
        assert (await pushed.subscribed()).failures == 0


async def test_a_hub_that_cannot_be_reached_holds_up_nothing(pushed: PushedDesk) -> None:
    pushed.gives("One", hub=f"http://127.0.0.1:{pushed.hub.port}0/hub")
    async with pushed.running():
        await pushed.has("One")
        await pushed.settled()
        pushed.gives("Two", "One", hub="http://127.0.0.1:1/hub")
        pushed.clock.pass_(EVERY.total_seconds() * 1.2)
        await pushed.has("One", "Two")
        assert pushed.every == EVERY


async def test_a_hub_that_never_verifies_is_asked_ever_more_seldom(
    pushed: PushedDesk, caplog: pytest.LogCaptureFixture
) -> None:
    pushed.hub.verifies = False
    async with pushed.running():
        waits = []
        for asked in range(1, 5):
            await pushed.hub.called(asked)
            began = pushed.clock.now()
            while len(pushed.hub.asked) == asked:
                pushed.clock.pass_(60)
                await pushed.settled()
            waits.append((pushed.clock.now() - began) // timedelta(minutes=1))
        assert all(wait >= least for wait, least in zip(waits, (15, 16, 18, 22), strict=True))
        assert await pushed.kept(Phase.ACTIVE) == []
    assert caplog.text.count("has not verified the request") == 1


async def test_a_denial_is_heeded_for_a_week(
    pushed: PushedDesk, caplog: pytest.LogCaptureFixture
) -> None:
    pushed.hub.denies = "not\nfor you"
    async with pushed.running():
        kept = await pushed.subscribed(Phase.DENIED)
        pushed.clock.pass_(6.9 * DAY)
        await pushed.settled()
        assert len(pushed.hub.asked) == 1
        pushed.hub.denies = None
        pushed.clock.pass_(0.2 * DAY)
        assert (await pushed.subscribed()).token != kept.token
    assert "has denied it: not for you" in caplog.text


async def test_a_denial_after_all_ends_the_slow_polling_at_once(pushed: PushedDesk) -> None:
    async with pushed.running():
        await pushed.subscribed()
        await pushed.hub.publish(pushed.topic(), b"")
        await pushed.polled(2)
        pushed.clock.pass_(EVERY.total_seconds() + 1)
        await pushed.polled(3)
        await pushed.until(lambda: pushed.every == slowed(EVERY))
        pushed.clock.pass_(2 * EVERY.total_seconds())
        await pushed.settled()
        assert pushed.polls == 3
        (asked,) = pushed.hub.asked
        assert (await pushed.hub.deny(asked, "too many")).status == 200
        assert pushed.every == EVERY
        await pushed.polled(4)
        assert await pushed.hub.push(asked, b"") == 410


async def test_a_hub_that_is_down_at_the_renewal_ends_the_slow_polling(pushed: PushedDesk) -> None:
    async with pushed.running():
        await pushed.subscribed()
        await pushed.hub.publish(pushed.topic(), b"")
        await pushed.polled(2)
        pushed.clock.pass_(EVERY.total_seconds() + 1)
        await pushed.until(lambda: pushed.every == slowed(EVERY))
        pushed.hub.statuses = [500] * 2
        pushed.clock.pass_(8.5 * DAY)
        await pushed.hub.until(lambda hub: len(hub.statuses) == 1)
        await pushed.until(lambda: pushed.every == EVERY)
        while not pushed.hub.asked[1:]:
            pushed.clock.pass_(60)
            await pushed.settled()
        assert (await pushed.subscribed()).failures == 0


async def test_a_source_that_is_gone_is_unsubscribed(pushed: PushedDesk) -> None:
    pushed.sources = (WIRE, OTHER)
    pushed.gives("Two", name=OTHER)
    async with pushed.running():
        await pushed.hub.until(lambda hub: len(hub.subscribed) == 2)
    pushed.sources = (WIRE,)
    async with pushed.running():
        await pushed.hub.until(lambda hub: len(hub.subscribed) == 1)
        assert (await pushed.subscribed()).source == WIRE
        gone = next(one for one in pushed.hub.asked if one.topic == pushed.topic(OTHER))
        assert await pushed.hub.push(gone, b"") == 410


async def test_sources_that_come_and_go_meanwhile_are_subscribed_and_unsubscribed(
    pushed: PushedDesk,
) -> None:
    pushed.sources = (WIRE, OTHER)
    pushed.gives("Two", name=OTHER)
    async with pushed.running():
        both, feeds = pushed.config().sources, pushed.config().feeds
        await pushed.hub.until(lambda hub: len(hub.subscribed) == 2)
        pushed.service.change_sources(both[:1], feeds)
        await pushed.hub.until(lambda hub: len(hub.subscribed) == 1)
        pushed.service.change_sources(both, feeds)
        pushed.clock.pass_(EVERY.total_seconds() * 1.2)  # its feed names the hub as ever
        await pushed.hub.until(lambda hub: len(hub.subscribed) == 2)
        watched = pushed.service.watch(pushed.watched.values())
        assert watched == list(pushed.watched.values())  # once is enough


async def test_websub_switched_off_is_unsubscribed_and_polled_as_ever(pushed: PushedDesk) -> None:
    async with pushed.running():
        await pushed.subscribed()
    pushed.websub = False
    async with pushed.running():
        await pushed.hub.until(lambda hub: not hub.subscribed)
        await pushed.until(lambda: not pushed.service.subscriber.subscriptions.of(WIRE))
        pushed.gives("Two", "One")
        pushed.clock.pass_(EVERY.total_seconds() * 1.2)
        await pushed.has("One", "Two")
        assert [one.mode for one in pushed.hub.asked] == ["subscribe", "unsubscribe"]


async def test_a_hub_that_does_not_let_go_is_left_alone(pushed: PushedDesk) -> None:
    async with pushed.running():
        await pushed.subscribed()
        pushed.hub.verifies = False
        pushed.gives("Two", "One", hub="")
        pushed.clock.pass_(EVERY.total_seconds() * 1.2)
        while await pushed.kept():
            pushed.clock.pass_(EVERY.total_seconds() * 1.2)
            await pushed.settled()
        modes = [one.mode for one in pushed.hub.asked]
        assert modes == ["subscribe"] + ["unsubscribe"] * 5
        assert await pushed.hub.push(pushed.hub.asked[0], b"") == 410


async def test_another_public_address_begins_anew(pushed: PushedDesk) -> None:
    async with pushed.running():
        before = await pushed.subscribed()
    pushed.public = "https://news.example.org/bot/moved"
    async with pushed.running():
        await pushed.until(lambda: len(pushed.hub.asked) == 1)
        pushed.gives("Two", "One")
        pushed.clock.pass_(EVERY.total_seconds() * 1.2)
        await pushed.hub.called(2)
        after = await pushed.subscribed()
        assert after.callback.startswith(f"{pushed.public}/websub/")
        assert before.token != after.token


async def test_another_hub_takes_the_place_of_the_first(pushed: PushedDesk) -> None:
    async with Hub(routes=pushed.hub.routes).running() as other:
        pushed.allow(pushed.hub, other)
        async with pushed.running():
            await pushed.subscribed()
            pushed.gives("Two", "One", hub=other.url)
            pushed.clock.pass_(EVERY.total_seconds() * 1.2)
            await other.until(lambda hub: len(hub.subscribed) == 1)
            await pushed.hub.until(lambda hub: not hub.subscribed)


async def test_a_feed_that_names_no_hub_any_more_is_unsubscribed(pushed: PushedDesk) -> None:
    async with pushed.running():
        await pushed.subscribed()
        pushed.gives("Two", "One", hub="")
        pushed.clock.pass_(EVERY.total_seconds() * 1.2)
        await pushed.hub.until(lambda hub: not hub.subscribed)
        await pushed.until(lambda: not pushed.service.subscriber.subscriptions.of(WIRE))


async def test_an_unchanged_feed_keeps_its_hub(pushed: PushedDesk) -> None:
    first = rss("One", hub=pushed.hub.url, topic=pushed.topic())
    tagged = replace(first, headers={**first.headers, "ETag": '"1"'})
    pushed.site.answers("/wire", tagged, Answer(status=304))
    async with pushed.running():
        await pushed.subscribed()
        for polls in (2, 3):
            pushed.clock.pass_(EVERY.total_seconds() * 1.2)
            await pushed.polled(polls)
        await pushed.settled()
        assert [one.mode for one in pushed.hub.asked] == ["subscribe"]


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
async def test_a_clock_that_was_wrong_neither_ends_nor_prolongs_for_ever(
    pushed: PushedDesk, jump: timedelta
) -> None:
    async with pushed.running():
        await pushed.subscribed()
        pushed.clock.set_by(jump)
        await pushed.hub.until(lambda hub: len(hub.asked) >= 2)
        await pushed.subscribed()
        pushed.clock.set_by(-jump)
        right = pushed.clock.now() + timedelta(days=10)
        while [one.lease_end for one in await pushed.kept()] != [right]:
            await pushed.settled()


async def test_without_a_public_address_nothing_is_to_be_pushed(pushed: PushedDesk) -> None:
    async with pushed.running():
        await pushed.subscribed()
        await pushed.polled(1)
    config = replace(pushed.config(), telegram=TelegramConfig())
    async with open_app(config, clock=pushed.clock) as app:
        assert app.websub is None
        assert (await app.store.sources.states())[WIRE].pushed_until
        await app._keep_subscribed()  # noqa: SLF001 - what `run` begins
        assert list(await app.store.websub.subscriptions()) == []
        assert (await app.store.sources.states())[WIRE].pushed_until is None
