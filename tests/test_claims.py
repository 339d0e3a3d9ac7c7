"""Who is given a post to send, and when one that was claimed is taken for lost."""

from __future__ import annotations

import pytest
from outbox_rows import by_number, row
from outboxes import HALL, MINUTE, NOW, ROOM, SECOND

from bot.posting.claims import LEASE, claim, recover
from bot.posting.model import State

SENDING = row(state=State.SENDING, claimed=NOW, lease=NOW + LEASE, tries=1)


def test_a_claim_counts_a_try_and_has_a_lease() -> None:
    assert claim(by_number(row()), (), [1], NOW) == {1: SENDING}


def test_a_claim_remembers_the_first_that_was_in_doubt() -> None:
    first = NOW - MINUTE
    assert claim(by_number(row(claimed=first)), (), [1], NOW)[1].claimed == first


@pytest.mark.parametrize("state", sorted(set(State) - {State.DUE}))
def test_only_what_is_due_is_claimed(state: State) -> None:
    rows = by_number(row(state=state))
    assert claim(rows, (), [1], NOW) == rows


def test_a_chat_has_one_post_on_its_way() -> None:
    rows = by_number(row(1), row(2), row(3, chat=HALL))
    claimed = claim(rows, (), [2, 1, 3, 404], NOW)
    assert [one.id for one in claimed.values() if one.state is State.SENDING] == [2, 3]
    assert claim(rows, {ROOM, HALL}, [1, 2, 3], NOW) == rows


def test_after_a_death_all_is_due_again_in_doubt() -> None:
    again = SENDING._replace(state=State.DUE, due=NOW, deaths=1)
    assert recover(by_number(SENDING), NOW, dead=True) == {1: again}


def test_of_the_living_only_what_has_outlived_its_lease_is_lost() -> None:
    rows = by_number(SENDING)
    assert recover(rows, NOW + LEASE, dead=False) == rows
    assert recover(rows, NOW + LEASE + SECOND, dead=False)[1].state is State.DUE


def test_what_nobody_has_claimed_is_not_lost() -> None:
    rows = by_number(row())
    assert recover(rows, NOW, dead=True) == rows
