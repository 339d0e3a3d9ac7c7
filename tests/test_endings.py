"""Endings: what is gone is paused, and whoever subscribed is told once, in full."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from posting import HALL, ROOM, Posting, posting
from stories import story

from bot.errors import ChatGoneError
from bot.posting.model import DELETED_TOPIC
from bot.subscriptions.model import TargetKind

KICKED = ChatGoneError("I was removed from the group", place="Harbour News", remedy="Add me.")
TOPIC = replace(ROOM, thread="topic")
DELETED = ChatGoneError(DELETED_TOPIC, thread_only=True)


async def brings(parts: Posting, *titles: str) -> None:
    now = parts.clock.now()
    await parts.brings(*(story(title, f"{title} it is.", published=now) for title in titles))


@pytest.mark.slow
async def test_each_ending_is_told_once_with_all_that_helps(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with posting(tmp_path / "d.db") as parts:
        await parts.follow(ROOM, owner="7")
        await parts.follow(ROOM, "harbour", kind=TargetKind.SEARCH, owner="7")
        await parts.follow(ROOM, "Rail", kind=TargetKind.TOPIC, owner="8")
        parts.messenger.ends["room"] = [KICKED] * 5
        await brings(parts, "One", "Two")
        await parts.until(lambda: len(parts.posted) == 2)
        await brings(parts, "Three")
        await parts.passes(60)
    told = (
        "Posting has stopped in “Harbour News”: I was removed from the group. What was followed"
        " there: {}.\n\nAdd me."
    )
    assert sorted(parts.posted) == [
        ("person 7", told.format("The Wire, “harbour”")),
        ("person 8", told.format("Rail")),
    ]
    for message in parts.messenger.sent:
        assert [one.label for one in message.reply.buttons] == ["Resume"]
    lines = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert len(lines) == 3  # one a subscription


@pytest.mark.slow
async def test_a_thread_that_is_gone_pauses_what_it_follows_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with posting(tmp_path / "d.db") as parts:
        in_topic = await parts.follow(TOPIC, owner="7")
        beside = await parts.follow(ROOM, "harbour", kind=TargetKind.SEARCH, owner="7")
        parts.messenger.ends["room"] = [DELETED]
        await brings(parts, "One", "Two")
        await parts.until(lambda: len(parts.posted) == 1)
        await brings(parts, "Three", "Harbour")
        await parts.until(lambda: len(parts.posted) == 2)
        await parts.passes(60)
        assert [chat for chat, _ in parts.posted] == ["person 7", "room"]
        assert parts.messenger.sent[0].reply.buttons == ()
        here = {one.id: one.paused for one in await parts.store.subscriptions.of(ROOM)}
        assert here == {in_topic.id: DELETED_TOPIC, beside.id: ""}
    assert not any(one.exc_info for one in caplog.records)
    assert len([one for one in caplog.records if one.levelno >= logging.WARNING]) == 1


@pytest.mark.slow
async def test_a_private_chat_is_not_told_of_itself(tmp_path: Path) -> None:
    async with posting(tmp_path / "d.db") as parts:
        mine = replace(HALL, id="person 7")
        await parts.follow(mine, owner="7")
        parts.messenger.ends["person 7"] = [ChatGoneError("blocked")]
        await brings(parts, "One")
        await parts.passes(60)
        assert parts.messenger.tried == ["person 7"]
