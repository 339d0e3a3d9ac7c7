"""`/status`: what it tells of sources, posts, errors and the process, and what it keeps back."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from newsdesk import TestDesk, twelve
from outboxes import at_once, claim_next, comes, follow, later, mark
from stories import MODERATOR, NOW, READER

from bot import __version__
from bot.errors import SourceError
from bot.ingest.results import FetchResult, LoadReport, SourceState
from bot.monitoring.heartbeat import keep_beating, running_process
from bot.monitoring.model import Health
from bot.monitoring.source_health import health_of
from bot.posting.model import UNSUBSCRIBED, Failure, Retry
from bot.reply import Reply
from bot.secrets import SECRETS

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def told(reply: Reply) -> dict[str, str]:
    return {entry.name: entry.text for entry in reply.entries}


async def test_it_tells_what_there_is(desk: TestDesk) -> None:
    await twelve(desk)
    follows = await follow(desk.store)
    await comes(desk.store, "A", at_once(follows), now=NOW - 5 * MINUTE)
    await comes(desk.store, "B", later(follows), now=NOW - 5 * MINUTE)
    lines = told(await desk.ask("/status", MODERATOR))
    assert lines["Sources"] == "2 not checked yet"
    assert lines["Stories"] == "14 · 14 in the last day"
    assert lines["Chats"] == "1 · 1 subscription"
    assert lines["Posts on Scripted"] == (
        "1 to be sent · the oldest from 5 minutes ago · 1 scheduled for later"
    )
    assert "used by the store" in lines["Disk"]
    assert "free" in lines["Disk"]


async def test_it_is_for_moderators(desk: TestDesk) -> None:
    refused = await desk.ask("/status", READER)
    assert not refused.ok
    assert not refused.entries


async def test_sources_that_fail_are_named_with_why_and_since_when(desk: TestDesk) -> None:
    desk.wire.gives.append(FetchResult())
    await desk.dispatcher.services.poller.load(["wire"])
    desk.clock.pass_(2 * 3600)
    secret = "hunter2-hunter2"  # noqa: S105 - nobody's
    SECRETS.add(secret)
    reason = f"https://ada:{secret}@news.example/feed?key={secret} does not answer"
    desk.wire.gives.append(SourceError(reason))
    desk.other.gives.append(SourceError("gone", gone=True))
    await desk.dispatcher.services.poller.load()
    reply = await desk.ask("/status", MODERATOR)
    lines = told(reply)
    assert lines["Sources"] == "1 failing · 1 dead · last checked just now" or lines[
        "Sources"
    ].startswith("1 failing · 1 dead · last checked")
    assert lines["Other News"].startswith("dead · gone")
    assert lines["The Wire"].startswith("failing · https://")
    assert lines["The Wire"].endswith("last read 2 hours ago")
    assert "hunter2" not in str(reply)
    names = list(lines)
    assert names.index("Other News") < names.index("The Wire")


async def test_posts_that_fail_are_told_with_their_reasons(desk: TestDesk) -> None:
    one = await follow(desk.store)
    for title, end in (("A", "the message is too long"), ("B", UNSUBSCRIBED)):
        await comes(desk.store, title, at_once(one))
        post = await claim_next(desk.store)
        await mark(desk.store, Failure(post.id, end))
    await comes(desk.store, "C", at_once(one))
    post = await claim_next(desk.store)
    await mark(desk.store, Retry(post.id, NOW + HOUR, "bad gateway"))
    lines = told(await desk.ask("/status", MODERATOR))
    assert lines["Posts on Scripted"].endswith("cannot be sent right now: bad gateway")
    assert lines["Scripted: 1 post given up"].startswith("the message is too long")
    assert UNSUBSCRIBED not in str(lines)
    desk.clock.pass_(2 * 24 * 3600)  # what was given up long ago is no news
    assert "Scripted: 1 post given up" not in told(await desk.ask("/status", MODERATOR))


def _state(*, failures: int, silent: timedelta | None, gone: bool = False) -> SourceState:
    error = "no answer" if failures or gone else ""
    report = LoadReport("wire", NOW, error=error, failures=failures, gone=gone)
    return SourceState("wire", report=report, succeeded_at=None if silent is None else NOW - silent)


@pytest.mark.parametrize(
    ("state", "health"),
    [
        (None, Health.NEW),
        (SourceState("wire"), Health.NEW),
        (_state(failures=0, silent=HOUR), Health.WELL),
        (_state(failures=1, silent=HOUR), Health.FAILING),
        (_state(failures=9, silent=HOUR), Health.FAILING),
        (_state(failures=1, silent=9 * DAY), Health.FAILING),  # the first poll since a long pause
        (_state(failures=3, silent=2 * DAY), Health.DEAD),
        (_state(failures=3, silent=None), Health.DEAD),
        (_state(failures=1, silent=HOUR, gone=True), Health.DEAD),
        (
            SourceState("wire", report=LoadReport("wire", NOW, error="resting", put_off=True)),
            Health.RESTING,
        ),
    ],
)
def test_a_source_is_as_well_as_its_last_polls(state: SourceState | None, health: Health) -> None:
    assert health_of(state, NOW) is health


async def test_other_processes_know_that_one_runs_and_for_how_long(desk: TestDesk) -> None:
    assert "serves no chat platform" in (await desk.ask("/status", MODERATOR)).text[0]
    beats = asyncio.Semaphore(0)
    slept = asyncio.Semaphore(0)

    async def sleep(_seconds: float) -> None:
        slept.release()
        await beats.acquire()

    beating = asyncio.create_task(keep_beating(desk.store.chats, desk.clock, sleep))
    await slept.acquire()
    desk.clock.pass_(3 * 3600)
    assert await running_process(desk.store.chats, desk.clock.now()) is None  # no beat for hours
    beats.release()
    await slept.acquire()
    (line,) = (await desk.ask("/status", MODERATOR)).text
    assert line == f"Dateline {__version__} has been running for 3 hours."
    beating.cancel()
    with suppress(asyncio.CancelledError):
        await beating
    assert await running_process(desk.store.chats, desk.clock.now()) is None
