"""Lists to choose from: each line is said once, by a button or by a line with a numbered button."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from bot.reply import Button, Entry, Reply, is_command

_MOST_BUTTONS = 10  # of a list that is all buttons
_LONGEST = 34  # characters of a button's label that a phone shows, alone in its row


def is_all_buttons(reply: Reply) -> bool:
    """Tells if the buttons alone show a list: a few short lines, each of which can be chosen."""
    entries = reply.entries
    return 0 < len(entries) <= _MOST_BUTTONS and all(
        one.action and not is_command(one) and len(_label(one)) <= _LONGEST for one in entries
    )


def entry_numbers(reply: Reply) -> Sequence[int | None]:
    """Returns the numbers of a list's lines, by which buttons choose; None for the others.

    A line keeps the number that people know it by.
    """
    numbers = count(1)
    return [
        (one.number or next(numbers)) if one.action and not is_command(one) else one.number
        for one in reply.entries
    ]


def choice_buttons(reply: Reply) -> Sequence[Button]:
    """Returns the buttons that choose from a list: whole lines, commands, or numbers."""
    numbers = entry_numbers(reply)
    return [
        Button(_button_label(one, number, all_buttons=is_all_buttons(reply)), one.action)
        for one, number in zip(reply.entries, numbers, strict=True)
        if one.action
    ]


def _button_label(entry: Entry, number: int | None, *, all_buttons: bool) -> str:
    if all_buttons:
        return _label(entry)
    return entry.name.partition(" ")[0] if number is None else str(number)


def _label(entry: Entry) -> str:
    return f"{entry.name} · {entry.text}" if entry.text else entry.name
