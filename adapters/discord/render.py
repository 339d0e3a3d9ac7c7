"""Replies as Discord shows them: the bot's own words above, stories and lists in a box below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from adapters.discord.buttons import NO_CONTROLS, ReplyControls
from adapters.discord.card_layouts import list_layout, story_layout
from adapters.discord.cards import TITLE
from adapters.discord.colours import BLUE
from adapters.discord.layout import (
    MAX_COMPONENTS,
    MAX_DESCRIPTION,
    MAX_TEXT,
    LayoutBlock,
    LayoutContainer,
    LayoutFile,
    LayoutGallery,
    LayoutPicture,
    LayoutText,
    count_components,
)
from adapters.discord.links import web_url
from adapters.discord.markdown import (
    JOINER,
    bold,
    escape_line,
    escape_markdown,
    heading,
    link,
    link_label,
    mention_commands,
    small,
    truncate,
    utf16_units,
)
from adapters.discord.rendered_message import RenderContext, RenderedMessage
from bot.dates import MomentForm, show_moments
from bot.reply import FILE_MISSING, Document, Entry, Picture, Reply, is_command
from bot.text.bidi import isolate

_ROOM = MAX_TEXT - 100  # a margin, for the mention of a role and for what Discord may count
_HEAD = 1_500  # characters of the bot's own words where stories or a list follow
_NOTE = 600
_ROLE = re.compile(rf"<{JOINER}@&(?P<id>\d{{15,20}})>")


def render(
    reply: Reply, render_context: RenderContext, controls: ReplyControls = NO_CONTROLS
) -> RenderedMessage:
    """Renders a reply, with what can be pressed."""
    if reply.picture:
        return _render_picture(reply, reply.picture, render_context, controls)
    if reply.document:
        return _render_document(reply, reply.document, render_context, controls)
    rendered = RenderedMessage(_render_blocks(reply, render_context, controls))
    return rendered if reply.has_pictures else rendered.without_images()


def _render_picture(
    reply: Reply, picture: Picture, render_context: RenderContext, controls: ReplyControls
) -> RenderedMessage:
    """Renders a reply with a picture, which stands in the place of its entries."""
    url, alt = f"attachment://{picture.name}", picture.alt[:MAX_DESCRIPTION]
    shown = LayoutGallery((LayoutPicture(url, alt),))
    instead = render(replace(reply, picture=None), render_context, controls)
    blocks = _render_blocks(replace(reply, entries=()), render_context, controls, (shown,))
    return RenderedMessage(blocks, picture, instead)


def _render_document(
    reply: Reply, document: Document, render_context: RenderContext, controls: ReplyControls
) -> RenderedMessage:
    """Renders a reply with a file, which stands below the bot's own words."""
    missing = render_context.words.gettext(FILE_MISSING)
    told = replace(reply, document=None, text=(*reply.text, missing))
    instead = render(told, render_context, controls)
    blocks = _render_blocks(reply, render_context, controls, (LayoutFile(document.name),))
    return RenderedMessage(blocks, document, instead)


def _render_blocks(
    reply: Reply,
    render_context: RenderContext,
    controls: ReplyControls,
    below_head: tuple[LayoutGallery | LayoutFile, ...] = (),
) -> tuple[LayoutBlock | LayoutContainer, ...]:
    is_list = bool(reply.cards or reply.more or reply.entries)
    head = show_moments(_head(reply, render_context, _HEAD if is_list else _ROOM), _timestamp)
    if reply.pages > 1 and not reply.body:
        head = "\n".join(filter(None, (head, small(_page_number(reply, render_context)))))
    if reply.shows_roles:
        head = _ROLE.sub(r"<@&\g<id>>", head)
    top: tuple[LayoutBlock, ...] = (*((LayoutText(head),) if head else ()), *below_head)
    room = _ROOM - utf16_units(head)
    if _stands_alone(reply):
        page_number = _page_number(reply, render_context) if reply.body and reply.pages > 1 else ""
        if reply.is_preview:  # of a post, which has no rows of its own
            post = story_layout(reply, render_context, replace(controls, rows=()), _ROOM)
            return (*top, *post, *controls.rows)
        return (*top, *story_layout(reply, render_context, controls, room, page_number))
    components = MAX_COMPONENTS - count_components((*top, *controls.rows))
    boxes = list_layout(reply, render_context, controls, room, components) if is_list else ()
    if reply.entries and not reply.cards:
        boxes = _entry_box(reply, render_context, room)
    if not (top or boxes):
        top = (LayoutText(render_context.words.gettext("Nothing to show.")),)
    return (*top, *boxes, *controls.rows)


