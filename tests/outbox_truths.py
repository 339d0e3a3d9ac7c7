"""What is true of an outbox at any time, whatever happens to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from outbox_life import FLOOD_LIMITS
from outbox_model import Model, Place, Row
from outbox_platform import FakePlatform, Try

from bot.posting.model import (
    ALREADY,
    STALE,
    UNSUBSCRIBED,
    WAS_PAUSED,
    WITHDRAWN,
    PostKind,
    State,
)
from bot.posting.policy import LOST
from bot.posting.sender import GONE, UNSEEN
from store.codec import to_micros

_MINUTE = 60.0  # seconds
_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)
_UNSENT = {State.WAITING, State.DUE, State.PAUSED}


class Truths:
    """Compares the outbox and what has arrived with a model, again and again."""

    def __init__(self, model: Model, platform: FakePlatform) -> None:
        self._model = model
        self._platform = platform
        self._held: set[int] = set()
        self._born: dict[int, str] = {}
        self._latest: dict[str, int] = {}
        self._looked_at = 0

    def begins(self, one: Try) -> None:
        """Something is sent: nothing else is on its way there, and somebody wants it."""
        chat = one.message.chat.id
        if chat.startswith("person"):
            return
        there = [each for each in self._platform.tries if each.message.chat.id == chat]
        assert len(there) == 1, f"two at once in {chat}"
        assert self._model.active(chat), f"nothing is to be sent to {chat}"
        assert one.stories, f"there is nothing in {one.message}"

    def compare(self, rows: Mapping[int, Row], now: datetime) -> None:
        """The outbox is as it may be after what has happened."""
        before = self._model.rows
        self._model.rows = dict(rows)
        for row in rows.values():
            self._born.setdefault(row.id, row.chat)
            if row.state in {State.WAITING, State.PAUSED}:
                self._held.add(row.id)
            self._goes_by_what_is_followed(row)
            self._counts(row)
            self._has_arrived(row)
            self._is_told(row)
            if row.state == State.FAILED and before.get(row.id, row).state != State.FAILED:
                self._may_fail(row, before[row.id], now)
        for number in before.keys() - rows.keys():
            self._may_be_forgotten(before[number], now)
        self._nothing_is_lost(before)
        self._nothing_came_twice()
        self._is_no_flood()
        self._came_in_order()

    def _is_no_flood(self) -> None:
        """No chat got more than a burst of single posts in the minute before each new one."""
        for last in self._platform.taken[self._looked_at :]:
            recent = (one for one in self._platform.taken if last.at - _MINUTE < one.at <= last.at)
            singles = [
                one.key for one in recent if one.chat == last.chat and one.stories == {one.key}
            ]
            assert len(singles) <= FLOOD_LIMITS.burst, f"a flood in {last.chat}: {singles}"

    def _goes_by_what_is_followed(self, row: Row) -> None:
        if row.kind == PostKind.NOTICE or row.state not in _UNSENT:
            return
        one = self._model.subscriptions[row.subscription]
        assert not one.ended, f"goes by what has ended: {row}"
        assert bool(one.paused) == (row.state == State.PAUSED), f"{one.paused!r}: {row}"
        assert one.chat.id == row.chat, f"goes elsewhere: {row}"

    def _counts(self, row: Row) -> None:
        if row.reason == ALREADY:
            return  # what becomes of it is of no interest any more
        known = self._model.doubts[row.id], self._model.deaths[row.id]
        assert (row.doubts, row.deaths) == known, f"{known}: {row}"

    def _has_arrived(self, row: Row) -> None:
        if row.state != State.SENT or row.kind == PostKind.EDIT:
            return
        taken = {one.id: one for one in self._platform.taken}
        assert row.message in taken, row
        inside = {each.story for each in self._parts(row)} or {row.story}
        missing = inside - taken[row.message].stories - self._model.removed - {""}
        assert not missing, f"{missing} is not in {row}"

    def _is_told(self, row: Row) -> None:
        """What has joined a post is told by it, or was not to be told any more."""
        if row.state != State.JOINED:
            return
        leader = self._model.rows.get(row.leader or 0)
        if leader is None or leader.chat != row.chat:
            return  # forgotten, or the chat had it by its other id
        whole = self._model.rows.get(leader.digest or 0, leader)
        assert leader.state != State.JOINED, f"joined what has joined: {row}"
        if whole.state == State.FAILED:
            unsure = whole.doubts + whole.deaths
            assert unsure or whole.reason in {ALREADY, STALE, WITHDRAWN}, f"lost: {row}, {whole}"

    def _parts(self, digest: Row) -> list[Row]:
        return [row for row in self._model.rows.values() if row.digest == digest.id]

    def _may_fail(self, row: Row, before: Row, now: datetime) -> None:
        model = self._model
        stories = {each.story for each in self._parts(row)} or {row.story}
        wanted = model.wanted.get((row.chat, row.story), set())
        others = (model.subscriptions[one] for one in {row.subscription, *wanted})
        allowed = {
            "too odd": row.id in model.rejected,
            "unexpected ValueError": row.tries >= 5,
            "blocked": row.kind in {PostKind.NOTICE, PostKind.EDIT},
            "paused": row.kind == PostKind.EDIT,
            UNSEEN: row.kind == PostKind.EDIT,
            LOST: row.doubts >= 2,
            GONE: stories <= model.removed,
            UNSUBSCRIBED: all(one.ended for one in others),
            WITHDRAWN: before.state == State.WAITING and before.reason == WAS_PAUSED,
            STALE: before.state == State.PAUSED and row.made < to_micros(now - _WEEK),
            ALREADY: row.chat in model.merged,
        }
        assert allowed.get(row.reason), f"gave up: {row}"

    def _may_be_forgotten(self, row: Row, now: datetime) -> None:
        if row.chat in self._model.merged and row.done is None:
            return  # it was there twice
        kept = _MONTH if row.state == State.FAILED else _WEEK
        assert row.done is not None, f"forgotten: {row}"
        assert row.done < to_micros(now - kept), f"forgotten: {row}"

    def _nothing_is_lost(self, before: Mapping[int, Row]) -> None:
        there = {(row.chat, row.key) for row in self._model.rows.values()}
        forgotten = {
            (self._platform.now_of(row.chat), row.key)
            for row in before.values()
            if row.id not in self._model.rows
        }
        for place in list(self._model.wanted):
            if place not in there:
                assert (self._platform.now_of(place[0]), place[1]) in forgotten, f"lost: {place}"
                del self._model.wanted[place]

    def _nothing_came_twice(self) -> None:
        came: Counter[Place] = Counter()
        for one in self._platform.taken:
            came.update((one.chat, story) for story in one.stories)
        most = self._at_home(self._model.copies)
        if not self._platform.deduplicates:
            most += self._at_home(self._model.unsure)
        for place, times in self._at_home(came).items():
            assert times <= most[place], f"{place} {times} times"

    def _at_home(self, counted: Counter[Place]) -> Counter[Place]:
        """What was counted, by the ids that chats have now."""
        found: Counter[Place] = Counter()
        for (chat, story), times in counted.items():
            found[self._platform.now_of(chat), story] += times
        return found

    def _came_in_order(self) -> None:
        """What was never held came in its order."""
        for one in self._platform.taken[self._looked_at :]:
            row = next((r for r in self._model.rows.values() if self._is_plain(r, one.key)), None)
            if row is not None and row.chat == one.chat and row.id not in self._held:
                assert row.id >= self._latest.get(one.chat, 0), f"overtaken: {row}"
                self._latest[one.chat] = row.id
        self._looked_at = len(self._platform.taken)

    def _is_plain(self, row: Row, key: str) -> bool:
        return row.key == key and row.chat == self._born[row.id] and row.kind == PostKind.STORY

    def settled(self) -> None:
        """Nothing is left to do: all is sent or given up, or its chat is paused."""
        for row in self._model.rows.values():
            done = {State.SENT, State.FAILED, State.PAUSED, State.GATHERED, State.JOINED}
            assert row.state in done, row
            if row.state == State.GATHERED:
                whole = self._model.rows[row.digest or 0]
                assert whole.state in {State.SENT, State.FAILED, State.PAUSED}, whole
