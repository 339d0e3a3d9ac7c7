"""Gauges of the process: what only the one that serves knows of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from platform import python_version

from bot import __version__
from bot.monitoring.loop_lag import LoopLag
from bot.posting.counters import PostingCounters


@dataclass(frozen=True, slots=True)
class ProcessGauges:
    """The facts that only the process that serves knows of itself.

    Attributes:
        posting: The counters of each platform that is posted on, since the start.
        lag: Of the event loop.
    """

    posting: Callable[[], Mapping[str, PostingCounters]] = field(default=dict)
    lag: LoopLag = field(default_factory=LoopLag)

    @property
    def versions(self) -> str:
        """The versions of what runs, for people."""
        return f"Dateline {__version__} · Python {python_version()}"
