"""The limits of a rich message, and its size, counted as Telegram does.

The limits are those of https://core.telegram.org/bots/api#rich-message-formatting-options.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from adapters.telegram.rich.blocks import (
    BLOCKS,
    MEDIA,
    Block,
    ButtonRow,
    ListItem,
    RichMessage,
    TableBlock,
)
from adapters.telegram.rich.texts import RichButton

MAX_CHARACTERS = 32_768
"""Characters of all texts; a character beyond the Basic Multilingual Plane counts as one."""

MAX_BLOCKS = 500
"""Blocks, nested ones, items of lists and rows of tables included."""

MAX_DEPTH = 16
"""Levels of nested blocks and formats."""

MAX_MEDIA = 50
"""Pictures, films and recordings."""

MAX_COLUMNS = 20
"""Columns of a table."""

MAX_ROW = 8
"""Buttons in a row (https://core.telegram.org/bots/api#inputrichblockbuttons)."""

# The fields that a reader sees; all others are addresses, data and looks.
_SEEN = frozenset(
    {"text", "summary", "credit", "caption", "cells", "items", "blocks", "buttons", "button"}
)


@dataclass(slots=True)
class Size:
    """The size of a message, or of some of its blocks.

    Attributes:
        characters: The characters of all texts.
        blocks: The blocks, nested ones, items of lists and rows of tables included.
        depth: The levels of nested blocks and formats.
        media: The pictures and recordings.
        columns: The columns of its widest table.
        row: The buttons of its longest row.
        empty: The number of lists, tables, rows of buttons and folded parts without content.
    """

    characters: int = 0
    blocks: int = 0
    depth: int = 0
    media: int = 0
    columns: int = 0
    row: int = 0
    empty: int = 0

    @property
    def fits(self) -> bool:
        """True if Telegram takes a message of this size."""
        return (
            self.characters <= MAX_CHARACTERS
            and self.blocks <= MAX_BLOCKS
            and self.depth <= MAX_DEPTH
            and self.media <= MAX_MEDIA
            and self.columns <= MAX_COLUMNS
            and self.row <= MAX_ROW
            and not self.empty
        )


def measure(*parts: RichMessage | Block) -> Size:
    """Measures a message, or some blocks."""
    size = Size()
    for part in parts:
        _add(part, size, 0)
    return size


def _add(node: Any, size: Size, depth: int) -> None:
    if isinstance(node, str):
        size.characters += len(node)
    elif isinstance(node, tuple):
        for one in node:
            _add(one, size, depth)
    elif node is not None:
        _add_object(node, size, depth)


def _add_object(node: Any, size: Size, depth: int) -> None:
    if not isinstance(node, RichMessage | RichButton):
        depth += 1
    size.depth = max(size.depth, depth)
    size.blocks += isinstance(node, (*BLOCKS, ListItem))
    size.media += isinstance(node, MEDIA)
    if isinstance(node, TableBlock):
        size.blocks += len(node.cells)
        widths = (sum(cell.colspan for cell in row) for row in node.cells)
        size.columns = max(size.columns, *widths)
    elif isinstance(node, ButtonRow):
        size.row = max(size.row, len(node.buttons))
    kind: type[object] = type(node)
    for name in _seen_fields(kind):  # type: ignore[arg-type]  # a class has a hash
        value = getattr(node, name)
        size.empty += value == () and name != "text"
        _add(value, size, depth)


@cache
def _seen_fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind) if one.name in _SEEN)
