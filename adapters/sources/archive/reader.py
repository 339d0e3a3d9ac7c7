"""The port of archive readers: each knows one form in which stories are kept in a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from adapters.sources.archive.missing_dates import DateFrom, MissingDates
from adapters.sources.archive.model import ArchiveItem, ParsedStory
from bot.threads import pause

MAX_STORY = 1_000_000
"""Characters that one story may have in its file."""

# A thread that parses without a pause starves the event loop, though Python means to switch between
# threads; a short sleep lets readers be answered.
_PAUSE = 0.0001  # seconds


class ReadCancelledError(Exception):
    """The fetch was cancelled while its thread was reading."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Options for reading archives.

    Attributes:
        encoding: A codec's name; a byte order mark overrides it.
        max_bytes: A larger file is refused.
        is_cancelled: Called before each story; True ends the reading.
        date_from: Where the dates of stories come from that have none.
        root: The folder that keys of stories begin below.
        site: The website's address, which relative links of stories are resolved against.
        page_of: Gives the URL of a story's page; None for none.
    """

    encoding: str
    max_bytes: int
    is_cancelled: Callable[[], bool] = lambda: False
    date_from: DateFrom = DateFrom.NOWHERE
    root: str = ""
    site: str = ""
    page_of: Callable[[ParsedStory], str | None] = lambda story: story.url

    def rest(self) -> None:
        """Lets other threads run for a moment, or as long as somebody waits for them.

        Raises:
            ReadCancelledError: The fetch was cancelled.
        """
        if self.is_cancelled():
            raise ReadCancelledError
        time.sleep(_PAUSE)
        pause()


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file to be read.

    Attributes:
        path: Where it is.
        encoding: The codec's name that its text is read with.
        modified: The day when it was last modified, in UTC.
        options: As its source has them.
    """

    path: Path
    encoding: str
    modified: date
    options: ReadOptions

    def missing_dates(self) -> MissingDates:
        """Returns dates for those of its stories that have none."""
        return MissingDates(self.options.date_from, self.modified, str(self.path))


class ArchiveReader(Protocol):
    """Reads the files of one form."""

    def read(self, file: ArchiveFile) -> Iterator[ArchiveItem]:
        """Reads a file as a stream: no more of it is in memory than one story takes.

        Yields:
            An item for each story that stands in the file, readable or not, in its order.

        Raises:
            OSError: The file cannot be read.
            UnicodeError: The file is no text in its encoding.
        """
        ...
