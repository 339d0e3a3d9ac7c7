"""What a typed line means: a choice, a question, or good-bye."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.console.choices import TURNS, Choices
from bot.reply import Action

QUIT = "/quit"
_LEAVING = frozenset({QUIT, "/exit", "quit", "exit"})


@dataclass(frozen=True, slots=True)
class Ask:
    """A line for the desk to answer."""

    line: str


@dataclass(frozen=True, slots=True)
class Press:
    """A choice that is at hand."""

    action: Action


@dataclass(frozen=True, slots=True)
class NoChoice:
    """A key that chooses nothing at the moment."""

    key: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty line."""


@dataclass(frozen=True, slots=True)
class Leave:
    """The person wants to go."""


Meaning = Ask | Press | NoChoice | Nothing | Leave


def meaning(line: str, at_hand: Choices) -> Meaning:
    """Reads a line as somebody who sees these choices means it.

    A number that no choice has still names a story when stories are listed: the desk remembers the
    pages before this one.
    """
    typed = line.strip()
    if not typed:
        return Nothing()
    key = typed.casefold()
    if key in _LEAVING:
        return Leave()
    if not _is_number(key) and key not in TURNS.values():
        return Ask(line)
    # Zeros are taken off as text: int() refuses numbers of thousands of digits.
    chosen = at_hand.get(key.lstrip("0") or "0")
    if chosen:
        return Press(chosen.action)
    if _is_number(key) and at_hand.listed:
        return Ask(f"/read {key}")
    return NoChoice(typed)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
