"""Stories in a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.text import Text

from adapters.console.layout import Hanging, Whole, linked, one_line, said
from bot.dates import published
from bot.i18n import Words
from bot.model import Paragraph
from bot.reply import Card
from bot.text.display import visible

Block = list[RenderableType]
"""Lines that stand together; a blank line parts blocks."""


@dataclass(frozen=True, slots=True)
class Look:
    """How stories are shown.

    Attributes:
        words: The bot's own words.
        zone: The time zone that times are shown in.
        links: True when a title can be clicked, and its address need not be printed.
    """

    words: Words
    zone: ZoneInfo
    links: bool = False


def listed(cards: tuple[Card, ...], look: Look) -> list[Block]:
    """Stories to choose from, their numbers in one column."""
    leads = [f"{card.number}. " if card.number else "" for card in cards]
    indent = max(map(len, leads), default=0)
    return [
        _listed(card, lead.rjust(indent), look) for card, lead in zip(cards, leads, strict=True)
    ]


def _listed(card: Card, lead: str, look: Look) -> Block:
    indent = " " * len(lead)
    block = [*_heading(card), Hanging(_title(card, look), indent, Text(lead, "cyan"))]
    if card.story.url and not look.links:
        block.append(Whole(said(card.story.url, "dim"), len(indent)))
    block.append(Hanging(_about(card, look), indent))
    told = _told(card)
    if told:
        block.append(Hanging(told, indent))
    return block


def alone(card: Card, look: Look) -> Block:
    """The head of a story that is being read. Its address is always in sight, to be copied."""
    about = _about(card, look)
    if one_line(card.story.byline):
        about.append(f" · {one_line(card.story.byline)}", "dim")
    block = [*_heading(card), Hanging(_title(card, look)), Hanging(about)]
    if card.story.url:
        style = linked("dim", card.story.url) if look.links else "dim"
        block.append(Whole(said(card.story.url, style), 0))
    return block


def continued(card: Card, page: int, look: Look) -> Block:
    """The head of a story's later pages."""
    _ = look.words.gettext
    title = _title(card, look)
    title.append(" · " + _("page {page}").format(page=page), "dim")
    return [Hanging(title)]


def named(cards: tuple[Card, ...], look: Look) -> Block:
    """Stories of which only the headline and the source are told, one a line."""
    block: Block = []
    for card in cards:
        title = Text.assemble(_title(card, look, ""), f" — {one_line(card.source)}")
        block.append(Hanging(title, "  ", Text("• ", "cyan")))
        if card.story.url and not look.links:
            block.append(Whole(said(card.story.url, "dim"), 2))
    return block


def body(paragraphs: tuple[Paragraph, ...]) -> list[Block]:
    """The text of a story."""
    return [[Hanging(said(p.text, "bold" if p.heading else ""))] for p in paragraphs]


def _heading(card: Card) -> Block:
    return [Hanging(said(card.heading, "bold underline"))] if one_line(card.heading) else []


def _told(card: Card) -> Text:
    """What the story says: the piece that was searched for, its words marked, or the summary."""
    if card.snippet is None:
        return said(card.story.summary)
    text = Text()
    end = 0
    for start, stop in card.snippet.marks:
        text.append(visible(card.snippet.text[end:start]))
        text.append(visible(card.snippet.text[start:stop]), "bold underline")
        end = stop
    return text.append(visible(card.snippet.text[end:]))


def _title(card: Card, look: Look, style: str = "bold") -> Text:
    url = card.story.url
    return Text.assemble(
        said(card.story.title, linked(style, url) if url and look.links else style)
    )


def _about(card: Card, look: Look) -> Text:
    """Where and when: `TOKYO · The Prospect · Nov 28, 2023  #Japan`."""
    story = card.story
    date = published(story, look.zone, look.words.language)
    parts = [one_line(part) for part in (story.place, card.source, date)]
    about = Text(" · ".join(filter(None, parts)), "dim")
    for topic in story.topics:
        about.append("  ")
        about.append(f"#{one_line(topic)}", "not dim cyan")
    return about
