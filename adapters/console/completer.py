"""What Tab offers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from adapters.console.layout import one_line
from adapters.console.meaning import QUIT
from adapters.console.ports import DeskLike
from adapters.console.spot import Spot, spot
from bot.errors import DatelineError
from bot.i18n import Words
from bot.model import Person
from bot.text import typed_value


class DeskCompleter(Completer):
    """Completes commands, the names of their options, and values that the desk knows."""

    def __init__(self, desk: DeskLike, person: Person, words: Words) -> None:
        self._desk = desk
        self._person = person
        self._words = words

    def get_completions(
        self,
        document: Document,  # noqa: ARG002 - prompt_toolkit names both and needs neither here
        complete_event: CompleteEvent,  # noqa: ARG002
    ) -> Iterable[Completion]:
        """Nothing: the desk is asked in `get_completions_async`, and never blocks."""
        return ()

    async def get_completions_async(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 - typing and Tab are offered the same
    ) -> AsyncGenerator[Completion, None]:
        """What the text before the cursor may become."""
        line = document.text_before_cursor.lstrip()
        if line.startswith("/") and not any(map(str.isspace, line)):
            for completion in self._commands(line):
                yield completion
        here = spot(line, self._desk.registry)
        if here is None or not here.command.allows(self._person):
            return
        for completion in self._names(here):
            yield completion
        for completion in await self._values(here):
            yield completion

    def _commands(self, typed: str) -> Iterator[Completion]:
        _ = self._words.gettext
        known = [
            (f"/{command.name}" + (" " if command.options[:1] else ""), _(command.help))
            for command in self._desk.registry.for_person(self._person)
        ]
        for name, help_ in (*known, (QUIT, _("Leave the chat"))):
            if name.startswith(typed.casefold()):
                yield Completion(name, -len(typed), display=name.strip(), display_meta=help_)

    def _names(self, here: Spot) -> Iterator[Completion]:
        _ = self._words.gettext
        for option in here.free:
            if option.name.startswith(here.word.casefold()):
                yield Completion(f"{option.name}:", -len(here.word), display_meta=_(option.help))

    async def _values(self, here: Spot) -> list[Completion]:
        if here.option is None:
            return []
        try:
            found = await self._desk.complete(
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
