"""Classifies the lines of an archive: title, byline, subheading, decoration.

Pure functions over clean lines. Every pattern is anchored and bounded, so no line, however long or
hostile, takes more than linear time.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from adapters.sources.archive.text.names import is_name
from adapters.sources.archive.text.signs import (
    CLOSING_BRACKETS,
    DASHES,
    EXCLAMATIONS,
    FULL_STOPS,
    LIST_MARKS,
    PAUSES,
)

_DECORATION = re.compile(rf"[{DASHES}=_*~·•⁂#+. ]+")

# White space of every kind is left for str.split; ZWJ and ZWNJ stay, since emoji and Persian need
# them. Overrides and isolates go: they could make a card read backwards. Soft hyphens go: they
# would cut words in two for the search.
_UNWANTED = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]"
)


class TextLine(NamedTuple):
    """A line of a file.

    Attributes:
        number: Its number, from 1.
        text: Its text. What could not be decoded stands in it as lone surrogates, as the
            `surrogateescape` error handler leaves it.
    """

    number: int
    text: str


def clean_line(text: str) -> str:
    """Normalizes a line: NFC, no control characters, each gap a single space."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", _UNWANTED.sub("", text))
    return " ".join(text.split())


def is_decoration(line: str) -> bool:
    """Returns True for a rule such as `-----` or `* * *`, without a word in it."""
    return _DECORATION.fullmatch(line) is not None


_FURNITURE = re.compile(
    r"(?:for (?:immediate )?release|(?:press|news|media) (?:release|statement)|"
    r"embargo(?:ed)?\b.{0,60}|for use (?:after|from) .{1,40}|pressemitteilung|medienmitteilung|"
    r"communiqué de presse|comunicado de prensa|comunicato stampa|comunicado de imprensa|"
    r"persbericht|pressmeddelande|プレスリリース|新闻稿|보도자료)\W{0,3}",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"(?:(?:notes?|information) (?:to|for) (?:the )?(?:editors?|news desks?|press)|"
    r"(?:media|press) (?:contacts?|enquiries|inquiries))\W{0,3}",
    re.IGNORECASE,
)


def is_furniture(line: str) -> bool:
    """Returns True for what stands above the titles of all press releases."""
    return _FURNITURE.fullmatch(line) is not None


def opens_notes(line: str) -> bool:
    """Returns True for the title of what stands below a press release, for editors only."""
    return _NOTES.fullmatch(line) is not None


_BY = re.compile(r"by (?P<who>.{1,100})", re.IGNORECASE)
_INITIALS = re.compile(
    rf"(?:[{DASHES}]{{1,3}} ?)?(?P<who>[^\W\d_](?:(?:\.?/|\. ?)?[^\W\d_]){{1,4}}\.?)"
)


def read_by(line: str) -> str:
    """Returns the name in `By NAME`; empty when the line is something else."""
    found = _BY.fullmatch(line)
    return found["who"] if found and is_name(found["who"]) else ""


def read_initials(line: str) -> str:
    """Returns the initials (`MU.`, `M.U.`, `-- MU/JD`) that are the line; empty for another."""
    found = _INITIALS.fullmatch(line)
    if found is None or not found["who"].isupper() or found["who"] in {"END", "ENDS"}:
        return ""
    return found["who"]


_ABBREVIATION = re.compile(r"(?:\b[A-Z]\.|\b(?:Co|Corp|Inc|Jr|Ltd|No|Sr|St)\.)$")

_LONGEST_HEADING = 70
_LONGEST_TITLE = 200


def is_closed(line: str) -> bool:
    """Returns True for a line that ends as a sentence or a part of one does."""
    end = line.rstrip(CLOSING_BRACKETS)[-1:]
    return not end or end in FULL_STOPS + PAUSES + EXCLAMATIONS + DASHES


def is_heading(line: str) -> bool:
    """Returns True for a subheading: a short line of its own between paragraphs."""
    return len(line) <= _LONGEST_HEADING and not is_closed(line) and not line.startswith(LIST_MARKS)


def is_title(line: str) -> bool:
    """Returns True for a line that can be a title before a dateline: `Inc.` and `?` may end it."""
    end = line.rstrip(CLOSING_BRACKETS)
    return (
        0 < len(line) <= _LONGEST_TITLE
        and not line.startswith(LIST_MARKS)
        and not (end.endswith(tuple(FULL_STOPS + PAUSES)) and not _ABBREVIATION.search(end))
        and not read_initials(line)
    )
