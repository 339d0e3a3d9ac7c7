"""Posts as their templates lay them out, as formatted text."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.telegram.cards import card_offers, story_url
from adapters.telegram.formatted_text import (
    BOLD,
    ITALIC,
    FormattedText,
    join,
    sanitize,
    utf16_units,
)
from adapters.telegram.links import topic_link
from adapters.telegram.rendered_message import RenderContext
from bot.dates import published
from bot.post_layout import Line, LineKind, PostLayout, Span, SpanKind, fit, parted
from bot.reply import Card
from bot.text.bidi import isolate


def layout_text(card: Card, layout: PostLayout, render_context: RenderContext) -> FormattedText:
    """Renders a post by its template, with what comes with the story."""
    lines = fit(layout.lines, lambda some: utf16_units(_text(some, card, render_context).text))
    text = _text(lines, card, render_context)
    if layout.has_offers:
        text = join((text, card_offers(card, render_context)), "\n")
    # Many long links weigh more than their message may: then it goes without any.
    return text if text.fits else FormattedText.of(text.text)


def _text(lines: Sequence[Line], card: Card, render_context: RenderContext) -> FormattedText:
    text = FormattedText()
    for number, line in enumerate(lines):
        text += FormattedText.of("\n" if number else "")
        text += _line(line, card, render_context)
    return text


def _line(line: Line, card: Card, render_context: RenderContext) -> FormattedText:
    text, before = FormattedText(), ""
    for span in line.spans:
        text += FormattedText.of(parted(before, span.text))
        text += _span(span, line, card, render_context)
        before = span.text or before
    return text


def _span(span: Span, line: Line, card: Card, render_context: RenderContext) -> FormattedText:
    text = sanitize(isolate(span.text) if len(line.spans) > 1 else span.text)
    if span.kind is SpanKind.TIME:
        text = published(card.story, render_context.clock, render_context.words.language)
    link = story_url(card, render_context) if span.is_link else None
    if span.kind is SpanKind.TOPIC and not link:
        link = topic_link(render_context.bot, span.topic)
    is_bold = span.bold or line.kind is LineKind.HEADING
    tags = (*((BOLD,) if is_bold else ()), *((ITALIC,) if span.italic else ()))
    return FormattedText.of(text, *(tags if text.strip() else ()), link=link)
