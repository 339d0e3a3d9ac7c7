"""Clean text of feeds' markup, plain or HTML: single lines, and the paragraphs of an item."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from html.entities import html5

from adapters.sources.feed.html_blocks import HtmlImage, extract_blocks
from adapters.sources.feed.model import Markup, MarkupKind
from bot.model import Paragraph
from bot.text.display import strip_hidden

MAX_TITLE = 1_000
"""The most characters of a title."""

MAX_TEXT = 200_000
"""The most characters of one item's text."""

_MAX_UNESCAPES = 3  # how often a text may have been escaped; more than twice has not been seen
_MAX_HEADING = 200
_MARKUP_RATIO = 4  # markup is read up to so many times the length that its text may have

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:[\s/][^<>]*)?>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ESCAPED_TAG = re.compile(
    r"&lt;/?[a-z][a-z0-9]*(?:\s[^<>&]*(?:&quot;[^<>&]*)*)?/?&gt;", re.IGNORECASE
)
_C1 = re.compile("[\x80-\x9f]")
_GAP = re.compile(r"\n[ \t\r]*\n|\r\n[ \t]*\r\n")

# Tags by which a text that may be either is known for HTML.
_HTML = frozenset(
    "a abbr acronym address article aside b big blockquote br center cite code dd del dfn div dl "
    "dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hr i iframe "
    "img input ins kbd li main mark noscript object ol p picture pre q s samp script section small "
    "source span strike strong style sub sup svg table tbody td tfoot th thead time tr tt u ul var "
    "video wbr".split()
)


@dataclass(frozen=True, slots=True)
class ItemText:
    """The text of an item.

    Attributes:
        paragraphs: In order.
        pictures: Those that stand in it, in order.
    """

    paragraphs: tuple[Paragraph, ...] = ()
    images: tuple[HtmlImage, ...] = ()

    @property
    def length(self) -> int:
        """The characters of all paragraphs."""
        return sum(len(paragraph.text) for paragraph in self.paragraphs)

    @property
    def line(self) -> str:
        """All of it as one line."""
        return " ".join(paragraph.text for paragraph in self.paragraphs)


def clean_line(text: str) -> str:
    """Normalizes a text to one line: NFC, nothing invisible, each gap a single space."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _fix_mojibake(text))
    return " ".join(strip_hidden(" ".join(text.split())).split())


def one_line(markup: Markup, max_length: int = MAX_TITLE) -> str:
    """Returns a title, a name or a short description as one clean line."""
    text = markup.text[: max_length * _MARKUP_RATIO * 2]
    kind = markup.kind
    for _ in range(_MAX_UNESCAPES):
        if kind is MarkupKind.PLAIN or not is_html(text, sure=kind is MarkupKind.HTML):
            break
        text = " ".join(text for text, _ in extract_blocks(text)[0])
        kind = MarkupKind.UNSPECIFIED
    return _truncate(clean_line(text), max_length)


def item_text(markup: Markup) -> ItemText:
    """Returns the paragraphs and images of a text."""
    text = markup.text[: MAX_TEXT * _MARKUP_RATIO]
    if markup.kind is MarkupKind.PLAIN or not is_html(text, sure=markup.kind is MarkupKind.HTML):
        return ItemText(_limited_paragraphs((part, False) for part in _GAP.split(text)))
    if "<" not in text:
        if not _ESCAPED_TAG.search(text):
            return ItemText(
                _limited_paragraphs((unescape(part), False) for part in _GAP.split(text))
            )
        text = unescape(text)  # escaped once too often
    parts, images = extract_blocks(text)
    return ItemText(_limited_paragraphs(parts), tuple(images))


def is_html(text: str, *, sure: bool = False) -> bool:
    """Returns True for a text that must be parsed as HTML.

    Args:
        text: The text.
        sure: True when its feed says that it is HTML: any tag or entity will do then. Else it must
            have an entity, or a tag that is closed or has attributes, and no tag but HTML's own:
            titles such as `Using the <b> tag` are shown as they are.
    """
    if "<" not in text:
        return "&" in text and (_ENTITY.search(text) is not None or sure)
    if sure:
        return True
    tags = [found[1].lower() for found in _TAG.finditer(text)]
    if not all(tag in _HTML for tag in tags):
        return False
    return "</" in text or any(tag in {"br", "img", "hr"} for tag in tags) or _has_entity(text)


def _has_entity(text: str) -> bool:
    return any(found[0][1] == "#" or found[0][1:] in html5 for found in _ENTITY.finditer(text))


def _fix_mojibake(text: str) -> str:
    """Repairs the two commonest encoding mistakes.

    Those are characters of Windows-1252 where Latin-1 has none, and UTF-8 that was taken for
    Latin-1 and encoded once more (mojibake).
    """
    with contextlib.suppress(UnicodeEncodeError, UnicodeDecodeError):
        text = text.encode("latin-1").decode("utf-8")
    return _C1.sub(lambda sign: sign[0].encode("latin-1").decode("cp1252", "ignore"), text)


def _limited_paragraphs(parts: Iterable[tuple[str, bool]]) -> tuple[Paragraph, ...]:
    """Returns clean paragraphs up to the limit; the one that crosses it is truncated."""
    found: list[Paragraph] = []
    room = MAX_TEXT
    for text, heading in parts:
        line = _truncate(clean_line(text), room)
        if line:
            found.append(Paragraph(line, heading=heading and len(line) <= _MAX_HEADING))
            room -= len(line)
        if room <= 0:
            break
    return tuple(found)


def _truncate(line: str, max_length: int) -> str:
    return line if len(line) <= max_length else line[: max_length - 1].rstrip() + "…"
