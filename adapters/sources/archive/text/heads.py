"""Finds the head of a story: its title, authors, standfirst and dateline, and the text behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from adapters.sources.archive.text.blocks import LONGEST_UNDER_TITLE, StoryDraft
from adapters.sources.archive.text.datelines import (
    Dateline,
    opens_with_dateline,
    read_dateline,
)
from adapters.sources.archive.text.end_marks import LINES_UNDER_TITLE
from adapters.sources.archive.text.lines import (
    TextLine,
    is_decoration,
    is_furniture,
    is_title,
    opens_notes,
    read_by,
)
from adapters.sources.archive.text.names import is_name
from adapters.sources.archive.text.openings import Block, is_head

_LONGEST_PLACE = 60
_DEEPEST = 12  # lines among which the dateline is looked for

Texts = list[list[str]]
"""For each block the texts of its lines."""


@dataclass(frozen=True, slots=True)
class StoryHead:
    """The head of a story, and its text.

    Attributes:
        title: Its title.
        dateline: None when there is none near enough.
        byline: The author under the title; empty for none.
        standfirsts: What else stands between title and dateline.
        body: The text.
    """

    title: TextLine
    dateline: Dateline | None
    byline: str
    standfirsts: list[str]
    body: Texts


@dataclass(frozen=True, slots=True)
class _Spot:
    """A line with words, and where it stands."""

    block: int
    line: int
    text: str


def find_head(draft: StoryDraft) -> StoryHead:
    """Finds the head of a draft, which has at least one word.

    A dateline on one line is preferred to one that is wrapped behind its place onto a second; any
    with a dash is preferred to one that stands alone without it; and one with a date to one of a
    place alone.
    """
    blocks = _without_notes(_without_rules_at_the_end(draft.blocks))
    texts = [[line.text for line in block.lines] for block in blocks]
    every = list(islice(_spots(texts), _DEEPEST))
    spots = [spot for spot in every if not is_furniture(spot.text)] or every
    title, first = blocks[spots[0].block].lines[spots[0].line], spots[0]
    top = read_dateline(first.text)
    if top and _is_date_alone(top) and len(spots) > 1 and is_title(spots[1].text):
        below = spots[1]  # the date stands above the title
        title = blocks[below.block].lines[below.line]
        return _make_head(title, top, [], _after(texts, below.block, below.line + 1))
    for width, needs_dash, needs_date in (
        (1, True, True),
        (2, True, True),
        (1, False, True),
        (1, False, False),
    ):
        for number, spot in enumerate(spots[1:], start=1):
            above = spots[1:number]
            dateline = _join_dateline(texts[spot.block][spot.line : spot.line + width])
            if (
                dateline is not None
                and dateline.has_dash >= needs_dash
                and dateline.is_dated >= needs_date
                and _can_stand_under(above, spot, blocks)
            ):
                after = _after(texts, spot.block, spot.line + width, dateline.rest)
                return _make_head(title, dateline, _grouped(above), after)
    return _make_head(title, None, [], _after(texts, first.block, first.line + 1))


def _without_rules_at_the_end(blocks: list[Block]) -> list[Block]:
    end = len(blocks)
    while end > 1 and blocks[end - 1].is_rule:
        end -= 1
    return blocks[:end]


def _without_notes(blocks: list[Block]) -> list[Block]:
    """Returns the blocks without notes for editors, which stand behind the end of another story.

    They go on to the title above the next dateline.
    """
    if not opens_notes(blocks[0].lines[0].text):
        return blocks
    for at, block in enumerate(blocks[1:], start=1):
        first, *others = (line.text for line in block.lines)
        if others and is_title(first) and opens_with_dateline(others[0]):
            return blocks[at:]
        if at > 1 and opens_with_dateline(first):
            return blocks[at - 1 :]
    return blocks


def _spots(texts: Texts) -> Iterator[_Spot]:
    for block, lines in enumerate(texts):
        for line, text in enumerate(lines):
            if not is_decoration(text):
                yield _Spot(block, line, text)


def _is_date_alone(dateline: Dateline) -> bool:
    return dateline.is_dated and not dateline.place and not dateline.rest


def _join_dateline(lines: list[str]) -> Dateline | None:
    dateline = read_dateline(" ".join(lines))
    # A place that went on in the second line would swallow whatever the first one is.
    return dateline if dateline and len(dateline.place) < len(lines[0]) else None


def _can_stand_under(above: list[_Spot], spot: _Spot, blocks: list[Block]) -> bool:
    """Returns True when what stands between a title and a dateline is no more than may."""
    if len(above) <= LINES_UNDER_TITLE:
        return all(len(each.text) <= LONGEST_UNDER_TITLE for each in above) or (
            spot.line == 0 and is_head(blocks[: spot.block])
        )
    return spot.line == 0 and is_head(blocks[: spot.block])


def _grouped(above: list[_Spot]) -> Texts:
    """Returns what stands under the title: lines that are wrapped together, authors apart."""
    groups: Texts = []
    last: _Spot | None = None
    for spot in above:
        is_apart = (
            last is None or last.block != spot.block or read_by(spot.text) or read_by(last.text)
        )
        if is_apart:
            groups.append([])
        groups[-1].append(spot.text)
        last = spot
    return groups


def _after(texts: Texts, block: int, line: int, rest: str = "") -> Texts:
    """Returns the text from a line on."""
    first = [*([rest] if rest else []), *texts[block][line:]]
    return [*([first] if first else []), *texts[block + 1 :]]


def _make_head(
    title: TextLine, dateline: Dateline | None, under_title: Texts, body: Texts
) -> StoryHead:
    standfirsts = [" ".join(lines) for lines in under_title]
    byline = next(filter(None, map(read_by, standfirsts)), "")
    if byline:
        standfirsts.remove(next(each for each in standfirsts if read_by(each)))
    elif (dateline is None or not dateline.rest) and body and read_by(body[0][0]):
        byline, *left = body[0]
        body = [*([left] if left else []), *body[1:]]
        byline = read_by(byline)
    if dateline and not dateline.place and standfirsts and _is_place(standfirsts[-1]):
        dateline = replace(dateline, place=standfirsts.pop())
    return StoryHead(title, dateline, byline, standfirsts, body)


def _is_place(line: str) -> bool:
    """Returns True for a place in capitals, which some hands write on a line above the date."""
    return len(line) <= _LONGEST_PLACE and line.isupper() and is_name(line)
