"""Splits HTML into paragraphs (block-level elements), and collects its images."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape

from adapters.sources.feed.html_tokens import STRIDE, attributes, tokens

Block = tuple[str, bool]
"""A paragraph with its white space as it stands, and whether it is a heading."""

# Elements without text for readers: scripts, forms and their controls, frames, drawings, players'
# fallbacks.
_SKIPPED_TAGS = frozenset(
    "script style iframe form noframes noembed object embed applet svg math template canvas audio "
    "video button select datalist optgroup option textarea progress meter figcaption head title "
    "dialog map frameset xml".split()
)
# Block-level elements: where one begins or ends, a paragraph ends.
_BLOCK_TAGS = frozenset(
    "address article aside blockquote body center dd details dir div dl dt fieldset figure footer "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav noscript ol p pre section "
    "summary table tbody tfoot thead tr ul caption".split()
)
_HEADING_TAGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_LIST_TAGS = frozenset("ul ol menu dir".split())
_CELL_TAGS = frozenset(("td", "th"))
_VOID_TAGS = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)
# Tags that end a paragraph and do nothing else.
_PLAIN_TAGS = _BLOCK_TAGS - _HEADING_TAGS - _LIST_TAGS - {"li", "pre"}
_ENDS_BLOCK = _PLAIN_TAGS.union(f"/{tag}" for tag in _PLAIN_TAGS).union(_LIST_TAGS)
_KNOWN_TAGS = _SKIPPED_TAGS | _BLOCK_TAGS | _CELL_TAGS | {"q", "br", "img"}
_KNOWN = _KNOWN_TAGS.union(f"/{tag}" for tag in _KNOWN_TAGS)
# Elements of which none can stand in another of its kind.
_UNNESTED_TAGS = frozenset(
    "script style iframe form noframes noembed audio video button select option textarea title "
    "figcaption head".split()
)
_CODE_TAGS = frozenset(("script", "style"))  # their text is none, even where they never end
_CELL_MARK = " | "
_BULLET = "• "
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WIDTH = re.compile(r"([0-9]{1,5})(?:px)?\s*;?\s*$")
_STYLED = re.compile(r"(?<![\w-])(width|height)\s*:\s*([0-9]{1,5})px", re.IGNORECASE)
# Where pages that load images lazily keep their URLs.
_LAZY_ATTRIBUTES = ("data-src", "data-lazy-src", "data-original", "data-orig-file")
_MAX_EMOJI = 4  # an image that stands for an emoji has it as its text


@dataclass(frozen=True, slots=True)
class HtmlImage:
    """An image in HTML.

    Attributes:
        address: As written.
        width: In pixels; 0 when it does not say.
        height: In pixels; 0 when it does not say.
    """

    address: str
    width: int = 0
    height: int = 0


def extract_blocks(html: str) -> tuple[list[Block], list[HtmlImage]]:
    """Returns the paragraphs of the HTML, and its images.

    List items get a bullet, the cells of a table's row a bar between them; what is hidden is left
    out, as are the captions of images.
    """
    reader = _BlockReader(html)
    reader.read()
    return reader.blocks, reader.images


class _BlockReader:
    """Collects paragraphs and images tag by tag.

    Args:
        html: The HTML.
    """

    def __init__(self, html: str) -> None:
        self.blocks: list[Block] = []
        self.images: list[HtmlImage] = []
        self._tokens = tokens(html)
        self._has_hidden = "hidden" in html or "display" in html
        self._parts: list[str] = []
        self._line_start = -1  # the part behind the last line break; -1 for none in this paragraph
        self._in_heading = False
        self._in_pre = False
        self._begins_item = False  # the next paragraph is the first of a list's item
        self._ends: dict[int, int] | None = None

    def read(self) -> None:
        """Reads it all."""
        found = self._tokens
        parts, add = self._parts, self._parts.append
        ends_block, known, has_hidden = _ENDS_BLOCK, _KNOWN, self._has_hidden
        add(found[0])
        at = 1
        while at < len(found):
            name = found[at]
            if name in ends_block and not (has_hidden or self._in_heading):
                if parts:
                    self._end_block()
            elif name and ((tag := name.lower()) in known or has_hidden):
                at = self._read_tag(at, tag)
            if text := found[at + 2]:
                if self._in_pre:
                    self._add_lines(text)
                else:
                    add(text)
            at += STRIDE
        self._end_block()

    def _read_tag(self, at: int, tag: str) -> int:
        """Reads a tag; returns where the one stands behind which it goes on."""
        written = self._tokens[at + 1]
        if tag in _SKIPPED_TAGS or (self._has_hidden and written and _is_hidden(written)):
            return self._skip(at, tag, written)
        if tag in _BLOCK_TAGS:
            self._open_block(tag)
        elif tag[0] == "/":
            self._close(tag[1:])
        elif tag == "br":
            self._break_line()
        elif tag == "img":
            self._add_image(attributes(written))
        elif tag in _CELL_TAGS and not _is_blank(self._parts):
            self._parts.append(_CELL_MARK)
        elif tag == "q":
            self._parts.append("“")
        return at

    def _open_block(self, tag: str) -> None:
        self._end_block()
        if tag == "li":
            self._begins_item = True
        elif tag in _HEADING_TAGS:
            self._in_heading = True
        elif tag == "pre":
            self._in_pre = True
        elif self._in_heading and self.blocks and self.blocks[-1][1]:
            self._in_heading = False  # it was never closed

    def _close(self, tag: str) -> None:
        if tag in _BLOCK_TAGS:
            self._end_block()
            if tag == "li" or tag in _LIST_TAGS:
                self._begins_item = False
            elif tag in _HEADING_TAGS:
                self._in_heading = False
            elif tag == "pre":
                self._in_pre = False
        elif tag == "br":
            self._break_line()
        elif tag == "q":
            self._parts.append("”")

    def _add_lines(self, text: str) -> None:
        """Adds preformatted text, of which each line is a paragraph."""
        for line in text.splitlines():
            self._parts.append(line)
            self._end_block()

    def _break_line(self) -> None:
        """Breaks the line; a second break without a word in between ends the paragraph."""
        if self._line_start >= 0 and _is_blank(self._parts[self._line_start :]):
            self._end_block()
            return
        self._parts.append("\n")
        self._line_start = len(self._parts)

    def _end_block(self) -> None:
        """Ends the paragraph."""
        self._line_start = -1
        if not self._parts:
            return
        text = "".join(self._parts)
        self._parts.clear()
        if text.isspace() or not text:
            return
        if "&" in text:
            text = unescape(text)
        if self._begins_item:
            text = _BULLET + text
            self._begins_item = False
        self.blocks.append((text, self._in_heading))

    def _skip(self, at: int, tag: str, written: str) -> int:
        """Skips an element; one that never ends is skipped as a tag only."""
        if tag in _VOID_TAGS or written.endswith("/"):
            return at
        if self._ends is None:
            self._ends = _ends(self._tokens)
        end = self._ends.get(at)
        # The text behind a paragraph's last tag is its own where only the next one ends it.
        if tag in _CODE_TAGS if end is None else self._tokens[end].lower() != f"/{tag}":
            self._tokens[(end or at) + 2] = ""
        return end or at

    def _add_image(self, found: dict[str, str]) -> None:
        alternative = found.get("alt", "").strip()
        if 0 < len(alternative) <= _MAX_EMOJI and not alternative.isascii():
            self._parts.append(alternative)  # an emoji as an image
            return
        addresses = (
            found.get("src"),
            *(found.get(name) for name in _LAZY_ATTRIBUTES),
            next(iter(found.get("srcset", "").split()), None),
        )
        address = next((a for a in addresses if a and not a.startswith("data:")), None)
        if address:
            self.images.append(HtmlImage(address.strip(), *_size(found)))


def _is_blank(parts: Iterable[str]) -> bool:
    return all(not part or part.isspace() for part in parts)


def _is_hidden(written: str) -> bool:
    if "hidden" not in written and "display" not in written:
        return False
    found = attributes(written)
    return "hidden" in found or _HIDDEN.search(found.get("style", "")) is not None


def _ends(found: Sequence[str]) -> dict[int, int]:
    """Returns where each element ends, by where it begins; not those that never do."""
    ends: dict[int, int] = {}
    begun: dict[str, list[int]] = {}
    for at in range(1, len(found), STRIDE):
        tag = (found[at] or "").lower()
        places = begun.setdefault(tag.removeprefix("/"), [])
        if tag[:1] == "/":
            if places:
                ends[places.pop()] = at
        elif tag == "p" and places:
            ends[places[0]] = at - STRIDE  # paragraphs are often ended by the next
            places[0] = at
        elif not places or tag not in _UNNESTED_TAGS:
            places.append(at)
    return ends


def _size(found: dict[str, str]) -> tuple[int, int]:
    """Returns width and height in pixels."""
    size = {"width": 0, "height": 0}
    for name, pixels in _STYLED.findall(found.get("style", "")):
        size[name.lower()] = int(pixels)
    for name in size:
        if digits := _WIDTH.match(found.get(name, "").strip()):
            size[name] = int(digits[1])
    return size["width"], size["height"]
