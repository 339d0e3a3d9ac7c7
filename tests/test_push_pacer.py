"""The rate limiter of polls that hubs ask for."""

from __future__ import annotations

import math
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from stories import HandClock

from bot.ingest.push_pacer import PushPacer

EVERY = timedelta(minutes=15)


def test_a_source_that_nobody_pushes_is_left_alone() -> None:
    pacer = PushPacer(HandClock())
    pacer.begin("wire")
    pacer.complete("wire", EVERY, fruitful=False)
    assert pacer.seconds_until_due("wire") == math.inf


def test_the_first_push_is_heeded_at_once_and_the_next_after_a_minute() -> None:
    clock = HandClock()
    pacer = PushPacer(clock)
    pacer.request("wire")
    assert pacer.seconds_until_due("wire") == 0
    pacer.begin("wire")
    pacer.complete("wire", EVERY, fruitful=True)
    assert pacer.seconds_until_due("wire") == math.inf
    for _ in range(9):
        pacer.request("wire")
    assert pacer.seconds_until_due("wire") == 60
    assert pacer.seconds_until_due("other") == math.inf
    clock.pass_(60)
    assert pacer.seconds_until_due("wire") == 0


def test_a_push_during_a_poll_asks_for_the_next_one() -> None:
    pacer = PushPacer(HandClock())
    pacer.request("wire")
    pacer.begin("wire")
    pacer.request("wire")
    pacer.complete("wire", EVERY, fruitful=True)
    assert pacer.seconds_until_due("wire") == 60


def test_pushes_for_nothing_are_heeded_ever_more_slowly_until_one_brings_something() -> None:
    clock, pauses = HandClock(), []
    pacer = PushPacer(clock)
    for _ in range(8):
        pacer.request("wire")
        pauses.append(pacer.seconds_until_due("wire"))
        clock.pass_(pauses[-1])
        pacer.begin("wire")
        pacer.complete("wire", EVERY, fruitful=False)
    assert pauses == [0, 120, 240, 480, 900, 900, 900, 900]
    pacer.request("wire")
    pacer.begin("wire")
    pacer.complete("wire", EVERY, fruitful=True)
    pacer.request("wire")
    assert pacer.seconds_until_due("wire") == 60


def test_a_poll_that_nobody_pushed_says_nothing_of_the_hub() -> None:
    clock = HandClock()
    pacer = PushPacer(clock)
    for _ in range(5):
        pacer.begin("wire")
        pacer.complete("wire", EVERY, fruitful=False)
    pacer.request("wire")
    assert pacer.seconds_until_due("wire") == 0


@given(
    pushes=st.lists(st.floats(0, 600), max_size=200),
    every=st.timedeltas(timedelta(minutes=1), timedelta(days=1)),
)
def test_a_hub_that_lies_costs_little(pushes: list[float], every: timedelta) -> None:
    clock, polls = HandClock(), 0
    pacer = PushPacer(clock)
    for pause in pushes:
        pacer.request("wire")
        if pacer.seconds_until_due("wire") <= 0:
            pacer.begin("wire")
            pacer.complete("wire", every, fruitful=False)
            polls += 1
        clock.pass_(pause)
    assert polls <= 2 + 10 + sum(pushes) / every.total_seconds()
