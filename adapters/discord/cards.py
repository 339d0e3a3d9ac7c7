"""Cards: how a story looks on Discord.

A story in a list is an embed, a story that is read is a page of one or two embeds, and a story for
which there is no room is a line that names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import discord

from adapters.discord.embeds import (
    COLOUR,
    DESCRIPTION,
    EMBED_ROOM,
    MAX_EMBEDS,
    TITLE,
    embed_length,
    split_into_descriptions,
    web_url,
)
from adapters.discord.markdown import (
    bold,
    escape_line,
    escape_markdown,
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
from bot.model import Paragraph, Story
from bot.offers import story_offers
from bot.reply import Card, Reply

# Lengths in characters.
_NAME, _TOPICS, _SUMMARY = 100, 150, 600
_HEADLINE, _LINE_SOURCE, _LINE_URL = 120, 100, 500  # in a line that names a story
_OFFERS = 1_000  # in all links to what comes with a story
_MORE_ROOM = 1_600  # kept free for such lines, where a reply has any


def card_embeds(
    cards: Sequence[Card], render_context: RenderContext, room: int = EMBED_ROOM
) -> Iterator[discord.Embed]:
    """Renders one embed per card; the cards share the room equally."""
    share = room // max(1, len(cards))
    return (_card(card, render_context, share) for card in cards)


def digest_embeds(reply: Reply, render_context: RenderContext) -> Iterator[discord.Embed]:
    """Renders the cards, and one last embed that names the reply's other stories."""
    cards = reply.cards[: MAX_EMBEDS - 1]
    more = (*reply.cards[MAX_EMBEDS - 1 :], *reply.more)
    embeds = list(card_embeds(cards, render_context, EMBED_ROOM - _MORE_ROOM))
    yield from embeds
    room = EMBED_ROOM - sum(map(embed_length, embeds))
    if lines := story_lines(more, render_context.words, min(room, DESCRIPTION)):
        yield discord.Embed(description=lines, colour=COLOUR)


def story_page_embeds(
    reply: Reply, card: Card, render_context: RenderContext, page_number: str
) -> Iterator[discord.Embed]:
    """Renders one page of a story; a second embed takes what the first has no room for.

    Args:
        reply: Its body has the paragraphs.
        card: The story.
        render_context: The language and the time zone.
        page_number: Shown in the footer; empty for a story of one page.
    """
    embed = _card_frame(card, EMBED_ROOM)
    paragraphs = [_paragraph(paragraph) for paragraph in reply.body]
    if reply.page == 1:
        offers = _offers(card.story, render_context, _OFFERS)
        lead = _lead(card, render_context, EMBED_ROOM)
        paragraphs.insert(0, "\n".join(filter(None, (lead, offers))))
        _add_image(embed, card.story)
    room = EMBED_ROOM - embed_length(embed) - _NAME
    texts = split_into_descriptions(paragraphs, "\n\n", room)
    embeds = [embed, *(discord.Embed(colour=COLOUR) for _ in texts[1:])]
    for one, text in zip(embeds, texts, strict=False):
        one.description = text
    if page_number:
        topics = embed.footer.text
        embed.remove_footer()
        embeds[-1].set_footer(text=" · ".join(filter(None, (page_number, topics))))
    yield from embeds


def story_lines(cards: Sequence[Card], words: Translations, room: int) -> str:
    """Renders a line per story, as many as `room` characters take, and how many are left out."""
    text = ""
    lines: list[str] = []
    for count, card in enumerate(cards, 1):
        lines.append(_story_line(card))
        longer = "\n".join((*lines, *_left_out(len(cards) - count, words)))
        if utf16_units(longer) > room:
            break
        text = longer
    return text


