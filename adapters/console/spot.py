"""Where in a command the cursor stands, and so what may come next."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.commands.registry import Command, Option, Registry

_COMMAND = re.compile(r"/(\S+)\s+(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Spot:
    """The end of a command line that is being typed.

    Attributes:
        command: The command.
        option: The option whose value is being typed; None when no value can stand here.
        typed: What there is of the value, as it is typed: a completion takes its place.
        named: True when the option is given by name, and a value with spaces needs quotes.
        free: The options that have not been given yet and can be, by name.
    """

    command: Command
    option: Option | None
    typed: str
    named: bool = False
    free: tuple[Option, ...] = ()

    @property
    def partial(self) -> str:
        """The value as far as it is typed, without a quotation mark before it."""
        return self.typed.lstrip('"“”') if self.named else self.typed

    @property
    def word(self) -> str:
        """The last word, which may become an option's name."""
        return re.split(r"\s", self.typed)[-1]


def spot(line: str, registry: Registry) -> Spot | None:
    """Where the end of `line` stands in a command; None when it stands in none."""
    match = _COMMAND.fullmatch(line)
    command = registry.get(match[1]) if match else None
    if match is None or command is None:
        return None
    names = "|".join(re.escape(option.name) for option in command.options)
    return _in_value(command, match[2], names) or _after(command, match[2], names)


def _in_value(command: Command, rest: str, names: str) -> Spot | None:
    """The spot when it is in the value of an option that is given by name."""
    begun = rf'(?<!\S)(?P<name>{names}):(?P<typed>["“”][^"“”]*|[^\s"“”]*)'
    match = re.search(rf"{begun}\Z", rest)
    if match is None or not names:
        return None
    return Spot(command, command.option(match["name"]), match["typed"], named=True)


def _after(command: Command, rest: str, names: str) -> Spot:
    """The spot when it is after the options that are given by name, or there are none yet."""
    whole = rf'(?<!\S)(?P<name>{names}):(?:["“”](?:[^"“”\\]|\\.)*["“”]|\S+)(?:\s+|\Z)'
    given = list(re.finditer(whole, rest, re.DOTALL)) if names else []
    tail = rest[given[-1].end() :] if given else rest
    taken = {match["name"] for match in given}
    if given and not tail and not given[-1][0][-1].isspace():
        return Spot(command, None, "")
    left = [option for option in command.options if option.name not in taken]
    return Spot(
        command,
        next((option for option in left if option.rest), None),
        tail,
        free=tuple(option for option in left if not option.rest and not option.hidden),
    )
