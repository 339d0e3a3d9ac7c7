"""Admits the sources that a person wants polled: each once at a time, none right after another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.clock import Clock
from bot.errors import BusyError, TooSoonError


class ReloadGate:
    """Knows which sources are being reloaded, and when each last was."""

    def __init__(self, clock: Clock) -> None:
        """Reads `clock`."""
        self._clock = clock
        self._inside: set[str] = set()
        self._left_at: dict[str, float] = {}  # by the monotonic clock

    @contextmanager
    def admit(self, wanted: Sequence[str], cooldown: float) -> Iterator[list[str]]:
        """Gives those of the wanted that may be polled; they are inside as long as the block lasts.

        Args:
            wanted: The sources.
            cooldown: Seconds that must have passed since a source was inside.

        Raises:
            BusyError: All of them are being reloaded.
            TooSoonError: None of the others may be polled yet.
        """
        admitted = self._ready(wanted, cooldown)
        self._inside |= set(admitted)
        try:
            yield admitted
        finally:
            self._inside -= set(admitted)
            self._left_at |= dict.fromkeys(admitted, self._clock.monotonic())

    def forget(self, source: str) -> None:
        """Forgets when a source was last inside."""
        self._left_at.pop(source, None)

    def _ready(self, wanted: Sequence[str], cooldown: float) -> list[str]:
        free = [name for name in wanted if name not in self._inside]
        if wanted and not free:
            raise BusyError("the sources are already being checked")
        now = self._clock.monotonic()
        waits = {name: self._left_at.get(name, -math.inf) + cooldown - now for name in free}
        ready = [name for name, wait in waits.items() if wait <= 0]
        if free and not ready:
            raise TooSoonError(min(waits.values()))
        return ready
