"""A log of failing posts that cannot flood: a line when trouble begins, summaries, and an end."""

from __future__ import annotations

import logging
from collections.abc import Container
from dataclasses import dataclass

from bot.clock import Clock
from bot.posting.counters import QueueDepth

log = logging.getLogger(__name__)

_SUMMARY_EVERY = 300.0  # seconds
_OVER_AFTER = 60.0  # seconds without another failure of the kind


@dataclass(slots=True)
class _Trouble:
    """One kind of trouble, while it lasts; times are monotonic seconds."""

    began: float
    last: float
    logged: float
    reason: str
    count: int = 1


class TroubleLog:
    """Logs the trouble of one platform by its kinds."""

    def __init__(self, platform: str, clock: Clock) -> None:
        self._platform = platform
        self._clock = clock
        self._troubles: dict[str, _Trouble] = {}

    def record(self, kind: str, reason: str) -> bool:
        """Counts a failure; logs it, and returns True, if it is the first of its kind for long."""
        now = self._clock.monotonic()
        known = self._troubles.get(kind)
        if known is not None:
            known.count, known.last, known.reason = known.count + 1, now, reason
            return False
        self._troubles[kind] = _Trouble(now, now, now, reason)
        fields = {"platform": self._platform, "trouble": kind}
        log.warning("%s: %s: %s", self._platform, kind, reason, extra=fields)
        return True

    def summarize(self, queue: QueueDepth, lasting: Container[str] = ()) -> None:
        """Logs what still goes on, once in a while, and what is over.

        Args:
            queue: What waits.
            lasting: Kinds that are known to go on, however long ago the last failure is.
        """
        now = self._clock.monotonic()
        for kind, one in list(self._troubles.items()):
            if now - one.last >= _OVER_AFTER and kind not in lasting:
                del self._troubles[kind]
                minutes = (one.last - one.began) / 60
                log.info(
                    "%s: over: %s (%d times in %.0f min)",
                    *(self._platform, kind, one.count, minutes),
                )
            elif now - one.logged >= _SUMMARY_EVERY:
                one.logged = now
                log.warning(
                    "%s: still: %s: %s (%d times in %.0f min; %s)",
                    *(self._platform, kind, one.reason, one.count, (now - one.began) / 60),
                    self._describe(queue),
                )

    def _describe(self, queue: QueueDepth) -> str:
        if queue.oldest is None:
            return "nothing waits"
        minutes = (self._clock.now() - queue.oldest).total_seconds() / 60
        return f"posts that wait: {queue.depth}, the oldest for {max(0.0, minutes):.0f} min"
