"""Backtest: the stories and digests that a subscription would have posted last week."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.chat.request import Request
from bot.commands.subscriptions.wording import is_digest
from bot.model import Story
from bot.search.query import Filter, Since
from bot.subscriptions.matcher import Matcher
from bot.subscriptions.model import Subscription, TargetKind

MOST = 5_000
"""Stories that are matched at most."""

_WEEK = timedelta(days=7)
_BATCH = 100  # stories that are matched before others get a turn


@dataclass(frozen=True, slots=True)
class Backtest:
    """The stories that would have been posted.

    Attributes:
        count: How many stories.
        newest: The newest few of them.
        digests: How many digests they would have made; 0 for what is posted at once.
        is_cut: True when only the newest stories of the week were looked through.
    """

    count: int
    newest: Sequence[Story]
    digests: int
    is_cut: bool


async def backtest_last_week(request: Request, one: Subscription, newest: int) -> Backtest:
    """Matches a subscription against last week's stories, in batches off the event loop.

    Args:
        request: The question.
        one: The subscription.
        newest: How many stories to return.

    Raises:
        StoreError: The store cannot be read.
    """
    within, matcher = _week_filter(request, one), _matcher_of(one)
    found: dict[str, datetime] = {}  # new stories may push one onto the next page
    shown: list[Story] = []
    total = 0
    for offset in range(0, MOST, _BATCH):
        listing = await request.services.store.stories.latest(within, _BATCH, offset)
        fitting = await asyncio.to_thread(_matching_stories, matcher, listing.stories)
        shown += [story for story in fitting if story.id not in found][: newest - len(shown)]
        found |= {story.id: story.published for story in fitting}
        total = listing.total
        if offset + _BATCH >= total:
            break
    return Backtest(len(found), shown, _digests(one, list(found.values())), total > MOST)


def _matcher_of(one: Subscription) -> Matcher:
    """Returns a matcher for one subscription, as new stories meet it."""
    matcher = Matcher()
    matcher.put(replace(one, paused="", ended=False))
    return matcher


def _matching_stories(matcher: Matcher, stories: Sequence[Story]) -> list[Story]:
    return [story for story in stories if matcher.matching(story)]


def _digests(one: Subscription, published: Sequence[datetime]) -> int:
    """Counts the digests that stories make."""
    if not is_digest(one):
        return 0
    return len({one.when.next(at, one.timezone) for at in published})


def _week_filter(request: Request, one: Subscription) -> Filter:
    """Returns the filter for the stories that may match at all."""
    services = request.services
    instant = services.clock.now() - _WEEK
    since = Since(instant, instant.astimezone(services.zone).date())
    return Filter(
        one.what if one.kind is TargetKind.TOPIC else None,
        one.what if one.kind is TargetKind.SOURCE else None,
        since,
    )
