"""Clean text of feeds' markup, plain or HTML: single lines, and the paragraphs of an item."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from adapters.sources.feed.html_blocks import HtmlText, extract_text
from adapters.sources.feed.html_marks import PARTING, without_marks
from adapters.sources.feed.html_names import has_entity, has_markup, is_html_title
from adapters.sources.feed.html_tokens import expand_entities
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

_ESCAPED_TAG = re.compile(
    r"&lt;/?[a-z][a-z0-9]*(?:\s[^<>&]*(?:&quot;[^<>&]*)*)?/?&gt;", re.IGNORECASE
)
# What tells HTML that was escaped once too often from a text about tags: one is closed or parts it.
_ESCAPED_HTML = re.compile(
    r"&lt;(?:/[a-z]|(?:p|br|hr|div|img|a|li|ul|ol|h[1-6]|table|blockquote|figure)\b)", re.IGNORECASE
)
_C1 = re.compile("[\x80-\x9f]")
# Signs that may be a mistake of encoding: these, and what bytes of UTF-8 begin with.
_ODD = re.compile("[\x80-\x9f\xc2-\xf4]")
_MOJIBAKE = re.compile("[\x80-\x9f]|[\xc2-\xf4][\x80-\xbf]")
_ORDINARY = f"\n{PARTING}".encode() + bytes(range(0x20, 0x7F))
# Common signs that NFC leaves alone whatever stands beside them; it is quicker to look for others.
_COMPOSED = re.compile(
    "[\xa0-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u205e\u20a0-\u20bf\u2122\u2190-\u21ff"
    "\u3001-\u3029\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uac00-\ud7a3\uff01-\uffee"
    "\U0001f300-\U0001faff]*+"
)
_GAP = re.compile(r"\n[ \t\r]*\n|\r\n[ \t]*\r\n")


@dataclass(frozen=True, slots=True)
class ItemText:
    """The text of an item.

    Attributes:
        paragraphs: In order.
        images: The tags of those that stand in it, in order, for `image_of`.
        length: The characters of all paragraphs.
    """

    paragraphs: tuple[Paragraph, ...] = ()
    images: Sequence[str] = ()
    length: int = 0

    @property
    def line(self) -> str:
        """All of it as one line."""
        return " ".join(paragraph.text for paragraph in self.paragraphs)

    def beginning(self, length: int) -> str:
        """Returns the first paragraphs of `line`, more than so many characters if there are."""
        taken: list[str] = []
        for paragraph in self.paragraphs:
            taken.append(paragraph.text)
            length -= len(paragraph.text) + 1
            if length < 0:
                break
        return " ".join(taken)


_NO_TEXT = ItemText()


def clean_line(text: str) -> str:
    """Normalizes a text to one line: NFC, nothing invisible, each gap a single space."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _fix_mojibake(text) if _ODD.search(text) else text)
    return _visible_line(text)


def one_line(markup: Markup, max_length: int = MAX_TITLE) -> str:
    """Returns a title, a name or a short description as one clean line."""
    text, kind, _ = markup
    text = text[: max_length * _MARKUP_RATIO * 2]
    if "<" in text or "&" in text:
        text = _without_markup(text, kind)
    return _truncate(clean_line(text), max_length)


def _without_markup(text: str, kind: MarkupKind) -> str:
    """Returns a short text without its tags and entities, however often they were escaped."""
    for _ in range(_MAX_UNESCAPES):
        if is_html(text, kind):
            text = extract_text(text).paragraphs.replace(PARTING, " ")
        elif "<" not in text and _is_escaped(text, kind):
            text = expand_entities(text)
        else:
            break
        kind = MarkupKind.UNSPECIFIED
    return text


def item_text(markup: Markup) -> ItemText:
    """Returns the paragraphs and images of a text."""
    text, kind = markup.text[: MAX_TEXT * _MARKUP_RATIO], markup.kind
    if not is_html(text, kind):
        if not _is_escaped(text, kind):
            return _plain_text(text)
        was_escaped = bool(_ESCAPED_HTML.search(text) and _ESCAPED_TAG.search(text))
        text = expand_entities(text)  # the tags in it were escaped once too often
        if not was_escaped or "<" not in text:
            return _plain_text(text)
    return _limited_text(extract_text(text))


def _plain_text(text: str) -> ItemText:
    if "\n" in text or len(text) > MAX_TEXT:
        return _limited_text(HtmlText(_GAP.sub(PARTING, without_marks(text))))
    line = clean_line(text)
    return ItemText((Paragraph(line),), (), len(line)) if line else _NO_TEXT


