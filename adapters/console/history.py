"""What a person typed before, kept in a file."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit.history import FileHistory

log = logging.getLogger(__name__)


class PrivateHistory(FileHistory):
    """A history that only its owner can read, and that is a comfort: without it the chat goes on.

    A line that cannot be written is still there until the chat ends.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._path = path

    def load_history_strings(self) -> Iterable[str]:
        """The lines of earlier chats, the newest first."""
        try:
            return list(super().load_history_strings())
        except OSError as error:
            log.info("cannot read the history: %s", error)
            return []

    def append_string(self, string: str) -> None:
        """Adds a line, without the spaces that completion leaves at its end."""
        super().append_string(string.strip())

    def store_string(self, string: str) -> None:
        """Adds a line to the file."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            super().store_string(string)
        except OSError as error:
            log.info("cannot write the history: %s", error)
