"""Cuts a mailbox into messages (RFC 4155): each begins behind a line `From a@b Mon ...`.

A line of a text that begins with `From ` is only taken for that with a time and a year, or with an
address alone; one more `>` before it is taken away, as `mboxrd` puts it there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

MAX_MESSAGE = 4_000_000
"""Bytes of one message that are read; attachments behind them are not needed."""

_SEPARATOR = re.compile(
    rb"From (?:.{1,200}?[0-9]{1,2}:[0-9]{2}.{0,40}\b[0-9]{4}\b.{0,10}|"
    rb"(?:\S{0,150}@\S{1,150}|MAILER-DAEMON|-)(?: {0,9}-)?)"
)
_QUOTED = re.compile(rb">+From ")
_LONGEST_LINE = 65_536


@dataclass(slots=True)
class RawMessage:
    """A message as it stands in the mailbox.

    Attributes:
        line: The line of its `From `, from 1.
        separator: That line.
        is_cut: True when it has more bytes than are read.
        parts: Its bytes.
    """

    line: int
    separator: bytes
    is_cut: bool = False
    size: int = 0
    parts: list[bytes] = field(default_factory=list)

    @property
    def content(self) -> bytes:
        """The bytes of the message."""
        return b"".join(self.parts)

    def add(self, line: bytes, limit: int) -> None:
        """Appends a line, while there is room."""
        self.size += len(line)
        self.is_cut = self.is_cut or self.size > limit
        if not self.is_cut:
            self.parts.append(line)


def opens_mailbox(head: bytes) -> bool:
    """Returns True for the beginning of a mailbox: a separator and a header field."""
    first, _, rest = head.lstrip().partition(b"\n")
    return _is_separator(first) and re.match(rb"[!-9;-~]{1,70}:", rest) is not None


def split_messages(file: BinaryIO, limit: int = MAX_MESSAGE) -> Iterator[RawMessage]:
    """Yields the messages of a mailbox, of each no more bytes than `limit`."""
    current: RawMessage | None = None
    number = 0
    after_blank = True
    is_line_start = True
    while line := file.readline(_LONGEST_LINE):
        number += is_line_start
        if is_line_start and after_blank and line.startswith(b"From ") and _is_separator(line):
            if current:
                yield current
            current = RawMessage(number, line)
        elif current:
            current.add(line[1:] if is_line_start and _QUOTED.match(line) else line, limit)
        after_blank = is_line_start and not line.strip()
        is_line_start = line.endswith(b"\n")
    if current:
        yield current


def _is_separator(line: bytes) -> bool:
    return _SEPARATOR.fullmatch(line.rstrip()) is not None
