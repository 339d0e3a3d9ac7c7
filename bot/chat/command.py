"""What a command is, and the list of them.

A command is declared once. Any adapter can expose it: it knows the name, the help, the options
with their kinds, and who may use it; the handler turns a Request into a Reply.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from bot.i18n import N_
from bot.model import Chat, Person

if TYPE_CHECKING:
    from bot.chat.request import Request, Services
    from bot.reply import Reply

Handler = Callable[["Request"], Awaitable["Reply"]]

NEAR = 70.0
"""How alike (of 100) a name must be to what was typed to be offered in its place."""


class OptionKind(StrEnum):
    """What an option's value is; it decides completion and checks."""

    QUERY = "query"
    TOPIC = "topic"
    SOURCE = "source"
    WHEN = "when"
    STORY = "story"
    COMMAND = "command"
    SETTING = "setting"
    VALUE = "value"
    PAGE = "page"
    FOLLOW = "follow"
    FOLLOWED = "followed"
    TIMETABLE = "timetable"
    QUIET = "quiet"
    NUMBER = "number"
    ROLE = "role"
    SWITCH = "switch"
    MOMENT = "moment"


class Access(StrEnum):
    """Who may use a command: hosts are moderators and, in a chat of their own, everyone."""

    EVERYONE = "everyone"
    MODERATORS = "moderators"
    HOSTS = "hosts"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a person may give to a command.

    Attributes:
        name: One word; `name:value` gives it wherever text is typed.
        kind: What its value is.
        help: What it is for, in a few words, to be translated.
        required: True when the command is nothing without it.
        rest: True when words that no other option claims belong to it.
        hidden: True when buttons give it, and people rarely do.
        instead_of: The name of a required option that is not required beside this one.
    """

    name: str
    kind: OptionKind
    help: str
    required: bool = False
    rest: bool = False
    hidden: bool = False
    instead_of: str = ""


PAGE = Option("page", OptionKind.PAGE, N_("Which page to show"), hidden=True)
"""The option of every command that shows pages."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command, declared once for every platform.

    Attributes:
        name: One lower-case word.
        help: What it does, in one line, to be translated.
        handler: Answers it.
        options: What it can be given, in the order of its usage line.
        access: Who may use it.
        details: More for `/help name`: paragraphs, to be translated.
        examples: Lines that show it in use.
        house: True when it is about all of a server, not one of its channels.
        tells_hosts: True when it tells hosts more than others, or lets them do more.
    """

    name: str
    help: str
    handler: Handler
    options: tuple[Option, ...] = ()
    access: Access = Access.EVERYONE
    details: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    house: bool = False
    tells_hosts: bool = False

    @property
    def usage(self) -> str:
        """The line that shows how to type it: `/latest [topic] [source] [since]`."""
        shown = (option for option in self.options if not option.hidden)
        marks = (f"<{o.name}>" if o.required else f"[{o.name}]" for o in shown)
        return " ".join([f"/{self.name}", *marks])

    @property
    def needs_more(self) -> bool:
        """Whether the command is nothing without an option."""
        return any(option.required for option in self.options)

    @property
    def needs_rights(self) -> bool:
        """Whether what it answers depends on who is a moderator or a host."""
        return self.access is not Access.EVERYONE or self.tells_hosts

    def option(self, name: str) -> Option | None:
        """The option of that name, if there is one."""
        return next((option for option in self.options if option.name == name), None)

    def allows(self, person: Person) -> bool:
        """Whether this person may use it."""
        if self.access is Access.HOSTS:
            return person.decides
        return self.access is Access.EVERYONE or person.moderator


@dataclass(frozen=True, slots=True)
class Completion:
    """A value that a person may choose for an option.

    Attributes:
        value: What is given to the option.
        label: What the person sees.
    """

    value: str
    label: str


Completer = Callable[
    ["Services", "Registry", OptionKind, str, Person, Chat | None],
    Awaitable[tuple[Completion, ...]],
]
"""Completes what a person types for an option of a kind, in a chat or anywhere."""


async def _complete_nothing(*_: object) -> tuple[Completion, ...]:
    return ()


class Registry:
    """The commands, by name, in the order in which they are listed to people."""

    def __init__(
        self, commands: Iterable[Command], complete: Completer = _complete_nothing
    ) -> None:
        self._commands = {command.name: command for command in commands}
        self.complete = complete

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def get(self, name: str) -> Command | None:
        """The command of that name, in any case of letters."""
        return self._commands.get(name.casefold())

    def for_person(self, person: Person) -> tuple[Command, ...]:
        """Those that this person may use."""
        return tuple(command for command in self if command.allows(person))


def nearest(typed: str, names: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """The names most like what was typed, the likest first; none when none is like it."""
    found = process.extract(
        typed,
        list(names),
        scorer=fuzz.WRatio,
        processor=str.casefold,
        limit=limit,
        score_cutoff=NEAR,
    )
    return tuple(name for name, _, _ in found)
