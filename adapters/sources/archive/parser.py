"""Parses the lines of an archive into stories and problems, without touching a file.

The parser is incremental: it consumes its lines no further than the next story needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from itertools import islice

from adapters.sources.archive.blocks import (
    LINES_UNDER_TITLE,
    LONGEST_UNDER_TITLE,
    MAX_STORY,
    Line,
    StoryDraft,
    split_into_drafts,
)
from adapters.sources.archive.lines import (
    Dateline,
    is_closed,
    is_decoration,
    is_heading,
    opens_with_full_dateline,
    read_by,
    read_dateline,
    read_initials,
)
from bot.model import Paragraph
from bot.text.display import shorten

_LONGEST_TITLE = 1_000  # a longer first line is the text of a story that has no title
_LONGEST_QUOTED = 60
_UNDECODED = re.compile(r"[\ud800-\udfff]")

_Texts = list[list[str]]  # for each block the texts of its lines


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
class ParsedStory:
    """A story as its archive has it.

    Attributes:
        line: Where its title stands, from 1.
        title: Its title.
        place: The place in its dateline, as printed.
        day: The date in its dateline.
        byline: Its author, as printed; may be empty.
        paragraphs: Its whole text, at least one paragraph.
    """

    line: int
    title: str
    place: str
    day: date
    byline: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class _Head:
    """The lines between a title and the text, the dateline and the text behind it."""

    under_title: list[str]
    dateline: Dateline
    body: _Texts


def parse_archive(lines: Iterable[Line]) -> Iterator[ParsedStory | ArchiveProblem]:
    """Parses the raw lines of one archive, no further than the next story needs.

    Yields:
        The stories and what could not be read, in the order of the archive.
    """
    for draft in split_into_drafts(lines):
        title = next(line for line in draft.lines if not is_decoration(line.text))
        if draft.unmarked:
            reason = "no ### before this story; it was read as a new one"
            yield ArchiveProblem(title.number, reason)
        yield _parse_draft(draft, title)


def _parse_draft(draft: StoryDraft, title: Line) -> ParsedStory | ArchiveProblem:
    name = _in_quotes(title.text)
    undecoded = next((line for line in draft.lines if _UNDECODED.search(line.text)), None)
    if undecoded:
        reason = f"bytes in another encoding in the story {name}"
        return ArchiveProblem(undecoded.number, reason, Fault.UNDECODED)
    if len(title.text) > _LONGEST_TITLE or opens_with_full_dateline(title.text):
        return ArchiveProblem(title.number, f"no title before {name}")
    head = _find_head(draft)
    if head is None:
        reason = f'no dateline such as "TOKYO, Nov. 29, 2023—" after the title {name}'
        return ArchiveProblem(title.number, reason, Fault.NO_DATELINE)
    if draft.is_too_long:
        return ArchiveProblem(
            title.number, f"the story {name} has more than {MAX_STORY:,} characters"
        )
    return _parse_story(head, title)


def _parse_story(head: _Head, title: Line) -> ParsedStory | ArchiveProblem:
    dateline = head.dateline
    if dateline.day is None:
        reason = (
            f'there is no such date as "{dateline.printed}", in the dateline of '
            f"{_in_quotes(title.text)}"
        )
        return ArchiveProblem(title.number, reason)
    byline, headings = _read_under_title(head.under_title)
    body = head.body
    if not byline:
        byline, body = _split_byline(body)
    if not body:
        return ArchiveProblem(
            title.number, f"no text after the dateline of {_in_quotes(title.text)}"
        )
    paragraphs = (*(Paragraph(text, heading=True) for text in headings), *_paragraphs(body))
    return ParsedStory(title.number, title.text, dateline.place, dateline.day, byline, paragraphs)


def _find_head(draft: StoryDraft) -> _Head | None:
    """Finds the dateline under the title; None when there is none near enough.

    A dateline on one line is preferred to one that is wrapped behind its place onto a second; any
    with a dash is preferred to one that stands alone without it.
    """
    texts = [[line.text for line in block.lines] for block in draft.blocks]
    words = (
        (block, line)
        for block, lines in enumerate(texts)
        for line, text in enumerate(lines)
        if not is_decoration(text)
    )
    spots = list(islice(words, 1, LINES_UNDER_TITLE + 2))
    for width, needs_dash in ((1, True), (2, True), (1, False)):
        for before, (block, line) in enumerate(spots):
            dateline = _join_dateline(texts[block][line : line + width])
            if dateline and dateline.has_dash >= needs_dash:
                under = [texts[above][at] for above, at in spots[:before]]
                return _make_head(
                    under, dateline, [texts[block][line + width :], *texts[block + 1 :]]
                )
    return None


def _join_dateline(lines: list[str]) -> Dateline | None:
    dateline = read_dateline(" ".join(lines))
    # A place that went on in the second line would swallow whatever the first one is.
    return dateline if dateline and len(dateline.place) < len(lines[0]) else None


def _make_head(under_title: list[str], dateline: Dateline, after: _Texts) -> _Head | None:
    """Returns the head, unless a line in it is too long for one."""
    if any(len(text) > LONGEST_UNDER_TITLE for text in under_title):
        return None
    first = [dateline.rest, *after[0]] if dateline.rest else after[0]
    return _Head(under_title, dateline, [first, *after[1:]] if first else after[1:])


def _read_under_title(lines: list[str]) -> tuple[str, list[str]]:
    """Returns the byline between title and dateline, and the other lines there."""
    names = [line for line in lines if read_by(line)][:1]
    byline = read_by(names[0]) if names else ""
    return byline, [line for line in lines if line not in names]


def _split_byline(body: _Texts) -> tuple[str, _Texts]:
    """Splits off the byline at the end of a text, unless it is all of the text."""
    last = body[-1] if body else [""]
    byline = read_initials(last[-1])
    if byline and len(last) == 1 and len(body) > 1:
        return byline, body[:-1]
    if byline and len(last) > 1 and is_closed(last[-2]):
        return byline, [*body[:-1], last[:-1]]
    return "", body


def _paragraphs(body: _Texts) -> Iterator[Paragraph]:
    """Yields the paragraphs; neither the first block nor the last can be a subheading."""
    for number, lines in enumerate(body, start=1):
        inside = 1 < number < len(body)
        heading = inside and len(lines) == 1 and is_heading(lines[0])
        yield Paragraph(" ".join(lines), heading=heading)


def _in_quotes(text: str) -> str:
    return f'"{shorten(text, _LONGEST_QUOTED)}"'
