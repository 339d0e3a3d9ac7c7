"""An event is posted once: others join its post, its message names them, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from newsdesk import TestDesk
from posting import HALL, NOW, ROOM, Posting, posting
from stories import CHAT, MODERATOR, filed, story

from bot.errors import RejectedError, StoreError
from bot.ingest.batch_writer import BatchWriter
from bot.ingest.change_detection import Decision
from bot.ingest.events.assigner import EventAssigner
from bot.ingest.events.ports import EventStore
from bot.model import Story
from bot.posting.event_posts import Told, join, release
from bot.posting.model import PostKind, State
from bot.posting.outbox_row import OutboxRow
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.subscriptions.model import EventPosts, TargetKind
from bot.subscriptions.schedule import Rhythm, Timetable

pytestmark = pytest.mark.slow

ONCE = FloodLimits(events=EventPosts.ONCE)
TITLES = (
    "Magnitude 7.1 earthquake strikes northern Chile, tsunami warning issued",
    "Strong earthquake of magnitude 7.1 strikes northern Chile",
    "Northern Chile: magnitude 7.1 earthquake strikes, tsunami warning",
)
QUAKE = tuple(story(title, source=f"s{n}", published=NOW) for n, title in enumerate(TITLES))
FLOOD = story("Rain floods Venice", source="s1", published=NOW)


class Newsroom:
    """What brings stories of several sources to chats that follow them."""

    def __init__(self, parts: Posting, limits: FloodLimits, events: EventAssigner) -> None:
        self.parts = parts
        self._events = events
        wake = parts.posting_workers.wake
        self._router = SubscriptionRouter(parts.store.subscriptions, limits, wake)

    async def brings(self, *stories: Story) -> None:
        new = tuple(filed(stories))
        writer = BatchWriter(
            self.parts.store.ingest,
            self._router,
            Decision(new, (), 0, new),
            self.parts.clock.now(),
            events=self._events,
        )
        await writer.write(new)

    async def follows_all(self, **given: object) -> None:
        await self.parts.follow(ROOM, "", kind=TargetKind.EVERYTHING, **given)

    async def state_of(self, of: Story) -> State:
        post = await self.parts.store.outbox.of_story(ROOM, of.id)
        assert post is not None
        return post.state

    @property
    def edits(self) -> list[tuple[str, str]]:
        """The messages that were edited, with the line that names others who tell the same."""
        return [(shown, one.reply.cards[0].also) for shown, one in self.parts.messenger.edited]


@asynccontextmanager
async def newsroom(path: Path, limits: FloodLimits = ONCE) -> AsyncIterator[Newsroom]:
    async with posting(path / "d.db", limits) as parts:
        yield Newsroom(parts, limits, EventAssigner(parts.store.events))


async def test_a_chat_is_posted_an_event_once_and_the_message_names_the_others(
    tmp_path: Path,
) -> None:
    async with newsroom(tmp_path) as room:
        await room.follows_all()
        await room.brings(QUAKE[0])
        await room.parts.until(lambda: len(room.parts.posted) == 1)
        await room.brings(QUAKE[1], FLOOD)
        await room.parts.until(lambda: len(room.edits) == 1)
        await room.brings(QUAKE[2])
        await room.parts.until(lambda: len(room.edits) == 2)
        await room.parts.passes(30)
        assert room.parts.posted == [("room", TITLES[0]), ("room", FLOOD.title)]
        assert room.edits == [("message 1", "also in s1"), ("message 1", "also in s1, s2")]
        states = [await room.state_of(one) for one in QUAKE]
        assert states == [State.SENT, State.JOINED, State.JOINED]


async def test_what_comes_at_once_is_one_message_that_names_all(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as room:
        await room.follows_all()
        await room.brings(*QUAKE)
        await room.parts.until(lambda: len(room.parts.posted) == 1)
        await room.parts.passes(30)
        (message,) = room.parts.messenger.sent
        assert message.reply.cards[0].also == "also in s1, s2"
        assert room.edits == []


async def test_who_wants_all_gets_all(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as room:
        await room.follows_all(events=EventPosts.ALL)
        await room.parts.follow(HALL, "", kind=TargetKind.EVERYTHING)
        for one in QUAKE:
            await room.brings(one)
        await room.parts.until(lambda: len(room.parts.posted) == 4)
        await room.parts.passes(30)
        assert [name for name, _ in room.parts.posted].count("hall") == 1


async def test_once_can_be_asked_for_where_all_is_usual(tmp_path: Path) -> None:
    async with newsroom(tmp_path, FloodLimits(events=EventPosts.ALL)) as room:
        await room.follows_all(events=EventPosts.ONCE)
        for one in QUAKE:
            await room.brings(one)
            await room.parts.passes(5)
        assert len(room.parts.posted) == 1


async def test_no_message_is_edited_where_edits_are_off(tmp_path: Path) -> None:
    async with newsroom(tmp_path, replace(ONCE, edits=False)) as room:
        await room.follows_all()
        for one in QUAKE:
            await room.brings(one)
            await room.parts.passes(5)
        assert (len(room.parts.posted), room.edits) == (1, [])


async def test_who_joins_while_the_first_is_being_sent_is_named_afterwards(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as room:
        await room.follows_all()
        room.parts.messenger.may_go.clear()
        await room.brings(QUAKE[0])
        await room.parts.until(lambda: room.parts.messenger.tried == ["room"])
        await room.brings(QUAKE[1])
        room.parts.messenger.may_go.set()
        await room.parts.until(lambda: len(room.edits) == 1)
        assert room.edits == [("message 1", "also in s1")]


async def test_what_can_go_at_once_does_not_wait_for_a_digest(tmp_path: Path) -> None:
    weekly = Timetable(Rhythm.WEEKLY, (time(8),), (2,))
    async with newsroom(tmp_path) as room:
        await room.parts.follow(ROOM, "s0", when=weekly)
        await room.parts.follow(ROOM, "s1")
        await room.brings(QUAKE[0])
        await room.brings(QUAKE[1])
        await room.parts.until(lambda: len(room.parts.posted) == 1)
        assert room.parts.posted == [("room", TITLES[1])]
        assert room.parts.messenger.sent[0].reply.cards[0].also == "also in s0"
        assert await room.state_of(QUAKE[0]) is State.JOINED


async def test_a_digest_shows_an_event_once(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as room:
        await room.follows_all(when=Timetable(Rhythm.HOURLY))
        await room.brings(QUAKE[0], FLOOD)
        await room.brings(*QUAKE[1:])
        await room.parts.until(lambda: len(room.parts.posted) == 1, 4_000, step=20)
        (message,) = room.parts.messenger.sent
        assert message.reply.title == "2 new stories"
        told = {card.story.title: card.also for card in message.reply.cards}
        assert told == {TITLES[0]: "also in s1, s2", FLOOD.title: ""}


async def test_if_the_first_cannot_be_posted_the_next_goes_in_its_place(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as room:
        await room.follows_all()
        room.parts.messenger.ends["room"] = [RejectedError("too odd")]
        await room.brings(*QUAKE)
        await room.parts.until(lambda: len(room.parts.posted) == 1)
        await room.parts.passes(30)
        assert room.parts.posted == [("room", TITLES[1])]
        states = [await room.state_of(one) for one in QUAKE]
        assert states == [State.FAILED, State.SENT, State.JOINED]


async def test_what_joined_goes_by_its_own_subscription_when_that_of_the_first_ends(
    tmp_path: Path,
) -> None:
    hourly = Timetable(Rhythm.HOURLY)
    async with newsroom(tmp_path) as room:
        first = await room.parts.follow(ROOM, "s0", when=hourly)
        await room.parts.follow(ROOM, "s1", when=hourly)
        await room.brings(QUAKE[0])
        await room.brings(QUAKE[1])
        assert await room.state_of(QUAKE[1]) is State.JOINED
        await room.parts.store.subscriptions.end(first.id, room.parts.clock.now())
        await room.parts.until(lambda: len(room.parts.posted) == 1, 4_000, step=20)
        assert room.parts.posted == [("room", TITLES[1])]


class _Hanging:
    """A store of events that never answers, or fails."""

    def __init__(self, store: EventStore, error: Exception | None = None) -> None:
        self._store = store
        self._error = error

    async def revision(self) -> int:
        if self._error:
            raise self._error
        await asyncio.Event().wait()
        raise AssertionError


@pytest.mark.parametrize("error", [None, StoreError("it is broken"), ValueError("a bug")])
async def test_no_story_fails_or_waits_for_its_event(
    tmp_path: Path, error: Exception | None
) -> None:
    async with posting(tmp_path / "d.db", ONCE) as parts:
        broken = _Hanging(parts.store.events, error)
        room = Newsroom(parts, ONCE, EventAssigner(broken, patience=0.01))  # type: ignore[arg-type]
        await room.follows_all()
        await room.brings(QUAKE[0])
        await room.brings(QUAKE[1])
        await parts.until(lambda: len(parts.posted) == 2)
        assert await parts.store.events.count_unplaced() == 2


# The rules alone

_TOLD = {f"t{n}": Told("d", f"s{n}") for n in range(4)}
_SINCE = NOW - timedelta(days=2)


def _row(number: int, state: State = State.DUE, **given: Any) -> OutboxRow:
    base = OutboxRow(
        number, ROOM, "", f"t{number}", PostKind.STORY, f"t{number}", 1, (), state, NOW, NOW
    )
    return base._replace(**given)


def _joined(*rows: OutboxRow, once: str = "t1 t2 t3") -> tuple[dict[int, int | None], set[int]]:
    found = join(
        {one.id: one for one in rows}, _TOLD, {(ROOM, story) for story in once.split()}, _SINCE
    )
    leaders = {one.id: found.rows[one.id].leader for one in rows if one.kind is PostKind.STORY}
    return leaders, set(found.edited)


def _digest(state: State) -> OutboxRow:
    return _row(9, state, kind=PostKind.DIGEST, story="", key="digest")


@pytest.mark.parametrize(
    ("first", "leaders", "edited"),
    [
        (_row(0), {0: None, 1: 0}, set()),
        (_row(0, State.SENDING), {0: None, 1: 0}, {0}),
        (_row(0, State.SENT, done=NOW), {0: None, 1: 0}, {0}),
        (_row(0, State.SENT, done=NOW - timedelta(days=3)), {0: None, 1: None}, set()),
        (_row(0, State.FAILED, done=NOW), {0: None, 1: None}, set()),
        (_row(0, State.WAITING, due=NOW + timedelta(days=1)), {0: 1, 1: None}, set()),
        (_row(0, State.PAUSED), {0: 1, 1: None}, set()),
        (_row(0, State.DUE, claimed=NOW), {0: None, 1: 0}, set()),
    ],
)
def test_whom_a_new_post_joins(
    first: OutboxRow, leaders: dict[int, int | None], edited: set[int]
) -> None:
    assert _joined(first, _row(1)) == (leaders, edited)


@pytest.mark.parametrize(
    ("digest", "leaders", "edited"),
    [
        (State.DUE, {0: None, 1: 0}, set()),
        (State.SENDING, {0: None, 1: 0}, {9}),
        (State.SENT, {0: None, 1: 0}, {9}),
        (State.FAILED, {0: None, 1: None}, set()),
    ],
)
def test_a_post_in_a_digest_is_joined_as_that_fares(
    digest: State, leaders: dict[int, int | None], edited: set[int]
) -> None:
    first = _row(0, State.GATHERED, digest=9, done=NOW)
    assert _joined(first, _row(1), _digest(digest)) == (leaders, edited)


def test_what_had_joined_follows_whatever_became_of_its_story() -> None:
    waiting = _row(0, State.WAITING, due=NOW + timedelta(days=1))
    gone = _row(1, State.JOINED, leader=0, done=NOW, story="no more")
    leaders, _ = _joined(waiting, gone, _row(2))
    assert leaders == {0: 2, 1: 2, 2: None}


def test_what_had_joined_follows_to_a_more_urgent_post() -> None:
    waiting = _row(0, State.WAITING, due=NOW + timedelta(days=1))
    leaders, _ = _joined(waiting, _row(1, State.JOINED, leader=0, done=NOW), _row(2))
    assert leaders == {0: 2, 1: 2, 2: None}


def test_who_did_not_ask_for_it_joins_nothing() -> None:
    assert _joined(_row(0), _row(1), once="t2") == ({0: None, 1: None}, set())


def test_a_source_is_named_once() -> None:
    told = {**_TOLD, "t2": Told("d", "s1")}
    rows = (_row(0, State.SENT, done=NOW), _row(1, State.JOINED, leader=0, done=NOW), _row(2))
    found = join({one.id: one for one in rows}, told, {(ROOM, "t2")}, _SINCE)
    assert (found.rows[2].leader, found.edited) == (0, frozenset())


def test_the_first_that_joined_is_released_and_leads_the_rest() -> None:
    rows = {n: _row(n, State.JOINED, leader=0, done=NOW) for n in (1, 2, 3)}
    after = release(rows, {0}, NOW)
    assert [(one.state, one.leader) for one in after.values()] == [
        (State.DUE, None),
        (State.JOINED, 1),
        (State.JOINED, 1),
    ]
    assert after[1].done is None
    assert release(rows, {7}, NOW) == rows


# The option


@pytest.mark.parametrize(
    ("typed", "kept", "told"),
    [
        ("all", EventPosts.ALL, "every story, also when it repeats another"),
        ("ONCE", EventPosts.ONCE, "each event once"),
        ("default", None, ""),
    ],
)
async def test_a_subscription_says_what_of_an_event_is_posted(
    desk: TestDesk, typed: str, kept: EventPosts | None, told: str
) -> None:
    reply = await desk.ask(f"/subscribe everything events:{typed} confirm:on", MODERATOR)
    assert told in " ".join((reply.title, *reply.text))
    (one,) = await desk.store.subscriptions.of(CHAT)
    assert one.events is kept


async def test_what_is_no_choice_is_told(desk: TestDesk) -> None:
    reply = await desk.ask("/subscribe everything events:some", MODERATOR)
    assert reply.text == ("events can be once, all, default.",)
    assert not await desk.store.subscriptions.of(CHAT)
