"""Formatted text: sanitized, measured in UTF-16 units as Telegram does it, truncated, as HTML."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from typing import Self

from bot.text.display import is_inside, strip_hidden

MAX_MESSAGE = 4_096
"""UTF-16 units of a message, counted after its entities are parsed
(https://core.telegram.org/bots/api#sendmessage)."""

MAX_CAPTION = 1_024
"""The same of a picture's caption (https://core.telegram.org/bots/api#sendphoto)."""

MAX_FORMATS = 100
"""Formats and links of a message; Telegram drops those beyond
(https://limits.tginfo.me/en: formatting entities)."""

MAX_WEIGHT = 8_000
"""Bytes of formats and links that Telegram takes for sure: at some 9,500 it refuses the message
(https://github.com/tdlib/telegram-bot-api/issues/165)."""

MAX_HTML = 32_768
"""Bytes of a message as HTML, beyond which the Bot API refuses it ("text is too long")."""

_FORMAT_WEIGHT = 16  # bytes of a format as Telegram encodes it: its kind, offset and length

_ELLIPSIS = "…"
_JOINER = "\u2060"  # word joiner, of no width; Telegram finds no link across it

# What Telegram would make a link of by itself: usernames, which would notify their owners, and URLs
# of other schemes than those of web pages.
_MENTION = re.compile(r"(?<!\w)@(?=\w)")
_SCHEME = re.compile(r"(?i)(?<![a-z])(?!https?://)[a-z][a-z0-9+.-]*(?=://)")
_TON = re.compile(r"(?i)(?<=\w)\.(?=ton\b)")
# A command can be tapped, and is then sent by whoever taps it.
_COMMAND = re.compile(r"(?<![\w/<>])/(?=\w)")
_NAME = re.compile(r"[a-z0-9_]+(?![\w@])")

BOLD, ITALIC, UNDERLINE = "b", "i", "u"


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text in one format.

    Attributes:
        text: The text.
        tags: Its HTML tags, the outer first.
        link: The URL that it links to; None for no link.
    """

    text: str
    tags: tuple[str, ...] = ()
    link: str | None = None

    @property
    def formats(self) -> int:
        """Counts formats and links."""
        return len(self.tags) + bool(self.link)

    @property
    def weight(self) -> int:
        """Counts the bytes that formats and links take."""
        return self.formats * _FORMAT_WEIGHT + len((self.link or "").encode())

    def html(self) -> str:
        """Returns the run as HTML (https://core.telegram.org/bots/api#html-style)."""
        inner = escape(self.text, quote=False)
        for tag in reversed(self.tags):
            inner = f"<{tag}>{inner}</{tag}>"
        return f'<a href="{escape(self.link)}">{inner}</a>' if self.link else inner


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text of runs."""

    runs: tuple[Run, ...] = ()

    @classmethod
    def of(cls, text: str, *tags: str, link: str | None = None) -> Self:
        """Returns a text in one format."""
        return cls((Run(text, tags, link),)) if text else cls()

    def __add__(self, other: FormattedText) -> FormattedText:
        return FormattedText(self.runs + other.runs)

    def __bool__(self) -> bool:
        return bool(self.runs)

    @property
    def text(self) -> str:
        """The text without formats."""
        return "".join(run.text for run in self.runs)

    @property
    def html(self) -> str:
        """The text as HTML."""
        return "".join(run.html() for run in self.runs)

    @property
    def fits(self) -> bool:
        """True if Telegram takes it whole in one message."""
        return (
            utf16_units(self.text) <= MAX_MESSAGE
            and sum(run.formats for run in self.runs) <= MAX_FORMATS
            and sum(run.weight for run in self.runs) <= MAX_WEIGHT
            and len(self.html.encode()) <= MAX_HTML
        )

    def truncate(self, limit: int) -> FormattedText:
        """Truncates to `limit` UTF-16 units, including the ellipsis that marks a cut.

        Characters, grapheme clusters and tags stay whole.
        """
        if utf16_units(self.text) <= limit:
            return self
        left = limit - utf16_units(_ELLIPSIS)
        kept: list[Run] = []
        for run in self.runs:
            size = utf16_units(run.text)
            if size > left:
                kept.append(replace(run, text=_cut_at_word(run.text, left)))
                break
            kept.append(run)
            left -= size
        return FormattedText((*kept, Run(_ELLIPSIS)))


def join(parts: Iterable[FormattedText], separator: str) -> FormattedText:
    """Joins the texts that are not empty."""
    runs: list[Run] = []
    for part in parts:
        if part:
            runs += [Run(separator)] if runs else []
            runs += part.runs
    return FormattedText(tuple(runs))


_QUOTED = re.compile(r'“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|「[^「」]*」|"[^"]*"')
_OPENING_QUOTE = re.compile('["“„«「]')


def sanitize(text: str, own_commands: Container[str] = ()) -> str:
    """Breaks up mentions, commands and links in a text, except links to web pages.

    Args:
        text: The text.
        own_commands: The names of the commands that can be tapped, in the bot's own words; none in
            the words of others. What stands in quotation marks is of others.
    """
    plain = strip_hidden(text)
    points = _join_points(plain, own_commands)
    if not points:
        return plain
    return _JOINER.join(plain[start:end] for start, end in pairwise((0, *points, len(plain))))


def _join_points(plain: str, own_commands: Container[str] = ()) -> list[int]:
    """Returns the offsets at which a word joiner breaks up what Telegram would make a link of."""
    points: list[int] = []
    if "/" in plain:
        points += (
            match.end()
            for match in _COMMAND.finditer(plain)
            if not _is_own_command(plain, match.end(), own_commands)
        )
    if "@" in plain:
        points += (match.end() for match in _MENTION.finditer(plain))
    if "://" in plain:
        points += (match.end() for match in _SCHEME.finditer(plain))
    if "." in plain:
        points += (match.start() for match in _TON.finditer(plain))
    return sorted(points)


def _is_own_command(plain: str, start: int, own_commands: Container[str]) -> bool:
    """Returns True for the name of a command that is the bot's own, outside of quotation marks."""
    name = _NAME.match(plain, start)
    if name is None or name[0] not in own_commands:
        return False
    before = plain[:start]
    return not _OPENING_QUOTE.search(_QUOTED.sub("", before))


def sanitize_line(text: str, own_commands: Container[str] = ()) -> str:
    """Sanitizes a text as `sanitize` does, and makes it one line."""
    return " ".join(sanitize(text, own_commands).split())


def utf16_units(text: str) -> int:
    """Counts UTF-16 units, as Telegram measures texts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut_at_word(text: str, limit: int) -> str:
    """Returns the longest prefix of `limit` units, up to a space if one is near."""
    end = used = 0
    for character in text:
        used += 2 if character > "\uffff" else 1
        if used > limit:
            break
        end += 1
    space = text.rfind(" ", 0, end + 1)
    if space > end * 3 // 4:
        return text[:space].rstrip()
    while 0 < end < len(text) and is_inside(text, end):
        end -= 1
    return text[:end].rstrip()


def highlight(text: str, marks: Sequence[tuple[int, int]], *tags: str) -> FormattedText:
    """Sanitizes others' text, with the passages from and up to some characters in a format."""
    kept = [at for at, character in enumerate(text) if strip_hidden(character)]
    plain = "".join(text[at] for at in kept)
    places = [(bisect_left(kept, start), bisect_left(kept, end)) for start, end in marks]
    points = _join_points(plain)
    cuts = sorted({0, len(plain), *points, *(place for pair in places for place in pair)})
    runs = []
    for start, end in pairwise(cuts):
        is_marked = any(first <= start < last for first, last in places)
        joiner = _JOINER if start in points else ""
        runs.append(Run(joiner + plain[start:end], tags if is_marked else ()))
    return FormattedText(tuple(runs))
