"""Layouts of posts by templates: lines of styled text, without any platform's markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto

from bot.text.display import is_inside

ROOM = 3_000
"""UTF-16 units of a post's text, on every platform: with what may stand above it, a message of
any of them has room for it."""

JOINER = "\u2060"
"""Word joiner, of no width; no platform finds a mention, a link or a command across it."""

_ELLIPSIS = "…"
_KEPT = 40  # characters that texts keep before addresses and hashtags are left out
_JOINING = "@/:.<#"


class PicturePlace(StrEnum):
    """Places of pictures in a post."""

    LARGE = "large"  # above the text
    SMALL = "small"  # beside the text, where the platform can
    GALLERY = "gallery"  # all of them, below the text
    NONE = "none"


class SpanKind(Enum):
    """Kinds of spans."""

    LITERAL = auto()  # what the template says itself
    TEXT = auto()  # a story's words, which may be shortened
    NAME = auto()  # a hashtag or an address, which is whole or left out
    TOPIC = auto()  # a topic's name, which an adapter may link to
    ICON = auto()  # what stands before a source's name, which an adapter may have another of
    TIME = auto()  # when the story was published, which an adapter words


_CUT = frozenset({SpanKind.TEXT, SpanKind.TOPIC})  # what may be shortened
_WHOLE = frozenset({SpanKind.NAME, SpanKind.ICON})  # what is whole or left out


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line in one style.

    Attributes:
        text: Its text; empty for a time.
        kind: Its kind.
        bold: True for bold.
        italic: True for italic.
        is_link: True when it leads to the story's page.
        topic: The name of the topic that it stands for; empty for none.
    """

    text: str
    kind: SpanKind = SpanKind.LITERAL
    bold: bool = False
    italic: bool = False
    is_link: bool = False
    topic: str = ""

    @property
    def style(self) -> tuple[bool, bool, bool]:
        """The style; neighbours of the same one stand together."""
        return self.bold, self.italic, self.is_link


class LineKind(Enum):
    """Kinds of lines."""

    TEXT = auto()
    HEADING = auto()
    SMALL = auto()  # small print
    RULE = auto()  # a line that is drawn across
    BLANK = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A line.

    Attributes:
        spans: Its pieces; none of a rule and of a blank line.
        kind: Its kind.
    """

    spans: tuple[Span, ...] = ()
    kind: LineKind = LineKind.TEXT


@dataclass(frozen=True, slots=True)
class PostLayout:
    """A post as its template makes it.

    Attributes:
        lines: Its text, at least one line.
        picture: Where pictures stand.
        is_boxed: Whether a box is drawn around it, where the platform can.
        has_page_button: Whether a button opens the story's page, where the platform can.
        has_offers: Whether what comes with the story is offered: to listen, to watch.
    """

    lines: tuple[Line, ...]
    picture: PicturePlace = PicturePlace.LARGE
    is_boxed: bool = True
    has_page_button: bool = True
    has_offers: bool = True

    @property
    def has_hashtags(self) -> bool:
        """True when it has hashtags, which a platform has to look for."""
        spans = (span for line in self.lines for span in line.spans)
        return any(span.kind is SpanKind.NAME and span.text[:1] == "#" for span in spans)


def fit(
    lines: Sequence[Line], length: Callable[[Sequence[Line]], int], room: int = ROOM
) -> tuple[Line, ...]:
    """Shortens the longest texts of a story, all to one length, until there is room for all lines.

    Texts are cut at a word. Where short ones do not do, addresses, hashtags and icons are left
    out, each whole. So no markup is ever cut.

    Args:
        lines: The lines.
        length: Measures lines as a platform does that shows them.
        room: What they may measure.
    """
    if length(lines) <= room:
        return tuple(lines)

    def fits(some: Sequence[Line], most: int) -> bool:
        return length(_shortened(some, most)) <= room

    if not fits(lines, _KEPT):
        lines = _without_names(lines)
    low, high = (_KEPT, _longest(lines)) if fits(lines, _KEPT) else (1, _KEPT)
    while high - low > 1:  # each time they are rendered whole, so there are few steps
        middle = (low + high) // 2
        low, high = (middle, high) if fits(lines, middle) else (low, middle)
    return _shortened(lines, low)


def _shortened(lines: Sequence[Line], most: int) -> tuple[Line, ...]:
    """Returns lines with no text of a story of more than so many characters."""
    return _with_spans(lines, lambda span: replace(span, text=cut(span.text, most)), _CUT)


def _without_names(lines: Sequence[Line]) -> tuple[Line, ...]:
    nothing = SpanKind.LITERAL  # of an icon, an adapter may have another
    return _with_spans(lines, lambda span: replace(span, text="", kind=nothing), _WHOLE)


def _with_spans(
    lines: Sequence[Line], change: Callable[[Span], Span], kinds: frozenset[SpanKind]
) -> tuple[Line, ...]:
    """Returns lines with another span in the place of each of some kinds."""
    return tuple(
        replace(
            line,
            spans=tuple(change(span) if span.kind in kinds else span for span in line.spans),
        )
        for line in lines
    )


def _longest(lines: Sequence[Line]) -> int:
    texts = (len(span.text) for line in lines for span in line.spans if span.kind in _CUT)
    return max(texts, default=1)


def cut(text: str, length: int) -> str:
    """Cuts a text to at most `length` characters with the ellipsis, at a word if one is near."""
    if len(text) <= length:
        return text
    end = length - len(_ELLIPSIS)
    space = text.rfind(" ", 0, end + 1)
    if space > end * 3 // 4:
        return text[:space].rstrip() + _ELLIPSIS
    while end > 0 and is_inside(text, end):
        end -= 1
    return text[:end].rstrip() + _ELLIPSIS


def parted(text: str, following: str) -> str:
    """Returns what has to stand between two texts, so that they make nothing new together.

    A title after an `@` of the template would be a mention.
    """
    if not text or not following or text[-1].isspace() or following[0].isspace():
        return ""
    return JOINER if text[-1] in _JOINING or following[0] in _JOINING else ""
