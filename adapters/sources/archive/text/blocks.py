"""Splits an archive's lines into drafts, one for each story, never more than one in memory.

Lines become blocks (what stands between blank lines), and blocks become drafts at each end mark, or
where a dateline shows that the mark was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from adapters.sources.archive.reader import MAX_STORY
from adapters.sources.archive.text.datelines import opens_with_dateline, read_dateline
from adapters.sources.archive.text.end_marks import (
    LINES_UNDER_TITLE,
    EndMarks,
    has_dateline,
    is_rule,
    mark_kind,
)
from adapters.sources.archive.text.lines import TextLine, clean_line, is_decoration, is_title
from adapters.sources.archive.text.openings import Block, find_start, is_head, is_title_block

LONGEST_UNDER_TITLE = 100
"""Characters that each of the few lines under a title may have."""

_KEPT_BLOCKS = 6  # blocks in which title and dateline must stand


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
    def lines(self) -> Iterator[TextLine]:
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
        has_rule = self.blocks[start - 1].is_rule
        following = StoryDraft(unmarked=not has_rule)
        for block in self.blocks[start:]:
            following.add(block)
            self.size -= block.size
        del self.blocks[start - has_rule :]
        return following


def split_into_drafts(lines: Iterable[TextLine], ends: EndMarks) -> Iterator[StoryDraft]:
    """Yields the drafts of raw lines, in order, each with at least one word.

    Args:
        lines: The lines of one archive.
        ends: The marks that end its stories.
    """
    for draft in _split_blocks(_split_into_blocks(lines), ends):
        if not all(is_decoration(line.text) for line in draft.lines):
            yield draft


def _split_into_blocks(lines: Iterable[TextLine]) -> Iterator[Block]:
    """Yields the blocks; each mark is one of its own."""
    block = Block()
    for number, raw in lines:
        text = clean_line(raw)
        mark = mark_kind(text)
        if mark or (not text and len(raw) <= MAX_STORY):  # a longer line may be cut: it is no blank
            if block.lines:
                yield block
                block = Block()
            if mark:
                yield Block([TextLine(number, text)], len(raw), mark)
            continue
        if block.size <= MAX_STORY:  # beyond it the story is refused: no need to keep the rest
            block.lines.append(TextLine(number, text))
            block.size += len(raw)
    if block.lines:
        yield block


def _split_blocks(blocks: Iterable[Block], ends: EndMarks) -> Iterator[StoryDraft]:
    draft = StoryDraft()
    held: Block | None = None  # a mark whose meaning the next block tells
    for block in blocks:
        if block.mark in ends.always | ends.before_titles:
            if is_rule(block.mark) and not _is_sure(block, draft, ends):
                held = block
                continue
            held = None
            yield draft
            draft = StoryDraft()
            continue
        if held and _ends_story(held, draft, block, ends):
            yield draft
            draft = StoryDraft()
        elif held:
            draft.add(held)
        held = None
        start = find_start(draft.blocks, block, ends)
        if start is not None and not _awaits_dateline(draft):
            following = draft.split(start)
            yield draft
            draft = following
        draft.add(block)
    yield draft


def _is_sure(mark: Block, draft: StoryDraft, ends: EndMarks) -> bool:
    """Returns True for a rule that ends a story, whatever comes next."""
    return mark.mark in ends.always and not _awaits_dateline(draft)


def _ends_story(mark: Block, draft: StoryDraft, following: Block, ends: EndMarks) -> bool:
    """Returns True for a rule that ends a story, by what comes next."""
    first, *others = [line.text for line in following.lines[: LINES_UNDER_TITLE + 3]]
    if _awaits_dateline(draft) and opens_with_dateline(first):
        return False  # it stands under the title
    if mark.mark in ends.always:
        return True
    return is_title_block(following) or (is_title(first) and has_dateline(others))


def _awaits_dateline(draft: StoryDraft) -> bool:
    """Returns True for only a title and what may stand between it and the dateline."""
    words = (line.text for line in draft.lines if not is_decoration(line.text))
    under = list(islice(words, 1, LINES_UNDER_TITLE + 2))
    is_short = len(under) <= LINES_UNDER_TITLE and all(
        len(text) <= LONGEST_UNDER_TITLE for text in under
    )
    if not draft.blocks or not (is_short or is_head(draft.blocks)):
        return False
    return not any(read_dateline(text) for text in (*under, " ".join(under)))  # it may be wrapped