def _story_line(card: Card) -> str:
    """Renders a story as one line: `• Headline — The Wire`."""
    title, url = card.story.title, web_url(card.story.url)
    if url and utf16_units(url) <= _LINE_URL:
        headline = link(truncate(title, _HEADLINE, link_label), url)
    else:
        headline = truncate(title, _HEADLINE, escape_line)
    source = truncate(card.source, _LINE_SOURCE, escape_line)
    return "• " + " — ".join(filter(None, (headline, source)))


def _left_out(count: int, words: Translations) -> Sequence[str]:
    text = words.ngettext("… and {count} more", "… and {count} more", count)
    return [small(text.format(count=count))] if count else []


def _card(card: Card, render_context: RenderContext, share: int) -> discord.Embed:
    embed = _card_frame(card, share)
    lead = _lead(card, render_context, share)
    offers = _offers(card.story, render_context, share // 4)
    room = min(_SUMMARY, share - embed_length(embed) - utf16_units(f"{lead}{offers}") - 2)
    text = truncate(card.story.summary, room) if card.snippet is None else _snippet(card, room)
    embed.description = "\n".join(filter(None, (lead, text.strip(), offers)))
    if card.number is None:
        return _add_image(embed, card.story)
    return _add_thumbnail(embed, card.story)


def _card_frame(card: Card, share: int) -> discord.Embed:
    """Renders title, source and topics of a card; `share` is the room of the whole card."""
    story = card.story
    number = f"{card.number}. " if card.number else ""
    title = number + truncate(story.title, min(TITLE, share * 2 // 5) - len(number), escape_line)
    embed = discord.Embed(title=title, url=web_url(story.url), colour=COLOUR)
    sources = " · ".join(filter(None, (card.source, card.also)))
    if source := truncate(sources, min(_NAME, share // 9), plain_text):
        embed.set_author(name=source)
    if topics := truncate(" · ".join(story.topics), min(_TOPICS, share // 6), plain_text):
        embed.set_footer(text=topics)
    return embed


def _lead(card: Card, render_context: RenderContext, share: int) -> str:
    """Renders the lines above the text: the card's heading, then place and time."""
    heading = small(bold(truncate(card.heading, min(_NAME, share // 9), escape_line)))
    return "\n".join(filter(None, (heading, _dateline(card, render_context, share))))


def _dateline(card: Card, render_context: RenderContext, share: int) -> str:
    """Renders place and time, `OSAKA · 3 days ago · MU.`, in the reader's time and language."""
    story = card.story
    when = f"<t:{int(story.published.timestamp())}:R>"
    if story.date_only:
        date = published(story, render_context.clock, render_context.words.language)
        when = escape_markdown(date)
    byline = story.byline if card.number is None else ""
    room = min(_NAME, share // 9)
    place, writer = (truncate(part, room, escape_line) for part in (story.place, byline))
    return " · ".join(filter(None, (place, when, writer)))


def _offers(story: Story, render_context: RenderContext, room: int) -> str:
    """Renders what the story offers to listen to, or to watch, as links; those that fit."""
    links = ""
    for offer in story_offers(story, render_context.words):
        if url := web_url(offer.url):
            longer = " · ".join(filter(None, (links, link(link_label(offer.label), url))))
            links = longer if utf16_units(longer) < min(room, _OFFERS) else links
    return links


def _snippet(card: Card, room: int) -> str:
    """Renders the passage that a search found, its words in bold where there is room for that."""
    snippet = card.snippet
    if snippet is None:
        return ""
    text = highlight(snippet.text, snippet.marks)
    return text if utf16_units(text) <= room else truncate(snippet.text, room)


def _paragraph(paragraph: Paragraph) -> str:
    text = escape_markdown(paragraph.text).strip()
    return bold(text) if paragraph.heading else text


def _add_image(embed: discord.Embed, story: Story) -> discord.Embed:
    url = web_url(story.image)
    return embed.set_image(url=url) if url else embed


def _add_thumbnail(embed: discord.Embed, story: Story) -> discord.Embed:
    url = web_url(story.image)
    return embed.set_thumbnail(url=url) if url else embed
