"""Finds where a story begins without an end mark before it: a title with a dateline under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.sources.archive.text.datelines import (
    opens_with_dateline,
    opens_with_full_dateline,
    read_dateline,
)
from adapters.sources.archive.text.end_marks import LINES_UNDER_TITLE, EndMarks, MarkKind
from adapters.sources.archive.text.lines import TextLine, is_title, read_by

LONGEST_STANDFIRST = 500
"""Characters of the one paragraph that may stand between a title and its dateline."""

_MAX_STANDFIRST_LINES = 8
_HEAD_BLOCKS = 3  # title, standfirst and author


@dataclass(slots=True)
class Block:
    """Lines between blank ones.

    Attributes:
        lines: The lines, cleaned.
        size: Characters as they stood in the file.
        mark: The kind of mark that it is; None for words.
    """

    lines: list[TextLine] = field(default_factory=list)
    size: int = 0
    mark: MarkKind | None = None

    @property
    def is_rule(self) -> bool:
        """True for a mark that ends no story here, such as `* * *` between two parts."""
        return self.mark is not None

    def first_lines(self) -> tuple[str, str, str]:
        """Returns the texts of its first three lines; empty ones where it has fewer."""
        first, second, third, *_ = (*(line.text for line in self.lines[:3]), "", "", "")
        return first, second, third

    @property
    def only_line(self) -> str:
        """The text of its one line; empty when there are more."""
        return self.lines[0].text if len(self.lines) == 1 else ""


def is_head(blocks: Sequence[Block]) -> bool:
    """Returns True for a title with no more than a standfirst and authors under it."""
    words = [block for block in blocks if not block.is_rule]
    if not words or len(words[0].lines) > LINES_UNDER_TITLE:
        return False
    prose = [block for block in words[1:] if not read_by(block.only_line)]
    return len(prose) <= 1 and all(
        block.size <= LONGEST_STANDFIRST and len(block.lines) <= _MAX_STANDFIRST_LINES
        for block in prose
    )


def is_title_block(block: Block) -> bool:
    """Returns True for a title, alone or with its author under it."""
    title, *author = (line.text for line in block.lines[:3])
    return is_title(title) and (not author or (len(author) == 1 and bool(read_by(author[0]))))


def find_start(before: Sequence[Block], block: Block, ends: EndMarks) -> int | None:
    """Returns where the story begins whose text `block` seems to open.

    Args:
        before: The blocks since the last end mark.
        block: The next one.
        ends: The marks of the archive. Where it has none, a dateline like that of the story before
            is enough; else only one that nobody would write inside a sentence is.

    Returns:
        The index in `before` of the block that holds its title; their number when `block` itself
        holds it; None when `block` opens no story.
    """
    if not before or block.is_rule:
        return None
    first, second, third = block.first_lines()
    opening = third if read_by(second) else second
    start = _start_after_rule(before)
    if start == len(before) and is_title(first) and opens_with_dateline(opening):
        return start
    if start is not None and start < len(before) and opens_with_dateline(first):
        return start
    if _opens_text(first, before, ends):
        return _title_above(before)
    return len(before) if is_title(first) and _opens_text(opening, before, ends) else None


def _opens_text(line: str, before: Sequence[Block], ends: EndMarks) -> bool:
    """Returns True for the first line of a story's text, by its dateline."""
    if opens_with_full_dateline(line):
        return True
    dateline = read_dateline(line) if ends.are_missing else None
    if dateline is None or not dateline.style:
        return False
    above = (read_dateline(each.text) for one in before[:_HEAD_BLOCKS] for each in one.lines[:3])
    own = next(filter(None, above), None)
    return own is not None and own.style == dateline.style


def _title_above(before: Sequence[Block]) -> int | None:
    """Returns the index of the title right above; None when there is none, or it is the first."""
    start = len(before) - 1
    if start > 0 and (before[start].is_rule or read_by(before[start].only_line)):
        start -= 1
    return start if start > 0 and is_title_block(before[start]) else None


def _start_after_rule(before: Sequence[Block]) -> int | None:
    """Returns where a story may begin behind a rule of the last few blocks."""
    for start in range(len(before), max(0, len(before) - _HEAD_BLOCKS - 1), -1):
        if before[start - 1].is_rule:
            head = before[start:]
            return start if not head or (is_title_block(head[0]) and is_head(head)) else None
    return None
