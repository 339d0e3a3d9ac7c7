"""Counts what is in the store, for the operator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from typing_extensions import override

from bot.monitoring.model import GivenUpPosts, PlatformPosts, StoreStatus
from bot.monitoring.ports import StatusStore
from bot.posting.model import (
    ALREADY,
    RESTORED,
    STALE,
    UNSUBSCRIBED,
    WAS_PAUSED,
    WITHDRAWN,
    State,
)
from store.codec import to_micros, to_time
from store.outbox.reads import queue_depth
from store.ports import Connections

_DAY = timedelta(days=1)
_WANTED = (ALREADY, RESTORED, STALE, UNSUBSCRIBED, WAS_PAUSED, WITHDRAWN)
"""Reasons to give a post up that are nobody's trouble."""

_REASONS = 5  # that posts were given up for, at most

_STORIES = """
    SELECT (SELECT coalesce(sum(stories), 0) FROM story_counts),
        (SELECT count(*) FROM stories WHERE seen >= ?)
"""
_FOLLOWED = """
    SELECT count(DISTINCT chat), count(*), count(*) FILTER (WHERE paused <> '')
    FROM subscriptions WHERE ended IS NULL
"""
_POSTS = f"""
    SELECT platform, state, count(*) FROM outbox
    WHERE state IN ('{State.DUE}', '{State.SENDING}', '{State.WAITING}', '{State.PAUSED}')
    GROUP BY platform, state
"""
_GIVEN_UP = f"""
    SELECT platform, reason, count(*), max(done) FROM outbox
    WHERE done >= ? AND state = '{State.FAILED}' AND reason NOT IN ({", ".join("?" * len(_WANTED))})
    GROUP BY platform, reason ORDER BY max(done) DESC LIMIT {_REASONS}
"""


class SqlStatus(StatusStore):
    """Implements `bot.monitoring.ports.StatusStore` in SQL."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @override
    async def status(self, now: datetime) -> StoreStatus:
        day_ago = to_micros(now - _DAY)
        rows = self._connections.rows
        ((stories, lately),) = await rows(_STORIES, (day_ago,))
        ((chats, subscriptions, paused),) = await rows(_FOLLOWED)
        given_up = await rows(_GIVEN_UP, (day_ago, *_WANTED))
        return StoreStatus(
            *(stories, lately, chats, subscriptions, paused),
            posts=await self._posts(),
            given_up=tuple(_to_given_up(*row) for row in given_up),
            disk=await self._connections.disk_space(),
        )

    async def _posts(self) -> tuple[PlatformPosts, ...]:
        counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for platform, state, count in await self._connections.rows(_POSTS):
            counts[platform][state] = count
        return tuple([await self._platform(one, counts[one]) for one in sorted(counts)])

    async def _platform(self, platform: str, counts: Mapping[str, int]) -> PlatformPosts:
        queue = await queue_depth(self._connections, "platform = ?", (platform,))
        waiting, paused = counts.get(State.WAITING, 0), counts.get(State.PAUSED, 0)
        return PlatformPosts(platform, queue, waiting, paused)


def _to_given_up(platform: str, reason: str, count: int, last: int) -> GivenUpPosts:
    return GivenUpPosts(platform, reason, count, to_time(last))
