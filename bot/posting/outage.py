"""Outages of a platform (circuit breaker): when one has ended, and when to probe for that."""

from __future__ import annotations

from bot.clock import Clock

_SHORTEST = 10.0  # seconds without a success; after less than that no backoff is long
_FIRST_PROBE, _LAST_PROBE = 15.0, 60.0  # seconds between tries to find out whether it has ended


class OutageDetector:
    """Detects outages by how tries to send end, whatever chats they are for.

    After one success each, a chat that fails alone has its own backoff: a platform that takes
    others' posts has no outage.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_success = self._last_probe = float("-inf")
        self._probe_every = _FIRST_PROBE
        self._has_failed = True  # what waits from before the start may go with the first success

    @property
    def is_out(self) -> bool:
        """True while nothing has arrived for some seconds, and something has failed."""
        return self._has_failed and self._clock.monotonic() - self._last_success >= _SHORTEST

    def record_failure(self) -> None:
        """Records that the platform could not be reached, or could not take a post for now."""
        self._has_failed = True

    def record_success(self) -> bool:
        """Records that the platform took something; returns True if that ends an outage."""
        ended = self.is_out
        self._last_success, self._has_failed = self._clock.monotonic(), False
        self._probe_every = _FIRST_PROBE
        return ended

    def should_probe(self) -> bool:
        """Returns True, every some seconds of an outage, when one post is to be tried early."""
        now = self._clock.monotonic()
        if not self.is_out or now - self._last_probe < self._probe_every:
            return False
        self._last_probe, self._probe_every = now, min(2 * self._probe_every, _LAST_PROBE)
        return True
