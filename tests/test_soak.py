"""The soak itself: a miniature of it, and verdicts on what must not pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.soak import soak
from bench.soak_bars import (
    Bar,
    PostLedger,
    flat_memory,
    punctual_polls,
    quiet_log,
    received,
)
from bench.soak_run import Plan
from bench.soak_samples import Log, Sample
from bench.soak_sources import Behaviour, Poll, PublishedStory, SoakSource

_EVERY = 60.0
_CHAT = ("telegram", 7)


@pytest.mark.process
@pytest.mark.server
@pytest.mark.slow
async def test_a_soak_in_miniature_meets_every_bar(tmp_path: Path) -> None:
    plan = Plan(
        minutes=0.1,
        sources=8,
        bad=1,
        chats=12,
        timeout=2,
        pause=3.0,
        asked=1.0,
        sampled=1.0,
        patience=90.0,
        reloads=True,
    )
    bars = await soak(plan, tmp_path)
    # Memory is measured over seconds here, in which the bot has just begun.
    missed = [bar for bar in bars if not bar.is_met and "memory" not in bar.name]
    assert missed == []
    lost = next(bar for bar in bars if bar.name == "posts lost")
    assert int(lost.found.split()[-1]) > 0


def _source(*polls: Poll, behaviour: Behaviour = Behaviour.HEALTHY) -> SoakSource:
    return SoakSource(3, behaviour, str(behaviour), polls=list(polls))


def _polls(*times: float, failed: bool = False) -> list[Poll]:
    return [Poll(at, at + 0.5, failed) for at in times]


def test_polls_within_the_tenth_are_punctual() -> None:
    good, bad = punctual_polls([_source(*_polls(100, 160, 226))], _EVERY, 100, 280)
    assert (good.is_met, bad.is_met) == (True, True)


def test_a_poll_that_is_late_is_found() -> None:
    good, _ = punctual_polls([_source(*_polls(100, 180, 240))], _EVERY, 100, 300)
    assert (good.is_met, len(good.details)) == (False, 1)


def test_a_source_that_is_polled_no_more_is_found() -> None:
    good, _ = punctual_polls([_source(*_polls(100))], _EVERY, 100, 300)
    assert not good.is_met


def test_a_source_that_fails_may_be_polled_by_its_backoff() -> None:
    hanging = Behaviour.HANGING
    within = _source(*_polls(100, 225, 470, failed=True), behaviour=hanging)
    beyond = _source(*_polls(100, 275, failed=True), behaviour=hanging)
    assert punctual_polls([within], _EVERY, 100, 500)[1].is_met
    assert not punctual_polls([beyond], _EVERY, 100, 300)[1].is_met


def _memory(*values: int) -> Bar:
    samples = [Sample(10.0 * at, one, 0, 0, 9, 9, 0) for at, one in enumerate(values)]
    return flat_memory("memory", samples, "rss", 20.0)


def test_memory_may_grow_at_the_beginning_only() -> None:
    assert _memory(50, 80, 100, 101, 100, 101).is_met
    assert not _memory(50, 80, 100, 102, 104, 106).is_met


def test_a_trouble_that_is_logged_each_minute_is_a_flood() -> None:
    once = [(0.0, "WARNING bot: one"), (10.0, "WARNING bot: two"), (130.0, "WARNING bot: one")]
    assert quiet_log(Log([*once, (20.0, "INFO bot: new"), (21.0, "INFO bot: new")])).is_met
    assert not quiet_log(Log([*once, (190.0, "WARNING bot: one")])).is_met


def _verdicts(*texts: str) -> dict[str, bool]:
    stories = [PublishedStory(3, number, "tram", 0.0) for number in range(2)]
    ledger = PostLedger({_CHAT: "tram"}, stories)
    bars = ledger.bars([received(_CHAT, 1.0, text) for text in texts])
    return {bar.name: bar.is_met for bar in bars if not bar.is_met}


def test_posts_that_are_lost_doubled_or_mixed_up_are_found() -> None:
    first, second = "Tram report 0 from desk 3", "Tram report 1 from desk 3"
    assert _verdicts(first, second) == {}
    assert _verdicts(f"2 new stories: {first}, {second}") == {}
    assert list(_verdicts(first)) == ["posts lost"]
    assert list(_verdicts(first, second, second)) == ["posts that came twice"]
    assert list(_verdicts(second, first)) == ["posts out of order"]
    assert list(_verdicts(first, second, "Tram report 2 from desk 3")) == [
        "posts that nobody asked for"
    ]
