"""The stories of an archive as they stand there, and what could not be read as one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import Enum, auto

from bot.model import Paragraph


class Fault(Enum):
    """Kinds of problems, so that those of one kind can be reported as one."""

    NO_DATELINE = auto()
    UNDECODED = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class ArchiveProblem:
    """A part of an archive that is no story, or is one only by a guess.

    Attributes:
        line: Its line, from 1; None for the whole file.
        reason: One line for a moderator.
        fault: Its kind.
    """

    line: int | None
    reason: str
    fault: Fault = Fault.OTHER


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of an archive that is no story for readers, and is not meant to be one.

    Attributes:
        kind: What it is, as `bot.ingest.results.FetchResult.set_aside` names it: `draft`, `page`.
    """

    kind: str


@dataclass(frozen=True, slots=True)
class ParsedStory:
    """A story as its archive has it.

    Attributes:
        line: Where it begins, from 1.
        title: Its title.
        place: The place in its dateline, as printed.
        day: Its date.
        byline: Its author, as printed; may be empty.
        paragraphs: Its whole text.
        moment: When it was published; None when only the day is known.
        undated: True when its date is not its own, and may be another at the next poll.
        summary: Its standfirst, description or excerpt; empty for none.
        key: What identifies it within its archive; empty when only title and date do.
        url: Its page (http or https); None for none.
        slug: Its name in a URL, for link templates; empty to make one of the title.
        image: A picture that goes with it (http or https); None for none.
        categories: Its categories and tags, as printed.
        language: Such as `en` or `pt-BR`; empty when its archive does not say.
    """

    line: int
    title: str
    place: str
    day: date
    byline: str
    paragraphs: tuple[Paragraph, ...]
    moment: datetime | None = None
    undated: bool = False
    summary: str = ""
    key: str = ""
    url: str | None = None
    slug: str = ""
    image: str | None = None
    categories: tuple[str, ...] = ()
    language: str = ""

    @property
    def published(self) -> datetime:
        """The moment of its publication; the day's midnight in UTC when only that is known."""
        return self.moment or datetime.combine(self.day, time(), UTC)


ArchiveItem = ParsedStory | ArchiveProblem | LeftOut
"""A finding of a reader of archives, one for each story or would-be story."""
