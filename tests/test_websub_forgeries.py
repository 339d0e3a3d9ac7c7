"""What anybody may send to the callback: forged pushes, verifications and denials."""

from __future__ import annotations

import gzip
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from feed_server import FeedServer
from hypothesis import example, given
from hypothesis import strategies as st
from pushed_desk import PUBLIC, WIRE, PushedDesk
from servers.websub_hub import Hub

from adapters.sources.websub.signature import SignatureCheck
from bot.ingest.websub.model import HubSubscription, Phase

pytestmark = pytest.mark.process

BODY = b"<rss version='2.0'><channel><title>t</title></channel></rss>"
CHALLENGE = "<script>alert(1)</script>"


@pytest.fixture
async def pushed(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[PushedDesk]:
    """A desk whose feed is subscribed to."""
    async with Hub().running() as hub, FeedServer().running() as site:
        desk = PushedDesk(tmp_path / "dateline.db", unused_tcp_port, hub, site)
        desk.gives("One")
        async with desk.running():
            await desk.has("One")
            await desk.subscribed()
            yield desk


def sign(algorithm: str, secret: str, body: bytes = BODY) -> str:
    return hmac.new(secret.encode(), body, algorithm).hexdigest()


Forge = Callable[[str], Mapping[str, str]]
"""Makes the headers of a push from the subscription's secret."""

FORGERIES: dict[str, Forge] = {
    "no signature": lambda _: {},
    "an empty one": lambda _: {"X-Hub-Signature": ""},
    "no digest": lambda _: {"X-Hub-Signature": "sha256="},
    "no algorithm": lambda secret: {"X-Hub-Signature": sign("sha256", secret)},
    "of another secret": lambda _: {"X-Hub-Signature": f"sha256={sign('sha256', 'guessed')}"},
    "of an empty secret": lambda _: {"X-Hub-Signature": f"sha1={sign('sha1', '')}"},
    "of another body": lambda s: {"X-Hub-Signature": f"sha256={sign('sha256', s, b'x')}"},
    "of no body": lambda s: {"X-Hub-Signature": f"sha512={sign('sha512', s, b'')}"},
    "named as another": lambda s: {"X-Hub-Signature": f"sha1={sign('sha256', s)}"},
    "of a shorter name": lambda s: {"X-Hub-Signature": f"sha256={sign('sha1', s)}"},
    "cut": lambda s: {"X-Hub-Signature": f"sha256={sign('sha256', s)[:-2]}"},
    "with more behind": lambda s: {"X-Hub-Signature": f"sha256={sign('sha256', s)}00"},
    "MD5": lambda s: {"X-Hub-Signature": f"md5={sign('md5', s)}"},
    "SHA-224": lambda s: {"X-Hub-Signature": f"sha224={sign('sha224', s)}"},
    "unkeyed": lambda _: {"X-Hub-Signature": f"sha256={hashlib.sha256(BODY).hexdigest()}"},
    "no hexadecimals": lambda _: {"X-Hub-Signature": "sha256=zz"},
    "beyond ASCII": lambda _: {"X-Hub-Signature": "sha256=\u0661\u0662"},
    "in the wrong header": lambda s: {"X-Hub-Signature-256": f"sha256={sign('sha256', s)}"},
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
async def test_a_push_without_the_right_signature_is_acknowledged_and_ignored(
    pushed: PushedDesk, forge: Forge
) -> None:
    pushed.gives("Two", "One")
    (to,) = pushed.hub.asked
    assert await pushed.hub.push(to, BODY, forge(to.secret)) == 202
    await pushed.settled()
    assert (pushed.polls, await pushed.titles()) == (1, {"One"})
    assert not (await pushed.subscribed()).proven


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512", "SHA256", "Sha1"])
@pytest.mark.parametrize("change", [str, str.upper])
async def test_every_recognized_algorithm_is(
    pushed: PushedDesk, algorithm: str, change: Callable[[str], str]
) -> None:
    pushed.gives("Two", "One")
    (to,) = pushed.hub.asked
    digest = change(sign(algorithm.lower(), to.secret))
    headers = {"X-Hub-Signature": f"{algorithm}={digest}"}
    assert await pushed.hub.push(to, BODY, headers) == 202
    await pushed.has("One", "Two")


@pytest.mark.parametrize("named", ["md5", "sha224", "", "sha-256"])
@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_an_algorithm_by_another_name_matches_nothing(named: str, algorithm: str) -> None:
    check = SignatureCheck([f"{named}={sign(algorithm, 'secret')}"], "secret")
    check.update(BODY)
    assert not check.can_match
    assert not check.matches()


@example(parts=[b"body"], secret="long" * 99, cut=0)  # longer than the hash's blocks
@given(parts=st.lists(st.binary(max_size=99)), secret=st.text(min_size=1), cut=st.integers(0, 99))
def test_only_the_whole_body_in_its_order_matches(
    parts: list[bytes], secret: str, cut: int
) -> None:
    header = f"sha256={sign('sha256', secret, b''.join(parts))}"
    whole, less = SignatureCheck([header], secret), SignatureCheck([header], secret)
    for part in parts:
        whole.update(part)
    less.update(b"".join(parts)[cut + 1 :])
    assert whole.matches()
    assert less.matches() is (b"".join(parts)[cut + 1 :] == b"".join(parts))


async def test_two_signatures_are_none(pushed: PushedDesk) -> None:
    (to,) = pushed.hub.asked
    url = to.callback.replace(PUBLIC, f"http://127.0.0.1:{pushed.port}")
    right = ("X-Hub-Signature", f"sha256={sign('sha256', to.secret)}")
    async with (
        aiohttp.ClientSession() as stranger,
        stranger.post(url, data=BODY, headers=[right, right]) as answer,
    ):
        assert answer.status == 202
    await pushed.settled()
    assert pushed.polls == 1


async def test_a_replayed_push_doubles_nothing_and_hammers_nobody(pushed: PushedDesk) -> None:
    pushed.gives("Two", "One")
    (to,) = pushed.hub.asked
    for _ in range(30):
        assert await pushed.hub.push(to, BODY) == 202
    await pushed.has("One", "Two")
    await pushed.settled()
    assert pushed.polls == 2
    for _ in range(60):  # an hour of it
        pushed.clock.pass_(60)
        await pushed.hub.push(to, BODY)
        await pushed.settled()
    assert pushed.polls <= 2 + 4 + 5  # its own interval, and what the pauses that grow let through
    assert await pushed.titles() == {"One", "Two"}


async def test_a_body_that_is_too_large_is_refused(pushed: PushedDesk) -> None:
    (to,) = pushed.hub.asked
    assert await pushed.hub.push(to, b"x" * (pushed.service.max_bytes + 1)) == 413
    await pushed.settled()
    assert pushed.polls == 1
    assert await pushed.hub.push(to, BODY) == 202


async def test_a_packed_body_is_signed_as_it_comes_and_never_unpacked(pushed: PushedDesk) -> None:
    (to,) = pushed.hub.asked
    bomb = gzip.compress(b"0" * 50_000_000)
    headers = {
        "Content-Encoding": "gzip",
        "X-Hub-Signature": f"sha256={sign('sha256', to.secret, bomb)}",
    }
    assert await pushed.hub.push(to, bomb, headers) == 202
    await pushed.polled(2)


async def test_a_stranger_learns_only_that_there_is_nothing(pushed: PushedDesk) -> None:
    base = f"http://127.0.0.1:{pushed.port}"
    unknown = f"{base}/bot/websub/{'A' * 43}"
    query = {"hub.mode": "subscribe", "hub.topic": pushed.topic(), "hub.challenge": CHALLENGE}
    async with aiohttp.ClientSession() as stranger:
        async with stranger.post(unknown, data=BODY) as answer:
            assert answer.status == 410
        async with stranger.get(unknown, params=query) as answer:
            assert (answer.status, CHALLENGE in await answer.text()) == (404, False)
        for method in ("PUT", "DELETE", "HEAD"):
            async with stranger.request(method, unknown) as answer:
                assert answer.status == 405
        for path in ("/", "/bot", "/bot/websub", "/bot/websub/", "/bot/websub/short"):
            async with stranger.post(base + path, data=BODY) as answer:
                assert answer.status == 503  # no webhook of Telegram's is there


# Verifications


def _query(topic: str, /, **other: str | None) -> dict[str, str]:
    given = {"mode": "subscribe", "topic": topic, "challenge": CHALLENGE, "lease_seconds": "60"}
    return {f"hub.{name}": value for name, value in (given | other).items() if value is not None}


FORGED_QUERIES: dict[str, Callable[[str], dict[str, str]]] = {
    "another topic": lambda topic: _query(f"{topic}x"),
    "a longer topic": lambda topic: _query(f"{topic}/"),
    "no topic": lambda topic: _query(topic, topic=None),
    "an empty topic": lambda topic: _query(topic, topic=""),
    "the end of it": lambda topic: _query(topic, mode="unsubscribe"),
    "no mode": lambda topic: _query(topic, mode=None),
    "an unknown mode": lambda topic: _query(topic, mode="publish"),
    "a mode in capitals": lambda topic: _query(topic, mode="SUBSCRIBE"),
    "no challenge": lambda topic: _query(topic, challenge=None),
    "an empty challenge": lambda topic: _query(topic, challenge=""),
    "a denial of another": lambda topic: _query(f"{topic}x", mode="denied"),
    "a denial of none": lambda topic: _query(topic, mode="denied", topic=None),
    "nothing": lambda _: {},
}


@pytest.mark.parametrize("query", FORGED_QUERIES.values(), ids=FORGED_QUERIES)
async def test_what_we_never_asked_for_is_not_confirmed(
    pushed: PushedDesk, query: Callable[[str], dict[str, str]]
) -> None:
    before = await pushed.subscribed()
    answer = await pushed.hub.get(before.callback, query(pushed.topic()))
    assert (answer.status, CHALLENGE in answer.body) == (404, False)
    assert await pushed.subscribed() == before


async def test_a_parameter_that_comes_twice_is_none(pushed: PushedDesk) -> None:
    kept = await pushed.subscribed()
    for name in ("mode", "topic", "challenge"):
        query = _query(pushed.topic())
        twice = f"{kept.callback}?hub.{name}={query[f'hub.{name}']}"
        url = twice.replace(PUBLIC, f"http://127.0.0.1:{pushed.port}")
        async with aiohttp.ClientSession() as stranger, stranger.get(url, params=query) as answer:
            assert answer.status == 404
    assert await pushed.subscribed() == kept


async def test_the_hub_may_verify_again_and_gets_its_challenge_as_plain_text(
    pushed: PushedDesk,
) -> None:
    before = await pushed.subscribed()
    pushed.clock.pass_(60)
    answer = await pushed.hub.get(before.callback, _query(pushed.topic(), lease_seconds="7200"))
    assert (answer.status, answer.body, answer.content_type) == (200, CHALLENGE, "text/plain")
    after = await pushed.subscribed()
    assert (after.granted, after.lease.total_seconds()) == (pushed.clock.now(), 7200)


LEASES = {"": 86_400, "forever": 86_400, "-5": 86_400, "1e9": 86_400, "٣": 86_400, "0": 0, "1": 1}


@pytest.mark.parametrize(
    ("lease", "seconds"), [*LEASES.items(), ("9" * 5_000, 30 * 86_400), ("2592001", 30 * 86_400)]
)
async def test_an_odd_lease_is_bounded(pushed: PushedDesk, lease: str, seconds: int) -> None:
    before = await pushed.subscribed()
    await pushed.hub.get(before.callback, _query(pushed.topic(), lease_seconds=lease))
    after = await pushed.subscribed()
    assert after.lease.total_seconds() == seconds
    assert 600 <= (after.due - pushed.clock.now()).total_seconds() <= 30 * 86_400


async def test_a_subscription_that_ends_is_confirmed_to_end_and_never_to_begin(
    pushed: PushedDesk,
) -> None:
    pushed.hub.verifies = False
    await pushed.service.subscriber.subscriptions.change(
        (await pushed.subscribed()).token, pushed.service.subscriber.subscriptions.end
    )
    kept = await pushed.subscribed(Phase.LEAVING)
    assert await pushed.hub.push(pushed.hub.asked[0], BODY) == 410
    assert (await pushed.hub.get(kept.callback, _query(pushed.topic()))).status == 404
    ending = _query(pushed.topic(), mode="unsubscribe", lease_seconds=None)
    answer = await pushed.hub.get(kept.callback, ending)
    assert (answer.status, answer.body) == (200, CHALLENGE)
    assert await pushed.kept() == []
    assert (await pushed.hub.get(kept.callback, ending)).status == 404


async def test_a_push_before_the_verification_or_after_the_lease_wakes_nothing(
    pushed: PushedDesk,
) -> None:
    (to,) = pushed.hub.asked
    subscriptions = pushed.service.subscriber.subscriptions
    for change in (_pending, _over):
        await subscriptions.change((await pushed.kept())[0].token, change)
        assert await pushed.hub.push(to, BODY) == 202
        await pushed.settled()
    assert pushed.polls == 1
    assert not subscriptions.is_trusted(WIRE)


def _pending(one: HubSubscription) -> HubSubscription:
    return replace(one, phase=Phase.PENDING)


def _over(one: HubSubscription) -> HubSubscription:
    return replace(one, phase=Phase.ACTIVE, lease=timedelta())
