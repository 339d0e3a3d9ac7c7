"""The marks that stand for HTML's tags while its paragraphs are found.

They are control characters, which no text has. What a mark means is seen from those beside it, for
a whole text at once; only what is `SPECIAL` is looked at tag by tag.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

from adapters.sources.feed.html_names import HTML_NAMES, are_attributes
from adapters.sources.feed.html_tokens import attributes, tag_name

_Known = TypeVar("_Known")

PARTING = "\x1f"
"""Stands between two paragraphs."""

BREAK, CELL = "\x1e", "\x1c"
"""Marks of line breaks, and of the cells of a row."""

HEADING, END_HEADING, ITEM, END_ITEM = "\x01\x02\x03\x04"
"""Marks of where headings and items of lists begin and end."""

END_TERM = "\x06"
"""Marks where a term ends that is explained behind it."""

SPECIAL = "\x05"
"""Marks what has to be looked at: preformatted text, and elements that are skipped."""

IMAGE = "\x07"
"""Marks images that are shown."""

_MARKS = f"{PARTING}{BREAK}{CELL}{HEADING}{END_HEADING}{ITEM}{END_ITEM}{END_TERM}{SPECIAL}{IMAGE}"
_WITHOUT_MARKS = {ord(mark): " " if mark.isspace() else None for mark in _MARKS}

SKIPPED_TAGS = frozenset(
    "script style iframe form noframes noembed object embed applet svg math template canvas audio "
    "video button select datalist optgroup option textarea progress meter figcaption head title "
    "dialog map frameset xml".split()
)
"""Elements without text for readers: scripts, forms, frames, drawings, players' fallbacks."""

# Block-level elements: where one begins or ends, a paragraph ends.
_BLOCK_TAGS = frozenset(
    "address article aside blockquote body center dd details dir div dl dt fieldset figure footer "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav noscript ol p pre section "
    "summary table tbody tfoot thead tr ul caption".split()
)
_HEADING_TAGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_LIST_TAGS = frozenset("ul ol menu dir".split())
# The commonest elements of drawings (SVG) and formulas (MathML).
_FOREIGN_TAGS = frozenset(
    "path g defs use symbol circle ellipse line polygon polyline rect text tspan clippath stop "
    "lineargradient mfrac mi mn mo mover mrow mspace msqrt mstyle msub msubsup msup mtable mtd "
    "mtext mtr munder munderover semantics annotation".split()
)
_NAMES = HTML_NAMES | _FOREIGN_TAGS
_MARK_OF_NAME = {
    **dict.fromkeys((*_NAMES, *(f"/{name}" for name in _NAMES)), ""),
    **dict.fromkeys((*_BLOCK_TAGS, *(f"/{tag}" for tag in _BLOCK_TAGS)), PARTING),
    **dict.fromkeys(_HEADING_TAGS, PARTING + HEADING),
    **{f"/{tag}": PARTING + END_HEADING for tag in _HEADING_TAGS},
    **{f"/{tag}": PARTING + END_ITEM for tag in ("li", *_LIST_TAGS)},
    "li": PARTING + ITEM,
    "/dt": END_TERM,
    "br": BREAK,
    "/br": BREAK,
    "td": CELL,
    "th": CELL,
    "q": "“",
    "/q": "”",
    **dict.fromkeys((*SKIPPED_TAGS, "pre"), SPECIAL),
    "img": IMAGE,
}
# What plugins and platforms put among the words of a story, by its classes: buttons to share with,
# forms to subscribe with, related stories, captions, what only screen readers say, and Drupal's
# fields that say again what the feed does.
_MODULE = re.compile(
    r"sharedaddy|sd-sharing\S*|jp-relatedposts|feedflare|blogger-post-footer|subscription-widget\S*|"
    r"button-wrapper|kg-(?:signup|cta)-card|beehiiv__footer|powerpress_(?:links|player)|a2a_kit|"
    r"wp-block-jetpack-subscriptions\S*|addtoany_share\S*|addthis_\S+|yarpp\S*|mailpoet_form|wpcf7|"
    r"heateor_sss\S*|screen-reader-text|element-invisible|visually-?hidden|sr-only|wp-caption-text|"
    r"is-type-(?:video|audio)|field-+name-(?:title|uid|created|field-tags)"
)
_CLASSES = re.compile(r"class\s{0,3}=\s{0,3}[\"']?([^\"'<>]{0,1000})")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# A tag without either, as those with `aria-hidden` are, hides nothing, whatever its attributes are.
_HIDDEN_WORD = re.compile(r"hidden(?<![\w-]hidden)")
_NO_DISPLAY = re.compile(r"display\s*:\s*(?i:none)")
_LONGEST_KEPT = 50  # characters of a tag that is remembered; longer ones are seldom written again
_MOST_KEPT = 8_192


class _Memory(dict[str, _Known], Generic[_Known]):
    """A cache of what a function returns for tags, most of which are written many times."""

    def __init__(self, function: Callable[[str], _Known]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, tag: str) -> _Known:
        value = self._function(tag)
        if len(tag) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[tag] = value
        return value


def without_marks(text: str) -> str:
    """Returns a text in which no sign can be taken for a mark."""
    for mark in _MARKS:  # ten looks for one sign are faster than one for any of ten
        if mark in text:
            return text.translate(_WITHOUT_MARKS)
    return text


def is_left_out(tag: str) -> bool:
    """Returns True for a tag whose element is hidden, or no part of a story."""
    if ("hidden" in tag or "display" in tag) and _is_hidden(tag):
        return True
    found = _CLASSES.search(tag) if "class" in tag else None
    return found is not None and _are_of_module(found[1])


def _is_hidden(tag: str) -> bool:
    if not (_HIDDEN_WORD.search(tag) or _NO_DISPLAY.search(tag)):
        return False
    found = attributes(tag)
    return "hidden" in found or _HIDDEN.search(found.get("style", "")) is not None


@lru_cache(maxsize=1_024)
def _are_of_module(classes: str) -> bool:
    return any(map(_MODULE.fullmatch, classes.split()))


def _mark(tag: str) -> str:
    return SPECIAL if is_left_out(tag) else _MARK_OF_NAME.get(_name(tag), "")


mark_of = _Memory(_mark).__getitem__
"""Returns the mark of a tag as it is written; empty for one that parts no words."""


def _sure_mark(tag: str) -> str | None:
    name, _, rest = tag.partition(" ")
    mark = _MARK_OF_NAME.get(name)
    if mark is None:
        written = tag_name(tag)
        if not written:
            return written
        mark, rest = _MARK_OF_NAME.get(written), tag[len(written) :]
    if mark is None or not rest:
        return mark
    if "=" not in rest and not are_attributes(rest):
        return None
    return SPECIAL if is_left_out(rest) else mark


sure_mark_of = _Memory(_sure_mark).__getitem__
"""Returns the mark of a tag as it is written; None for what may be none of HTML's."""


def _name(tag: str) -> str:
    name = tag.partition(" ")[0]
    return name if name in _MARK_OF_NAME else tag_name(tag) or ""


name_of = _Memory(_name).__getitem__
"""Returns what `tag_name` does, an empty name for what is no tag."""
