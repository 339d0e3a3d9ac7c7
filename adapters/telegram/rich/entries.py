"""Lists of something other than stories: each thing is said once, and is its own button."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from adapters.telegram.links import topic_link
from adapters.telegram.rich.blocks import Block, Cell, Heading, SmallPrint, TableBlock, TextBlock
from adapters.telegram.rich.texts import Bold, InlineButton, Link, RichText
from adapters.telegram.rich.view import View
from bot.reply import Entry, Reply, is_command
from bot.text.bidi import isolate
from bot.text.display import columns

_HEADING_SIZE = 4
_ROW_LENGTH = 40  # characters of a name, and what is said of it, in one row of a phone
_FEW = 2  # lines, which make no table


def entry_blocks(reply: Reply, view: View) -> Iterator[Block]:
    """Renders the entries: tables of short ones, else a name with what there is to say of it."""
    is_table = _is_table(reply.entries)
    for group in _groups(reply.entries):
        if heading := view.prose.own(group[0].heading):
            yield Heading(heading, _HEADING_SIZE)
        if is_table:
            yield TableBlock(tuple(_row(one, view) for one in group), is_striped=True)
            continue
        for entry in group:
            yield from (_command(entry, view),) if is_command(entry) else _thing(entry, view)


def _groups(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Yields the entries under each heading."""
    starts = [at for at, one in enumerate(entries) if not at or one.heading]
    for start, end in pairwise([*starts, len(entries)]):
        yield entries[start:end]


def _is_table(entries: Sequence[Entry]) -> bool:
    return len(entries) > _FEW and all(
        one.text and not is_command(one) and columns(one.name) + columns(one.text) <= _ROW_LENGTH
        for one in entries
    )


def _row(entry: Entry, view: View) -> tuple[Cell, ...]:
    return (
        Cell(_name(entry, view), valign="middle"),
        Cell(view.prose.own(entry.text), align="right", valign="middle"),
    )


def _thing(entry: Entry, view: View) -> Iterator[Block]:
    yield TextBlock(_name(entry, view))
    if text := view.prose.own(entry.text):
        yield SmallPrint(text)


def _name(entry: Entry, view: View) -> RichText:
    """Renders a name: a button if it can be chosen, else a link, else plain."""
    lead = f"{entry.number}. " if entry.number else ""
    name = isolate(view.prose.own(entry.bare_name)) or "·"
    shown: RichText = Bold(name)
    if entry.action:
        shown = InlineButton(view.buttons.name(name, entry.action))
    elif entry.url:
        shown = Link(name, entry.url)
    elif entry.topic:
        shown = Link(name, topic_link(view.context.bot, entry.topic))
    return (lead, shown) if lead else shown


def _command(entry: Entry, view: View) -> TextBlock:
    """Renders a command: its name is a button, what may follow it is not."""
    name, _, usage = entry.name.partition(" ")
    parts: list[RichText] = [name]
    if entry.action:
        parts = [InlineButton(view.buttons.name(name, entry.action))]
    if usage:
        parts.append(f" {view.prose.line(usage)}")
    if text := view.prose.own(entry.text):
        parts.append(f" — {text}")
    return TextBlock(tuple(parts))
