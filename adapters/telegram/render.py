"""Replies as Telegram shows them: one formatted text, with cards (see `cards`) and a preview."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from adapters.telegram.cards import render_cards, story_line
from adapters.telegram.choices import entry_numbers, is_all_buttons
from adapters.telegram.formatted_text import (
    BOLD,
    ITALIC,
    MAX_CAPTION,
    MAX_MESSAGE,
    FormattedText,
    join,
    sanitize,
    sanitize_line,
)
from adapters.telegram.links import topic_link
from adapters.telegram.rendered_message import RenderContext, RenderedMessage
from adapters.telegram.template_text import layout_text
from bot.model import Paragraph, Story
from bot.post_layout import PicturePlace, PostLayout
from bot.reply import FILE_MISSING, Entry, Reply, is_command
from bot.text.bidi import isolate


def render(reply: Reply, render_context: RenderContext) -> RenderedMessage:
    """Renders a reply."""
    render_context = render_context.at(reply.clock)
    text = _text(reply, render_context)
    html = text.truncate(MAX_MESSAGE).html or _nothing_to_show(render_context)
    if reply.upload:
        caption = text.truncate(MAX_CAPTION).html
        instead = _without_document(reply, render_context) if reply.document else html
        return RenderedMessage(instead, upload=reply.upload, caption=caption)
    if not reply.has_pictures:
        return RenderedMessage(html)
    if layout := _layout(reply):
        return _with_preview(html, reply.cards[0].story, layout.picture)
    if len(reply.cards) == 1 and reply.cards[0].number is None and reply.page == 1:
        story = reply.cards[0].story
        if story.image:
            return RenderedMessage(html, story.image, is_picture=True)
    return RenderedMessage(html, next((c.story.url for c in reply.cards if c.story.url), None))


def _without_document(reply: Reply, render_context: RenderContext) -> str:
    """Renders what stands in the place of a file that a chat does not take."""
    missing = render_context.words.gettext(FILE_MISSING)
    told = replace(reply, document=None, text=(*reply.text, missing))
    return render(told, render_context).html


def _layout(reply: Reply) -> PostLayout | None:
    return reply.cards[0].layout if len(reply.cards) == 1 else None


def _with_preview(html: str, story: Story, place: PicturePlace) -> RenderedMessage:
    """Returns a post by a template, whose picture is the preview of a link."""
    if place is PicturePlace.NONE:
        return RenderedMessage(html)
    is_large = bool(story.image) and place is not PicturePlace.SMALL
    return RenderedMessage(html, story.image or story.url, is_large)


def _text(reply: Reply, render_context: RenderContext) -> FormattedText:
    """Renders the text, and a line for each of as many further stories as there is room for."""
    before, after = (
        join(_parts_before_more(reply, render_context), "\n\n"),
        join(_parts_after_more(reply, render_context), "\n\n"),
    )
    text = join((before, after), "\n\n")
    lines: list[FormattedText] = []
    for card in reply.more:
        lines.append(story_line(card, render_context))
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


def _nothing_to_show(render_context: RenderContext) -> str:
    """Returns the text of an empty reply, which Telegram would refuse."""
    return FormattedText.of(render_context.words.gettext("Nothing to show."), ITALIC).html


def _parts_before_more(reply: Reply, render_context: RenderContext) -> Iterator[FormattedText]:
    head = [
        FormattedText.of(sanitize_line(reply.title), BOLD),
        *(FormattedText.of(sanitize(n, render_context.commands), ITALIC) for n in reply.notes),
    ]
    yield join(head, "\n")
    texts = (sanitize(text, render_context.commands) for text in reply.text)
    yield join((FormattedText.of(text) for text in texts), "\n\n")
    if layout := _layout(reply):
        yield layout_text(reply.cards[0], layout, render_context)
    else:
        yield from render_cards(reply, render_context)


def _parts_after_more(reply: Reply, render_context: RenderContext) -> Iterator[FormattedText]:
    yield from map(_paragraph, reply.body)
    yield join(_entries(reply, render_context), "\n")
    if reply.pages > 1:
        page = render_context.words.gettext("Page {page} of {pages}")
        yield FormattedText.of(page.format(page=reply.page, pages=reply.pages), ITALIC)


def _paragraph(paragraph: Paragraph) -> FormattedText:
    return FormattedText.of(sanitize(paragraph.text), *((BOLD,) if paragraph.heading else ()))


def _entries(reply: Reply, render_context: RenderContext) -> Iterator[FormattedText]:
    if is_all_buttons(reply):
        return
    for at, (entry, number) in enumerate(zip(reply.entries, entry_numbers(reply), strict=True)):
        if entry.heading:
            yield FormattedText.of("\n" * bool(at) + sanitize_line(entry.heading), BOLD)
        lead = FormattedText.of(f"{number}. " if number and not entry.number else "")
        yield lead + _entry(entry, render_context)


def _entry(entry: Entry, render_context: RenderContext) -> FormattedText:
    link = topic_link(render_context.bot, entry.topic) if entry.topic else entry.url or None
    # Telegram lets people tap a command; not in bold.
    is_own = is_command(entry)
    name = isolate(sanitize_line(entry.name, render_context.commands if is_own else ()))
    head = FormattedText.of(name, *(() if is_own else (BOLD,)), link=link)
    about = isolate(sanitize_line(entry.text))
    return head + FormattedText.of(f" — {about}") if about else head
