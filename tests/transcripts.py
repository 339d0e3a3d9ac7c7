"""Transcripts: a conversation as people see it, with who says what and when, and the buttons.

With TRANSCRIPTS=folder in the environment, each test that keeps one writes it there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

_INDENT = " " * 10
_LONG, _CUT = 90, 60  # characters of a line that is shown whole once, and of it later


class Transcript:
    """A conversation, written down as it goes.

    Attributes:
        now: Tells the time; set by whoever runs the conversation.
        lines: The lines so far.
    """

    def __init__(self, title: str) -> None:
        self.now: Callable[[], datetime] | None = None
        self.lines = [title, "=" * len(title)]
        self._place = ""
        self._shown: dict[tuple[str, ...], str] = {}
        self._long: set[str] = set()

    def scene(self, text: str) -> None:
        """Begins a part of the conversation."""
        self._place = ""
        self.lines += ["", "", text, "-" * len(text)]

    def acts(self, place: str, who: str, deed: str) -> None:
        """Writes down what a person says or does."""
        self._goes_to(place)
        self.lines += ["", f"{self._time()}  {who} {deed}"]

    def shows(self, place: str, what: str, lines: Iterable[str]) -> None:
        """Writes down what the bot shows; what was shown before, in short."""
        self._goes_to(place)
        self.lines += ["", f"{self._time()}  {what}"]
        self.lines += [f"{_INDENT}{line}".rstrip() for line in self._shorten(tuple(lines))]

    def _shorten(self, lines: tuple[str, ...]) -> Iterator[str]:
        if len(lines) > 1 and lines in self._shown:
            begin = next(filter(None, lines), "")
            yield f"{begin} (... the same as at {self._shown[lines]})"
            return
        self._shown[lines] = self._time()
        for line in lines:
            yield f"{line[:_CUT]} ..." if line in self._long else line
            if len(line) > _LONG:
                self._long.add(line)

    def _goes_to(self, place: str) -> None:
        if place != self._place:
            self._place = place
            self.lines += ["", f"[{place}]"]

    def _time(self) -> str:
        return f"{self.now():%H:%M:%S}" if self.now else " " * 8

    def __str__(self) -> str:
        return "\n".join(self.lines) + "\n"


def unfold(text: str) -> Iterator[str]:
    """Yields the lines of a text."""
    yield from text.split("\n")


@pytest.fixture
def transcript(request: pytest.FixtureRequest) -> Iterator[Transcript]:
    """A transcript, named and titled as the test is, which ends with the platform's name."""
    name = request.node.name.removeprefix("test_")
    *words, platform = name.split("_")
    kept = Transcript(" ".join([*words, platform.capitalize()]).replace("first", "The first", 1))
    yield kept
    folder = os.environ.get("TRANSCRIPTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.txt").write_text(str(kept))
