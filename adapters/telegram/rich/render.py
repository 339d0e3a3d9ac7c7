"""Replies as rich messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from adapters.telegram.rendered_message import RenderContext
from adapters.telegram.rich.blocks import (
    Block,
    Details,
    Divider,
    Heading,
    ItemList,
    ListItem,
    RichMessage,
    SmallPrint,
    TextBlock,
)
from adapters.telegram.rich.buttons import ButtonMaker, rows
from adapters.telegram.rich.cards import TITLE_SIZE, card_blocks, placed, story_url
from adapters.telegram.rich.entries import entry_blocks
from adapters.telegram.rich.limits import MAX_BLOCKS, MAX_CHARACTERS, measure
from adapters.telegram.rich.prose import Prose
from adapters.telegram.rich.story import as_parts, is_whole_story, story_blocks
from adapters.telegram.rich.template import template_blocks
from adapters.telegram.rich.texts import Italic, Link, RichButton
from adapters.telegram.rich.view import View
from bot.reply import Button, Card, Reply, Role
from bot.text.bidi import is_right_to_left

# UTF-16 units of each text, tried one after the other until a message has room for all of them.
_LIMITS = (None, 4_000, 1_000, 250, 60)

_FEW = 3  # such stories, which are not folded
_MAX_MORE = 150  # stories that are named only; each takes two blocks
_ARROWS = {Role.PREVIOUS: "‹ {label}", Role.NEXT: "{label} ›"}
_COMMAND = re.compile(r"(?<![\w/])/([a-z0-9_]+)")


def render_rich(
    reply: Reply, context: RenderContext, buttons: ButtonMaker, *, pictures: bool = True
) -> RichMessage:
    """Renders a reply within the limits; texts are shortened only where these force it.

    Of too many blocks the last are left out, for which shorter texts would make no room.
    """
    context = context.at(reply.clock)
    detects = _has_to_be_looked_at(reply, context)
    message = RichMessage(())
    for limit in _LIMITS:
        prose = Prose(detects, context.commands, limit)
        message = _message(reply, View(context, buttons, prose, pictures and reply.has_pictures))
        if measure(message).characters <= MAX_CHARACTERS:
            break
    return message if measure(message).fits else _cut(message)


def _cut(message: RichMessage) -> RichMessage:
    """Leaves out the last blocks for which there is no room, however short their texts."""
    count = min(len(message.blocks), MAX_BLOCKS)
    while count > 1 and not measure(*message.blocks[:count]).fits:
        count -= 1
    return replace(message, blocks=message.blocks[:count])


def _has_to_be_looked_at(reply: Reply, context: RenderContext) -> bool:
    """Tells if Telegram has to look for commands in the bot's own words, or for hashtags."""
    if is_whole_story(reply):  # whose words are to stay as they are
        return False
    if any(card.layout and card.layout.has_hashtags for card in reply.cards):
        return True
    said = (reply.title, *reply.notes, *reply.text, *(one.text for one in reply.entries))
    return any(name in context.commands for text in said for name in _COMMAND.findall(text))


def _message(reply: Reply, view: View) -> RichMessage:
    if is_whole_story(reply):
        reply = as_parts(reply, view)
    blocks = tuple(_blocks(reply, view))
    return RichMessage(
        blocks or (TextBlock(Italic(view.gettext("Nothing to show."))),),
        is_rtl=_is_right_to_left(reply),
        skip_entity_detection=not view.prose.detects,
    )


def _is_right_to_left(reply: Reply) -> bool:
    return bool(reply.cards) and all(is_right_to_left(card.story.title) for card in reply.cards)


def _blocks(reply: Reply, view: View) -> Iterator[Block]:
    yield from _own_words(reply, view)
    if is_whole_story(reply):
        yield from story_blocks(reply, view)
    else:
        yield from _cards(reply, view)
        if reply.cards and len(reply.more) > _FEW:
            yield from _more(reply.more, view)
        else:
            yield from (TextBlock(_line(card, view)) for card in reply.more[:_MAX_MORE])
        for paragraph in reply.body:
            if text := view.prose.linked(paragraph.text):
                yield TextBlock(text)
    yield from entry_blocks(reply, view)
    yield from _closing(reply, view)


def _cards(reply: Reply, view: View) -> Iterator[Block]:
    layout = reply.cards[0].layout if len(reply.cards) == 1 else None
    if layout:
        yield from template_blocks(reply, reply.cards[0], layout, view)
    else:
        yield from card_blocks(reply, view)


def _own_words(reply: Reply, view: View) -> Iterator[Block]:
    if title := view.prose.own(reply.title):
        yield Heading(title, TITLE_SIZE)
    for note in reply.notes:
        if text := view.prose.own(note):
            yield TextBlock(Italic(text))
    for line in (line for text in reply.text for line in text.splitlines()):
        if text := view.prose.own(line):
            yield TextBlock(text)


def _more(more: Sequence[Card], view: View) -> Iterator[Block]:
    """Renders the stories that are named only, folded under their number."""
    words = view.context.words
    items = [ListItem((TextBlock(_line(card, view)),)) for card in more[:_MAX_MORE]]
    if left := len(more) - len(items):
        text = words.ngettext("… and {count} more", "… and {count} more", left)
        items.append(ListItem((TextBlock(Italic(text.format(count=left))),)))
    summary = words.ngettext("{count} more story", "{count} more stories", len(more))
    yield Details(summary.format(count=len(more)), (ItemList(tuple(items)),))


def _line(card: Card, view: View) -> tuple[Link | str, ...]:
    title = view.prose.line(card.story.title) or card.story.id
    source = view.prose.line(card.signed_source)
    return (Link(title, story_url(card, view)), *((f" — {source}",) if source else ()))


def _closing(reply: Reply, view: View) -> Iterator[Block]:
    """Renders the page and the buttons that belong to the whole reply."""
    left = [one for one in reply.buttons if one not in placed(reply)]
    if reply.cards and left and not is_whole_story(reply):
        yield Divider()
    if reply.pages > 1:
        page = view.gettext("Page {page} of {pages}")
        yield SmallPrint(page.format(page=reply.page, pages=reply.pages))
    turning = [one for one in left if one.role in _ARROWS]
    others = [one for one in left if one.role not in _ARROWS]
    yield from rows(_closing_button(one, view) for one in (*turning, *others))


def _closing_button(button: Button, view: View) -> RichButton:
    label = _ARROWS.get(button.role, "{label}").format(label=button.label)
    return view.buttons.button(button, label)
