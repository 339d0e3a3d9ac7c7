"""Parses the lines of an archive into stories and problems, without touching a file.

The parser is incremental: it consumes its lines no further than the next story needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from adapters.sources.archive.missing_dates import MissingDates
from adapters.sources.archive.model import ArchiveProblem, Fault, ParsedStory
from adapters.sources.archive.reader import MAX_STORY
from adapters.sources.archive.text.blocks import StoryDraft, split_into_drafts
from adapters.sources.archive.text.datelines import Dateline, opens_with_full_dateline
from adapters.sources.archive.text.end_marks import DEFAULT_ENDS, EndMarks
from adapters.sources.archive.text.heads import StoryHead, Texts, find_head
from adapters.sources.archive.text.lines import (
    TextLine,
    is_closed,
    is_decoration,
    is_heading,
    read_initials,
)
from adapters.sources.archive.text.printed_dates import PrintedDate
from bot.model import Paragraph
from bot.text.display import shorten

_LONGEST_TITLE = 1_000  # a longer first line is the text of a story that has no title
_LONGEST_QUOTED = 60
_LONGEST_HEADING = 200
_SHORTEST_SUMMARY = 40
_UNDECODED = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Publication:
    """Date of a story's publication, and whether that is its own date."""

    day: date
    undated: bool = False
    key: str = ""


def parse_archive(
    lines: Iterable[TextLine],
    ends: EndMarks = DEFAULT_ENDS,
    dates: MissingDates | None = None,
) -> Iterator[ParsedStory | ArchiveProblem]:
    """Parses the raw lines of one archive, no further than the next story needs.

    Args:
        lines: The archive's lines.
        ends: The marks that end its stories.
        dates: Dates for stories that have none.

    Yields:
        The stories and what could not be read, in the order of the archive.
    """
    dates = dates or MissingDates()
    for draft in split_into_drafts(lines, ends):
        title = next(line for line in draft.lines if not is_decoration(line.text))
        if draft.unmarked:
            reason = "no ### before this story; it was read as a new one"
            yield ArchiveProblem(title.number, reason)
        item = _parse_draft(draft, title, dates)
        if isinstance(item, ParsedStory):
            dates.before = item.day
        yield item


def _parse_draft(
    draft: StoryDraft, first: TextLine, dates: MissingDates
) -> ParsedStory | ArchiveProblem:
    undecoded = next((line for line in draft.lines if _UNDECODED.search(line.text)), None)
    if undecoded:
        reason = f"bytes in another encoding in the story {_in_quotes(first.text)}"
        return ArchiveProblem(undecoded.number, reason, Fault.UNDECODED)
    head = find_head(draft)
    title = head.title
    name = _in_quotes(title.text)
    if len(title.text) > _LONGEST_TITLE or opens_with_full_dateline(title.text):
        return ArchiveProblem(title.number, f"no title before {name}")
    published = _publication(head.dateline, title, dates)
    if isinstance(published, ArchiveProblem):
        return published
    if draft.is_too_long:
        return ArchiveProblem(
            title.number, f"the story {name} has more than {MAX_STORY:,} characters"
        )
    return _make_story(head, published)


def _publication(
    dateline: Dateline | None, title: TextLine, dates: MissingDates
) -> _Publication | ArchiveProblem:
    """Returns the date of a story, or why it has none."""
    name = _in_quotes(title.text)
    printed = dateline.printed if dateline else None
    day = printed.find() if printed else None
    if day:
        return _Publication(day)
    known = dates.find()
    if printed and (printed.year is not None or not printed.exists):
        reason = f'there is no such date as "{printed.text}", in the dateline of {name}'
        return ArchiveProblem(title.number, reason)
    if known and printed:
        return _with_year(printed, known, title)
    if known:
        return _Publication(known, undated=True, key=f"{_folded(title.text)}|")
    if dateline is None and not dates.is_wanted:
        reason = f'no dateline such as "TOKYO, Nov. 29, 2023—" after the title {name}'
        return ArchiveProblem(title.number, reason, Fault.NO_DATELINE)
    lacking = dates.reason.replace("date", "year", 1) if printed else dates.reason
    return ArchiveProblem(title.number, f"the story {name} {lacking}")


def _with_year(printed: PrintedDate, known: date, title: TextLine) -> _Publication:
    """Completes a date without a year: it was not long before a known one, or the day after."""
    day = printed.find_before(known) or known
    key = f"{_folded(title.text)}|{printed.month:02}-{printed.day:02}"
    return _Publication(day, undated=True, key=key)


def _make_story(head: StoryHead, published: _Publication) -> ParsedStory | ArchiveProblem:
    byline, standfirsts, body = head.byline, head.standfirsts, head.body
    if not byline:
        byline, body = _split_byline(body)
    if not body:
        title = _in_quotes(head.title.text)
        where = "after the dateline of" if head.dateline else "in"
        reason = f"no text {where} {title}"
        return ArchiveProblem(head.title.number, reason)
    standing = (Paragraph(text, heading=len(text) <= _LONGEST_HEADING) for text in standfirsts)
    return ParsedStory(
        head.title.number,
        head.title.text,
        head.dateline.place if head.dateline else "",
        published.day,
        byline,
        (*standing, *_paragraphs(body)),
        undated=published.undated,
        summary=" ".join(filter(_says_something, standfirsts)),
        key=published.key,
    )


def _says_something(standfirst: str) -> bool:
    """Returns True for a line that sums its story up, as a rubric or a part's number does not."""
    return len(standfirst) >= _SHORTEST_SUMMARY or (" " in standfirst and is_closed(standfirst))


def _split_byline(body: Texts) -> tuple[str, Texts]:
    """Splits off the byline at the end of a text, unless it is all of the text."""
    last = body[-1] if body else [""]
    byline = read_initials(last[-1])
    if byline and len(last) == 1 and len(body) > 1:
        return byline, body[:-1]
    if byline and len(last) > 1 and is_closed(last[-2]):
        return byline, [*body[:-1], last[:-1]]
    return "", body


def _paragraphs(body: Texts) -> Iterator[Paragraph]:
    """Yields the paragraphs; neither the first block nor the last can be a subheading."""
    for number, lines in enumerate(body, start=1):
        inside = 1 < number < len(body)
        is_short = len(lines) == 1 and is_heading(lines[0]) and not is_decoration(lines[0])
        yield Paragraph(" ".join(lines), heading=inside and is_short)


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


def _in_quotes(text: str) -> str:
    return f'"{shorten(text, _LONGEST_QUOTED)}"'
