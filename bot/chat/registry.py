"""The registry of commands: by name, by purpose, and as actions that buttons and links ask for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic

from bot.chat.command import Command, OptionKind, Purpose, RequestT
from bot.model import Action, Person


@dataclass(frozen=True, slots=True)
class Completion:
    """A value that a person may choose for an option.

    Attributes:
        value: What is given to the option.
        label: What the person sees.
    """

    value: str
    label: str


async def _complete_nothing(*_: object) -> tuple[Completion, ...]:
    return ()


class Registry(Generic[RequestT]):
    """The commands, in the order in which they are listed to people.

    Whoever needs a command for a purpose, such as the one that searches, gets an action from here
    and knows neither its name nor the names of its options.
    """

    def __init__(
        self,
        commands: Iterable[Command[RequestT]],
        complete: Callable[
            [RequestT, OptionKind, str], Awaitable[tuple[Completion, ...]]
        ] = _complete_nothing,
    ) -> None:
        """Registers commands.

        Args:
            commands: The commands.
            complete: Completes what a person types for an option of a kind.
        """
        self._commands = {command.name: command for command in commands}
        self._by_alias = {alias: one for one in self for alias in one.aliases}
        self._by_purpose = {one.purpose: one for one in self if one.purpose}
        self.complete = complete

    def __iter__(self) -> Iterator[Command[RequestT]]:
        return iter(self._commands.values())

    def get(self, name: str) -> Command[RequestT] | None:
        """Returns the command of that name, in any case of letters."""
        return self._commands.get(name.casefold())

    def find(self, typed: str) -> Command[RequestT] | None:
        """Returns the command that people mean by a name, which may be an alias."""
        return self.get(typed) or self._by_alias.get(typed.casefold())

    def for_purpose(self, purpose: Purpose) -> Command[RequestT] | None:
        """Returns the command that has a purpose, if there is one."""
        return self._by_purpose.get(purpose)

    def for_person(self, person: Person) -> tuple[Command[RequestT], ...]:
        """Returns those that this person may use."""
        return tuple(command for command in self if command.allows(person))

    def search(self, words: str) -> Action:
        """Returns what searches for words. Like all that follow it raises LookupError for none."""
        return self._by_purpose[Purpose.SEARCH].action(OptionKind.QUERY, words)

    def latest(self, source: str = "") -> Action:
        """Returns what lists the newest stories, of a source or of all."""
        return self._by_purpose[Purpose.LATEST].action(OptionKind.SOURCE, source)

    def read(self, story: str) -> Action:
        """Returns what opens the story of an id."""
        return self._by_purpose[Purpose.READ].action(OptionKind.STORY, story)

    def related(self, story: str) -> Action:
        """Returns what lists the stories related to the one of an id."""
        return self._by_purpose[Purpose.RELATED].action(OptionKind.STORY, story)

    def timeline(self, story: str) -> Action:
        """Returns what shows how the event of a story went on."""
        return self._by_purpose[Purpose.TIMELINE].action(OptionKind.STORY, story)

    def topic(self, name: str) -> Action:
        """Returns what lists the stories on a topic."""
        return self._by_purpose[Purpose.TOPIC].action(OptionKind.TOPIC, name)

    def topics(self) -> Action:
        """Returns what lists the topics."""
        return self._by_purpose[Purpose.TOPICS].action()

    def catchup(self) -> Action:
        """Returns what lists the stories that are new to a person."""
        return self._by_purpose[Purpose.CATCHUP].action()

    def start(self) -> Action:
        """Returns what welcomes, and shows where to begin."""
        return self._by_purpose[Purpose.START].action()

    def follow(self, what: str = "") -> Action:
        """Returns what follows something, or asks what to follow."""
        return self._by_purpose[Purpose.FOLLOW].action(OptionKind.FOLLOW, what)

    def unfollow(self) -> Action:
        """Returns what asks which subscription is to end."""
        return self._by_purpose[Purpose.UNFOLLOW].action()

    def help(self, command: str = "") -> Action:
        """Returns what explains a command, or all of them."""
        return self._by_purpose[Purpose.HELP].action(OptionKind.COMMAND, command)
