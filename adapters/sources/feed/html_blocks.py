"""Splits HTML into paragraphs (block-level elements), and collects its images."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, cast

from adapters.sources.feed.html_ends import ElementEnds
from adapters.sources.feed.html_images import emoji_of
from adapters.sources.feed.html_marks import (
    BREAK,
    CELL,
    END_HEADING,
    END_ITEM,
    END_TERM,
    HEADING,
    IMAGE,
    ITEM,
    PARTING,
    SPECIAL,
    is_left_out,
    mark_of,
    name_of,
    sure_mark_of,
    without_marks,
)
from adapters.sources.feed.html_tokens import expand_entities, split_odd, split_plain

_VOID_TAGS = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)
_CODE_TAGS = frozenset(("script", "style"))  # their text is none, even where they never end
_CELL_TEXT = " | "
_BULLET = "• "

# Breaks with nothing in between end a paragraph.
_BREAKS = re.compile(r"\x1e(?:[^\S\x1c\x1e\x1f]*+\x1e)++")
_FIRST_CELL = re.compile(r"\x1f[^\S\x1f]*\x1c")
# What stands between a term and its explanation.
_TERM_END = re.compile(r"(\x06(?:[^\S\x1f]*\x1f){1,2}[^\S\x1f]*(?=[^\s\x01-\x06]))")


class HtmlText(NamedTuple):
    """The text of HTML, in which white space stands as it stood there.

    Attributes:
        paragraphs: With `PARTING` between each two; some are empty.
        headings: The numbers of those that are headings, counted from 0.
        images: The tags of its images, for `image_of`.
    """

    paragraphs: str
    headings: frozenset[int] = frozenset()
    images: Sequence[str] = ()


def extract_text(html: str) -> HtmlText:
    """Returns the paragraphs of the HTML, and its images.

    List items get a bullet, the cells of a table's row a bar between them; what is hidden is left
    out, as are the captions of images.
    """
    parts, marks, kinds = _split(without_marks(html))
    if SPECIAL in kinds:
        _SpecialTags(parts, marks).read()
    images = _take_images(parts, marks) if IMAGE in kinds else []
    parts[1::2] = marks
    return HtmlText(*_take_headings(_read_marks("".join(parts))), images)


def _split(html: str) -> tuple[list[str], list[str], Collection[str | None]]:
    """Returns texts with the tag between each two, the marks of the tags, and each mark once."""
    parts = split_plain(html)
    sure = list(map(sure_mark_of, parts[1::2]))
    kinds = set(sure)  # to look for a mark in the list takes several times as long
    if len(parts) % 2 and None not in kinds:
        return parts, cast(list[str], sure), kinds
    parts = split_odd(html)
    marks = list(map(mark_of, parts[1::2]))
    return parts, marks, set(marks)


class _SpecialTags:
    """Reads tags that have to be looked at one by one: of what is skipped or preformatted.

    Args:
        parts: Texts, which change, with the tag between each two.
        marks: Those of the tags, which change.
    """

    def __init__(self, parts: list[str], marks: list[str]) -> None:
        self._parts = parts
        self._marks = marks
        self._first = _next(marks, SPECIAL, 0)
        self._pre_end = 0

    @cached_property
    def _names(self) -> list[str]:
        """Names of the tags; none of those before the first special one, which nobody asks for."""
        names = map(name_of, self._parts[2 * self._first + 1 :: 2])
        return [""] * self._first + list(names)

    @cached_property
    def _ends(self) -> ElementEnds:
        return ElementEnds(self._names)

    def read(self) -> None:
        """Reads them all."""
        at = self._first
        while at >= 0:
            self._read_tag(at)
            at = _next(self._marks, SPECIAL, at + 1)

    def _read_tag(self, at: int) -> None:
        tag = self._parts[2 * at + 1]
        name = name_of(tag)
        if name == "pre" and not is_left_out(tag):
            self._part_lines(at)
        else:
            self._skip(at, name, tag)

    def _skip(self, at: int, name: str, tag: str) -> None:
        """Skips an element; one that never ends is skipped as a tag only."""
        self._marks[at] = ""
        if name in _VOID_TAGS or tag.endswith("/"):
            return
        end = self._ends.end_of(name, at)
        last = at if end is None else end
        inside = [""] * (last - at)
        self._marks[at:last] = self._parts[2 * at + 2 : 2 * last + 2 : 2] = inside
        # The text behind a paragraph's last tag is its own where only the next one ends it.
        if name in _CODE_TAGS if end is None else self._names[end] != f"/{name}":
            self._parts[2 * last + 2] = ""

    def _part_lines(self, at: int) -> None:
        """Makes a paragraph of each line of preformatted text."""
        self._marks[at] = PARTING
        if at < self._pre_end:
            return
        end = self._ends.next_end("pre", at)
        self._pre_end = len(self._marks) if end is None else end
        inside = slice(2 * at + 2, 2 * self._pre_end + 2, 2)
        lines = SPECIAL.join(self._parts[inside]).replace("\n", PARTING)
        self._parts[inside] = lines.split(SPECIAL)


def _take_images(parts: Sequence[str], marks: list[str]) -> list[str]:
    """Returns the tags of images; those that stand for an emoji become text."""
    images: list[str] = []
    at = _next(marks, IMAGE, 0)
    while at >= 0:
        tag = parts[2 * at + 1]
        marks[at] = emoji = emoji_of(tag)
        if not emoji:
            images.append(tag)
        at = _next(marks, IMAGE, at + 1)
    return images


def _next(marks: list[str], mark: str, start: int) -> int:
    """Returns where the next tag with that mark is; -1 for nowhere."""
    try:
        return marks.index(mark, start)
    except ValueError:
        return -1


def _read_marks(text: str) -> str:
    """Returns a text in which the marks have become what they mean, but for those of headings."""
    text = expand_entities(text)
    if BREAK in text:
        text = _BREAKS.sub(PARTING, text).replace(BREAK, "\n")
    if CELL in text:
        text = _FIRST_CELL.sub(PARTING, PARTING + text).replace(CELL, _CELL_TEXT)
    if END_TERM in text:
        text = _join_terms(text).replace(END_TERM, PARTING)
    if ITEM in text or END_ITEM in text:
        before, *items = _starts(text, ITEM)
        shown = (item if item[0] == END_ITEM else _BULLET + item for item in items)
        text = "".join((before, *shown)).replace(END_ITEM, "")
    return text


def _starts(text: str, mark: str) -> list[str]:
    """Splits a text at a mark of beginnings; one that has nothing behind it begins nothing.

    What begins before a paragraph does holds for the next one.
    """
    before, *behind = text.split(mark)
    return [before, *filter(None, map(str.lstrip, behind))]


def _join_terms(text: str) -> str:
    """Makes one paragraph of each term and its explanation, with a colon between the two."""
    parts = _TERM_END.split(text)
    for at in range(0, len(parts) - 1, 2):
        words = parts[at].rstrip()
        term = words.removesuffix(":").rstrip()
        is_parted = PARTING in parts[at][len(words) :]
        if term and term[-1] not in f":{END_TERM}" and not is_parted:
            parts[at : at + 2] = term, ": "
    return "".join(parts)


def _take_headings(text: str) -> tuple[str, frozenset[int]]:
    """Returns a text without the marks of headings, and the numbers of the paragraphs that are."""
    if HEADING not in text:
        return text.replace(END_HEADING, ""), frozenset()
    before, *behind = _starts(text, HEADING)
    numbers = accumulate(part.count(PARTING) for part in (before, *behind))
    headings = (at for at, part in zip(numbers, behind, strict=False) if part[0] != END_HEADING)
    return "".join((before, *behind)).replace(END_HEADING, ""), frozenset(headings)
