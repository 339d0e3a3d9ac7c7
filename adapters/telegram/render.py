"""Replies as Telegram shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from adapters.telegram.links import read_link, topic_link
from adapters.telegram.rich import (
    BOLD,
    ITALIC,
    MESSAGE,
    UNDERLINE,
    Rich,
    joined,
    marked,
    one_line,
    said,
)
from bot.dates import published
from bot.i18n import Translations
from bot.model import Paragraph
from bot.reply import Card, Entry, Reply

_TITLE = 256  # UTF-16 units of a headline; longer ones are cut, so that the text has room
_SUMMARY = 320
_NAME = 120  # of a headline that stands in a line of its own
_ADDRESS = 500  # bytes of a link, as HTML; ten of them are not too much for a message


@dataclass(frozen=True, slots=True)
class RenderContext:
    """How replies are shown.

    Attributes:
        words: The bot's own words.
        zone: The time zone that times are shown in.
        bot: The bot's username, for links to it.
    """

    words: Translations
    zone: ZoneInfo
    bot: str


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A reply as a message.

    Attributes:
        html: The text.
        preview: The address whose preview stands with it; None for none.
        is_picture: True when the address is a picture, to be shown large above the text.
    """

    html: str
    preview: str | None = None
    is_picture: bool = False


def render(reply: Reply, render_context: RenderContext) -> RenderedMessage:
    """What a reply looks like."""
    text = _text(reply, render_context).cut(MESSAGE)
    html = text.html or _nothing(render_context)
    if len(reply.cards) == 1 and reply.cards[0].number is None and reply.page == 1:
        story = reply.cards[0].story
        if story.image:
            return RenderedMessage(html, story.image, is_picture=True)
    return RenderedMessage(html, next((c.story.url for c in reply.cards if c.story.url), None))


def _text(reply: Reply, render_context: RenderContext) -> Rich:
    """What a reply says, with as many more stories named as there is room for."""
    before, after = (
        joined(_before(reply, render_context), "\n\n"),
        joined(_after(reply, render_context), "\n\n"),
    )
    text = joined((before, after), "\n\n")
    named: list[Rich] = []
    for card in reply.more:
        named.append(_named(card, render_context))
        longer = joined((before, _listed(named, reply, render_context), after), "\n\n")
        if not longer.fits:
            break
        text = longer
    return text


def _listed(named: Sequence[Rich], reply: Reply, render_context: RenderContext) -> Rich:
    """Stories that are named, and how many are not."""
    left = len(reply.more) - len(named)
    told = render_context.words.ngettext("… and {count} more", "… and {count} more", left)
    return joined((*named, Rich.of(told.format(count=left), ITALIC) if left else Rich()), "\n")


def _named(card: Card, render_context: RenderContext) -> Rich:
    """A story in one line: `• Headline — The Wire`."""
    headline = Rich.of(one_line(card.story.title), link=_page(card, render_context)).cut(_NAME)
    source = Rich.of(one_line(card.source)).cut(_NAME)
    return Rich.of("• ") + joined((headline, source), " — ")


def _nothing(render_context: RenderContext) -> str:
    """For a reply that says nothing, which Telegram does not take."""
    return Rich.of(render_context.words.gettext("There is nothing to show."), ITALIC).html


def _before(reply: Reply, render_context: RenderContext) -> Iterator[Rich]:
    head = [Rich.of(one_line(reply.title), BOLD), *(Rich.of(said(n), ITALIC) for n in reply.notes)]
    yield joined(head, "\n")
    yield joined((Rich.of(said(text)) for text in reply.text), "\n\n")
    yield from _cards(reply, render_context)


def _after(reply: Reply, render_context: RenderContext) -> Iterator[Rich]:
    yield from map(_paragraph, reply.body)
    yield joined((_entry(entry, render_context) for entry in reply.entries), "\n")
    if reply.pages > 1:
        page = render_context.words.gettext("Page {page} of {pages}")
        yield Rich.of(page.format(page=reply.page, pages=reply.pages), ITALIC)


def _cards(reply: Reply, render_context: RenderContext) -> Iterator[Rich]:
    for card in reply.cards:
        is_read = bool(reply.body)
        parts = [Rich.of(one_line(card.heading), BOLD).cut(_TITLE), _title(card, render_context)]
        if not is_read or reply.page == 1:
            parts += [
                _about(card, render_context),
                Rich() if is_read else _told(card).cut(_SUMMARY),
            ]
        yield joined(parts, "\n")


def _title(card: Card, render_context: RenderContext) -> Rich:
    number = Rich.of(f"{card.number}. ") if card.number else Rich()
    title = Rich.of(one_line(card.story.title), BOLD, link=_page(card, render_context))
    return number + title.cut(_TITLE)


def _page(card: Card, render_context: RenderContext) -> str:
    """Where a story can be read: on its page or, without one, in the chat with the bot."""
    url = card.story.url
    if url and len(escape(url).encode(errors="replace")) <= _ADDRESS:
        return url
    return read_link(render_context.bot, card.story.id)


def _about(card: Card, render_context: RenderContext) -> Rich:
    """Where and when: `The Prospect · TOKYO · Nov 28, 2023 · Osaka Expo`."""
    story = card.story
    date = published(story, render_context.zone, render_context.words.language)
    parts = (card.source, story.place, date, story.byline if card.number is None else "")
    known = [Rich.of(one_line(part), ITALIC).cut(_TITLE) for part in parts if part]
    topics = [
        Rich.of(one_line(name), link=topic_link(render_context.bot, name)) for name in story.topics
    ]
    return joined((*known, *topics), " · ")


def _told(card: Card) -> Rich:
    """What the story says: the piece that was searched for, its words marked, or the summary."""
    if card.snippet is None:
        return Rich.of(said(card.story.summary))
    return marked(card.snippet.text, card.snippet.marks, BOLD, UNDERLINE)


def _paragraph(paragraph: Paragraph) -> Rich:
    return Rich.of(said(paragraph.text), *((BOLD,) if paragraph.heading else ()))


def _entry(entry: Entry, render_context: RenderContext) -> Rich:
    link = topic_link(render_context.bot, entry.topic) if entry.topic else None
    # A name that begins with a slash is a command, which Telegram lets people tap; not in bold.
    tags = () if entry.name.startswith("/") else (BOLD,)
    head = Rich.of(one_line(entry.name), *tags, link=link)
    return head + Rich.of(f" — {one_line(entry.text)}") if entry.text else head
