"""Blocks of a rich message, as the Bot API's objects.

The names of fields are the API's; those that hold their default are not sent. A later release of
python-telegram-bot may bring such classes, and then take the place of these
(https://core.telegram.org/bots/api#inputrichmessage).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias, get_args

from adapters.telegram.rich.texts import RichButton, RichText


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; its size goes from 1, the largest, to 6."""

    TYPE: ClassVar = "heading"
    text: RichText
    size: int


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph of text."""

    TYPE: ClassVar = "paragraph"
    text: RichText


@dataclass(frozen=True, slots=True)
class SmallPrint:
    """A footer: a text in small print."""

    TYPE: ClassVar = "footer"
    text: RichText


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between blocks."""

    TYPE: ClassVar = "divider"


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item of a list.

    Attributes:
        blocks: What it holds.
        value: The number of an item of an ordered list; None for a bullet.
        type: `1` for an ordered list with decimal numbers; None for a bullet.
    """

    blocks: tuple[Block, ...]
    value: int | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list, of which either all items have numbers or none has."""

    TYPE: ClassVar = "list"
    items: tuple[ListItem, ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation of several blocks."""

    TYPE: ClassVar = "blockquote"
    blocks: tuple[Block, ...]
    credit: RichText | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """Blocks that are folded under a line that is always shown."""

    TYPE: ClassVar = "details"
    summary: RichText
    blocks: tuple[Block, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    text: RichText
    align: str = "left"
    valign: str = "top"
    is_header: bool = False
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table, row by row."""

    TYPE: ClassVar = "table"
    cells: tuple[tuple[Cell, ...], ...]
    is_striped: bool = False
    is_compact: bool = False


@dataclass(frozen=True, slots=True)
class ButtonRow:
    """A row of up to 8 buttons."""

    TYPE: ClassVar = "buttons"
    buttons: tuple[RichButton, ...]


@dataclass(frozen=True, slots=True)
class Caption:
    """The caption of a picture or a recording."""

    text: RichText


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A picture, by its URL."""

    TYPE: ClassVar = "photo"
    media: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A block with a picture."""

    TYPE: ClassVar = "photo"
    photo: PhotoFile
    caption: Caption | None = None


@dataclass(frozen=True, slots=True)
class AudioFile:
    """A recording, by its URL; its duration is in seconds."""

    TYPE: ClassVar = "audio"
    media: str
    duration: int | None = None
    performer: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Audio:
    """A block with a recording."""

    TYPE: ClassVar = "audio"
    audio: AudioFile
    caption: Caption | None = None


@dataclass(frozen=True, slots=True)
class Collage:
    """Several pictures side by side."""

    TYPE: ClassVar = "collage"
    blocks: tuple[Photo, ...]


Block: TypeAlias = (
    Heading
    | TextBlock
    | SmallPrint
    | Divider
    | ItemList
    | Quotation
    | Details
    | TableBlock
    | ButtonRow
    | Photo
    | Audio
    | Collage
)
"""A block of a rich message."""

BLOCKS: tuple[type, ...] = get_args(Block)
MEDIA = (Photo, Audio)


@dataclass(frozen=True, slots=True)
class RichMessage:
    """A rich message.

    Attributes:
        blocks: What it holds.
        is_rtl: True to show it from right to left.
        skip_entity_detection: True to have nothing made tappable that merely looks like a link, a
            mention or a command.
    """

    blocks: tuple[Block, ...]
    is_rtl: bool = False
    skip_entity_detection: bool = True
