"""Traces: why a story was posted in a chat, late, in a digest or not at all.

All here is a pure function of what is known, so that whoever tells it, in a chat or on a page,
tells the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model import Story
from bot.posting.model import State
from bot.posting.router import is_late
from bot.posting.trace_ports import PastSubscription, StoryCopy, TracedPost
from bot.subscriptions.fit import Mismatch, find_mismatch
from bot.subscriptions.model import Subscription
from bot.subscriptions.schedule import Rhythm

POSTS_KEPT = timedelta(days=7)
"""The time for which it is known what was posted."""

_SLOW = timedelta(hours=1)  # from which on a story is late


@dataclass(frozen=True, slots=True)
class StoryFacts:
    """The facts about a story and a chat.

    Attributes:
        story: The story.
        now: The time.
        seen: When its first source gave it; None where the store no longer has it.
        first_load: When the first load of that source ended; None before that.
        is_older: True when it was older than all that its source was giving when it came.
        copies: What other sources give of it.
        subscriptions: What the chat follows, or followed in the last month.
        post: Its post in the chat; None when there is none.
        late: The age from which on a story goes with a digest.
    """

    story: Story
    now: datetime
    seen: datetime | None
    first_load: datetime | None
    is_older: bool = False
    copies: Sequence[StoryCopy] = ()
    subscriptions: Sequence[PastSubscription] = ()
    post: TracedPost | None = None
    late: timedelta = timedelta(hours=12)

    @property
    def arrived(self) -> datetime:
        """The time when it came; that of its publication, where it is not known when it came."""
        return self.seen or self.story.published

    @property
    def here(self) -> Sequence[Subscription]:
        """The subscriptions of the chat that have not ended."""
        return [one.subscription for one in self.subscriptions if one.ended_at is None]


class Standing(StrEnum):
    """States of a subscription at the time when a story came."""

    ACTIVE = "active"
    LATER = "later"  # it was made afterwards
    ENDED = "ended"  # it had ended before, or has since


@dataclass(frozen=True, slots=True)
class SubscriptionFit:
    """A subscription, judged by a story.

    Attributes:
        past: The subscription.
        mismatch: Why the story is not for it; None when it is.
        standing: Its state when the story came.
    """

    past: PastSubscription
    mismatch: Mismatch | None
    standing: Standing

    @property
    def is_met(self) -> bool:
        """True when the story is for the subscription, which was there when it came."""
        return self.mismatch is None and self.standing is Standing.ACTIVE


class Verdict(StrEnum):
    """The fate of a story in a chat."""

    QUEUED = "queued"  # it has a post, whose state says the rest
    NOTHING_FOLLOWED = "nothing followed"
    NO_MATCH = "no match"
    FIRST_LOAD = "first load"
    OLDER = "older"
    BEFORE = "before"  # it came before what it is for was followed
    ENDED = "ended"  # what it is for is no longer followed
    PAUSED = "paused"
    UNKNOWN = "unknown"  # it came too long ago
    SILENT = "silent"  # it came by a check that posts nothing


class DigestCause(StrEnum):
    """Reasons for which a story went with a digest, or waits for one."""

    TIMETABLE = "timetable"
    OLD = "old"
    CROWDED = "crowded"
    HELD = "held"  # the post has the reason


@dataclass(frozen=True, slots=True)
class Explanation:
    """An explanation of a story's way into a chat, or of its end.

    Attributes:
        facts: What is known.
        fits: The chat's subscriptions, judged by the story, those that it is for first.
        verdict: What became of it.
        digest: Why it went with a digest; None where it did not.
        delay: The time from its publication to its arrival, where that is long; else None.
    """

    facts: StoryFacts
    fits: Sequence[SubscriptionFit]
    verdict: Verdict
    digest: DigestCause | None = None
    delay: timedelta | None = None


def explain(facts: StoryFacts) -> Explanation:
    """Explains what became of a story in a chat."""
    fits = sorted((_fit(one, facts) for one in facts.subscriptions), key=_order)
    gap = facts.arrived - facts.story.published
    is_slow = gap >= _SLOW and not facts.story.date_only and facts.seen is not None
    return Explanation(
        facts, fits, _verdict(facts, fits), _digest_cause(facts), gap if is_slow else None
    )


def _fit(past: PastSubscription, facts: StoryFacts) -> SubscriptionFit:
    one, arrived = past.subscription, facts.arrived
    standing = Standing.ACTIVE
    if past.ended_at is not None:
        standing = Standing.ENDED
    elif one.made > arrived:
        standing = Standing.LATER
    return SubscriptionFit(past, find_mismatch(one, facts.story, arrived), standing)


def _order(one: SubscriptionFit) -> tuple[object, ...]:
    is_near = bool(one.mismatch and one.mismatch.is_near)
    is_over = one.standing is Standing.ENDED
    return one.mismatch is not None, is_over, not is_near, one.past.subscription.id


def _verdict(facts: StoryFacts, fits: Sequence[SubscriptionFit]) -> Verdict:
    if facts.post is not None:
        return Verdict.QUEUED
    fitting = [one for one in fits if one.mismatch is None]
    here = [one for one in fitting if one.standing is not Standing.ENDED]
    if not here:
        if fitting and any(one.past.subscription.made <= facts.arrived for one in fitting):
            return Verdict.ENDED
        return Verdict.NO_MATCH if facts.here else Verdict.NOTHING_FOLLOWED
    return _verdict_of_unposted(facts, here)


def _verdict_of_unposted(facts: StoryFacts, fitting: Sequence[SubscriptionFit]) -> Verdict:
    """Judges a story that is for something which is followed, and has no post all the same."""
    if facts.first_load is None or facts.arrived <= facts.first_load:
        return Verdict.FIRST_LOAD
    if facts.is_older:
        return Verdict.OLDER
    if all(one.standing is Standing.LATER for one in fitting):
        return Verdict.BEFORE
    if all(one.past.subscription.paused for one in fitting):
        return Verdict.PAUSED
    is_long_ago = facts.arrived < facts.now - POSTS_KEPT
    return Verdict.UNKNOWN if is_long_ago else Verdict.SILENT


def _digest_cause(facts: StoryFacts) -> DigestCause | None:
    if facts.post is None:
        return None
    post = facts.post.post
    if not (post.gathered or post.state is State.WAITING):
        return None
    if post.reason or facts.post.holdups:
        return DigestCause.HELD
    one = post.subscription
    if one is not None and one.when.rhythm is not Rhythm.AT_ONCE:
        return DigestCause.TIMETABLE
    is_old = is_late(facts.story, post.made, facts.late)
    return DigestCause.OLD if is_old else DigestCause.CROWDED
