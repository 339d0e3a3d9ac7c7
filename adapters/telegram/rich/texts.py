"""Rich texts: plain text, and the formats that replies use, as the Bot API's objects.

The names of fields are the API's (https://core.telegram.org/bots/api#richtext).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

RichText: TypeAlias = (
    "str | tuple[RichText, ...] | Bold | Italic | Marked | Link | DateTime | InlineButton"
)
"""A text: plain, joined of others, or in a format. Nothing in it needs to be escaped."""


@dataclass(frozen=True, slots=True)
class Bold:
    """A bold text."""

    TYPE: ClassVar = "bold"
    text: RichText


@dataclass(frozen=True, slots=True)
class Italic:
    """An italic text."""

    TYPE: ClassVar = "italic"
    text: RichText


@dataclass(frozen=True, slots=True)
class Marked:
    """A text that is marked as with a pen, such as a word that a search found."""

    TYPE: ClassVar = "marked"
    text: RichText


@dataclass(frozen=True, slots=True)
class Link:
    """A text with a link."""

    TYPE: ClassVar = "url"
    text: RichText
    url: str


@dataclass(frozen=True, slots=True)
class DateTime:
    """A moment, which a client shows in its reader's own time zone and language.

    Attributes:
        text: What a client shows that knows no such texts.
        unix_time: The seconds since 1970.
        date_time_format: `r` for how long ago it is, else `w?[dD]?[tT]?`: the day of the week, the
            date and the time, capitals for the long forms
            (https://core.telegram.org/bots/api#date-time-entity-formatting).
    """

    TYPE: ClassVar = "date_time"
    text: RichText
    unix_time: int
    date_time_format: str


@dataclass(frozen=True, slots=True)
class RichButton:
    """A button in a rich message; it has either callback data or a URL.

    Attributes:
        text: Its label.
        callback_data: What a press sends to the bot, up to 64 bytes.
        url: What a press opens.
        style: `danger`, `success`, `primary` or, with callback data only, `link`; None for the
            client's own.
    """

    text: str
    callback_data: str | None = None
    url: str | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class InlineButton:
    """A button in a line of text."""

    TYPE: ClassVar = "button"
    button: RichButton


def join_texts(parts: Iterable[RichText], separator: str) -> RichText:
    """Joins the texts that are not empty."""
    joined: list[RichText] = []
    for part in parts:
        if part:
            joined += [separator, part] if joined else [part]
    return joined[0] if len(joined) == 1 else tuple(joined)
