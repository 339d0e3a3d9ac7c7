"""The worker that posts, with a scripted platform and a hand-moved clock."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from posting import HALL, ROOM, Posting, opened, posting, running
from stories import NOW, story

from bot.errors import ChatGoneError, ChatMovedError, PlatformError, RejectedError, RetryLaterError
from bot.model import Chat, Story
from bot.posting.model import State
from bot.posting.router import FloodLimits
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import Quiet, Rhythm, Timetable
from store.sqlite import SqliteStore

pytestmark = pytest.mark.slow

DAILY = Timetable(Rhythm.DAILY, (time(8),))


def news(title: str, **given: object) -> Story:
    return story(title, f"{title} it is.", **{"published": NOW, **given})


async def fate(parts: Posting, title: str, chat: Chat = ROOM) -> tuple[State, str]:
    """What became of a story in a chat."""
    post = await parts.store.outbox.of_story(chat, news(title).id)
    assert post
    return post.state, post.reason


async def test_what_is_new_is_posted_once_in_every_chat_that_follows(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM)
        await parts.follow(HALL)
        await parts.brings(news("One"))
        await parts.until(lambda: len(parts.posted) == 2)
        await parts.brings(news("One"), news("Two"))
        await parts.until(lambda: len(parts.posted) == 4)
        await parts.passes(20)
        assert sorted(parts.posted) == [
            ("hall", "One"),
            ("hall", "Two"),
            ("room", "One"),
            ("room", "Two"),
        ]


async def test_the_first_look_at_a_source_posts_nothing(tmp_path: Path) -> None:
    async with await SqliteStore.open(tmp_path / "d.db") as store:
        parts = opened(store)
        await parts.follow(ROOM)
        async with running(parts):
            await parts.brings(news("One"), news("Two"))
            await parts.passes(10)
            assert parts.posted == []


async def test_posts_of_a_chat_keep_their_order_and_go_one_at_a_time(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM)
        parts.messenger.may_go.clear()
        await parts.brings(*(news(f"Story {n}") for n in range(5)))
        await parts.until(lambda: len(parts.messenger.tried) == 1)
        await parts.passes(5)
        assert parts.messenger.tried == ["room"]
        parts.messenger.may_go.set()
        await parts.until(lambda: len(parts.posted) == 5)
        assert [title for _, title in parts.posted] == [f"Story {n}" for n in range(5)]


async def test_of_one_look_ten_are_posted_and_the_rest_is_a_digest(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM)
        await parts.brings(*(news(f"Story {n}") for n in range(25)))
        await parts.until(lambda: len(parts.posted) == 11, 300)
        assert parts.posted[-1] == ("room", "15 new stories")
        reply = parts.messenger.sent[-1].reply
        assert len({c.story.id for c in (*reply.cards, *reply.more)}) == 15
        await parts.passes(300)
        assert len(parts.posted) == 11


async def test_what_is_old_goes_as_one_digest(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM)
        old = NOW - timedelta(hours=13)
        await parts.brings(news("Old", published=old), news("Older", published=old), news("New"))
        await parts.until(lambda: len(parts.posted) == 2, 300)
        assert parts.posted == [("room", "New"), ("room", "2 new stories")]


async def test_what_could_not_be_posted_for_long_goes_as_one_digest(tmp_path: Path) -> None:
    async with await SqliteStore.open(tmp_path / "d.db") as store:
        parts = opened(store)
        await parts.brings()
        await parts.follow(ROOM)
        await parts.brings(*(news(f"Story {n}") for n in range(4)))
        await parts.clock.pass_until(24 * 3600)
        async with running(parts):
            await parts.until(lambda: bool(parts.posted), 600)
            await parts.passes(60)
        assert parts.posted == [("room", "4 new stories")]


async def test_a_daily_digest_comes_once_and_not_when_there_is_nothing(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM, when=DAILY, zone="Asia/Tokyo")
        await parts.brings(news("One"), news("Two"))
        await parts.passes(11 * 3600 - 60, step=600)  # until 23:00 UTC, eight in Tokyo
        assert parts.posted == []
        await parts.passes(180)
        assert parts.posted == [("room", "2 new stories")]
        await parts.passes(26 * 3600, step=600)
        assert len(parts.posted) == 1


async def test_one_story_alone_is_no_digest(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM, when=DAILY)
        await parts.brings(news("Alone"))
        await parts.until(lambda: bool(parts.posted), 21 * 3600, step=60)
        assert parts.posted == [("room", "Alone")]


async def test_quiet_hours_are_kept_and_what_came_meanwhile_is_one_digest(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM, quiet=Quiet(time(11), time(14)))
        await parts.brings(news("One"), news("Two"), news("Three"))
        await parts.passes(2 * 3600 - 60, step=60)
        assert parts.posted == []
        await parts.passes(120)
        assert parts.posted == [("room", "3 new stories")]


async def test_of_a_day_so_many_are_posted_and_the_rest_in_the_evening(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM, most=2)
        await parts.brings(*(news(f"Story {n}") for n in range(5)))
        await parts.until(lambda: len(parts.posted) == 2)
        await parts.passes(6 * 3600 - 60, step=300)
        assert len(parts.posted) == 2
        await parts.passes(300)
        assert parts.posted[2:] == [("room", "3 new stories")]


async def test_what_fails_for_now_is_tried_again(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM)
        parts.messenger.ends["room"] = [
            RetryLaterError("busy"),
            RetryLaterError("busy", 30.0),
            None,
        ]
        await parts.brings(news("One"))
        await parts.until(lambda: bool(parts.posted), 120)
        assert parts.clock.monotonic() > 30
        assert parts.posted == [("room", "One")]


async def test_the_trouble_of_one_chat_is_none_of_the_others(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        for number in range(20):
            await parts.follow(Chat("scripted", f"chat {number}"))
        parts.messenger.ends["chat 3"] = [RetryLaterError("busy", 600.0)]
        parts.messenger.ends["chat 4"] = [ChatGoneError("blocked")]
        await parts.brings(news("One"))
        before = parts.clock.monotonic()
        await parts.until(lambda: len(parts.posted) == 18, step=0.01)
        assert parts.clock.monotonic() - before < 1.0
        await parts.until(lambda: len(parts.posted) == 19, 700, step=1.0)


async def test_an_answer_that_is_lost_is_asked_for_once_more(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM)
        lost = RetryLaterError("cut", in_doubt=True)
        parts.messenger.ends["room"] = [lost, None, lost, lost]
        await parts.brings(news("One"), news("Two"), news("Three"))
        await parts.until(lambda: len(parts.posted) == 2, 120)
        assert [title for _, title in parts.posted] == ["One", "Three"]
        state, reason = await fate(parts, "Two")
        assert (state, "lost twice" in reason) == (State.FAILED, True)
        assert (await parts.store.outbox.counts("scripted"))["doubts"] == 3


async def test_where_repeats_are_known_doubt_is_no_reason_to_stop(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        parts.messenger.deduplicates = True
        await parts.follow(ROOM)
        parts.messenger.ends["room"] = [RetryLaterError("cut", in_doubt=True)] * 5
        await parts.brings(news("One"))
        await parts.until(lambda: bool(parts.posted), 120)


async def test_what_is_rejected_is_kept_with_the_reason(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM)
        parts.messenger.ends["room"] = [RejectedError("too odd")]
        await parts.brings(news("One"), news("Two"))
        await parts.until(lambda: bool(parts.posted))
        assert parts.posted == [("room", "Two")]
        assert await fate(parts, "One") == (State.FAILED, "too odd")


async def test_a_bug_over_one_post_keeps_no_other_from_going(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM)
        parts.messenger.ends["room"] = [ZeroDivisionError("oh")] * 5
        await parts.brings(news("One"), news("Two"))
        await parts.until(lambda: bool(parts.posted), 300)
        assert parts.posted == [("room", "Two")]
        assert (await fate(parts, "One"))[0] is State.FAILED
    assert "ZeroDivisionError" in caplog.text


async def test_a_chat_that_is_gone_is_paused_and_its_owner_is_told(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM, owner="7")
        parts.messenger.ends["room"] = [ChatGoneError("kicked")]
        await parts.brings(news("One"), news("Two"))
        await parts.until(lambda: bool(parts.posted))
        assert parts.posted[0][0] == "person 7"
        assert "kicked" in parts.posted[0][1]
        (paused,) = await parts.store.subscriptions.of(ROOM)
        assert paused.paused == "kicked"
        await parts.brings(news("Three"))
        await parts.passes(600, step=10)
        assert len(parts.posted) == 1
        assert await parts.store.subscriptions.resume(ROOM, parts.clock.now()) == 1
        parts.posting_workers.wake()
        await parts.until(lambda: len(parts.posted) == 2)
        assert parts.posted[1] == ("room", "3 new stories")


async def test_each_owner_is_notified_once_of_all_their_things(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        for owner, what in (("7", "wire"), ("7", "osaka tower"), ("8", "tram")):
            kind = TargetKind.SOURCE if what == "wire" else TargetKind.SEARCH
            one = Subscription(ROOM, kind, what, owner=owner, made=parts.clock.now(), place="Room")
            await parts.store.subscriptions.put(one)
        parts.messenger.ends["room"] = [ChatGoneError("silenced", "403", remedy="Allow it.")]
        await parts.brings(news("One"), news("Two"))
        await parts.until(lambda: len(parts.messenger.sent) == 2)
        await parts.passes(30)
        told = {one.chat.id: one.reply for one in parts.messenger.sent}
        things = {"person 7": "The Wire, “osaka tower”", "person 8": "“tram”"}
        stopped = "Posting has stopped in “Room”: silenced. What was followed there"
        assert {chat: reply.text for chat, reply in told.items()} == {
            chat: (f"{stopped}: {named}.\n\nAllow it.",) for chat, named in things.items()
        }
        assert [one.action.options for one in told["person 7"].buttons] == [
            (("resume", "on"), ("chat", "room"))
        ]


async def test_a_chat_that_moves_keeps_all(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM)
        parts.messenger.ends["room"] = [ChatMovedError("castle")]
        await parts.brings(news("One"), news("Two"))
        await parts.until(lambda: len(parts.posted) == 2)
        assert parts.posted == [("castle", "One"), ("castle", "Two")]
        assert await parts.store.subscriptions.of(ROOM) == []


async def test_a_changed_headline_is_changed_where_it_is_shown(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM)
        await parts.brings(news("One"))
        await parts.until(lambda: bool(parts.posted))
        await parts.brings(replace(news("One"), title="One, corrected"))
        await parts.until(lambda: bool(parts.messenger.edited))
        ((shown, message),) = parts.messenger.edited
        assert (shown, message.reply.cards[0].story.title) == ("message 1", "One, corrected")
        await parts.passes(30)
        assert len(parts.posted) == 1


async def test_headlines_are_left_where_the_operator_wants_that(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db", FloodLimits(edits=False)) as parts:
        await parts.follow(ROOM)
        await parts.brings(news("One"))
        await parts.until(lambda: bool(parts.posted))
        await parts.brings(replace(news("One"), title="One, corrected"))
        await parts.passes(30)
        assert parts.messenger.edited == []


async def test_a_token_that_is_refused_ends_it_and_loses_nothing(tmp_path: Path) -> None:
    async with await SqliteStore.open(tmp_path / "d.db") as store:
        parts = opened(store)
        await parts.brings()
        await parts.follow(ROOM)
        parts.messenger.ends["room"] = [PlatformError("revoked")]
        await parts.brings(news("One"))
        async with running(parts) as task:
            with pytest.raises(AssertionError):
                await parts.until(lambda: bool(parts.posted), 5)
            with pytest.raises(PlatformError, match="revoked"):
                await asyncio.wait_for(asyncio.shield(task), 5)
        async with running(parts):
            await parts.until(lambda: bool(parts.posted))


async def test_what_was_on_its_way_when_the_process_died_is_sent_again(tmp_path: Path) -> None:
    async with await SqliteStore.open(tmp_path / "d.db") as store:
        parts = opened(store)
        await parts.brings()
        await parts.follow(ROOM)
        await parts.brings(news("One"))
        (post,) = await store.outbox.due("scripted", parts.clock.now(), 5)
        assert await store.outbox.claim("scripted", [post.id], parts.clock.now()) == [post.id]
        async with running(parts):
            await parts.until(lambda: bool(parts.posted))
        assert (await store.outbox.counts("scripted"))["doubts"] == 1


async def test_of_two_processes_one_posts_and_the_other_when_that_has_ended(
    tmp_path: Path,
) -> None:
    async with await SqliteStore.open(tmp_path / "d.db") as second:
        first = await SqliteStore.open(tmp_path / "d.db")
        one, two = opened(first), opened(second)
        await two.brings()
        async with running(one):
            await one.passes(1)
            async with running(two):
                await two.follow(ROOM)
                await two.brings(news("One"))
                await one.until(lambda: bool(one.posted))
                assert two.posted == []
                await first.aclose()
                await two.brings(news("Two"))
                await two.until(lambda: bool(two.posted))
                assert two.posted == [("room", "Two")]


async def test_who_cannot_be_told_is_not_told_again(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM, owner="7")
        parts.messenger.ends["room"] = [ChatGoneError("kicked")]
        parts.messenger.ends["person 7"] = [ChatGoneError("never pressed Start")]
        await parts.brings(news("One"))
        await parts.until(lambda: "person 7" in parts.messenger.tried)
        await parts.passes(5)
        counts = await parts.store.outbox.counts("scripted")
        assert (counts["failed"], counts["paused"]) == (1, 1)


async def test_the_doubts_about_a_digest_are_those_of_its_stories(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM, when=DAILY)
        await parts.brings(news("One"), news("Two"))
        parts.messenger.ends["room"] = [RetryLaterError("cut", in_doubt=True)]
        await parts.until(lambda: bool(parts.posted), 21 * 3600, step=60)
        await parts.passes(20)
        assert parts.posted == [("room", "2 new stories")]
        for title in ("One", "Two"):
            post = await parts.store.outbox.of_story(ROOM, news(title).id)
            assert post
            assert (post.state, post.doubts) == (State.SENT, 1)
