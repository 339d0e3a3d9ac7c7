"""Replies as Telegram shows them: one formatted text, cards of stories in it, and a preview."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from adapters.telegram.formatted_text import (
    BOLD,
    ITALIC,
    MAX_MESSAGE,
    UNDERLINE,
    FormattedText,
    highlight,
    join,
    sanitize,
    sanitize_line,
)
from adapters.telegram.links import read_link, topic_link
from bot.dates import published
from bot.i18n import Translations
from bot.model import Paragraph
from bot.reply import Card, Entry, Reply

_MAX_TITLE = 256  # UTF-16 units
_MAX_SUMMARY = 320
_MAX_NAME = 120  # of a headline and of a source, in a line that names a story
_MAX_URL = 500  # bytes of HTML; ten such links fit a message


@dataclass(frozen=True, slots=True)
class RenderContext:
    """The language and the time zone that replies are rendered in.

    Attributes:
        words: The bot's own words.
        zone: The time zone of the dates shown.
        bot: The bot's username, for links to it.
    """

    words: Translations
    zone: ZoneInfo
    bot: str


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A reply as a Telegram message.

    Attributes:
        html: The text.
        preview: The URL of the link preview; None for none.
        is_picture: True if the URL is a picture, to be shown large above the text.
    """

    html: str
    preview: str | None = None
    is_picture: bool = False


def render(reply: Reply, render_context: RenderContext) -> RenderedMessage:
    """Renders a reply."""
    text = _text(reply, render_context).truncate(MAX_MESSAGE)
    html = text.html or _nothing_to_show(render_context)
    if len(reply.cards) == 1 and reply.cards[0].number is None and reply.page == 1:
        story = reply.cards[0].story
        if story.image:
            return RenderedMessage(html, story.image, is_picture=True)
    return RenderedMessage(html, next((c.story.url for c in reply.cards if c.story.url), None))


def _text(reply: Reply, render_context: RenderContext) -> FormattedText:
    """Renders the text, and a line for each of as many further stories as there is room for."""
    before, after = (
        join(_parts_before_more(reply, render_context), "\n\n"),
        join(_parts_after_more(reply, render_context), "\n\n"),
    )
    text = join((before, after), "\n\n")
    lines: list[FormattedText] = []
    for card in reply.more:
        lines.append(_story_line(card, render_context))
        longer = join((before, _story_lines(lines, reply, render_context), after), "\n\n")
        if not longer.fits:
            break
        text = longer
    return text


def _story_lines(
    lines: Sequence[FormattedText], reply: Reply, render_context: RenderContext
) -> FormattedText:
    """Joins lines that name stories, and how many stories are left out."""
    left = len(reply.more) - len(lines)
    text = render_context.words.ngettext("… and {count} more", "… and {count} more", left)
    return join(
        (*lines, FormattedText.of(text.format(count=left), ITALIC) if left else FormattedText()),
        "\n",
    )


def _story_line(card: Card, render_context: RenderContext) -> FormattedText:
    """Renders a story as one line: `• Headline — The Wire`."""
    headline = FormattedText.of(
        sanitize_line(card.story.title), link=_story_url(card, render_context)
    ).truncate(_MAX_NAME)
    source = FormattedText.of(sanitize_line(card.source)).truncate(_MAX_NAME)
    return FormattedText.of("• ") + join((headline, source), " — ")


def _nothing_to_show(render_context: RenderContext) -> str:
    """Returns the text of an empty reply, which Telegram would refuse."""
    return FormattedText.of(render_context.words.gettext("There is nothing to show."), ITALIC).html


def _parts_before_more(reply: Reply, render_context: RenderContext) -> Iterator[FormattedText]:
    head = [
        FormattedText.of(sanitize_line(reply.title), BOLD),
        *(FormattedText.of(sanitize(n), ITALIC) for n in reply.notes),
    ]
    yield join(head, "\n")
    yield join((FormattedText.of(sanitize(text)) for text in reply.text), "\n\n")
    yield from _cards(reply, render_context)


def _parts_after_more(reply: Reply, render_context: RenderContext) -> Iterator[FormattedText]:
    yield from map(_paragraph, reply.body)
    yield join((_entry(entry, render_context) for entry in reply.entries), "\n")
    if reply.pages > 1:
        page = render_context.words.gettext("Page {page} of {pages}")
        yield FormattedText.of(page.format(page=reply.page, pages=reply.pages), ITALIC)


def _cards(reply: Reply, render_context: RenderContext) -> Iterator[FormattedText]:
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
            ]
        yield join(parts, "\n")


def _title(card: Card, render_context: RenderContext) -> FormattedText:
    number = FormattedText.of(f"{card.number}. ") if card.number else FormattedText()
    title = FormattedText.of(
        sanitize_line(card.story.title), BOLD, link=_story_url(card, render_context)
    )
    return number + title.truncate(_MAX_TITLE)


def _story_url(card: Card, render_context: RenderContext) -> str:
    """Returns the URL of a story's page or, without one, the deep link that opens it in the bot."""
    url = card.story.url
    if url and len(escape(url).encode(errors="replace")) <= _MAX_URL:
        return url
    return read_link(render_context.bot, card.story.id)


def _dateline(card: Card, render_context: RenderContext) -> FormattedText:
    """Renders source, place and date: `The Prospect · TOKYO · Nov 28, 2023 · Osaka Expo`."""
    story = card.story
    date = published(story, render_context.zone, render_context.words.language)
    parts = (card.source, story.place, date, story.byline if card.number is None else "")
    known = [
        FormattedText.of(sanitize_line(part), ITALIC).truncate(_MAX_TITLE) for part in parts if part
    ]
    topics = [
        FormattedText.of(sanitize_line(name), link=topic_link(render_context.bot, name))
        for name in story.topics
    ]
    return join((*known, *topics), " · ")


def _excerpt(card: Card) -> FormattedText:
    """Renders the passage that a search found, its words highlighted, or the summary."""
    if card.snippet is None:
        return FormattedText.of(sanitize(card.story.summary))
    return highlight(card.snippet.text, card.snippet.marks, BOLD, UNDERLINE)


def _paragraph(paragraph: Paragraph) -> FormattedText:
    return FormattedText.of(sanitize(paragraph.text), *((BOLD,) if paragraph.heading else ()))


def _entry(entry: Entry, render_context: RenderContext) -> FormattedText:
    action = entry.action
    name = dict(action.options).get("name") if action and action.command == "topic" else None
    link = topic_link(render_context.bot, name) if name else None
    # A name that begins with a slash is a command, which Telegram lets people tap; not in bold.
    tags = () if entry.name.startswith("/") else (BOLD,)
    head = FormattedText.of(sanitize_line(entry.name), *tags, link=link)
    return head + FormattedText.of(f" — {sanitize_line(entry.text)}") if entry.text else head
