"""Cards: how a story reads on Discord.

A card is a text: the headline, which leads to the story's page, a line of where it comes from, and
what it says. A story for which there is no room is a line that names it.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.discord.layout import MAX_DESCRIPTION, LayoutPicture
from adapters.discord.links import web_url
from adapters.discord.markdown import (
    bold,
    escape_line,
    escape_markdown,
    heading,
    highlight,
    link,
    link_label,
    plain_text,
    small,
    truncate,
    utf16_units,
)
from adapters.discord.rendered_message import RenderContext
from bot.dates import published
from bot.i18n import Translations
from bot.model import Story
from bot.offers import story_offers, story_pictures
from bot.reply import Card
from bot.text.bidi import isolate

TITLE = 256
"""Characters of a title."""

# Lengths in characters.
_NAME, _TOPICS, _SUMMARY = 100, 150, 600
_HEADLINE, _LINE_SOURCE = 120, 100  # in a line that names a story
_ADDRESS = 500  # of the page that a headline leads to; a longer one would take the text's room
_OFFERS = 1_000  # in all links to what comes with a story
_SHOWN_TOPICS = 3


def card_text(card: Card, render_context: RenderContext, room: int, under: str = "") -> str:
    """Renders a card of a list in at most `room` characters.

    Args:
        card: The story.
        render_context: The language and the time zone.
        room: Characters of text that there is room for.
        under: The heading that it stands under, whose topic it does not name again.
    """
    above = _above(card, render_context, room, level=3)
    topics = card_topics(card.story, room, under)
    offers = card_offers(card.story, render_context, room // 4)
    taken = utf16_units("\n".join((*filter(None, above), topics, offers))) + 2
    text = _summary(card, min(_SUMMARY, room - taken))
    return "\n".join(filter(None, (*above, text.strip(), offers, topics)))


def card_head(card: Card, render_context: RenderContext, room: int) -> str:
    """Renders the head of a story that stands alone: its headline, and where it comes from."""
    return "\n".join(filter(None, _above(card, render_context, room, level=2)))


def card_summary(card: Card, room: int) -> str:
    """Renders what a story that stands alone says, in at most `room` characters."""
    return _summary(card, min(_SUMMARY, room)).strip()


def card_source(card: Card, render_context: RenderContext, room: int) -> str:
    """Renders source, place, time and writer, in the reader's time and language."""
    story, most = card.story, min(_NAME, room // 9)
    when = story_moment(story, render_context)
    byline = story.byline if card.number is None else ""
    source, also, place, writer = (
        isolate(truncate(part, most, escape_line))
        for part in (card.source, card.also, story.place, byline)
    )
    named = render_context.icon(card) + source if source else ""
    return small(" · ".join(filter(None, (named, also, place, when, writer))))


def story_moment(story: Story, render_context: RenderContext) -> str:
    """Renders when a story was published: how long ago, or the day where only that is known."""
    if not story.date_only:
        return f"<t:{int(story.published.timestamp())}:R>"
    return escape_markdown(published(story, render_context.clock, render_context.words.language))


def card_topics(story: Story, room: int, under: str = "") -> str:
    """Renders the first topics of a story but the one it stands under, and how many more."""
    above = f"{under} "  # a sparkline may follow the topic in its heading
    others = [name for name in story.topics if not above.startswith(f"{name} ")]
    names = others[:_SHOWN_TOPICS]
    more = len(others) - len(names)
    names = [*map(isolate, names), *([f"+{more}"] if more else [])]
    text = " · ".join(names)
    return small(truncate(text, min(_TOPICS, room // 6), escape_line))


def card_offers(
    story: Story, render_context: RenderContext, room: int, shown: Sequence[LayoutPicture] = ()
) -> str:
    """Renders what the story offers to listen to, or to watch, as links; those that fit.

    Pictures that are `shown` beside it are not offered again.
    """
    links, seen = "", {picture.url for picture in shown}
    for offer in story_offers(story, render_context.words):
        if (url := web_url(offer.url)) and url not in seen:
            longer = " · ".join(filter(None, (links, link(link_label(offer.label), url))))
            links = longer if utf16_units(longer) < min(room, _OFFERS) else links
    return links


def card_pictures(story: Story) -> tuple[LayoutPicture, ...]:
    """Returns the pictures of a story, each once, the first first."""
    pictures: dict[str, str] = {}
    for address, alt in story_pictures(story).items():
        if url := web_url(address):
            pictures[url] = pictures.get(url) or truncate(alt, MAX_DESCRIPTION, plain_text)
    return tuple(LayoutPicture(url, alt) for url, alt in pictures.items())


def story_lines(cards: Sequence[Card], render_context: RenderContext, room: int) -> str:
    """Renders a line per story, as many as `room` characters take, and how many are left out."""
    text = ""
    lines: list[str] = []
    for count, card in enumerate(cards, 1):
        lines.append(_story_line(card, render_context))
        left = _left_out(len(cards) - count, render_context.words)
        longer = "\n".join((*lines, *left))
        if utf16_units(longer) > room:
            break
        text = longer
    return text


def _story_line(card: Card, render_context: RenderContext) -> str:
    """Renders a story as one line: `• Headline — The Wire`."""
    headline = _linked(card.story, _HEADLINE, _ADDRESS, alone=False)
    source = isolate(truncate(card.source, _LINE_SOURCE, escape_line))
    named = render_context.icon(card) + source if source else ""
    return "• " + " — ".join(filter(None, (headline, named)))


def _left_out(count: int, words: Translations) -> Sequence[str]:
    text = words.ngettext("… and {count} more", "… and {count} more", count)
    return [small(text.format(count=count))] if count else []


def _above(card: Card, render_context: RenderContext, room: int, level: int) -> Sequence[str]:
    """Renders the lines above the text of a card, some of them perhaps empty."""
    source = card_source(card, render_context, room)
    return (_heading(card, room), _headline(card, room, level), source)


def _heading(card: Card, room: int) -> str:
    return small(bold(truncate(card.heading, min(_NAME, room // 9), escape_line)))


def _headline(card: Card, room: int, level: int) -> str:
    number = f"{card.number}. " if card.number else ""
    size = min(TITLE, room * 2 // 5) - len(number)
    title = _linked(card.story, size, min(_ADDRESS, room // 3), alone=not number)
    return heading(f"{number}{title}", level)


def _linked(story: Story, room: int, address: int, *, alone: bool) -> str:
    """Renders a headline, which leads to the story's page where the address has room.

    One that stands `alone` in its line is not isolated.
    """
    url = web_url(story.url)
    if url and utf16_units(url) <= address:
        label = truncate(story.title, room, link_label)
        return link(label if alone else isolate(label), url)
    title = truncate(story.title, room, escape_line)
    return title if alone else isolate(title)


def _summary(card: Card, room: int) -> str:
    """Renders the summary, or the passage that a search found, its words in bold if they fit."""
    snippet = card.snippet
    if snippet is None:
        return truncate(card.story.summary, room)
    text = highlight(snippet.text, snippet.marks)
    return text if utf16_units(text) <= room else truncate(snippet.text, room)
