"""Parser of typed lines: a command with its options, the same wherever text is typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.command import Command, Option, OptionKind

Recognise = Callable[[OptionKind, str], bool]
"""Recognises a text that is surely a value of a kind: a source's id, a topic's name, a date."""

_SLASHED = re.compile(r"/(?P<name>[^\s@/]+)(?:@\S+)?(?P<rest>.*)", re.DOTALL)
_PIECE = re.compile(r'(?:["“”][^"“”]*["“”]|\S)+')  # a word, or several in quotes
_LONGEST_SPAN = 7  # words: `every week on monday at 8 pm`


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A typed line, its command split off.

    Attributes:
        name: The command's name as typed, or None when the line is no command.
        rest: The text that follows.
    """

    name: str | None
    rest: str


def split_command(line: str) -> TypedLine:
    """Splits the command's name off a line; `/latest@ThisBot Japan` is `/latest Japan`."""
    match = _SLASHED.fullmatch(line.strip())
    if match is None:
        return TypedLine(None, line.strip())
    return TypedLine(match["name"], match["rest"].strip())


def pieces_of(text: str) -> list[str]:
    """Cuts a text into its words; what stands in quotes is one piece with what it is joined to."""
    return _PIECE.findall(text)


def parse_options(command: Command, rest: str, recognise: Recognise) -> tuple[dict[str, str], str]:
    """Parses a command's options from what follows its name.

    `name:value` and `name:"a longer value"` give an option by name. Of the other words, those that
    an option is sure to know (a date, a source) go to it; what is left goes to the option that
    takes the rest.

    Returns:
        The options by name, and the words that nothing claimed.
    """
    given, left = _named_options(command, rest)
    taker = next((option for option in command.options if option.rest), None)
    if left and not (taker and recognise(taker.kind, left)):
        left = _take_recognised(command, left, given, recognise)
    if left and taker:
        given[taker.name] = f"{given[taker.name]} {left}" if taker.name in given else left
        left = ""
    return given, left


def _named_options(command: Command, rest: str) -> tuple[dict[str, str], str]:
    names = "|".join(re.escape(option.name) for option in command.options)
    if not names:
        return {}, rest
    pattern = rf'(?<!\S)(?P<name>{names}):(?:["“”](?P<quoted>(?:[^"“”\\]|\\.)*)["“”]|(?P<bare>\S+))'
    given: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        quoted = match["quoted"]
        given[match["name"]] = (
            match["bare"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL)
        )
        return ""

    left = re.sub(pattern, take, rest, flags=re.DOTALL)
    return given, left.strip()


def _take_recognised(
    command: Command, left: str, given: dict[str, str], recognise: Recognise
) -> str:
    """Takes out of `left` what an option that was not named is sure to know."""
    for option in command.options:
        if option.rest or option.hidden or option.name in given:
            continue
        found = pieces_of(left)  # what stands in quotes is never taken apart
        span = _span(option, found, recognise)
        if span:
            given[option.name] = " ".join(found[span])
            left = " ".join(found[: span.start] + found[span.stop :])
    return left


def _span(option: Option, found: list[str], recognise: Recognise) -> slice | None:
    """Returns the longest run of words that the option recognises; the last of several."""
    for length in range(min(_LONGEST_SPAN, len(found)), 0, -1):
        for start in range(len(found) - length, -1, -1):
            if recognise(option.kind, " ".join(found[start : start + length])):
                return slice(start, start + length)
    return None
