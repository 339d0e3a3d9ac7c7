"""Rendering of stories in a terminal."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from adapters.console.layout import HangingParagraph, UnbrokenLine, link_style, one_line, styled
from bot.dates import published
from bot.i18n import Translations
from bot.model import Paragraph
from bot.offers import story_offers
from bot.reply import Card, LocalClock
from bot.text.colours import stable_colour
from bot.text.display import strip_hidden

_SHOWN_TOPICS = 3

Block = list[RenderableType]
"""Lines that stand together; a blank line parts blocks."""


@dataclass(frozen=True, slots=True)
class RenderContext:
    """The settings of rendering.

    Attributes:
        translations: The bot's own messages, in the reader's language.
        clock: The clock by which times are told.
        links: True when a title can be clicked, and its address need not be printed.
        bars: True when a bar in the source's colour stands beside each story.
    """

    translations: Translations
    clock: LocalClock
    links: bool = False
    bars: bool = False


def render_list(cards: tuple[Card, ...], render_context: RenderContext) -> list[Block]:
    """Renders stories to choose from, their numbers in one column."""
    mark = " " if render_context.bars else ". "
    leads = [f"{card.number}{mark}" if card.number else "" for card in cards]
    indent = max(map(len, leads), default=0)
    return [
        _list_item(card, lead.rjust(indent), render_context)
        for card, lead in zip(cards, leads, strict=True)
    ]


def _list_item(card: Card, lead: str, render_context: RenderContext) -> Block:
    bar = _bar(card, render_context)
    margin = Text.assemble(" " * len(lead), bar)
    first = Text.assemble((lead, "cyan"), bar)
    block = [*_heading(card), HangingParagraph(_title(card, render_context), margin, first)]
    if card.story.url and not render_context.links:
        block.append(UnbrokenLine(styled(card.story.url, "dim"), margin))
    block.append(HangingParagraph(_dateline(card, render_context), margin))
    told = _summary_text(card)
    if told:
        block.append(HangingParagraph(told, margin))
    return [*block, *_offers(card, render_context, margin)]


def _bar(card: Card, render_context: RenderContext) -> Text:
    """Returns the bar beside a story, in its source's colour.

    It is no box: that would have a ragged edge wherever a terminal takes signs, as many emoji, for
    wider or narrower than rich does.
    """
    colour = stable_colour(card.story.source)
    return Text("┃ ", f"#{colour:06x}") if render_context.bars else Text()


def render_head(card: Card, render_context: RenderContext) -> Block:
    """Renders the head of a story that is read, with its address to be copied."""
    about = _dateline(card, render_context)
    if one_line(card.story.byline):
        about.append(f" · {one_line(card.story.byline)}", "dim")
    bar = _bar(card, render_context)
    block = [
        *_heading(card),
        HangingParagraph(_title(card, render_context), bar),
        HangingParagraph(about, bar),
    ]
    if card.story.url:
        style = link_style("dim", card.story.url) if render_context.links else "dim"
        block.append(UnbrokenLine(styled(card.story.url, style), bar))
    return [*block, *_offers(card, render_context, bar)]


def _offers(card: Card, render_context: RenderContext, margin: Text) -> Block:
    """Renders what the story offers to listen to, or to watch, with its address to be copied."""
    lines: Block = []
    for offer in story_offers(card.story, render_context.translations):
        if render_context.links:
            label = styled(one_line(offer.label), link_style("dim", offer.url))
        else:
            label = styled(f"{one_line(offer.label)}: {offer.url}", "dim")
        lines.append(UnbrokenLine(label, margin))
    return lines


def render_next_head(card: Card, page: int, render_context: RenderContext) -> Block:
    """Renders the head of a story's later pages."""
    _ = render_context.translations.gettext
    title = _title(card, render_context)
    title.append(" · " + _("page {page}").format(page=page), "dim")
    return [HangingParagraph(title)]


def render_headlines(cards: tuple[Card, ...], render_context: RenderContext) -> Block:
    """Renders stories as headlines with their sources, one a line."""
    block: Block = []
    for card in cards:
        title = Text.assemble(
            _title(card, render_context, ""), f" — {one_line(card.signed_source)}"
        )
        block.append(HangingParagraph(title, "  ", Text("• ", "cyan")))
        if card.story.url and not render_context.links:
            block.append(UnbrokenLine(styled(card.story.url, "dim"), "  "))
    return block


def render_body(paragraphs: tuple[Paragraph, ...]) -> list[Block]:
    """Renders the text of a story."""
    return [[HangingParagraph(styled(p.text, "bold" if p.heading else ""))] for p in paragraphs]


def _heading(card: Card) -> Block:
    return (
        [HangingParagraph(styled(card.heading, "bold underline"))] if one_line(card.heading) else []
    )


def _summary_text(card: Card) -> Text:
    """Returns the snippet with the search's words marked, or else the summary."""
    if card.snippet is None:
        return styled(card.story.summary)
    text = Text()
    end = 0
    for start, stop in card.snippet.marks:
        text.append(strip_hidden(card.snippet.text[end:start]))
        text.append(strip_hidden(card.snippet.text[start:stop]), "bold underline")
        end = stop
    return text.append(strip_hidden(card.snippet.text[end:]))


def _title(card: Card, render_context: RenderContext, style: str = "bold") -> Text:
    url = card.story.url
    return Text.assemble(
        styled(card.story.title, link_style(style, url) if url and render_context.links else style)
    )


def _dateline(card: Card, render_context: RenderContext) -> Text:
    """Returns place, source, date and topics: `TOKYO · The Prospect · Nov 28, 2023  #Japan  +2`."""
    story = card.story
    date = published(story, render_context.clock, render_context.translations.language)
    parts = [one_line(part) for part in (story.place, card.signed_source, card.also, date)]
    about = Text(" · ".join(filter(None, parts)), "dim")
    for topic in story.topics[:_SHOWN_TOPICS]:
        about.append("  ")
        about.append(f"#{one_line(topic)}", "not dim cyan")
    if more := len(story.topics[_SHOWN_TOPICS:]):
        about.append(f"  +{more}")
    return about
