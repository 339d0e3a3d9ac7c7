"""Cuts an export into its items, as text and without parsing it as a whole.

So a damaged item costs no other, no more than one is in memory, and no declaration of entities
applies to any: each item is parsed by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

MAX_ITEM = 16_000_000
"""Characters that one item may have with its comments."""

_CHUNK = 65_536
_TOKEN = re.compile(r"<item(?=[\s>])|</item\s*>|<!\[CDATA\[|\]\]>|<!--|-->")
_LONGEST_TOKEN = 64
_CLOSING = {"<![CDATA[": "]]>", "<!--": "-->"}


@dataclass(slots=True)
class ExportItem:
    """A part of an export: what stands before the first item, or an item with its tags.

    Attributes:
        line: Where it begins, from 1.
        is_item: False for what stands before the first item.
        is_whole: False when the file ends in it, or another item begins in it.
        size: Its characters.
        text: As it stands in the file; cut when there is more than an item may have.
    """

    line: int
    is_item: bool = True
    is_whole: bool = False
    size: int = 0
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of the item."""
        return "".join(self.parts)

    @property
    def is_too_long(self) -> bool:
        """True when it has more characters than an item may have."""
        return self.size > MAX_ITEM

    def add(self, text: str) -> None:
        """Appends what the file has next."""
        self.size += len(text)
        if not self.is_too_long:
            self.parts.append(text)


def split_items(file: TextIO) -> Iterator[ExportItem]:
    """Yields what stands before the first item, and the items of an export."""
    current: ExportItem | None = ExportItem(1, is_item=False)
    inside = ""  # what closes the comment or section that was opened
    before, line = "", 1
    for text, token in _tokens(file):
        if current:
            current.add(text)
        line += text.count("\n")
        is_start, is_end = token.startswith("<item"), token.startswith("</item")
        if inside and is_start and before.startswith("</item") and not text.strip():
            inside = ""  # a section that was never closed goes no further than its item
        before, was_inside = token or before, bool(inside)
        inside = _section_after(token, inside)
        if not was_inside and is_start:
            if current:
                yield current
            current = ExportItem(line)
        elif not was_inside and is_end and current and current.is_item:
            current.add(token)
            current.is_whole = True
            yield current
            current = None
        if current:
            current.add(token)
    if current and (current.is_item or current.line == 1):
        yield current


def _section_after(token: str, inside: str) -> str:
    """Returns what closes the comment or section that is open behind a mark; empty for none."""
    if inside:
        return "" if token == inside else inside
    return _CLOSING.get(token, "")


def _tokens(file: TextIO) -> Iterator[tuple[str, str]]:
    """Yields each mark with the text before it; the last text has no mark."""
    buffer = ""
    while chunk := file.read(_CHUNK):
        buffer += chunk
        at = 0
        for found in _TOKEN.finditer(buffer):
            yield buffer[at : found.start()], found[0]
            at = found.end()
        # The last characters may be the beginning of a mark.
        keep = max(at, len(buffer) - _LONGEST_TOKEN)
        if keep > at:
            yield buffer[at:keep], ""
        buffer = buffer[keep:]
    yield buffer, ""
