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
_KEPT = 40  # characters that texts keep before addresses and names are left out
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
    TIME = auto()  # when the story was published, which an adapter words


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line in one style.

    Attributes:
        text: Its text; empty for a time.
        kind: Its kind.
        bold: True for bold.
        italic: True for italic.
        is_link: True when it leads to the story's page.
    """

    text: str
    kind: SpanKind = SpanKind.LITERAL
    bold: bool = False
    italic: bool = False
    is_link: bool = False

    @property
    def style(self) -> tuple[bool, bool, bool]:
        """What stands together with others of the same style."""
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
    """Shortens the longest texts of a story until there is room for all lines.

    A text is cut at a word, and addresses and hashtags are left out whole, so that no markup is
    ever cut.

    Args:
        lines: The lines.
        length: Measures lines as a platform does that shows them.
        room: What they may measure.
    """
    kept = list(lines)
    while (excess := length(kept) - room) > 0:
        place = _longest(kept)
        if place is None:
            break
        at, number = place
        spans = list(kept[at].spans)
        spans[number] = _shortened(spans[number], excess)
        kept[at] = replace(kept[at], spans=tuple(spans))
    return tuple(kept)


def _longest(lines: Sequence[Line]) -> tuple[int, int] | None:
    """Returns the place of what is to be shortened next; None when nothing can be."""
    spans = [
        (span, at, number)
        for at, line in enumerate(lines)
        for number, span in enumerate(line.spans)
        if span.text and span.kind is not SpanKind.LITERAL
    ]
    long = [one for one in spans if one[0].kind is SpanKind.TEXT and len(one[0].text) > _KEPT]
    whole = [one for one in spans if one[0].kind is not SpanKind.TEXT]
    rest = [one for one in spans if len(one[0].text) > 1]
    found = max(long or whole or rest, key=lambda one: len(one[0].text), default=None)
    return (found[1], found[2]) if found else None


def _shortened(span: Span, excess: int) -> Span:
    if span.kind is not SpanKind.TEXT:
        return replace(span, text="")
    # A character takes two units at most, and more with what escapes it.
    length = len(span.text) - max(1, excess // 3)
    if len(span.text) > _KEPT:
        length = max(length, _KEPT // 2)
    return replace(span, text=cut(span.text, max(length, 1)))


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
