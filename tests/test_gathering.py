"""What becomes a digest, and what is put off to become one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from outbox_rows import by_number, row
from outboxes import DAY, HALL, HOUR, NOW, SECOND

from bot.posting.gathering import StoryDate, count_newly_due, gather, put_off
from bot.posting.model import PostKind, State
from bot.search.query import Since

WAITING = row(state=State.WAITING, due=NOW, reason="quiet hours")


def test_a_story_alone_goes_as_itself() -> None:
    rows = by_number(WAITING)
    after = gather(rows, NOW)
    assert after == {1: WAITING._replace(state=State.DUE, gathered=True)}
    assert count_newly_due(rows, after) == 1


def test_stories_of_one_place_become_a_digest_by_the_oldest() -> None:
    rows = by_number(WAITING._replace(id=7, subscription=2), WAITING._replace(id=5))
    after = gather(rows, NOW + HOUR)
    (digest,) = (one for number, one in after.items() if number < 0)
    assert (digest.kind, digest.key, digest.subscription) == (PostKind.DIGEST, "digest 5", 1)
    assert (digest.state, digest.made, digest.due) == (State.DUE, NOW + HOUR, NOW + HOUR)
    assert digest.gathered
    for number in (5, 7):
        part = rows[number]._replace(state=State.GATHERED, gathered=True, digest=digest.id)
        assert after[number] == part
    assert count_newly_due(rows, after) == 1


def test_chats_and_threads_have_digests_of_their_own() -> None:
    places: list[dict[str, Any]] = [{}, {"thread": "topic"}, {"chat": HALL}]
    rows = by_number(*(WAITING._replace(id=number, **places[number % 3]) for number in range(1, 7)))
    after = gather(rows, NOW)
    parts = {(after[n].chat, after[n].thread, after[n].digest) for n in rows}
    assert len(parts) == 3
    assert count_newly_due(rows, after) == 3


@pytest.mark.parametrize(
    "given", [{"due": NOW + SECOND}, {"state": State.DUE}, {"state": State.PAUSED}]
)
def test_what_is_not_ripe_is_left(given: dict[str, Any]) -> None:
    rows = by_number(WAITING._replace(**given), WAITING._replace(id=2, **given))
    assert gather(rows, NOW) == rows
    assert count_newly_due(rows, gather(rows, NOW)) == 0


def test_what_is_due_waits_for_a_digest_when_it_is_put_off() -> None:
    after = put_off(by_number(row(tries=2)), NOW + HOUR, "old")
    assert after == {1: row(state=State.WAITING, due=NOW + HOUR, reason="old")}


@pytest.mark.parametrize(
    "given",
    [{"gathered": True}, {"claimed": NOW}, {"kind": PostKind.EDIT}, {"state": State.SENDING}],
)
def test_what_was_gathered_may_have_arrived_or_is_no_story_is_not_put_off(
    given: dict[str, Any],
) -> None:
    rows = by_number(row(**given))
    assert put_off(rows, NOW + HOUR, "old") == rows


@pytest.mark.parametrize(
    ("published", "date_only", "is_before"),
    [
        (NOW - SECOND, False, True),
        (NOW, False, False),
        (NOW.replace(hour=0), True, False),
        (NOW.replace(hour=0) - DAY, True, True),
    ],
)
def test_of_a_date_the_whole_day_counts(
    published: datetime, *, date_only: bool, is_before: bool
) -> None:
    since = Since(NOW, NOW.date())
    assert StoryDate("a", published, date_only).is_before(since) == is_before
