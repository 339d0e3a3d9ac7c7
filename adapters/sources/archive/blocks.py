"""Splits an archive's lines into drafts, one for each story, never more than one in memory.

Lines become blocks (what stands between blank lines), and blocks become drafts at each end mark, or
where a dateline shows that the mark was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

from adapters.sources.archive.lines import (
    clean_line,
    ends_story,
    is_decoration,
    is_title,
    opens_with_full_dateline,
    read_by,
    read_dateline,
)

MAX_STORY = 1_000_000
"""Characters that one story may have in its file."""

LINES_UNDER_TITLE = 2
"""Lines that may stand between a title and its dateline."""

LONGEST_UNDER_TITLE = 100
"""Characters that each of them may have."""

_KEPT_BLOCKS = 6  # blocks in which title and dateline must stand


class Line(NamedTuple):
    """A line of a file.

    Attributes:
        number: Its number, from 1.
        text: Its text. What could not be decoded stands in it as lone surrogates, as the
            `surrogateescape` error handler leaves it.
    """

    number: int
    text: str


@dataclass(slots=True)
class Block:
    """Lines between blank ones.

    Attributes:
        lines: The lines, cleaned.
        size: Characters as they stood in the file.
    """

    lines: list[Line] = field(default_factory=list)
    size: int = 0

    @property
    def only_line(self) -> str:
        """The text of its one line; empty when there are more."""
        return self.lines[0].text if len(self.lines) == 1 else ""


@dataclass(slots=True)
class StoryDraft:
    """The lines of one story, from one end mark to the next.

    Attributes:
        blocks: Its text; when it is too long, only the first blocks and the last ones.
        unmarked: True when no end mark stands before it.
        size: Characters as they stood in the file.
    """

    blocks: list[Block] = field(default_factory=list)
    unmarked: bool = False
    size: int = 0

    @property
    def is_too_long(self) -> bool:
        """True when it has more characters than a story may have."""
        return self.size > MAX_STORY

    @property
    def lines(self) -> Iterator[Line]:
        """Its lines, in order."""
        return chain.from_iterable(block.lines for block in self.blocks)

    def add(self, block: Block) -> None:
        """Appends a block."""
        self.blocks.append(block)
        self.size += block.size
        if self.is_too_long:
            del self.blocks[_KEPT_BLOCKS:-2]  # the last may be title and byline of the next

    def split(self, start: int) -> StoryDraft:
        """Splits off the blocks from `start` on as a draft of their own."""
        following = StoryDraft(unmarked=True)
        for block in self.blocks[start:]:
            following.add(block)
            self.size -= block.size
        del self.blocks[start:]
        return following


def split_into_drafts(lines: Iterable[Line]) -> Iterator[StoryDraft]:
    """Yields the drafts of raw lines, in order, each with at least one word."""
    for draft in _split_blocks(_split_into_blocks(lines)):
        if not all(is_decoration(line.text) for line in draft.lines):
            yield draft


def _split_into_blocks(lines: Iterable[Line]) -> Iterator[Block | None]:
    """Yields the blocks; None for an end mark."""
    block = Block()
    for number, raw in lines:
        text = clean_line(raw)
        is_blank = not text and len(raw) <= MAX_STORY  # a longer line may be cut: it is no blank
        if is_blank or ends_story(text):
            if block.lines:
                yield block
                block = Block()
            if not is_blank:
                yield None
            continue
        if block.size <= MAX_STORY:  # beyond it the story is refused: no need to keep the rest
            block.lines.append(Line(number, text))
            block.size += len(raw)
    if block.lines:
        yield block


def _split_blocks(blocks: Iterable[Block | None]) -> Iterator[StoryDraft]:
    draft = StoryDraft()
    for block in blocks:
        if block is None:
            yield draft
            draft = StoryDraft()
            continue
        start = _unmarked_start(draft.blocks, block)
        if start is not None and not _awaits_dateline(draft):
            following = draft.split(start)
            yield draft
            draft = following
        draft.add(block)
    yield draft


def _unmarked_start(before: Sequence[Block], block: Block) -> int | None:
    """Returns where the story begins whose text `block` seems to open.

    Returns:
        The index in `before` of the block that holds its title; their number when `block` itself
        holds it; None when `block` opens no story.
    """
    first, second, third = (*(line.text for line in block.lines[:3]), "", "")[:3]
    if opens_with_full_dateline(first):
        start = len(before) - 1
        if start > 0 and read_by(before[start].only_line):
            start -= 1
        return start if start > 0 and _is_title(before[start]) else None
    opening = third if read_by(second) else second
    return len(before) if opens_with_full_dateline(opening) and is_title(first) else None


def _is_title(block: Block) -> bool:
    """Returns True for a title, alone or with its author under it."""
    title, *author = (line.text for line in block.lines[:3])
    return is_title(title) and (not author or (len(author) == 1 and bool(read_by(author[0]))))


def _awaits_dateline(draft: StoryDraft) -> bool:
    """Returns True for only a title and what may stand between it and the dateline."""
    words = (line.text for line in draft.lines if not is_decoration(line.text))
    under = list(islice(words, 1, LINES_UNDER_TITLE + 2))
    if len(under) > LINES_UNDER_TITLE or any(len(text) > LONGEST_UNDER_TITLE for text in under):
        return False
    return not any(read_dateline(text) for text in (*under, " ".join(under)))  # it may be wrapped
