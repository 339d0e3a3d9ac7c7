"""Composes posts by templates: a story's values, put into the tree of a template as lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.model import Story
from bot.post_layout import Line, LineKind, PicturePlace, PostLayout, Span, SpanKind, cut
from bot.posting.templates.hashtags import hashtags
from bot.posting.templates.language import (
    NEW_LINE,
    Field,
    JoinedFields,
    Node,
    Section,
    Styled,
    Words,
    parse_template,
)
from bot.reply import Card
from bot.subscriptions.post_template import PostField, PostTemplate
from bot.text.display import strip_hidden

STANDARD_TEXT = (
    "# {?prefix}{prefix} {/}[{title:256}]({link})\n"
    "-# {source|also|place|time|byline}\n"
    "{summary:600}\n"
    "-# {topics}"
)
"""The lines of a post without a custom text."""

_PREFIX, _HASHTAGS = "{prefix} ", "\n{hashtags}"
_SHOWN_TOPICS = 3
_MOST_RULES = 6
_LONGEST_NAME = 150  # characters of a source, a place or a byline
_NAMES = frozenset({"source", "also", "place", "byline"})
_DOT = Span(" · ")
_WITHOUT_TEXT = frozenset({SpanKind.TIME, SpanKind.ICON})  # adapters have it
_MARK = re.compile(r"(?P<heading>#{1,3})[ \t]+|(?P<small>-#)[ \t]+")
_RULE = re.compile(r"\s*-{3,}\s*")

_HIDDEN_WITH = {
    "summary": PostField.SUMMARY,
    "text": PostField.SUMMARY,
    "source": PostField.SOURCE,
    "also": PostField.SOURCE,
    "time": PostField.TIME,
    "byline": PostField.BYLINE,
    "topics": PostField.TOPICS,
}


def lay_out(card: Card, template: PostTemplate, *, has_picture: bool) -> PostLayout:
    """Lays out a post by its template.

    Args:
        card: The story with the names of its sources.
        template: The template, which can be read.
        has_picture: False to show no picture.

    Raises:
        TemplateError: Its text cannot be read.
    """
    values = _Values(card, template)
    lines = _tidied(_lines(parse_template(template_text(template)), values))
    title = (Line((Span(values.title, SpanKind.TEXT, is_link=True),)),)
    return PostLayout(
        lines or title,
        template.picture if has_picture else PicturePlace.NONE,
        template.is_boxed,
        has_page_button=PostField.LINK not in template.hidden,
        has_offers=not template.text,
    )


def template_text(template: PostTemplate) -> str:
    """Returns the whole text of a template: its own or the usual, with prefix and hashtags."""
    text = template.text or STANDARD_TEXT
    if template.prefix and "prefix}" not in text:
        mark = _MARK.match(text)
        at = mark.end() if mark else 0
        text = f"{text[:at]}{_PREFIX}{text[at:]}"
    return text + _HASHTAGS if template.hashtags and "hashtags" not in text else text


@dataclass(frozen=True, slots=True)
class _Values:
    """The values that one story gives to placeholders.

    Attributes:
        card: The story.
        template: Says what is hidden.
    """

    card: Card
    template: PostTemplate

    @property
    def title(self) -> str:
        return _one_line(self.card.story.title) or self.card.story.id

    def spans(self, name: str, limit: int) -> Sequence[Span]:
        """Returns what a placeholder stands for; nothing for what is hidden or not there."""
        if _HIDDEN_WITH.get(name) in self.template.hidden:
            return ()
        story = self.card.story
        match name:
            case "time":
                return (Span("", SpanKind.TIME),)
            case "topics":
                return tuple(_topic_spans(story.topics))
            case "hashtags":
                tags = (Span(tag, SpanKind.NAME) for tag in hashtags(story.topics))
                return tuple(_joined([(tag,) for tag in tags], Span(" ")))
            case "link":
                return (Span(story.url, SpanKind.NAME),) if story.url else ()
        text = self._text(name, story)
        shown = cut(text, min(limit, _LONGEST_NAME) if name in _NAMES else limit)
        icon = Span(f"{self.card.icon} " * bool(self.card.icon), SpanKind.ICON)
        spans = (*([icon] if name == "source" else []), Span(shown, SpanKind.TEXT))
        return spans if shown else ()

    def _text(self, name: str, story: Story) -> str:
        texts = {
            "title": self.title,
            "summary": story.summary,
            "text": story.text,
            "source": self.card.source,
            "also": self.card.also,
            "place": story.place,
            "byline": story.byline,
            "prefix": self.template.prefix,
        }
        return _one_line(texts[name])


def _one_line(text: str) -> str:
    return " ".join(strip_hidden(text).split())


def _topic_spans(topics: Sequence[str]) -> Iterator[Span]:
    named = [(topic, name) for topic in topics if (name := _one_line(topic))]
    shown = [
        (Span(cut(name, _LONGEST_NAME), SpanKind.TOPIC, topic=topic),)
        for topic, name in named[:_SHOWN_TOPICS]
    ]
    if more := len(named) - len(shown):
        shown.append((Span(f"+{more}"),))
    return _joined(shown, _DOT)


def _joined(parts: Sequence[Sequence[Span]], between: Span) -> Iterator[Span]:
    for number, part in enumerate(parts):
        if number:
            yield between
        yield from part


@dataclass(slots=True)
class _OpenLine:
    """A line that is being gathered.

    Attributes:
        spans: Its pieces so far.
        asks: True when it has placeholders or sections.
        shows: True when one of them has shown something.
    """

    spans: list[Span] = field(default_factory=list)
    asks: bool = False
    shows: bool = False

    @property
    def is_left_out(self) -> bool:
        """True when nothing of the story stands in it, and nothing but signs besides."""
        return self.asks and not self.shows and not any(s.isalnum() for s in self._text)

    @property
    def _text(self) -> str:
        return "".join(span.text for span in self.spans)

    def line(self) -> Line:
        if not self.spans or not (self._text.strip() or self.shows):
            return Line(kind=LineKind.BLANK)
        first = self.spans[0]
        if len(self.spans) == 1 and first.kind is SpanKind.LITERAL and _RULE.fullmatch(first.text):
            return Line(kind=LineKind.RULE)
        mark = _MARK.match(first.text) if first.kind is SpanKind.LITERAL else None
        if mark is None:
            return Line(tuple(self.spans))
        kind = LineKind.HEADING if mark["heading"] else LineKind.SMALL
        said = first.text[mark.end() :]
        return Line((*((replace(first, text=said),) if said else ()), *self.spans[1:]), kind)


class _Gatherer:
    """Gathers the lines of a template."""

    def __init__(self, values: _Values) -> None:
        self._values = values
        self._lines = [_OpenLine()]

    def lines(self, nodes: Sequence[Node]) -> list[Line]:
        self._add(nodes, Styled(()))
        return [one.line() for one in self._lines if not one.is_left_out]

    def _add(self, nodes: Sequence[Node], style: Styled) -> None:
        for node in nodes:
            match node:
                case Words():
                    self._add_words(node.text, style)
                case Field():
                    self._add_value(self._values.spans(node.name, node.limit), style)
                case JoinedFields():
                    found = [self._values.spans(one.name, one.limit) for one in node.fields]
                    self._add_value(tuple(_joined([*filter(None, found)], _DOT)), style)
                case Section():
                    has = bool(self._values.spans(node.name, 1))
                    self._lines[-1].asks = True
                    if has is node.is_wanted:
                        self._add(node.nodes, style)
                case Styled():
                    self._add(node.nodes, _both(style, node))

    def _add_words(self, text: str, style: Styled) -> None:
        first, *others = text.split(NEW_LINE.text)
        self._put(Span(first), style)
        for other in others:
            self._lines.append(_OpenLine())
            self._put(Span(other), style)

    def _add_value(self, spans: Sequence[Span], style: Styled) -> None:
        self._lines[-1].asks = True
        self._lines[-1].shows |= bool(spans)
        for span in spans:
            self._put(span, style)

    def _put(self, span: Span, style: Styled) -> None:
        if span.text or span.kind in _WITHOUT_TEXT:
            styled = replace(span, bold=style.bold, italic=style.italic, is_link=style.is_link)
            self._lines[-1].spans.append(styled)


def _both(outer: Styled, inner: Styled) -> Styled:
    return Styled(
        (), outer.bold or inner.bold, outer.italic or inner.italic, outer.is_link or inner.is_link
    )


def _lines(nodes: Sequence[Node], values: _Values) -> list[Line]:
    return _Gatherer(values).lines(nodes)


def _tidied(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Leaves out blank lines and rules at either end, repeated ones, and rules beyond a few.

    Each rule parts a message of Discord's into more components, of which it has few.
    """
    apart = {LineKind.BLANK, LineKind.RULE}
    kept: list[Line] = []
    rules = 0
    for line in lines:
        rules += line.kind is LineKind.RULE
        if line.kind is LineKind.RULE and rules > _MOST_RULES:
            continue
        after = kept[-1].kind if kept else LineKind.BLANK
        if line.kind in apart and (not kept or line.kind is after):
            continue
        kept.append(line)
    while kept and kept[-1].kind in apart:
        kept.pop()
    return tuple(kept)
