"""Splits HTML into paragraphs (block-level elements), and collects its images."""

from __future__ import annotations

import re
from collections.abc import Iterable

from adapters.sources.feed.html_ends import ElementEnds
from adapters.sources.feed.html_images import HtmlImage, emoji_of, image_of
from adapters.sources.feed.html_names import HTML_NAMES
from adapters.sources.feed.html_tokens import (
    attributes,
    expand_entities,
    tokens,
)

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
_KNOWN_TAGS = _SKIPPED_TAGS | _BLOCK_TAGS | _CELL_TAGS | {"q", "br", "img"}
# What is done at a tag: nothing, the end of a paragraph, or more than that.
_NOTHING, _END_BLOCK, _READ = range(3)
_ACTIONS = {
    **dict.fromkeys(HTML_NAMES, _NOTHING),
    **dict.fromkeys(_KNOWN_TAGS, _READ),
    **dict.fromkeys(_PLAIN_TAGS | _LIST_TAGS, _END_BLOCK),
}
_ACTIONS.update({f"/{tag}": _END_BLOCK for tag in _PLAIN_TAGS})
_ACTIONS.update({f"/{tag}": _READ for tag in (_BLOCK_TAGS - _PLAIN_TAGS) | {"br", "q"}})
_CODE_TAGS = frozenset(("script", "style"))  # their text is none, even where they never end
_CELL_MARK = " | "
_BULLET = "• "
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# What stands in tags of hidden elements; patterns that begin with letters are fast to search for.
_DISPLAY_NONE = re.compile(r"display\s*:\s*none")
_VISIBILITY_HIDDEN = re.compile(r"visibility\s*:\s*hidden")
_HIDDEN_ATTRIBUTE = re.compile(r"hidden(?<=[\s\"'/]hidden)[\s=/>]")


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
        self._has_hidden = _may_hide(html)
        self._tokens = tokens(html, keep_inline=self._has_hidden)
        self._parts: list[str] = []
        self._line_start = -1  # the part behind the last line break; -1 for none in this paragraph
        self._in_heading = False
        self._in_pre = False
        self._begins_item = False  # the next paragraph is the first of a list's item
        self._ends = ElementEnds(self._tokens.names, any_tag=self._has_hidden)

    def read(self) -> None:
        """Reads it all."""
        actions = self._actions()
        if actions.count(_END_BLOCK) == len(actions):
            for text in (self._tokens.start, *self._tokens.texts):
                self._add_block(text)
        else:
            self._read_tags(actions)

    def _read_tags(self, actions: Iterable[int | None]) -> None:
        parts, texts, skipped = self._parts, self._tokens.texts, 0
        parts.append(self._tokens.start)
        for at, action in enumerate(actions):
            if at < skipped:
                continue
            if action == _END_BLOCK:
                if parts:
                    self._end_block()
            elif action:
                skipped = self._read_tag(at)
                if skipped > at:
                    continue
            if text := texts[at]:
                if self._in_pre and "\n" in text:
                    self._add_lines(text)
                elif parts or not text.isspace():
                    parts.append(text)
        self._end_block()

    def _actions(self) -> list[int | None]:
        """Returns what is to be done at each tag; None for an unknown one."""
        found = self._tokens
        actions = list(map(_ACTIONS.get, found.names))
        if self._has_hidden:
            pairs = zip(actions, found.attributes, strict=True)
            return [_READ if written else action for action, written in pairs]
        return actions

    def _read_tag(self, at: int) -> int:
        """Reads a tag; returns the one behind which it goes on."""
        tag, written = self._tokens.names[at], self._tokens.attributes[at]
        if tag in _SKIPPED_TAGS or (self._has_hidden and written and _is_hidden(written)):
            return self._skip(at, tag, written)
        if tag in _BLOCK_TAGS:
            self._open_block(tag)
        elif tag[:1] == "/":
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
        if self._parts:
            self._end_block()
        if tag == "li":
            self._begins_item = True
        elif tag in _HEADING_TAGS:
            self._in_heading = True
        elif tag == "pre":
            self._in_pre = True

    def _close(self, tag: str) -> None:
        if tag in _BLOCK_TAGS:
            if self._parts:
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
        first, *others = text.split("\n")
        self._parts.append(first)
        for line in others:
            self._end_block()
            self._parts.append(line)

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
        parts = self._parts
        text = parts[0] if len(parts) == 1 else "".join(parts)
        parts.clear()
        self._add_block(text)

    def _add_block(self, text: str) -> None:
        if not text or text.isspace():
            return
        if "&" in text:
            text = expand_entities(text)
        if self._begins_item:
            text = _BULLET + text
            self._begins_item = False
        self.blocks.append((text, self._in_heading))
        self._in_heading = False  # whether it is closed or not

    def _skip(self, at: int, tag: str, written: str) -> int:
        """Skips an element; one that never ends is skipped as a tag only."""
        if tag in _VOID_TAGS or written.endswith("/"):
            return at
        end = self._ends.end_of(tag, at)
        # The text behind a paragraph's last tag is its own where only the next one ends it.
        if tag in _CODE_TAGS if end is None else self._tokens.names[end] != f"/{tag}":
            self._tokens.texts[end or at] = ""
        return end or at

    def _add_image(self, found: dict[str, str]) -> None:
        if emoji := emoji_of(found):
            self._parts.append(emoji)
        elif image := image_of(found):
            self.images.append(image)


def _is_blank(parts: Iterable[str]) -> bool:
    return all(not part or part.isspace() for part in parts)


def _may_hide(html: str) -> bool:
    """Returns True for HTML that may have hidden elements."""
    has_display, has_hidden = "display" in html, "hidden" in html
    return bool(
        (has_display and _DISPLAY_NONE.search(html))
        or (has_hidden and (_VISIBILITY_HIDDEN.search(html) or _HIDDEN_ATTRIBUTE.search(html)))
    )


def _is_hidden(written: str) -> bool:
    if "hidden" not in written and "display" not in written:
        return False
    found = attributes(written)
    return "hidden" in found or _HIDDEN.search(found.get("style", "")) is not None
