"""Reads files as text: encodings, byte order marks, and lines of any length."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from adapters.sources.archive.reader import MAX_STORY
from adapters.sources.archive.text.lines import TextLine

HEAD = 16_384
"""Bytes at the beginning of a file by which its form is known."""

# The mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_head(path: Path) -> bytes:
    """Returns the first bytes of a file."""
    with path.open("rb") as file:
        return file.read(HEAD)


def marked_encoding(head: bytes, encoding: str) -> str:
    """Returns the encoding that a byte order mark gives away; else `encoding`."""
    if codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")):
        return encoding  # its codec takes the mark by itself, or refuses it
    return next((name for mark, name in _MARKS if head.startswith(mark)), encoding)


def open_text(path: Path, encoding: str) -> TextIO:
    """Opens a file; what cannot be decoded becomes lone surrogates, by which a story is told."""
    return path.open(encoding=encoding, errors="surrogateescape")


def read_lines(file: TextIO) -> Iterator[TextLine]:
    """Yields the lines of a text file, whatever they end with.

    A line too long for any story is cut: it is refused anyway, and might be the whole file.
    """
    number = 0
    while text := file.readline(MAX_STORY + 2):
        number += 1
        rest = text
        while rest and not rest.endswith("\n"):
            rest = file.readline(MAX_STORY)
        for part in _split_at_form_feeds(text):
            yield TextLine(number, part)


def _split_at_form_feeds(line: str) -> list[str]:
    """Splits a line at form feeds; a form feed alone ends no paragraph."""
    if "\f" not in line:
        return [line]
    return [part for part in line.split("\f") if part.strip()] or [""]
