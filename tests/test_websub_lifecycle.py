"""The lifecycle of a subscription at a hub: bounded, whatever hubs and clocks do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import NOW

from bot.ingest.websub import lifecycle
from bot.ingest.websub.model import HubSubscription, Phase

TOPIC = "https://news.example/feed.xml"
NEW = HubSubscription(
    callback="https://bot.example/websub/token",
    secret="secret",  # noqa: S106 - nobody's
    source="wire",
    hub="https://hub.example/",
    topic=TOPIC,
    phase=Phase.NEW,
    due=NOW,
)
WEEK = timedelta(days=7)


def test_what_is_secret_is_in_no_repr() -> None:
    assert "token" not in repr(NEW)
    assert "'secret'" not in repr(NEW)


def test_a_hub_that_fails_is_asked_ever_more_seldom_and_daily_at_least() -> None:
    waits, one = [], NEW
    for _ in range(40):
        one = lifecycle.failed(one, NOW)
        waits.append(one.due - NOW)
    assert waits[:4] == [timedelta(minutes=2**n) for n in range(4)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(days=1)
    assert (one.phase, one.failures) == (Phase.NEW, 40)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [(0.0, 60), (30.0, 60), (7_200.0, 7_200), (1e18, 7 * 86_400), (-5.0, 60)],
)
def test_a_hub_may_ask_to_wait_a_week_at_most(asked: float, wait: float) -> None:
    assert (lifecycle.failed(NEW, NOW, asked).due - NOW).total_seconds() == wait


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("mode", ["subscribe", "unsubscribe", "denied", "", "Subscribe"])
@pytest.mark.parametrize("topic", [TOPIC, TOPIC.upper(), f"{TOPIC}#", ""])
def test_only_what_is_asked_for_is_intended(phase: Phase, mode: str, topic: str) -> None:
    one = replace(NEW, phase=phase)
    intended = {
        (Phase.NEW, "subscribe"),
        (Phase.PENDING, "subscribe"),
        (Phase.ACTIVE, "subscribe"),
        (Phase.LEAVING, "unsubscribe"),
    }
    assert lifecycle.is_intended(one, mode, topic) is (topic == TOPIC and (phase, mode) in intended)


@given(lease=st.integers(0, 10**15), chance=st.floats(0, 1))
def test_a_renewal_falls_into_the_lease_unless_that_is_absurdly_short(
    lease: int, chance: float
) -> None:
    one = lifecycle.granted(NEW, str(lease), NOW, chance)
    assert one.phase is Phase.ACTIVE
    assert one.lease_end == NOW + one.lease
    assert timedelta(minutes=10) <= one.due - NOW <= timedelta(days=30)
    if lease >= 1_000:
        assert NOW + one.lease * 0.59 <= one.due < one.lease_end
        assert one.is_pushed(NOW)


def test_a_lease_that_is_never_named_is_a_day() -> None:
    for text in ("", "soon", "-1", "1.5", "0x10", "²"):
        assert lifecycle.granted(NEW, text, NOW, 0.5).lease == timedelta(days=1), text


def test_a_subscription_that_the_hub_never_began_needs_no_end() -> None:
    assert lifecycle.ended(NEW, NOW) is None
    assert lifecycle.ended(lifecycle.accepted(NEW, NOW), NOW) is None
    active = lifecycle.granted(NEW, "3600", NOW, 0.5)
    assert lifecycle.ended(lifecycle.denied(active, NOW), NOW) is None
    ending = lifecycle.ended(active, NOW)
    assert ending
    assert (ending.phase, ending.due) == (Phase.LEAVING, NOW)
    assert lifecycle.ended(ending, NOW) == ending
    assert lifecycle.ended(ending, NOW + timedelta(hours=1)) is None


STEPS: dict[str, Callable[[HubSubscription], HubSubscription]] = {
    "accepted": lambda one: lifecycle.accepted(one, NOW),
    "failed": lambda one: lifecycle.failed(one, NOW, 1e9),
    "granted": lambda one: lifecycle.granted(one, "99999999", NOW, 1.0),
    "renewing": lifecycle.renewing,
    "denied": lambda one: lifecycle.denied(one, NOW),
    "ended": lambda one: lifecycle.ended(one, NOW) or one,
}


@given(
    names=st.lists(st.sampled_from(sorted(STEPS)), max_size=8),
    jump=st.timedeltas(timedelta(days=-4_000), timedelta(days=4_000)),
)
def test_no_clock_that_was_wrong_puts_anything_off_for_long(
    names: list[str], jump: timedelta
) -> None:
    one = NEW
    for name in names:
        one = STEPS[name](one)
    now = NOW + jump
    mended = lifecycle.repaired(one, now)
    assert lifecycle.repaired(mended, now) == mended
    assert mended.due - now <= max(WEEK, timedelta(days=30)) + timedelta(minutes=1)
    if mended.granted:
        assert mended.granted <= now + timedelta(minutes=1)
        assert mended.lease_end
        assert mended.lease_end - now <= timedelta(days=30) + timedelta(minutes=1)
    if jump == timedelta():
        assert mended == one
