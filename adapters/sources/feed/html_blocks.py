"""Splits HTML into paragraphs (block-level elements), and collects its images."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

Block = tuple[str, bool]
"""A paragraph with its white space as it stands, and whether it is a heading."""

# Elements without text for readers: scripts, forms, frames, drawings, players' fallbacks.
_SKIPPED_TAGS = frozenset(
    "script style iframe form noframes object embed applet svg math template canvas audio video "
    "button select textarea input figcaption head title dialog map frameset".split()
)
# Block-level elements: where one begins or ends, a paragraph ends.
_BLOCK_TAGS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer h1 "
    "h2 h3 h4 h5 h6 header hgroup hr html legend li main nav noscript ol p pre section summary "
    "table tbody tfoot thead tr ul caption".split()
)
_HEADING_TAGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_CELL_TAGS = frozenset(("td", "th"))
_HANDLED_TAGS = _BLOCK_TAGS | _CELL_TAGS | {"q"}
_CELL_MARK = " | "
_BULLET = "• "
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WIDTH = re.compile(r"([0-9]{1,5})(?:px)?\s*;?\s*$")
_STYLED = re.compile(r"(?<![\w-])(width|height)\s*:\s*([0-9]{1,5})px", re.IGNORECASE)
# Where pages that load images lazily keep their URLs.
_LAZY_ATTRIBUTES = ("data-src", "data-lazy-src", "data-original", "data-orig-file")
_MAX_EMOJI = 4  # an image that stands for an emoji has it as its text
_NOT_IN_HTML = re.compile("[\x00\x0b\x0c\x0e-\x1f\ud800-\udfff]")

_CDATA_MARK = re.compile(r"<!\[CDATA\[|\]\]>")
_OPEN_COMMENT = re.compile("<!--[^<>]*>?")
# Many of these are never closed; the rest of the text would be taken for their content.
_OFTEN_UNCLOSED = ("iframe", "object", "embed", "applet", "form", "noframes", "video", "audio")

_PARSER_OPTIONS = {"remove_comments": True, "remove_pis": True, "no_network": True, "recover": True}


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


@dataclass(slots=True)
class _BlockCollector:
    """Collects paragraphs and images during a walk through the document."""

    blocks: list[Block] = field(default_factory=list)
    images: list[HtmlImage] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    headings: int = 0
    breaks: int = 0  # line breaks since the last word: two of them part paragraphs
    preformatted: int = 0
    skipped_tags: frozenset[str] = _SKIPPED_TAGS
    has_hidden: bool = False
    begins_item: bool = False  # the next paragraph is the first of a list's item

    def add_text(self, text: str | None) -> None:
        if not text:
            return
        if self.preformatted:
            for line in text.splitlines():
                self.parts.append(line)
                self.end_block()
            return
        if not text.isspace():
            self.breaks = 0
        self.parts.append(text)

    def line_break(self) -> None:
        self.breaks += 1
        self.parts.append("\n")
        if self.breaks > 1:
            self.end_block()

    def end_block(self) -> None:
        """Ends the paragraph."""
        self.breaks = 0
        if not self.parts:
            return
        text = "".join(self.parts)
        self.parts.clear()
        text = text.strip()
        if text.endswith("|"):
            text = text.removesuffix("|").rstrip()
        if text:
            bullet = _BULLET if self.begins_item else ""
            self.blocks.append((bullet + text, self.headings > 0))
            self.begins_item = False


def extract_blocks(html: str) -> tuple[list[Block], list[HtmlImage]]:
    """Returns the paragraphs of the HTML, and its images.

    List items get a bullet, the cells of a table's row a bar between them; what is hidden is left
    out, as are the captions of images.
    """
    has_hidden = "hidden" in html or "display" in html
    collector = _BlockCollector(
        skipped_tags=_SKIPPED_TAGS.difference(_unclosed_tags(html)), has_hidden=has_hidden
    )
    root = _parse_html(html)
    if root is not None:
        _walk(root, collector)
        collector.end_block()
    return collector.blocks, collector.images


def _unclosed_tags(html: str) -> list[str]:
    """Returns those of the skipped elements that are never closed."""
    found = (each for each in _OFTEN_UNCLOSED if f"<{each}" in html)
    return [each for each in found if html.count(f"<{each}") > html.count(f"</{each}")]


def _parse_html(html: str) -> etree._Element | None:
    text = _CDATA_MARK.sub("", _NOT_IN_HTML.sub(" ", html))
    if text.count("<!--") > text.count("-->"):
        text = _OPEN_COMMENT.sub("", text)  # it would hide all that follows
    if not text.strip():
        return None
    try:
        return etree.fromstring(f"<html><body>{text}", etree.HTMLParser(**_PARSER_OPTIONS))
    except etree.XMLSyntaxError:
        return None


def _walk(root: etree._Element, collector: _BlockCollector) -> None:
    """Walks through the document without recursion, since it may be nested deeply."""
    open_elements = [(root, iter(root))]
    while open_elements:
        parent, children = open_elements[-1]
        element = next(children, None)
        if element is None:
            open_elements.pop()
            if parent.tag in _HANDLED_TAGS:
                _close_tag(parent.tag, collector)
            collector.add_text(parent.tail)
        elif _enter(element, collector):
            collector.add_text(element.text)
            open_elements.append((element, iter(element)))
        else:
            collector.add_text(element.tail)


def _enter(element: etree._Element, collector: _BlockCollector) -> bool:
    """Enters an element; False when there is no text in it."""
    tag = element.tag
    if tag in collector.skipped_tags or (collector.has_hidden and _is_hidden(element)):
        return False
    if tag == "br":
        collector.line_break()
        return False
    if tag == "img":
        _add_image(element, collector)
        return False
    if tag in _HANDLED_TAGS:
        _open_tag(tag, collector)
    return True


def _open_tag(tag: str, collector: _BlockCollector) -> None:
    if tag in _BLOCK_TAGS:
        collector.end_block()
        collector.begins_item = collector.begins_item or tag == "li"
        collector.headings += tag in _HEADING_TAGS
        collector.preformatted += tag == "pre"
    elif tag == "q":
        collector.parts.append("“")


def _close_tag(tag: str, collector: _BlockCollector) -> None:
    if tag in _BLOCK_TAGS:
        collector.end_block()
        collector.begins_item = collector.begins_item and tag != "li"
        collector.headings -= tag in _HEADING_TAGS
        collector.preformatted -= tag == "pre"
    elif tag in _CELL_TAGS:
        collector.parts.append(_CELL_MARK)
    elif tag == "q":
        collector.parts.append("”")


def _is_hidden(element: etree._Element) -> bool:
    attributes = element.attrib
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))


def _add_image(element: etree._Element, collector: _BlockCollector) -> None:
    alternative = (element.get("alt") or "").strip()
    if 0 < len(alternative) <= _MAX_EMOJI and not alternative.isascii():
        collector.parts.append(alternative)  # an emoji as an image
        return
    addresses = (
        element.get("src"),
        *(element.get(name) for name in _LAZY_ATTRIBUTES),
        _first_in_srcset(element),
    )
    address = next((a for a in addresses if a and not a.startswith("data:")), None)
    if address:
        width, height = _size(element)
        collector.images.append(HtmlImage(address.strip(), width, height))


def _first_in_srcset(element: etree._Element) -> str | None:
    """Returns the first URL in `srcset`."""
    return next(iter((element.get("srcset") or "").split()), None)


def _size(element: etree._Element) -> tuple[int, int]:
    """Returns width and height in pixels."""
    size = {"width": 0, "height": 0}
    for name, pixels in _STYLED.findall(element.get("style", "")):
        size[name.lower()] = int(pixels)
    for name in size:
        if found := _WIDTH.match((element.get(name) or "").strip()):
            size[name] = int(found[1])
    return size["width"], size["height"]
