"""What a chat that goes on under another id follows and is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from outbox_rows import by_number, digest, part, row, subscription
from outboxes import NOW, ROOM

from bot.model import Chat
from bot.posting.chat_migration import migrate_rows, migrate_subscriptions
from bot.posting.model import ALREADY, PostKind, State
from bot.posting.outbox_row import OutboxRow, Rows

CASTLE = Chat("scripted", "castle")
ALREADY_THERE: dict[str, Any] = {"state": State.FAILED, "reason": ALREADY, "done": NOW}


def migrated(*rows: OutboxRow, heirs: dict[int, int] | None = None) -> Rows:
    return migrate_rows(by_number(*rows), ROOM, CASTLE, heirs or {}, NOW)


def test_subscriptions_move_with_their_threads_and_houses() -> None:
    one = subscription(1, replace(ROOM, thread="topic", house="server"))
    (moved,) = migrate_subscriptions([one], [], CASTLE).changed
    assert moved == replace(one, chat=CASTLE)
    assert (moved.chat.thread, moved.chat.house) == ("topic", "server")


def test_what_both_follow_in_one_thread_goes_on_as_in_the_new_chat() -> None:
    old = subscription(1, what="wire")
    topic = subscription(2, replace(ROOM, thread="topic"), what="wire")
    moved = migrate_subscriptions([old, topic], [subscription(3, CASTLE, what="wire")], CASTLE)
    assert moved.heirs == {1: 3}
    assert moved.changed == (replace(old, ended=True), replace(topic, chat=CASTLE))


@pytest.mark.parametrize("state", list(State))
def test_posts_move_as_they_are(state: State) -> None:
    assert migrated(row(state=state)) == {1: row(state=state, chat=CASTLE)}


def test_posts_go_by_what_takes_the_place_of_their_subscription() -> None:
    notice = row(2, chat=Chat("scripted", "person"), kind=PostKind.NOTICE)
    after = migrated(row(1), notice, row(3, subscription=None), heirs={1: 3})
    assert [one.subscription for one in after.values()] == [3, 3, None]
    assert after[2].chat == notice.chat


@pytest.mark.parametrize("state", [State.SENT, State.SENDING, State.GATHERED])
def test_what_was_sent_by_the_old_id_is_not_sent_by_the_new(state: State) -> None:
    repeat = row(2, chat=CASTLE, key="story 1")
    after = migrated(row(1, state=state), repeat)
    assert after == {1: row(1, state=state, chat=CASTLE)}


def test_what_both_were_to_be_sent_goes_once() -> None:
    new = row(2, chat=CASTLE, key="story 1")
    after = migrated(row(1), new)
    assert after == {1: row(1)._replace(**ALREADY_THERE), 2: new}


def test_what_is_being_sent_to_both_is_not_tried_again_in_the_old_one() -> None:
    old = row(1, state=State.SENDING)
    new = row(2, chat=CASTLE, key="story 1", state=State.SENDING)
    assert migrated(old, new) == {1: old._replace(**ALREADY_THERE), 2: new}


def test_what_was_sent_to_both_stays_where_it_was_sent() -> None:
    old = row(1, state=State.SENT, done=NOW)
    new = row(2, chat=CASTLE, key="story 1", state=State.SENT, done=NOW)
    assert migrated(old, new) == {1: old, 2: new}


def test_a_digest_that_nothing_is_left_of_is_given_up() -> None:
    whole = digest(9, chat=CASTLE)
    after = migrated(
        row(1, state=State.SENT, done=NOW), whole, part(2, 9, chat=CASTLE, key="story 1")
    )
    assert after[9] == whole._replace(**ALREADY_THERE)
    assert 2 not in after


def test_a_digest_that_moves_loses_what_is_in_the_new_chat() -> None:
    whole, lost, kept = digest(9), part(1, 9), part(2, 9)
    after = migrated(
        whole, lost, kept, row(3, chat=CASTLE, key="story 1", state=State.SENT, done=NOW)
    )
    assert after[9] == whole._replace(chat=CASTLE)
    assert after[1] == lost._replace(**ALREADY_THERE, digest=None)
    assert after[2] == kept._replace(chat=CASTLE)
