"""Counters and gauges of posting, by platform: what metrics and a status report show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """The posts that are to be sent now, without those that wait for their time.

    Attributes:
        depth: The posts.
        oldest: When the oldest of them was put into the outbox; None for none.
        reason: Why the next one was not sent yet; empty when nothing failed.
    """

    depth: int = 0
    oldest: datetime | None = None
    reason: str = ""


@dataclass(slots=True)
class PostingCounters:
    """Counts of what happened on one platform since the start.

    Attributes:
        posts: Stories that were sent, each by itself.
        digests: Digests that were sent.
        edits: Messages that were edited.
        notices: Notices that were sent.
        retries: Tries that failed for now.
        failures: Posts that were given up.
        pauses: Tries that found that a chat is gone.
        outages: Outages that have ended.
        queue: What is to be sent, as it was a minute ago at most.
    """

    posts: int = 0
    digests: int = 0
    edits: int = 0
    notices: int = 0
    retries: int = 0
    failures: int = 0
    pauses: int = 0
    outages: int = 0
    queue: QueueDepth = field(default_factory=QueueDepth)
