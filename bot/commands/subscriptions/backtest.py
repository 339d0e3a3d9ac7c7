"""Backtest: the stories and digests that a subscription would have posted last week."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

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
        counts: How many stories each of the subscriptions matches.
        is_cut: True when only the newest stories of the week were looked through.
    """

    count: int
    newest: Sequence[Story]
    digests: int
    counts: Sequence[int]
    is_cut: bool


async def backtest_last_week(
    request: Request, some: Sequence[Subscription], newest: int
) -> Backtest:
    """Matches subscriptions against last week's stories, in batches off the event loop.

    Args:
        request: The question.
        some: The subscriptions; a story that several match is posted once.
        newest: How many stories to return.

    Raises:
        StoreError: The store cannot be read.
    """
    within, matcher = _week_filter(request, some), _matcher_of(some)
    found: dict[str, _PastMatch] = {}  # new stories may push one onto the next page
    shown: list[Story] = []
    total = 0
    for offset in range(0, MOST, _BATCH):
        listing = await request.services.store.stories.latest(within, _BATCH, offset)
        fitting = await asyncio.to_thread(_matches, matcher, listing.stories)
        shown += [one.story for one in fitting if one.story.id not in found][: newest - len(shown)]
        found |= {one.story.id: one for one in fitting}
        total = listing.total
        if offset + _BATCH >= total:
            break
    numbers = Counter(number for one in found.values() for number in one.numbers)
    counts = [numbers[number] for number in range(len(some))]
    return Backtest(len(found), shown, _digests(some, found.values()), counts, total > MOST)


class _PastMatch(NamedTuple):
    story: Story
    numbers: Sequence[int]  # of the subscriptions


def _matcher_of(some: Sequence[Subscription]) -> Matcher:
    """Returns a matcher for subscriptions, by their place, as new stories meet them."""
    matcher = Matcher()
    for number, one in enumerate(some):
        matcher.put(replace(one, id=number, paused="", ended=False))
    return matcher


def _matches(matcher: Matcher, stories: Sequence[Story]) -> list[_PastMatch]:
    found = (_PastMatch(story, [one.id for one in matcher.matching(story)]) for story in stories)
    return [one for one in found if one.numbers]


def _digests(some: Sequence[Subscription], matches: Iterable[_PastMatch]) -> int:
    """Counts the digests that stories make; each goes with the first of them."""
    if not all(map(is_digest, some)):
        return 0
    return len(
        {
            min(
                some[number].when.next(one.story.published, some[number].timezone)
                for number in one.numbers
            )
            for one in matches
        }
    )


def _week_filter(request: Request, some: Sequence[Subscription]) -> Filter:
    """Returns the filter for the stories that may match at all."""
    services = request.services
    instant = services.clock.now() - _WEEK
    since = Since(instant, instant.astimezone(services.zone).date())
    one = some[0]
    if len(some) > 1:
        return Filter(since=since)
    return Filter(
        one.what if one.kind is TargetKind.TOPIC else None,
        one.what if one.kind is TargetKind.SOURCE else None,
        since,
    )
