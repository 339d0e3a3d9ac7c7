"""Never a flood: whatever piles up in a chat, few posts go by themselves, the rest as a digest."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outbox_rows import by_number, row
from posting import HALL, ROOM, Posting, opened, posting, running
from stories import NOW, HandClock, story

from bot.errors import RetryLaterError
from bot.model import Story
from bot.posting.bursts import CROWDED, BurstLimiter, Pile
from bot.posting.gathering import pile_up
from bot.posting.model import State
from bot.posting.router import FloodLimits
from bot.posting.steady_clock import SteadyClock
from store.sqlite import SqliteStore

pytestmark = pytest.mark.slow

DOWN = RetryLaterError("connection refused")


def news(parts: Posting, *titles: str) -> list[Story]:
    now = parts.clock.now()
    return [story(title, f"{title} it is.", published=now) for title in titles]


def shown(parts: Posting) -> list[list[str]]:
    """The headlines of each message."""
    return [
        [card.story.title for card in (*one.reply.cards, *one.reply.more)]
        for one in parts.messenger.sent
    ]


async def test_six_polls_of_an_outage_are_a_burst_and_one_digest(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM)
        parts.messenger.ends["room"] = [DOWN] * 8
        titles = [[f"Story {poll}-{n}" for n in range(10)] for poll in range(6)]
        for of_poll in titles:
            await parts.brings(*news(parts, *of_poll))
            await parts.passes(10)
        await parts.until(lambda: len(parts.posted) == 11, 900)
        await parts.passes(600, step=5)
        messages = shown(parts)
        assert messages[:10] == [[title] for title in titles[0]]
        assert sorted(messages[10]) == sorted(chain.from_iterable(titles[1:]))
        assert len(messages) == 11


async def test_no_chat_gets_more_than_a_burst_in_a_minute_and_none_is_lost(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db", FloodLimits(burst=3)) as parts:
        await parts.follow(ROOM)
        at: list[float] = []
        for poll in range(30):
            await parts.brings(*news(parts, f"A {poll}", f"B {poll}"))
            await parts.passes(10)
            at += [parts.clock.monotonic()] * (len(parts.posted) - len(at))
        await parts.passes(200)
        at += [parts.clock.monotonic()] * (len(parts.posted) - len(at))
        messages = shown(parts)
        singles = [when for when, one in zip(at, messages, strict=True) if len(one) == 1]
        for when in singles:
            assert sum(0 <= when - other < 60 for other in singles) <= 3 + 1  # looked at each 10 s
        came = [title for one in messages for title in one]
        assert len(came) == len(set(came)) == 60
        assert len(messages) < 30


async def test_a_limit_that_changes_counts_from_the_next_story_on(tmp_path: Path) -> None:
    limits = FloodLimits(burst=1)
    async with posting(tmp_path / "d.db", limits) as parts:
        await parts.follow(ROOM)
        limits.burst = 3
        await parts.brings(*news(parts, "A", "B", "C"))
        await parts.until(lambda: len(parts.posted) == 3, 30)
        await parts.passes(61)
        limits.burst = 1
        await parts.brings(*news(parts, "D", "E", "F"))
        await parts.until(lambda: len(parts.posted) == 5, 180)
        assert [len(one) for one in shown(parts)] == [1, 1, 1, 1, 2]


async def test_it_holds_over_a_restart(tmp_path: Path) -> None:
    async with await SqliteStore.open(tmp_path / "d.db") as store:
        first = opened(store, FloodLimits(burst=3))
        await first.brings()
        await first.follow(ROOM)
        async with running(first):
            await first.brings(*news(first, "A", "B", "C"))
            await first.until(lambda: len(first.posted) == 3)
        again = opened(store, FloodLimits(burst=3))
        async with running(again):
            await again.brings(*news(again, "D", "E"))
            await again.passes(59)
            assert again.posted == []
            await again.until(lambda: bool(again.posted), 120)
            assert again.posted == [("room", "2 new stories")]


async def test_what_others_are_sent_is_none_of_a_chat_s_burst(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db", FloodLimits(burst=1)) as parts:
        await parts.follow(ROOM)
        await parts.follow(HALL)
        await parts.brings(*news(parts, "A"))
        await parts.until(lambda: len(parts.posted) == 2)


async def test_a_burst_mentions_the_role_once(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM, role="7")
        await parts.brings(*news(parts, *"ABCDE"))
        await parts.until(lambda: len(parts.posted) == 5)
        await parts.passes(61)
        await parts.brings(*news(parts, "F"))
        await parts.until(lambda: len(parts.posted) == 6)
        assert [one.role for one in parts.messenger.sent] == ["7", "", "", "", "", "7"]


async def test_posts_that_never_pause_go_on_mentioning_the_role(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM, role="7")
        for number in range(5):
            await parts.brings(*news(parts, f"Story {number}"))
            await parts.until(lambda number=number: len(parts.posted) > number)  # type: ignore[misc]
            await parts.passes(40)
        assert [one.role for one in parts.messenger.sent] == ["7", "", "7", "", "7"]


# The rules


@given(st.integers(0, 6), st.lists(st.sampled_from(["due", "gathered", "in doubt", "waiting"])))
def test_the_first_go_and_the_rest_that_can_wait_waits(free: int, kinds: list[str]) -> None:
    given_: dict[str, dict[str, object]] = {
        "due": {},
        "gathered": {"gathered": True},
        "in doubt": {"claimed": HandClock().now()},
        "waiting": {"state": State.WAITING},
    }
    rows = by_number(*(row(n, **given_[kind]) for n, kind in enumerate(kinds, 1)))
    until = HandClock().now() + timedelta(minutes=2)
    after = pile_up(rows, free, until, CROWDED)
    plain = [number for number, kind in enumerate(kinds, 1) if kind == "due"]
    assert [n for n in rows if after[n] is not rows[n]] == plain[free:]
    for number in plain[free:]:
        waits = (after[number].state, after[number].due, after[number].reason)
        assert waits == (State.WAITING, until, CROWDED)


@given(st.integers(1, 5), st.lists(st.integers(0, 200), max_size=40))
def test_in_any_minute_there_is_at_most_a_burst(burst: int, gaps: list[int]) -> None:
    clock = HandClock()
    limiter = BurstLimiter(clock, SteadyClock(clock), burst)
    sent: list[float] = []
    for gap in gaps:
        clock.pass_(gap)
        if limiter.free(ROOM):
            assert limiter.wait(ROOM) == 0
            sent.append(clock.monotonic())
            limiter.record(ROOM)
        else:
            assert 0 < limiter.wait(ROOM) <= 60
    for at in sent:
        assert sum(0 <= at - other < 60 for other in sent) <= burst


def test_a_wrong_time_makes_nobody_wait_for_more_than_a_minute() -> None:
    clock = HandClock()
    limiter = BurstLimiter(clock, SteadyClock(clock), 2)
    limiter.restore(ROOM, [3_600.0 * n for n in range(3)])
    assert limiter.free(ROOM) == 0
    assert limiter.wait(ROOM) == pytest.approx(60)


def test_a_chat_that_moves_takes_along_what_both_were_sent() -> None:
    clock = HandClock()
    limiter = BurstLimiter(clock, SteadyClock(clock), 3)
    for chat in (ROOM, HALL, ROOM):
        limiter.record(chat)
        clock.pass_(1)
    pile = Pile(7, clock.now() + timedelta(seconds=120))
    limiter.start_pile(HALL, pile)
    limiter.rename(ROOM, HALL)
    assert (limiter.free(HALL), limiter.wait(HALL)) == (0, 57)
    assert limiter.pile(HALL) == pile
    assert limiter.free(ROOM) == 3


def test_what_comes_while_others_pile_up_joins_them() -> None:
    clock = HandClock()
    limiter = BurstLimiter(clock, SteadyClock(clock), 2)
    pile = Pile(7, clock.now() + timedelta(seconds=120))
    limiter.start_pile(ROOM, pile)
    clock.pass_(60)
    limiter.start_pile(ROOM, Pile(8, clock.now() + timedelta(seconds=120)))
    assert (limiter.pile(ROOM), limiter.pile(HALL)) == (pile, None)
    limiter.rename(ROOM, HALL)
    assert limiter.pile(HALL) == pile
    clock.pass_(61)
    assert limiter.pile(HALL) is None
    rows = by_number(*(row(n) for n in (5, 6, 8, 9)))
    after = pile_up(rows, 3, NOW, CROWDED, after=7)
    assert [n for n in rows if after[n].state is State.WAITING] == [8, 9]
