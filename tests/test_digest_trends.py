"""Digests: sparklines beside their topics, and a picture with those that come weekly."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from newsdesk import WIRE
from posting import ROOM, Posting, opened, running
from scripted_renderer import ScriptedRenderer, png
from stories import NOW, story

from bot.chat.settings import ChatSettings
from bot.i18n import load
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.model import Story, Topic
from bot.posting.context import DeliveryContext, PostingTiming
from bot.posting.digest import DisplayNames, PostComposer
from bot.posting.illustrations import DigestIllustrator
from bot.posting.router import FloodLimits, SubscriptionRouter
from bot.posting.worker import PostingWorkers
from bot.reply import Reply
from bot.subscriptions.schedule import Rhythm, Timetable
from store.sqlite import SqliteStore

pytestmark = pytest.mark.slow

# It is noon on a Monday.
DAILY, WEEKLY = (Timetable(rhythm, (time(13),)) for rhythm in (Rhythm.DAILY, Rhythm.WEEKLY))
TOPICS = (Topic("Osaka Expo", "expo"), Topic("大阪", "大阪"))
HOUR = 3_600


def news(title: str, days: float = 0) -> Story:
    return story(title, f"{title} it is.", published=NOW - timedelta(days=days))


@asynccontextmanager
async def desk(path: Path, renderer: ScriptedRenderer | None) -> AsyncIterator[Posting]:
    """A core that posts what has topics; its source has some older stories."""
    async with await SqliteStore.open(path) as store:
        await store.ingest.set_topics(TOPICS)
        parts = _with_topics(opened(store), renderer)
        old = [news(f"Expo {days}", days) for days in (9, 16, 17, 18, 30)]
        await parts.brings(*old)
        async with running(parts):
            yield parts


def _with_topics(parts: Posting, renderer: ScriptedRenderer | None) -> Posting:
    limits, names = FloodLimits(), DisplayNames(load("en"), {WIRE.id: WIRE.name})
    workers = PostingWorkers(
        DeliveryContext(
            parts.store,
            parts.clock,
            PostComposer(names),
            limits,
            ChatSettings(parts.store.chats).move,
            DigestIllustrator(parts.store, names.words, renderer),
        ),
        PostingTiming(parts.clock.sleep, lambda: 0.5),
    )
    router = SubscriptionRouter(parts.store.subscriptions, limits, workers.wake)
    enricher = StoryEnricher(TOPICS)
    poller = Poller(parts.store, parts.clock, [parts.wire], enricher, router=router)
    return replace(parts, poller=poller, posting_workers=workers)


async def digest(parts: Posting, when: Timetable, *, picture: bool = True) -> Reply:
    """The digest of three stories that a chat gets by a timetable."""
    await parts.follow(ROOM, when=when, picture=picture)
    await parts.brings(news("Expo today"), news("Expo too"), news("Nothing"))
    await parts.until(lambda: bool(parts.posted), 24 * HOUR, step=60)
    return parts.messenger.sent[-1].reply


async def test_a_topic_stands_beside_its_weeks(tmp_path: Path) -> None:
    async with desk(tmp_path / "d.db", None) as parts:
        reply = await digest(parts, DAILY)
    assert [card.heading for card in reply.cards] == ["Osaka Expo ▁▁▁▄▁█▄▆", "", "Other"]


async def test_a_weekly_digest_carries_the_picture(tmp_path: Path) -> None:
    renderer = ScriptedRenderer()
    async with desk(tmp_path / "d.db", renderer) as parts:
        reply = await digest(parts, WEEKLY)
    assert reply.picture
    assert reply.picture.content == png()
    assert reply.picture.alt.startswith("What the news was about. Stories a week, ")
    assert "Osaka Expo: 7 stories" in reply.picture.alt
    assert len(reply.cards) == 3
    assert len(renderer.drawn) == 1


@pytest.mark.parametrize(
    ("when", "picture"), [(DAILY, True), (WEEKLY, False)], ids=["daily", "without pictures"]
)
async def test_no_other_digest_does(tmp_path: Path, when: Timetable, picture: bool) -> None:
    renderer = ScriptedRenderer()
    async with desk(tmp_path / "d.db", renderer) as parts:
        reply = await digest(parts, when, picture=picture)
    assert reply.picture is None
    assert renderer.drawn == []


@pytest.mark.parametrize("renderer", [lambda: None, lambda: ScriptedRenderer(fails=True)])
async def test_without_its_picture_it_comes_all_the_same(
    tmp_path: Path, renderer: Callable[[], ScriptedRenderer | None]
) -> None:
    async with desk(tmp_path / "d.db", renderer()) as parts:
        reply = await digest(parts, WEEKLY)
    assert reply.picture is None
    assert len(reply.cards) == 3
