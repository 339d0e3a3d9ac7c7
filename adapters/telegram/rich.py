"""Formatted text, measured and cut as Telegram does it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from typing import Self

from bot.text.display import is_inside, visible

MESSAGE = 4_096
"""UTF-16 units of a message, counted after its entities are parsed
(https://core.telegram.org/bots/api#sendmessage)."""

FORMATS = 100
"""Formats and links of a message; Telegram leaves out those after
(https://limits.tginfo.me/en: formatting entities)."""

WEIGHT = 8_000
"""Bytes of formats and links that Telegram takes for sure: at some 9,500 it refuses the message
(https://github.com/tdlib/telegram-bot-api/issues/165)."""

MARKUP = 32_768
"""Bytes of a message as HTML, above which the Bot API does not look at it ("text is too long")."""

_FORMAT_WEIGHT = 16  # bytes of a format as Telegram hands it on: its kind, where it begins and ends

CAPTION = 1_024
"""The same of a caption (https://core.telegram.org/bots/api#sendphoto)."""

_ELLIPSIS = "…"
_JOINER = "\u2060"  # takes no room; what stands before it and after it is no longer one thing

# What Telegram would make a link of by itself: names, which would call their owners, and addresses
# of other kinds than web pages.
_MENTION = re.compile(r"(?<!\w)@(?=\w)")
_SCHEME = re.compile(r"(?i)(?<![a-z])(?!https?://)[a-z][a-z0-9+.-]*(?=://)")
_TON = re.compile(r"(?i)(?<=\w)\.(?=ton\b)")

BOLD, ITALIC, UNDERLINE = "b", "i", "u"


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one format.

    Attributes:
        text: What is read.
        tags: Its formats, the outer first.
        link: Where it leads; None for nowhere.
    """

    text: str
    tags: tuple[str, ...] = ()
    link: str | None = None

    @property
    def formats(self) -> int:
        """How many formats and links it has."""
        return len(self.tags) + bool(self.link)

    @property
    def weight(self) -> int:
        """Bytes that they take."""
        return self.formats * _FORMAT_WEIGHT + len((self.link or "").encode())

    def html(self) -> str:
        """The run as HTML (https://core.telegram.org/bots/api#html-style)."""
        inner = escape(self.text, quote=False)
        for tag in reversed(self.tags):
            inner = f"<{tag}>{inner}</{tag}>"
        return f'<a href="{escape(self.link)}">{inner}</a>' if self.link else inner


@dataclass(frozen=True, slots=True)
class Rich:
    """Formatted text: runs, one after the other."""

    runs: tuple[Run, ...] = ()

    @classmethod
    def of(cls, text: str, *tags: str, link: str | None = None) -> Self:
        """A text in one format."""
        return cls((Run(text, tags, link),)) if text else cls()

    def __add__(self, other: Rich) -> Rich:
        return Rich(self.runs + other.runs)

    def __bool__(self) -> bool:
        return bool(self.runs)

    @property
    def text(self) -> str:
        """What is read."""
        return "".join(run.text for run in self.runs)

    @property
    def html(self) -> str:
        """The text as HTML."""
        return "".join(run.html() for run in self.runs)

    @property
    def fits(self) -> bool:
        """Whether Telegram takes it whole in one message."""
        return (
            units(self.text) <= MESSAGE
            and sum(run.formats for run in self.runs) <= FORMATS
            and sum(run.weight for run in self.runs) <= WEIGHT
            and len(self.html.encode()) <= MARKUP
        )

    def cut(self, limit: int) -> Rich:
        """The text in at most `limit` UTF-16 units, with an ellipsis where something is missing.

        No character is broken, nor one that is made of several, nor a tag.
        """
        if units(self.text) <= limit:
            return self
        left = limit - units(_ELLIPSIS)
        kept: list[Run] = []
        for run in self.runs:
            size = units(run.text)
            if size > left:
                kept.append(replace(run, text=_head(run.text, left)))
                break
            kept.append(run)
            left -= size
        return Rich((*kept, Run(_ELLIPSIS)))


def joined(parts: Iterable[Rich], between: str) -> Rich:
    """Texts with something between them; empty ones are left out."""
    runs: list[Run] = []
    for part in parts:
        if part:
            runs += [Run(between)] if runs else []
            runs += part.runs
    return Rich(tuple(runs))


def said(text: str) -> str:
    """Words that others wrote, so that they call nobody and lead nowhere but to web pages."""
    plain = visible(text)
    joints = _joints(plain)
    if not joints:
        return plain
    return _JOINER.join(plain[start:end] for start, end in pairwise((0, *joints, len(plain))))


def _joints(plain: str) -> list[int]:
    """Where something has to be parted that Telegram would make a link of."""
    joints: list[int] = []
    if "@" in plain:
        joints += (match.end() for match in _MENTION.finditer(plain))
    if "://" in plain:
        joints += (match.end() for match in _SCHEME.finditer(plain))
    if "." in plain:
        joints += (match.start() for match in _TON.finditer(plain))
    return sorted(joints)


def one_line(text: str) -> str:
    """The same, without line breaks."""
    return " ".join(said(text).split())


def units(text: str) -> int:
    """How long Telegram takes a text to be."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _head(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` units, up to a space if one is near."""
    end = used = 0
    for sign in text:
        used += 2 if sign > "\uffff" else 1
        if used > limit:
            break
        end += 1
    space = text.rfind(" ", 0, end + 1)
    if space > end * 3 // 4:
        return text[:space].rstrip()
    while 0 < end < len(text) and is_inside(text, end):
        end -= 1
    return text[:end].rstrip()


def marked(text: str, marks: Sequence[tuple[int, int]], *tags: str) -> Rich:
    """What others wrote, as `said`, with pieces of it in a format."""
    kept = [at for at, sign in enumerate(text) if visible(sign)]
    plain = "".join(text[at] for at in kept)
    places = [(bisect_left(kept, start), bisect_left(kept, end)) for start, end in marks]
    joints = _joints(plain)
    cuts = sorted({0, len(plain), *joints, *(place for pair in places for place in pair)})
    runs = []
    for start, end in pairwise(cuts):
        is_marked = any(first <= start < last for first, last in places)
        joiner = _JOINER if start in joints else ""
        runs.append(Run(joiner + plain[start:end], tags if is_marked else ()))
    return Rich(tuple(runs))
