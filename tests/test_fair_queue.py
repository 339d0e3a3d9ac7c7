"""Fair shares of one chat's rate, and the queue of those who wait for a turn there."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.posting.fair_queue import FairQueue, QueuePlace
from bot.posting.fair_share import FairMeter, SharedRate
from bot.posting.rates import Flow, Rate, TokenBucket, TrafficClass, Turn

KEPT = {
    TrafficClass.READERS: 6,
    TrafficClass.MODERATORS: 2,
    TrafficClass.POSTS: 3,
    TrafficClass.NOTICES: 1,
}
RATE = SharedRate(20, 60.0, KEPT)
MODERATOR = Flow(TrafficClass.MODERATORS, "mo")
POST = Flow(TrafficClass.POSTS)
NOTICE = Flow(TrafficClass.NOTICES)


def reader(name: str) -> Flow:
    return Flow(TrafficClass.READERS, name)


def sent(meter: FairMeter, flow: Flow, at: float, most: int = 1_000) -> int:
    """Sends as much of a flow as fits at a time; returns how much that was."""
    count = 0
    while count < most and meter.wait(flow, at) <= 0:
        meter.count(Turn(flow, at))
        count += 1
    return count


def test_one_person_gets_well_below_the_whole_however_quiet_it_is() -> None:
    meter = RATE.meter()
    assert sent(meter, reader("rude"), 0.0) <= RATE.count // 2
    assert sent(meter, reader("ada"), 0.0) >= 2
    assert meter.wait(reader("rude"), 30.0) == 30.0


@pytest.mark.parametrize("people", [1, 2, 3, 6, 12])
def test_however_many_are_greedy_a_newcomer_has_a_turn(people: int) -> None:
    meter, names = RATE.meter(), [reader(f"{n}") for n in range(people)]
    while sum(sent(meter, name, 0.0, 1) for name in names):
        pass  # until nobody gets another
    assert meter.wait(reader("newcomer"), 1.0) == 0.0


@pytest.mark.parametrize(
    ("flow", "kept"), [(MODERATOR, 2), (POST, 3), (NOTICE, 1), (reader("late"), 1)]
)
def test_what_is_kept_is_there_whatever_the_others_send(flow: Flow, kept: int) -> None:
    meter = RATE.meter()
    others = [one for one in (MODERATOR, POST, NOTICE) if one != flow]
    if flow.traffic is not TrafficClass.READERS:
        others += [reader(f"{n}") for n in range(40)]
    for one in others:
        sent(meter, one, 0.0)
    assert sent(meter, flow, 1.0) >= kept


def test_readers_together_leave_the_kept_parts_alone() -> None:
    meter = RATE.meter()
    assert sum(sent(meter, reader(f"{n}"), 0.0) for n in range(100)) == 14
    assert (sent(meter, POST, 0.0), sent(meter, MODERATOR, 0.0), sent(meter, NOTICE, 0.0)) == (
        3,
        2,
        1,
    )


def test_what_keeps_everything_for_some_is_refused() -> None:
    with pytest.raises(ValueError, match="leaves nothing"):
        SharedRate(4, 60.0, {TrafficClass.POSTS: 3, TrafficClass.READERS: 1})


def test_a_message_counts_from_when_it_has_arrived() -> None:
    meter = SharedRate(2, 60.0).meter()
    slow, quick = Turn(POST, 0.0), Turn(POST, 0.0)
    for turn in (slow, quick):
        meter.count(turn)
    slow.at = quick.at = math.inf  # being sent
    assert meter.wait(POST, 59.0) == 60.0
    slow.at = 5.0
    quick.at = 1.0
    assert meter.wait(POST, 59.0) == pytest.approx(2.0)
    quick.at = -math.inf  # given back
    assert meter.wait(POST, 59.0) == 0.0


# The queue


def test_the_first_who_came_goes_first_and_who_had_their_share_holds_up_nobody() -> None:
    meter, queue = RATE.meter(), FairQueue()
    sent(meter, reader("rude"), 0.0)
    rude, ada, bob = (QueuePlace("x", reader(name)) for name in ("rude", "ada", "bob"))
    for place in (rude, ada, bob):
        queue.enter(place)
    order = []
    while (first := queue.next(meter, 1.0)) is not None:
        queue.leave(first)
        meter.count(Turn(first.flow, 1.0))
        order.append(first)
    assert order == [ada, bob]
    assert queue.next(meter, 61.0) is rude


def test_few_of_a_person_wait_and_no_more_than_can_be_served() -> None:
    queue = FairQueue()
    for _ in range(3):
        assert queue.has_room(reader("rude"))
        queue.enter(QueuePlace("x", reader("rude")))
    assert not queue.has_room(reader("rude"))
    for n in range(100):
        if queue.has_room(reader(f"{n}")):
            queue.enter(QueuePlace("x", reader(f"{n}")))
    assert len(queue) < RATE.count
    assert queue.has_room(MODERATOR)


def test_a_wait_is_predicted_behind_those_who_wait() -> None:
    meter, queue = Rate(1, 10.0).meter(), FairQueue()
    assert queue.wait(meter, POST, 0.0) == 0.0
    meter.count(Turn(POST, 0.0))
    queue.enter(QueuePlace("x", POST))
    queue.enter(QueuePlace("x", POST))
    assert queue.wait(meter, POST, 4.0) == pytest.approx(26.0)
    bucket = TokenBucket(2, 3.0).meter()
    assert queue.wait(bucket, POST, 0.0) == pytest.approx(3.0)


def test_a_wait_is_predicted_while_all_is_being_sent() -> None:
    meter = SharedRate(3, 60.0).meter()
    for _ in range(3):
        meter.count(turn := Turn(POST, 0.0))
        turn.at = math.inf
    assert FairQueue().wait(meter, POST, 100.0) == pytest.approx(60.0)


# Whatever comes


FLOWS = st.sampled_from([*(reader(name) for name in "abcdef"), MODERATOR, POST, NOTICE])
COMING = st.lists(st.tuples(FLOWS, st.sampled_from([0.0, 0.1, 1.0, 5.0, 30.0])), max_size=120)


@given(COMING)
def test_a_rate_is_never_exceeded_and_every_wait_is_true(coming: list[tuple[Flow, float]]) -> None:
    meter, now, times = RATE.meter(), 0.0, list[tuple[float, Flow]]()
    for flow, passes in coming:
        now += passes
        wait = meter.wait(flow, now)
        if wait > 0:
            assert meter.wait(flow, now + wait) <= 0
            continue
        meter.count(Turn(flow, now))
        times.append((now, flow))
        recent = [one for at, one in times if at + RATE.seconds > now]
        used = Counter(one.traffic for one in recent)
        assert len(recent) <= RATE.count
        assert sum(max(used[one], KEPT[one]) for one in TrafficClass) <= RATE.count


@given(COMING)
def test_a_class_below_its_part_always_has_a_turn(coming: list[tuple[Flow, float]]) -> None:
    meter, now, times = RATE.meter(), 0.0, list[tuple[float, Flow]]()
    for flow, passes in coming:
        now += passes
        times += [(now, flow)] * sent(meter, flow, now)
        used = Counter(one.traffic for at, one in times if at + RATE.seconds > now)
        for fresh in (MODERATOR, POST, NOTICE, reader("fresh")):
            if used[fresh.traffic] < KEPT[fresh.traffic]:
                assert meter.wait(fresh, now) == 0.0


@given(COMING, st.integers(0, 6))
def test_whoever_is_let_wait_is_served_in_the_time_that_was_predicted(
    coming: list[tuple[Flow, float]], waiting: int
) -> None:
    meter, queue, now = RATE.meter(), FairQueue(), 0.0
    for flow, passes in coming:
        now += passes
        sent(meter, flow, now, 1)
    flows = [*(flow for flow, _ in coming[:waiting]), reader("last")]
    for flow in flows[:-1]:
        queue.enter(QueuePlace("x", flow))
    last = QueuePlace("x", reader("last"))
    predicted = now + queue.wait(meter, last.flow, now)
    queue.enter(last)
    while last.turn is None:
        place = queue.next(meter, now)
        if place:
            queue.leave(place)
            place.turn = Turn(place.flow, now)
            meter.count(place.turn)
        else:
            now += min(wait for flow in flows if (wait := meter.wait(flow, now)) > 0)
    assert now == pytest.approx(predicted)
