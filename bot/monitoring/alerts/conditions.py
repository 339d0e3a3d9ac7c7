"""Conditions as the state of the bot shows them, as a pure function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.ingest.results import SourceState
from bot.monitoring.alerts.model import (
    CLOCK_OFF,
    CLOCK_RIGHT,
    POSTS_FAIL_AFTER,
    AlertKind,
    AlertLimits,
    Condition,
    Known,
)
from bot.monitoring.model import DiskSpace, GivenUpPosts, Health, PlatformPosts, StoreStatus
from bot.monitoring.source_health import health_of

_ENOUGH_AGAIN = 1.1  # times what must be free: at the limit itself it would come and go
_CALM = timedelta(minutes=30)  # without a post that is given up


def conditions(
    status: StoreStatus,
    states: Mapping[str, SourceState | None],
    offset: timedelta | None,
    limits: AlertLimits,
    now: datetime,
    known: Known = MappingProxyType({}),
) -> Iterator[Condition]:
    """Yields what is well and what is not; nothing of what is neither.

    Args:
        status: What is in the store.
        states: The sources of the configuration, as far as they are known.
        offset: How far the clock is ahead; None where nobody knows.
        limits: What is trouble.
        now: The time.
        known: The troubles that were told: a platform with nothing to post is well.
    """
    for source, state in states.items():
        yield from _source(source, state, now)
    posts = {one.platform: one for one in status.posts}
    given_up = {one.platform: one for one in reversed(status.given_up)}
    for platform in sorted({*posts, *given_up, *_platforms(known)}):
        yield from _posts(platform, posts.get(platform), given_up.get(platform), now)
    yield from _disk(status.disk, limits)
    if offset is not None:
        yield from _clock(offset.total_seconds())


def _platforms(known: Known) -> Iterator[str]:
    for key in known:
        kind, _, what = key.partition(":")
        if kind == AlertKind.POSTS:
            yield what


def _source(source: str, state: SourceState | None, now: datetime) -> Iterator[Condition]:
    match health_of(state, now):
        case Health.DEAD:
            reason = state.report.error if state and state.report else ""
            yield Condition(AlertKind.SOURCE, source, is_trouble=True, reason=reason)
        case Health.WELL:
            yield Condition(AlertKind.SOURCE, source, is_trouble=False)


def _posts(
    platform: str, posts: PlatformPosts | None, given_up: GivenUpPosts | None, now: datetime
) -> Iterator[Condition]:
    queue = posts.queue if posts else None
    if queue and queue.reason and queue.oldest and now - queue.oldest > POSTS_FAIL_AFTER:
        yield Condition(AlertKind.POSTS, platform, True, queue.reason, queue.depth)  # noqa: FBT003
    elif given_up and now - given_up.last < _CALM:
        yield Condition(AlertKind.POSTS, platform, True, given_up.reason)  # noqa: FBT003
    elif not (queue and queue.reason):
        yield Condition(AlertKind.POSTS, platform, is_trouble=False)


def _disk(disk: DiskSpace, limits: AlertLimits) -> Iterator[Condition]:
    if disk.free is None:
        return
    if disk.free < limits.min_free:
        yield Condition(AlertKind.DISK, "", is_trouble=True, amount=disk.free)
    elif disk.free >= limits.min_free * _ENOUGH_AGAIN:
        yield Condition(AlertKind.DISK, "", is_trouble=False, amount=disk.free)


def _clock(offset: float) -> Iterator[Condition]:
    if abs(offset) > CLOCK_OFF:
        yield Condition(AlertKind.CLOCK, "", is_trouble=True, amount=offset)
    elif abs(offset) < CLOCK_RIGHT:
        yield Condition(AlertKind.CLOCK, "", is_trouble=False)
