"""Cards: how a story looks on Telegram, as a paragraph with links or as a line that names it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from adapters.telegram.formatted_text import (
    BOLD,
    ITALIC,
    UNDERLINE,
    FormattedText,
    highlight,
    join,
    sanitize,
    sanitize_line,
)
from adapters.telegram.links import read_link, topic_link
from adapters.telegram.rendered_message import RenderContext
from bot.dates import published
from bot.offers import story_offers
from bot.reply import Card, Reply
from bot.text.bidi import isolate

_MAX_TITLE = 256  # UTF-16 units
_MAX_SUMMARY = 320
_MAX_NAME = 120  # of a headline and of a source, in a line that names a story
_MAX_URL = 500  # bytes of HTML; ten such links fit a message

_FEW = 3  # cards; of more than these, each has room for one short link to a recording only
_MAX_LISTED_URL = 200  # bytes of HTML


def render_cards(reply: Reply, render_context: RenderContext) -> Iterator[FormattedText]:
    """Renders the cards of a reply, one text each."""
    for card in reply.cards:
        is_read = bool(reply.body)
        parts = [
            FormattedText.of(sanitize_line(card.heading), BOLD).truncate(_MAX_TITLE),
            _title(card, render_context),
        ]
        if not is_read or reply.page == 1:
            parts += [
                _dateline(card, render_context),
                FormattedText() if is_read else _excerpt(card).truncate(_MAX_SUMMARY),
                card_offers(card, render_context, is_list=len(reply.cards) > _FEW),
            ]
        yield join(parts, "\n")


def story_line(card: Card, render_context: RenderContext) -> FormattedText:
    """Renders a story as one line: `• Headline — The Wire`."""
    headline = FormattedText.of(
        isolate(sanitize_line(card.story.title)), link=story_url(card, render_context)
    ).truncate(_MAX_NAME)
    source = FormattedText.of(isolate(sanitize_line(card.signed_source))).truncate(_MAX_NAME)
    return FormattedText.of("• ") + join((headline, source), " — ")


def _title(card: Card, render_context: RenderContext) -> FormattedText:
    number = FormattedText.of(f"{card.number}. ") if card.number else FormattedText()
    headline = sanitize_line(card.story.title)
    headline = isolate(headline) if card.number else headline
    title = FormattedText.of(headline, BOLD, link=story_url(card, render_context))
    return number + title.truncate(_MAX_TITLE)


def story_url(card: Card, render_context: RenderContext) -> str:
    """Returns the URL of a story's page or, without one, the deep link that opens it in the bot."""
    url = card.story.url
    if url and _weight(url) <= _MAX_URL:
        return url
    return read_link(render_context.bot, card.story.id)


def _weight(url: str) -> int:
    return len(escape(url).encode(errors="replace"))


def _dateline(card: Card, render_context: RenderContext) -> FormattedText:
    """Renders source, place and date: `The Prospect · TOKYO · Nov 28, 2023 · Osaka Expo`."""
    story = card.story
    date = published(story, render_context.clock, render_context.words.language)
    byline = story.byline if card.number is None else ""
    parts = (card.signed_source, card.also, story.place, date, byline)
    known = [
        FormattedText.of(isolate(sanitize_line(part)), ITALIC).truncate(_MAX_TITLE)
        for part in parts
        if part
    ]
    topics = [
        FormattedText.of(isolate(sanitize_line(name)), link=topic_link(render_context.bot, name))
        for name in story.topics
    ]
    return join((*known, *topics), " · ")


def card_offers(
    card: Card, render_context: RenderContext, *, is_list: bool = False
) -> FormattedText:
    """Renders what the story offers to listen to, or to watch, as links; in a list, a short one."""
    most, longest = (1, _MAX_LISTED_URL) if is_list else (None, _MAX_URL)
    offers = story_offers(card.story, render_context.words)[:most]
    links = (FormattedText.of(o.label, link=o.url) for o in offers if _weight(o.url) <= longest)
    return join(links, " · ")


def _excerpt(card: Card) -> FormattedText:
    """Renders the passage that a search found, its words highlighted, or the summary."""
    if card.snippet is None:
        return FormattedText.of(sanitize(card.story.summary))
    return highlight(card.snippet.text, card.snippet.marks, BOLD, UNDERLINE)
