"""Dates of posts: their own, that of their file's name, or another one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from adapters.sources.archive.markdown.front_matter import FrontMatter
from adapters.sources.archive.missing_dates import date_in_name
from adapters.sources.archive.model import ArchiveProblem
from adapters.sources.archive.reader import ArchiveFile
from adapters.sources.feed.dates import parse_date
from bot.text.display import shorten

_DATES = ("date", "publishdate", "pubdate", "pubdatetime", "published_at", "created", "created_at")
_DAY = re.compile(
    r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})(?P<clock>.*)"
)


@dataclass(frozen=True, slots=True)
class PostDate:
    """Date of a post's publication.

    Attributes:
        day: The day.
        moment: The moment; None when only the day is known.
        undated: True when it is not the post's own date.
    """

    day: date
    moment: datetime | None = None
    undated: bool = False


def published(matter: FrontMatter, file: ArchiveFile) -> PostDate | ArchiveProblem:
    """Returns when a post was published, or why that cannot be told."""
    written = matter.first(*_DATES)
    if written:
        return _parse(written, matter.line_of(*_DATES))
    named = date_in_name(file.path.name)
    if named:
        return PostDate(named)
    dates = file.missing_dates()
    known = dates.find()
    if known:
        return PostDate(known, undated=True)
    return ArchiveProblem(1, f"the post {dates.reason}")


def _parse(text: str, line: int) -> PostDate | ArchiveProblem:
    found = _DAY.fullmatch(text)
    if found:
        try:
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            return ArchiveProblem(line, f'there is no such date as "{shorten(text)}"')
        if not found["clock"]:
            return PostDate(day)
    moment = parse_date(text)
    if moment is None:
        return ArchiveProblem(line, f'the date "{shorten(text)}" cannot be read')
    return PostDate(moment.date(), moment.astimezone(UTC))
