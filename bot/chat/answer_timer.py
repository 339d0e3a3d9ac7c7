"""The time that answers take, for whoever counts."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

log = logging.getLogger(__name__)

OnAnswer: TypeAlias = Callable[[str, float, str], None]
"""Takes a command's name, the seconds that its answer took, and how that ended."""

ANSWERED, REFUSED, FAILED = "answered", "refused", "failed"


@dataclass(slots=True)
class Answering:
    """An answer that is being made.

    Attributes:
        outcome: How it ended.
    """

    outcome: str = FAILED

    def end(self, *, is_ok: bool) -> None:
        """Notes that there is an answer: the one asked for, or why there is none."""
        self.outcome = ANSWERED if is_ok else REFUSED


@dataclass(slots=True)
class AnswerTimer:
    """Times answers, and logs them for whoever looks closely: the command alone, no word of it.

    Attributes:
        on_answer: Told of each.
    """

    on_answer: OnAnswer = field(default=lambda _command, _seconds, _outcome: None)

    @contextmanager
    def timing(self, command: str) -> Iterator[Answering]:
        """Times the block."""
        answering, began = Answering(), time.perf_counter()
        try:
            yield answering
        finally:
            seconds = time.perf_counter() - began
            self.on_answer(command, seconds, answering.outcome)
            log.debug(
                "/%s: %s in %.1f ms",
                *(command, answering.outcome, seconds * 1_000),
                extra={"command": command, "outcome": answering.outcome, "seconds": seconds},
            )
