"""Posts as their templates lay them out, as blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.telegram.formatted_text import utf16_units
from adapters.telegram.links import topic_link
from adapters.telegram.rich.blocks import (
    Block,
    Collage,
    Divider,
    Heading,
    SmallPrint,
    TextBlock,
)
from adapters.telegram.rich.cards import (
    TITLE_SIZE,
    moment,
    offers,
    picture,
    placed,
    sound,
    story_photos,
    story_url,
)
from adapters.telegram.rich.prose import is_usable
from adapters.telegram.rich.texts import Bold, Italic, Link, RichText
from adapters.telegram.rich.view import View
from bot.post_layout import Line, LineKind, PicturePlace, PostLayout, Span, SpanKind, fit, parted
from bot.reply import Card, Reply
from bot.text.bidi import isolate

_MAX_PICTURES = 10
_TIME_LENGTH = 40  # characters that a client may show for a time


def template_blocks(reply: Reply, card: Card, layout: PostLayout, view: View) -> Iterator[Block]:
    """Renders a post by its template, with its buttons.

    There are no small pictures in a rich message: these stand above the text, too.
    """
    if layout.picture in {PicturePlace.LARGE, PicturePlace.SMALL}:
        yield from picture(card, view)
    for line in fit(layout.lines, _length):
        yield from _block(line, card, view)
    if layout.picture is PicturePlace.GALLERY:
        yield from _gallery(card, view)
    if layout.has_offers and (audio := sound(card, view)):
        yield audio
    reading = [one for one in placed(reply) if one.number == card.number]
    yield from offers(
        card, view, reading, page=layout.has_page_button, enclosures=layout.has_offers
    )


def _length(lines: Sequence[Line]) -> int:
    spans = (span for line in lines for span in line.spans)
    return sum(utf16_units(span.text) or _TIME_LENGTH for span in spans)


def _block(line: Line, card: Card, view: View) -> Iterator[Block]:
    if line.kind is LineKind.RULE:
        yield Divider()
        return
    if not any(span.text.strip() or span.kind is SpanKind.TIME for span in line.spans):
        return
    text = _line(line, card, view)
    match line.kind:
        case LineKind.HEADING:
            yield Heading(text, TITLE_SIZE)
        case LineKind.SMALL:
            yield SmallPrint(text)
        case _:
            yield TextBlock(text)


def _line(line: Line, card: Card, view: View) -> RichText:
    parts: list[RichText] = []
    before = ""
    for span in line.spans:
        if view.prose.detects and (joiner := parted(before, span.text)):
            parts.append(joiner)
        if text := _span(span, line, card, view):
            parts.append(text)
        before = span.text or before
    return parts[0] if len(parts) == 1 else tuple(parts)


def _span(span: Span, line: Line, card: Card, view: View) -> RichText:
    words = _keeping_blanks(isolate(span.text) if len(line.spans) > 1 else span.text, view)
    text: RichText = words
    if span.kind is SpanKind.TIME:
        text = moment(card, view)
    elif not words.strip():
        return words
    elif span.is_link:
        text = Link(words, story_url(card, view))
    elif span.kind is SpanKind.TOPIC:
        text = Link(words, topic_link(view.context.bot, span.topic))
    elif span.kind is SpanKind.NAME and is_usable(span.text):
        text = Link(words, span.text)
    text = Italic(text) if span.italic else text
    return Bold(text) if span.bold else text


def _keeping_blanks(text: str, view: View) -> str:
    """Returns words as one line, with a blank at either end where there was one."""
    inner = view.prose.line(text)
    if not inner:
        return " " if text[:1].isspace() else ""
    return f"{' ' * text[0].isspace()}{inner}{' ' * text[-1].isspace()}"


def _gallery(card: Card, view: View) -> Iterator[Block]:
    """Renders all pictures of a story, the first first."""
    photos = story_photos(card.story, view)[:_MAX_PICTURES]
    if view.pictures and photos:
        yield Collage(photos) if len(photos) > 1 else photos[0]