def is_html(text: str, kind: MarkupKind) -> bool:
    """Returns True for a text with tags that must be read as HTML."""
    if "<" not in text or kind is MarkupKind.PLAIN:
        return False
    if kind is MarkupKind.HTML:
        return True
    return has_markup(text) if kind is MarkupKind.LIKELY_HTML else is_html_title(text)


def _is_escaped(text: str, kind: MarkupKind) -> bool:
    """Returns True for a text with entities that stand for signs."""
    if kind is MarkupKind.PLAIN or "&" not in text:
        return False
    return kind is MarkupKind.HTML or has_entity(text)


def _fix_mojibake(text: str) -> str:
    """Repairs the two commonest encoding mistakes.

    Those are characters of Windows-1252 where Latin-1 has none, and UTF-8 that was taken for
    Latin-1 and encoded once more (mojibake).
    """
    with contextlib.suppress(UnicodeEncodeError, UnicodeDecodeError):
        text = text.encode("latin-1").decode("utf-8")
    return _C1.sub(lambda sign: sign[0].encode("latin-1").decode("cp1252", "ignore"), text)


def clean_paragraphs(text: HtmlText) -> tuple[Paragraph, ...]:
    """Returns the paragraphs of HTML, each a clean line; none is empty."""
    return _paragraphs(_clean_lines(text.paragraphs), text.headings)


def _limited_text(text: HtmlText) -> ItemText:
    """Returns clean paragraphs up to the limit; the one that crosses it is truncated."""
    lines = _clean_lines(text.paragraphs)
    length = sum(map(len, lines))
    if length > MAX_TEXT:
        lines = list(_limit(lines, MAX_TEXT))
        length = sum(map(len, lines))
    return ItemText(_paragraphs(lines, text.headings), text.images, length)


def _paragraphs(lines: Sequence[str], headings: frozenset[int]) -> tuple[Paragraph, ...]:
    """Makes paragraphs of the lines that are not empty; those between headings all at once."""
    if not headings:
        return tuple(map(Paragraph, filter(None, lines)))
    made: list[Paragraph] = []
    start = 0
    for at in sorted(headings):
        made += map(Paragraph, filter(None, lines[start:at]))
        made += (Paragraph(each, len(each) <= _MAX_HEADING) for each in lines[at : at + 1] if each)
        start = at + 1
    made += map(Paragraph, filter(None, lines[start:]))
    return tuple(made)


def _limit(lines: Iterable[str], room: int) -> Iterator[str]:
    for line in lines:
        yield _truncate(line, room)
        room -= len(line)
        if room <= 0:
            return


def _clean_lines(whole: str) -> list[str]:
    """Does as `clean_line` does with each paragraph; ordinary ones are looked at all at once."""
    signs = whole.encode("utf-8", "surrogatepass").translate(None, _ORDINARY)
    odd = signs.decode("utf-8", "surrogatepass")
    if not _are_clean(odd, whole):
        return ["" if text.isspace() else clean_line(text) for text in whole.split(PARTING)]
    for gap in {"\n", *odd}:
        if gap.isspace() and gap in whole:
            whole = whole.replace(gap, " ")
    lines = list(map(str.strip, whole.split(PARTING)))
    if "  " not in whole:
        return lines
    return [" ".join(line.split()) if "  " in line else line for line in lines]


def _are_clean(signs: str, whole: str) -> bool:
    """Returns True when a text needs nothing but its gaps made single spaces.

    Args:
        signs: Those of the text that are no ordinary ones of ASCII.
        whole: The text.
    """
    if not signs:
        return True
    return (
        "".join(signs.split()).isprintable()
        and not _MOJIBAKE.search(signs)
        and not _C1.search(signs)  # one of them is a gap as well
        and (_COMPOSED.fullmatch(signs) is not None or unicodedata.is_normalized("NFC", whole))
    )


def _visible_line(text: str) -> str:
    """Makes each gap a single space, and removes what is invisible."""
    line = text.strip()
    if "\n" in line:
        line = line.replace("\n", " ")
    if line.isprintable() and "  " not in line:  # gaps other than spaces are no printable signs
        return line
    line = " ".join(line.split())
    return line if line.isprintable() else " ".join(strip_hidden(line).split())


def _truncate(line: str, max_length: int) -> str:
    return line if len(line) <= max_length else line[: max_length - 1].rstrip() + "…"