def _stands_alone(reply: Reply) -> bool:
    """Tells if a reply is one story: a post, or a page of one that is read."""
    is_post = len(reply.cards) == 1 and reply.cards[0].number is None and not reply.more
    return is_post or bool(reply.body and reply.cards)


def _timestamp(seconds: int, form: MomentForm) -> str:
    """Returns what Discord's client shows in each reader's own time and language.

    MomentForm has Discord's own letters (https://docs.discord.com/developers/reference#message-formatting).
    """
    return f"<t:{seconds}:{form}>"


def _page_number(reply: Reply, render_context: RenderContext) -> str:
    text = render_context.words.gettext("Page {page} of {pages}")
    return text.format(page=reply.page, pages=reply.pages)


def _head(reply: Reply, render_context: RenderContext, room: int) -> str:
    """Renders title, notes and text: the bot's own words, which may quote a reader's."""
    room -= utf16_units(_page_number(reply, render_context)) + 8
    lines = [heading(truncate(reply.title, TITLE, escape_line), 2)]
    lines += [small(truncate(note, _NOTE, escape_line)) for note in reply.notes]

    # A refusal names commands that the person may not use.
    ids = render_context.command_ids if reply.ok else {}

    def own_words(text: str) -> str:
        return mention_commands(escape_markdown(text, links=False), ids)

    texts = [truncate(text, room // 2, own_words).strip() for text in reply.text]
    head = ""
    for part in filter(None, ("\n".join(filter(None, lines)), *texts)):
        longer = f"{head}\n\n{part}" if head else part
        if utf16_units(longer) > room:
            break
        head = longer
    return head


def _entry_box(
    reply: Reply, render_context: RenderContext, room: int
) -> tuple[LayoutContainer, ...]:
    lines = [_entry(entry, reply, render_context) for entry in reply.entries]
    text = _join_lines(lines, room)
    return (LayoutContainer((LayoutText(text),), BLUE),) if text else ()


def _join_lines(lines: Sequence[str], room: int) -> str:
    """Joins lines; drops those beyond the room."""
    text = ""
    for line in filter(None, lines):
        longer = f"{text}\n{line}" if text else line
        if utf16_units(longer) > room:
            break
        text = longer
    return text


def _entry(entry: Entry, reply: Reply, render_context: RenderContext) -> str:
    name = bold(isolate(truncate(entry.name, TITLE, escape_line)))
    if url := web_url(entry.url):
        name = bold(link(truncate(entry.name, TITLE, link_label), url))
    if is_command(entry):
        command, _, _ = entry.name.partition(" ")
        mention = mention_commands(command, render_context.command_ids)
        # Discord offers the options to whoever taps it; to read, they would be noise.
        name = mention if mention != command else name
    about = isolate(truncate(entry.text, TITLE, escape_line))
    line = f"{name} — {about}" if about else name
    if reply.shows_roles:
        # The only mentions that are let be: they are the moderators' own, and call nobody here.
        line = _ROLE.sub(r"<@&\g<id>>", line)
    line = show_moments(line, _timestamp)
    if entry.heading:
        return f"### {truncate(entry.heading, TITLE, escape_line)}\n{line}"
    return line
