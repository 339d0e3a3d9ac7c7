"""Posts as their templates lay them out, in Discord's components."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from adapters.discord.buttons import ReplyControls
from adapters.discord.cards import card_offers, card_pictures, story_moment
from adapters.discord.layout import (
    MAX_PICTURES,
    LayoutBlock,
    LayoutButton,
    LayoutContainer,
    LayoutGallery,
    LayoutLink,
    LayoutPicture,
    LayoutRow,
    LayoutRule,
    LayoutSection,
    LayoutText,
)
from adapters.discord.links import button_url, web_url
from adapters.discord.markdown import (
    bold,
    escape_markdown,
    heading,
    italic,
    link,
    link_label,
    small,
    utf16_units,
)
from adapters.discord.rendered_message import RenderContext
from bot.post_layout import (
    JOINER,
    Line,
    LineKind,
    PicturePlace,
    PostLayout,
    Span,
    SpanKind,
    fit,
    parted,
)
from bot.reply import Card
from bot.text.bidi import isolate

_HEADING_LEVEL = 2
_ROOM_FOR_OFFERS = 600  # characters
_MARKS = frozenset("*[)")  # what stands at the ends of marked texts


def template_layout(
    card: Card, layout: PostLayout, controls: ReplyControls, render_context: RenderContext
) -> tuple[LayoutBlock | LayoutContainer, ...]:
    """Lays out a post by its template.

    Args:
        card: The story.
        layout: What its template has made of it.
        controls: What can be pressed.
        render_context: The language and the time zone.
    """

    def render(lines: Sequence[Line]) -> str:
        return "\n".join(_line(line, card, render_context) for line in lines)

    lines = fit(layout.lines, lambda some: utf16_units(render(some)))
    pictures = card_pictures(card.story)[:MAX_PICTURES]
    blocks = (
        *_with_pictures(tuple(_texts(lines, render)), pictures, layout.picture),
        *_offers(card, layout, pictures, render_context),
        *_buttons(card, layout, controls, render_context),
    )
    if not layout.is_boxed:
        return blocks
    return (LayoutContainer(blocks, render_context.colour(card.story.source)),)


def _texts(lines: Sequence[Line], render: Callable[[Sequence[Line]], str]) -> Iterator[LayoutBlock]:
    """Yields the lines as texts, which rules part."""
    for is_rule, some in groupby(lines, lambda line: line.kind is LineKind.RULE):
        text = "" if is_rule else render([*some]).strip()
        if is_rule:
            yield LayoutRule()
        elif text:
            yield LayoutText(text)


def _with_pictures(
    texts: tuple[LayoutBlock, ...], pictures: tuple[LayoutPicture, ...], place: PicturePlace
) -> tuple[LayoutBlock, ...]:
    if not pictures or place is PicturePlace.NONE:
        return texts
    if place is PicturePlace.SMALL and texts and isinstance(texts[0], LayoutText):
        return (LayoutSection(texts[0].markdown, pictures[0]), *texts[1:])
    gallery = LayoutGallery(pictures)
    return (*texts, gallery) if place is PicturePlace.GALLERY else (gallery, *texts)


def _offers(
    card: Card,
    layout: PostLayout,
    pictures: tuple[LayoutPicture, ...],
    render_context: RenderContext,
) -> Iterator[LayoutText]:
    if layout.has_offers and (
        offers := card_offers(card.story, render_context, _ROOM_FOR_OFFERS, pictures)
    ):
        yield LayoutText(offers)


def _buttons(
    card: Card, layout: PostLayout, controls: ReplyControls, render_context: RenderContext
) -> Iterator[LayoutRow]:
    first: list[LayoutButton | LayoutLink] = []
    if read := controls.read.get(card.number):
        first.append(read)
    if layout.has_page_button and (url := button_url(card.story.url)):
        first.append(LayoutLink(render_context.words.gettext("Open the page"), url))
    if first:
        yield LayoutRow(tuple(first))
    yield from controls.rows


def _line(line: Line, card: Card, render_context: RenderContext) -> str:
    text = _spans(line, card, render_context)
    match line.kind:
        case LineKind.HEADING:
            return heading(text.strip(), _HEADING_LEVEL)
        case LineKind.SMALL:
            return small(text.strip())
    return text


def _spans(line: Line, card: Card, render_context: RenderContext) -> str:
    """Renders the pieces of a line; those of one style stand in one pair of marks."""
    text, before = "", ""
    for style, some in groupby(line.spans, key=lambda span: span.style):
        group = list(some)
        is_bold, is_italic, is_link = style
        url = web_url(card.story.url) if is_link else None
        label = _label(group, line, url, render_context, card)
        plain = "".join(span.text for span in group)
        marked = _marked(label, url, is_bold=is_bold, is_italic=is_italic)
        joiner = parted(before, plain) or (
            JOINER if text[-1:] in _MARKS and marked[:1] in _MARKS else ""
        )
        text, before = text + joiner + marked, plain or before
    return text


def _label(
    group: Sequence[Span], line: Line, url: str | None, render_context: RenderContext, card: Card
) -> str:
    """Renders pieces of one style, escaped, with nothing that they could make together."""
    text, before = "", ""
    for span in group:
        shown = isolate(span.text) if len(line.spans) > 1 else span.text
        if span.kind is SpanKind.TIME:
            piece = story_moment(card.story, render_context)
        elif span.kind is SpanKind.ICON:
            piece = render_context.icon(card)
        elif url:
            piece = _keeping_blanks(shown, link_label)
        elif span.kind is SpanKind.NAME and span.text.startswith("http"):
            piece = escape_markdown(span.text)
        else:
            piece = _keeping_blanks(shown, _escape)
        text += parted(before, span.text) + piece
        before = span.text or before
    return text


def _escape(text: str) -> str:
    return escape_markdown(text, links=False)


def _keeping_blanks(text: str, form: Callable[[str], str]) -> str:
    """Formats a text whose blanks at both ends stay."""
    inner = text.strip()
    if not inner:
        return " " if text else ""
    return f"{' ' * text[0].isspace()}{form(inner)}{' ' * text[-1].isspace()}"


def _marked(label: str, url: str | None, *, is_bold: bool, is_italic: bool) -> str:
    """Puts marks around a text, but not around its blanks, which would take their meaning."""
    inner = label.strip()
    if not inner:
        return label
    text = link(inner, url) if url else inner
    text = italic(text) if is_italic else text
    text = bold(text) if is_bold else text
    return f"{' ' * label[0].isspace()}{text}{' ' * label[-1].isspace()}"
