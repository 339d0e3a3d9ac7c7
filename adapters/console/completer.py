"""Tab completion: of commands, options and their values."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterable, Iterator
from dataclasses import dataclass

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from adapters.console.conversation import QUIT, DispatcherLike
from adapters.console.layout import one_line
from bot.chat.command import Command, Option
from bot.chat.registry import Registry
from bot.errors import DatelineError
from bot.i18n import Translations
from bot.model import Person
from bot.text.display import typed_value

_COMMAND = re.compile(r"/(\S+)\s+(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CursorContext:
    """The end of a command line that is being typed.

    Attributes:
        command: The command.
        option: The option whose value is being typed; None when no value can stand here.
        typed: The part of the value that is typed: a completion takes its place.
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


def cursor_context(line: str, registry: Registry) -> CursorContext | None:
    """Parses the end of `line` as part of a command; None when it is none."""
    match = _COMMAND.fullmatch(line)
    command = registry.get(match[1]) if match else None
    if match is None or command is None:
        return None
    names = "|".join(re.escape(option.name) for option in command.options)
    return _context_in_value(command, match[2], names) or _context_after_options(
        command, match[2], names
    )


def _context_in_value(command: Command, rest: str, names: str) -> CursorContext | None:
    """Returns the context in the value of an option that is given by name."""
    begun = rf'(?<!\S)(?P<name>{names}):(?P<typed>["“”][^"“”]*|[^\s"“”]*)'
    match = re.search(rf"{begun}\Z", rest)
    if match is None or not names:
        return None
    return CursorContext(command, command.option(match["name"]), match["typed"], named=True)


def _context_after_options(command: Command, rest: str, names: str) -> CursorContext:
    """Returns the context after the options that are given by name, if there are any."""
    whole = rf'(?<!\S)(?P<name>{names}):(?:["“”](?:[^"“”\\]|\\.)*["“”]|\S+)(?:\s+|\Z)'
    given = list(re.finditer(whole, rest, re.DOTALL)) if names else []
    tail = rest[given[-1].end() :] if given else rest
    taken = {match["name"] for match in given}
    if given and not tail and not given[-1][0][-1].isspace():
        return CursorContext(command, None, "")
    left = [option for option in command.options if option.name not in taken]
    return CursorContext(
        command,
        next((option for option in left if option.rest), None),
        tail,
        free=tuple(option for option in left if not option.rest and not option.hidden),
    )


class CommandCompleter(Completer):
    """Completes commands, the names of their options, and values that the dispatcher knows."""

    def __init__(
        self, dispatcher: DispatcherLike, person: Person, translations: Translations
    ) -> None:
        self._dispatcher = dispatcher
        self._person = person
        self._translations = translations

    def get_completions(
        self,
        document: Document,  # noqa: ARG002 - prompt_toolkit names both and needs neither here
        complete_event: CompleteEvent,  # noqa: ARG002
    ) -> Iterable[Completion]:
        """Returns nothing: `get_completions_async` asks the dispatcher, and never blocks."""
        return ()

    async def get_completions_async(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 - typing and Tab are offered the same
    ) -> AsyncGenerator[Completion, None]:
        """Completes the text before the cursor."""
        line = document.text_before_cursor.lstrip()
        if line.startswith("/") and not any(map(str.isspace, line)):
            for completion in self._commands(line):
                yield completion
        here = cursor_context(line, self._dispatcher.registry)
        if here is None or not here.command.allows(self._person):
            return
        for completion in self._names(here):
            yield completion
        for completion in await self._values(here):
            yield completion

    def _commands(self, typed: str) -> Iterator[Completion]:
        _ = self._translations.gettext
        known = [
            (f"/{command.name}" + (" " if command.options[:1] else ""), _(command.help))
            for command in self._dispatcher.registry.for_person(self._person)
        ]
        for name, help_ in (*known, (QUIT, _("Leave the chat"))):
            if name.startswith(typed.casefold()):
                yield Completion(name, -len(typed), display=name.strip(), display_meta=help_)

    def _names(self, here: CursorContext) -> Iterator[Completion]:
        _ = self._translations.gettext
        for option in here.free:
            if option.name.startswith(here.word.casefold()):
                yield Completion(f"{option.name}:", -len(here.word), display_meta=_(option.help))

    async def _values(self, here: CursorContext) -> list[Completion]:
        if here.option is None:
            return []
        try:
            found = await self._dispatcher.complete(
                here.command.name, here.option.name, here.partial, self._person
            )
        except DatelineError:  # an answer will say what is wrong; a half-typed word need not
            return []
        return [
            Completion(
                f"{typed_value(choice.value)} " if here.named else choice.value,
                -len(here.typed),
                display=one_line(choice.label),
            )
            for choice in found
        ]
