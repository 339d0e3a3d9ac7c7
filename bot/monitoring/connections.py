"""The connections to the chat platforms: which are there, and since when one is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.clock import Clock


class PlatformConnections:
    """Remembers which platforms are connected, as their adapters say.

    Args:
        clock: Tells the time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lost: dict[str, float | None] = {}

    def expect(self, platforms: Iterable[str]) -> None:
        """Names the platforms that are served; none of them is connected yet."""
        self._lost.update(dict.fromkeys(platforms, self._clock.monotonic()))

    def note(self, platform: str, is_connected: bool) -> None:
        """Notes that a platform is connected, or is not any more."""
        known = self._lost.get(platform)
        self._lost[platform] = None if is_connected else (known or self._clock.monotonic())

    @property
    def connected(self) -> Mapping[str, bool]:
        """The platforms, each with whether it is connected."""
        return {platform: lost is None for platform, lost in self._lost.items()}

    def seconds_lost(self) -> float:
        """Returns for how long no platform at all has been connected; 0 while one is."""
        if not self._lost or None in self._lost.values():
            return 0.0
        return self._clock.monotonic() - max(filter(None, self._lost.values()), default=0.0)
