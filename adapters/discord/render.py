"""Replies as Discord shows them: a heading and text above, embeds below.

Stories are embeds (see `cards`): an embed mentions nobody, whatever it says, and embeds hold more
text than Discord's newer Components V2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import discord

from adapters.discord.cards import card_embeds, digest_embeds, story_page_embeds
from adapters.discord.embeds import COLOUR, CONTENT, EMBED_ROOM, TITLE, split_into_descriptions
from adapters.discord.markdown import (
    JOINER,
    bold,
    escape_line,
    escape_markdown,
    mention_commands,
    small,
    truncate,
    utf16_units,
)
from adapters.discord.rendered_message import RenderContext, RenderedMessage
from bot.dates import MomentForm, show_moments
from bot.reply import Entry, Reply, is_command

_NOTE = 600  # characters
_ROLE = re.compile(rf"<{JOINER}@&(?P<id>\d{{15,20}})>")


def render(reply: Reply, render_context: RenderContext) -> RenderedMessage:
    """Renders a reply."""
    embeds = tuple(_embeds(reply, render_context))
    head = show_moments(_head(reply, render_context), _timestamp)
    if reply.pages > 1 and not reply.body:
        head = "\n".join(filter(None, (head, small(_page_number(reply, render_context)))))
    if reply.shows_roles:
        head = _ROLE.sub(r"<@&\g<id>>", head)
    if not head and not embeds:
        head = render_context.words.gettext("Nothing to show.")
    if reply.picture and not reply.cards:
        return RenderedMessage(head, picture=reply.picture, in_picture=embeds)
    return RenderedMessage(head, embeds, reply.picture)


def _timestamp(seconds: int, form: MomentForm) -> str:
    """Returns what Discord's client shows in each reader's own time and language.

    MomentForm has Discord's own letters (https://docs.discord.com/developers/reference#message-formatting).
    """
    return f"<t:{seconds}:{form}>"


def _page_number(reply: Reply, render_context: RenderContext) -> str:
    text = render_context.words.gettext("Page {page} of {pages}")
    return text.format(page=reply.page, pages=reply.pages)


def _head(reply: Reply, render_context: RenderContext) -> str:
    """Renders title, notes and text: the bot's own words, which may quote a reader's."""
    room = CONTENT - utf16_units(_page_number(reply, render_context)) - 8
    lines = [bold(truncate(reply.title, TITLE, escape_line))]
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


def _embeds(reply: Reply, render_context: RenderContext) -> Iterator[discord.Embed]:
    if reply.body and reply.cards:
        page_number = _page_number(reply, render_context) if reply.pages > 1 else ""
        yield from story_page_embeds(reply, reply.cards[0], render_context, page_number)
    elif reply.more:
        yield from digest_embeds(reply, render_context)
    else:
        yield from card_embeds(reply.cards, render_context)
    if reply.entries and not reply.cards:
        lines = [_entry(entry, reply, render_context) for entry in reply.entries]
        for text in split_into_descriptions(lines, "\n", EMBED_ROOM):
            yield discord.Embed(description=text, colour=COLOUR)


def _entry(entry: Entry, reply: Reply, render_context: RenderContext) -> str:
    name = bold(truncate(entry.name, TITLE, escape_line))
    if is_command(entry):
        name = mention_commands(name, render_context.command_ids)
    line = f"{name} — {truncate(entry.text, TITLE, escape_line)}" if entry.text else name
    if reply.shows_roles:
        # The only mentions that are let be: they are the moderators' own, and call nobody here.
        line = _ROLE.sub(r"<@&\g<id>>", line)
    line = show_moments(line, _timestamp)
    if entry.heading:
        return f"### {truncate(entry.heading, TITLE, escape_line)}\n{line}"
    return line
