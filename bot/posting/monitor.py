"""Monitor of one platform: counts how tries to send end, logs trouble, and detects outages."""

from __future__ import annotations

import logging

from bot.clock import Clock
from bot.errors import StoreError
from bot.posting.counters import PostingCounters, QueueDepth
from bot.posting.model import Delivery, Failure, Outcome, Pause, Post, PostKind, Retry
from bot.posting.outage import OutageDetector
from bot.posting.trouble_log import TroubleLog

log = logging.getLogger(__name__)

_FAILING = "posts fail and are tried again"
_ASKED_TO_WAIT = "posts wait as the platform asks"
_GIVEN_UP = "posts are given up"
_STORE = "the store cannot be used, and is tried again"
_UNEXPECTED = "posts fail for an unexpected reason"


class PostingMonitor:
    """Monitors the posts of one platform.

    Attributes:
        counters: What happened since the start.
        outage: Detects when an outage has ended.
    """

    def __init__(self, platform: str, clock: Clock) -> None:
        self.counters = PostingCounters()
        self.outage = OutageDetector(clock)
        self._troubles = TroubleLog(platform, clock)

    def record(self, post: Post, outcome: Outcome) -> bool:
        """Records how a try ended; returns True if that shows that an outage is over."""
        match outcome:
            case Delivery():
                self._count_delivery(post.kind)
                return self.outage.record_success()
            case Retry(_, _, reason, _, outage):
                self.counters.retries += 1
                self._troubles.record(_FAILING if outage else _ASKED_TO_WAIT, reason)
                if outage:
                    self.outage.record_failure()
            case Failure(_, reason, _):
                self.counters.failures += 1
                self._troubles.record(_GIVEN_UP, f"{reason} ({post.chat.id})")
            case Pause():
                self.counters.pauses += 1
        return False

    def record_store_trouble(self, error: StoreError) -> None:
        """Logs trouble of the store: once, however many posts wait for it."""
        self._troubles.record(_STORE, str(error))

    def record_bug(self, post: Post, error: Exception) -> None:
        """Logs an error that nobody foresaw, with its traceback unless that was just logged."""
        if self._troubles.record(f"{_UNEXPECTED}: {type(error).__name__}", str(error)):
            log.error("a post to %s failed: %s", post.chat.id, error, exc_info=error)

    def observe_queue(self, queue: QueueDepth) -> None:
        """Takes in how much waits, and logs what there is to say of lasting trouble."""
        self.counters.queue = queue
        is_lasting = self.outage.is_out and queue.depth > 0
        self._troubles.summarize(queue, {_FAILING} if is_lasting else ())

    def _count_delivery(self, kind: PostKind) -> None:
        match kind:
            case PostKind.STORY:
                self.counters.posts += 1
            case PostKind.DIGEST:
                self.counters.digests += 1
            case PostKind.EDIT:
                self.counters.edits += 1
            case PostKind.NOTICE:
                self.counters.notices += 1
