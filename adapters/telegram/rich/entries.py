"""Lists of something other than stories: each thing is said once, and is its own button."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.telegram.links import topic_link
from adapters.telegram.rich.blocks import Block, Cell, Heading, SmallPrint, TableBlock, TextBlock
from adapters.telegram.rich.texts import Bold, InlineButton, Link, RichText
from adapters.telegram.rich.view import View
from bot.reply import Entry, Reply, is_command
from bot.text.bidi import isolate

_HEADING_SIZE = 4
_LONGEST_NAME, _LONGEST_TEXT = 40, 20  # characters that stand in one row of a phone
_FEW = 2  # lines, which make no table


def entry_blocks(reply: Reply, view: View) -> Iterator[Block]:
    """Renders the entries: a table of short ones, else a name with what there is to say of it."""
    if _is_table(reply.entries):
        yield TableBlock(tuple(_row(one, view) for one in reply.entries), is_striped=True)
        return
    for entry in reply.entries:
        if heading := view.prose.own(entry.heading):
            yield Heading(heading, _HEADING_SIZE)
        if is_command(entry):
            yield TextBlock(_command(entry, view))
        else:
            yield from _thing(entry, view)


def _is_table(entries: Sequence[Entry]) -> bool:
    return len(entries) > _FEW and all(
        one.text
        and not one.heading
        and not is_command(one)
        and len(one.name) <= _LONGEST_NAME
        and len(one.text) <= _LONGEST_TEXT
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
    """Renders a name: a button if it can be chosen, else a link to its topic, else plain."""
    lead = f"{entry.number}. " if entry.number else ""
    name = isolate(view.prose.own(entry.bare_name)) or "·"
    shown: RichText = Bold(name)
    if entry.action:
        shown = InlineButton(view.buttons.name(name, entry.action))
    elif entry.topic:
        shown = Link(name, topic_link(view.context.bot, entry.topic))
    return (lead, shown) if lead else shown


def _command(entry: Entry, view: View) -> RichText:
    """Renders a command: its name is a button, what may follow it is not."""
    name, _, usage = entry.name.partition(" ")
    parts: list[RichText] = [name]
    if entry.action:
        parts = [InlineButton(view.buttons.name(name, entry.action))]
    if usage:
        parts.append(f" {view.prose.line(usage)}")
    if text := view.prose.own(entry.text):
        parts.append(f" — {text}")
    return tuple(parts)
