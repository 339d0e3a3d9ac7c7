"""Cuts HTML into its paragraphs and finds its pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

Block = tuple[str, bool]
"""A paragraph with its white space as it stands, and whether it is a heading."""

# What is no part of a text that is read: programs, forms, frames, drawings, players' excuses.
_DROPPED = frozenset(
    "script style iframe form noframes object embed applet svg math template canvas audio video "
    "button select textarea input figcaption head title dialog map frameset".split()
)
# Wherever one of these begins or ends, a paragraph ends.
_BREAKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer h1 "
    "h2 h3 h4 h5 h6 header hgroup hr html legend li main nav noscript ol p pre section summary "
    "table tbody tfoot thead tr ul caption".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_CELLS = frozenset(("td", "th"))
_MARKED = _BREAKS | _CELLS | {"q"}
_CELL_MARK = " | "
_BULLET = "• "
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WIDTH = re.compile(r"([0-9]{1,5})(?:px)?\s*;?\s*$")
_STYLED = re.compile(r"(?<![\w-])(width|height)\s*:\s*([0-9]{1,5})px", re.IGNORECASE)
# Where pages that load their pictures late keep the address meanwhile.
_LATE = ("data-src", "data-lazy-src", "data-original", "data-orig-file")
_LONGEST_SIGN = 4  # a picture that stands for an emoji has it as its text
_NOT_IN_HTML = re.compile("[\x00\x0b\x0c\x0e-\x1f\ud800-\udfff]")

_CDATA_MARK = re.compile(r"<!\[CDATA\[|\]\]>")
_OPEN_COMMENT = re.compile("<!--[^<>]*>?")
# Of these many are never closed, and the rest of the article would seem to stand in them.
_OFTEN_OPEN = ("iframe", "object", "embed", "applet", "form", "noframes", "video", "audio")

_PARSER_OPTIONS = {"remove_comments": True, "remove_pis": True, "no_network": True, "recover": True}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in an article.

    Attributes:
        address: As written.
        width: In pixels; 0 when it does not say.
        height: In pixels; 0 when it does not say.
    """

    address: str
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class _Writer:
    """Collects the paragraphs while the document is walked through."""

    blocks: list[Block] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    headings: int = 0
    breaks: int = 0  # line breaks since the last word: two of them part paragraphs
    preformatted: int = 0
    dropped: frozenset[str] = _DROPPED
    has_hidden: bool = False
    begins_item: bool = False  # the next paragraph is the first of a list's item

    def say(self, text: str | None) -> None:
        if not text:
            return
        if self.preformatted:
            for line in text.splitlines():
                self.words.append(line)
                self.end()
            return
        if not text.isspace():
            self.breaks = 0
        self.words.append(text)

    def line_break(self) -> None:
        self.breaks += 1
        self.words.append("\n")
        if self.breaks > 1:
            self.end()

    def end(self) -> None:
        """Ends the paragraph."""
        self.breaks = 0
        if not self.words:
            return
        text = "".join(self.words)
        self.words.clear()
        text = text.strip()
        if text.endswith("|"):
            text = text.removesuffix("|").rstrip()
        if text:
            bullet = _BULLET if self.begins_item else ""
            self.blocks.append((bullet + text, self.headings > 0))
            self.begins_item = False


def blocks(html: str) -> tuple[list[Block], list[Picture]]:
    """The paragraphs of the HTML, and the pictures that stand between them.

    List items get a bullet, the cells of a table's row a bar between them; what is not meant to be
    read goes, as do the captions of pictures.
    """
    has_hidden = "hidden" in html or "display" in html
    writer = _Writer(dropped=_DROPPED.difference(_left_open(html)), has_hidden=has_hidden)
    root = _parsed(html)
    if root is not None:
        _write(root, writer)
        writer.end()
    return writer.blocks, writer.pictures


def _left_open(html: str) -> list[str]:
    """The elements, of those that are not to be read, that end nowhere."""
    found = (each for each in _OFTEN_OPEN if f"<{each}" in html)
    return [each for each in found if html.count(f"<{each}") > html.count(f"</{each}")]


def _parsed(html: str) -> etree._Element | None:
    text = _CDATA_MARK.sub("", _NOT_IN_HTML.sub(" ", html))
    if text.count("<!--") > text.count("-->"):
        text = _OPEN_COMMENT.sub("", text)  # it would hide all that follows
    if not text.strip():
        return None
    try:
        return etree.fromstring(f"<html><body>{text}", etree.HTMLParser(**_PARSER_OPTIONS))
    except etree.XMLSyntaxError:
        return None


def _write(root: etree._Element, writer: _Writer) -> None:
    """Walks through the document without recursion: it may be nested as deep as it likes."""
    open_elements = [(root, iter(root))]
    while open_elements:
        parent, children = open_elements[-1]
        element = next(children, None)
        if element is None:
            open_elements.pop()
            if parent.tag in _MARKED:
                _finish(parent.tag, writer)
            writer.say(parent.tail)
        elif _begin(element, writer):
            writer.say(element.text)
            open_elements.append((element, iter(element)))
        else:
            writer.say(element.tail)


def _begin(element: etree._Element, writer: _Writer) -> bool:
    """Begins an element; False when there is nothing to read in it."""
    tag = element.tag
    if tag in writer.dropped or (writer.has_hidden and _is_hidden(element)):
        return False
    if tag == "br":
        writer.line_break()
        return False
    if tag == "img":
        _note_picture(element, writer)
        return False
    if tag in _MARKED:
        _start(tag, writer)
    return True


def _start(tag: str, writer: _Writer) -> None:
    if tag in _BREAKS:
        writer.end()
        writer.begins_item = writer.begins_item or tag == "li"
        writer.headings += tag in _HEADINGS
        writer.preformatted += tag == "pre"
    elif tag == "q":
        writer.words.append("“")


def _finish(tag: str, writer: _Writer) -> None:
    if tag in _BREAKS:
        writer.end()
        writer.begins_item = writer.begins_item and tag != "li"
        writer.headings -= tag in _HEADINGS
        writer.preformatted -= tag == "pre"
    elif tag in _CELLS:
        writer.words.append(_CELL_MARK)
    elif tag == "q":
        writer.words.append("”")


def _is_hidden(element: etree._Element) -> bool:
    attributes = element.attrib
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))


def _note_picture(element: etree._Element, writer: _Writer) -> None:
    alternative = (element.get("alt") or "").strip()
    if 0 < len(alternative) <= _LONGEST_SIGN and not alternative.isascii():
        writer.words.append(alternative)  # an emoji that was made a picture
        return
    addresses = (element.get("src"), *(element.get(name) for name in _LATE), _first_of_set(element))
    address = next((a for a in addresses if a and not a.startswith("data:")), None)
    if address:
        width, height = _size(element)
        writer.pictures.append(Picture(address.strip(), width, height))


def _first_of_set(element: etree._Element) -> str | None:
    """The first address in `srcset`."""
    return next(iter((element.get("srcset") or "").split()), None)


def _size(element: etree._Element) -> tuple[int, int]:
    """Width and height in pixels."""
    size = {"width": 0, "height": 0}
    for name, pixels in _STYLED.findall(element.get("style", "")):
        size[name.lower()] = int(pixels)
    for name in size:
        if found := _WIDTH.match((element.get(name) or "").strip()):
            size[name] = int(found[1])
    return size["width"], size["height"]
