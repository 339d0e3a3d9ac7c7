"""Layouts of stories: a list, a digest, a post, and a page of a story that is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.discord.buttons import ReplyControls
from adapters.discord.cards import (
    card_head,
    card_offers,
    card_pictures,
    card_summary,
    card_text,
    card_topics,
    story_lines,
)
from adapters.discord.colours import BLUE
from adapters.discord.layout import (
    MAX_PICTURES,
    LayoutBlock,
    LayoutButton,
    LayoutContainer,
    LayoutGallery,
    LayoutLink,
    LayoutRow,
    LayoutRule,
    LayoutSection,
    LayoutText,
    count_components,
    text_length,
)
from adapters.discord.links import button_url
from adapters.discord.markdown import escape_markdown, heading, small, utf16_units
from adapters.discord.rendered_message import RenderContext
from adapters.discord.template_layouts import template_layout
from bot.model import Paragraph
from bot.reply import Card, Reply

_MOST_CARDS = 9  # of a digest, which names all others
_MORE_ROOM = 1_600  # characters kept free for these names
_FRAME = 1  # component: the container
_LEAST_HEAD = 400  # characters that a page of a story leaves for all but its paragraphs


def list_layout(
    reply: Reply, render_context: RenderContext, controls: ReplyControls, room: int, components: int
) -> tuple[LayoutContainer, ...]:
    """Lays out the cards of a list, and a digest's further stories by their names.

    Args:
        reply: Its cards are shown.
        render_context: The language and the time zone.
        controls: The buttons that read the stories.
        room: Characters of text that there is room for.
        components: Components that there is room for.
    """
    cards, more = reply.cards, reply.more
    if more:
        cards, more = cards[:_MOST_CARDS], (*cards[_MOST_CARDS:], *more)
    share = (room - _MORE_ROOM if more else room) // max(1, len(cards))
    texts = list(_card_texts(cards, render_context, share))
    rest = room - sum(map(utf16_units, texts))
    names = story_lines(more, render_context, rest) if more else ""
    last: tuple[LayoutBlock, ...] = (LayoutText(names),) if names else ()
    slots = components - _FRAME - 2 * bool(last)
    blocks = _fitting(cards, texts, controls, slots)
    if blocks and last:
        blocks.append(LayoutRule())
    colour = _colour(cards or more, render_context)
    return (LayoutContainer((*blocks, *last), colour),) if blocks or last else ()


def _card_texts(cards: Sequence[Card], render_context: RenderContext, room: int) -> Iterator[str]:
    """Yields the text of each card; those under a heading do not name its topic again."""
    topic = ""
    for card in cards:
        topic = card.heading or topic
        yield card_text(card, render_context, room, under=topic)


def _fitting(
    cards: Sequence[Card], texts: Sequence[str], controls: ReplyControls, slots: int
) -> list[LayoutBlock]:
    """Lays cards out in the richest way that there is room for."""
    has_all = len({card.number for card in cards}) == len(cards)  # each has its own button
    is_pictured = any(card_pictures(card.story) for card in cards)
    forms = ((True, is_pictured), (True, False), (False, False)) if has_all else ()
    for rules, pictures in forms:
        blocks = [
            block
            for number, (card, text) in enumerate(zip(cards, texts, strict=True))
            for block in (
                *([LayoutRule()] if rules and number else ()),
                *_card_blocks(card, text, controls, pictures=pictures),
            )
        ]
        if count_components(blocks) <= slots:
            return blocks
    menu = [controls.menu] if controls.menu else []
    return [*map(LayoutText, texts), *menu]


def _card_blocks(
    card: Card, text: str, controls: ReplyControls, *, pictures: bool
) -> Iterator[LayoutBlock]:
    """Yields a card with its button beside it or, where a picture may stand there, below."""
    read = controls.read.get(card.number)
    if pictures:
        picture = card_pictures(card.story)[:1]
        yield LayoutSection(text, picture[0]) if picture else LayoutText(text)
        yield from [LayoutRow((read,))] if read else []
    else:
        yield LayoutSection(text, read) if read else LayoutText(text)


def _colour(cards: Sequence[Card], render_context: RenderContext) -> int:
    """Returns the colour of the source that all stories are from, else the bot's."""
    sources = {card.story.source for card in cards}
    return render_context.colour(sources.pop()) if len(sources) == 1 else BLUE


def story_layout(
    reply: Reply,
    render_context: RenderContext,
    controls: ReplyControls,
    room: int,
    page_number: str = "",
) -> tuple[LayoutBlock | LayoutContainer, ...]:
    """Lays out a story that stands alone: a post, or a page of one that is read.

    Args:
        reply: Its card is the story; its body has the paragraphs of a page.
        render_context: The language and the time zone.
        controls: What can be pressed.
        room: Characters of text that there is room for.
        page_number: Shown at the end; empty for none.
    """
    card = reply.cards[0]
    if card.layout:
        return template_layout(card, card.layout, controls, render_context)
    body = _paragraphs(reply.body, room - _LEAST_HEAD)  # the next page goes on behind it
    left = room - utf16_units(body) - len(page_number)
    head = LayoutText(card_head(card, render_context, left // 2))
    small_print = _small_print(card, left, page_number)
    shown = card_pictures(card.story)[:MAX_PICTURES] if reply.page == 1 else ()
    offers = card_offers(card.story, render_context, left // 5, shown) if reply.page == 1 else ""
    rest = room - text_length((head, *small_print)) - utf16_units(offers) - 1
    text = body if reply.body else card_summary(card, rest)
    gallery = (LayoutGallery(shown),) if shown else ()
    top = (head, *gallery) if reply.body else (*gallery, head)
    says = "\n".join(filter(None, (text, offers) if not reply.body else (offers, text)))
    middle = (LayoutText(says),) if says else ()
    blocks = (*top, *middle, *small_print, *_buttons(card, controls, render_context))
    return (LayoutContainer(blocks, render_context.colour(card.story.source)),)


def _small_print(card: Card, room: int, page_number: str) -> tuple[LayoutText, ...]:
    topics = card_topics(card.story, room)
    lines = "\n".join(filter(None, (topics, small(page_number))))
    return (LayoutText(lines),) if lines else ()


def _paragraphs(paragraphs: Sequence[Paragraph], room: int) -> str:
    """Renders paragraphs, those that there is room for."""
    text = ""
    for paragraph in paragraphs:
        longer = "\n\n".join(filter(None, (text, _paragraph(paragraph))))
        if utf16_units(longer) > room:
            break
        text = longer
    return text


def _paragraph(paragraph: Paragraph) -> str:
    text = escape_markdown(paragraph.text).strip()
    return heading(text, 3) if paragraph.heading else text


def _buttons(
    card: Card, controls: ReplyControls, render_context: RenderContext
) -> Iterator[LayoutRow]:
    """Yields a row to read the story here or on its page, and the reply's own rows."""
    first: list[LayoutButton | LayoutLink] = []
    if read := controls.read.get(card.number):
        first.append(read)
    if url := button_url(card.story.url):
        first.append(LayoutLink(render_context.words.gettext("Open the page"), url))
    if first:
        yield LayoutRow(tuple(first))
    yield from controls.rows
