"""Lists of something other than stories, in a terminal."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from adapters.console.layout import Hanging, one_line, said, usable
from bot.reply import Entry


class Entries:
    """A list in columns: number, name, what there is to say.

    Where the names leave too little room for the last column, it goes under them.
    """

    def __init__(self, entries: tuple[Entry, ...], keys: list[str]) -> None:
        """Sets a list.

        Args:
            entries: Its lines.
            keys: For each line what a person types to choose it; empty where there is no choice.
        """
        leads = [f"{key}. " if key else "" for key in keys]
        self._indent = max(map(len, leads), default=0)
        self._rows = [
            (Text(lead.rjust(self._indent), "cyan"), said(entry.name, "bold"), said(entry.text))
            for lead, entry in zip(leads, entries, strict=True)
        ]
        self._names = max((cell_len(one_line(entry.name)) for entry in entries), default=0)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        roomy = self._indent + self._names <= usable(options) // 2
        for lead, name, text in self._rows:
            yield from (
                self._in_columns(lead, name, text) if roomy else self._under(lead, name, text)
            )

    def _in_columns(self, lead: Text, name: Text, text: Text) -> list[Hanging]:
        gap = " " * (self._names - name.cell_len + 2)
        first = Text.assemble(lead, name, gap)
        if not text:
            return [Hanging(name, " " * self._indent, lead)]
        return [Hanging(text, " " * first.cell_len, first)]

    def _under(self, lead: Text, name: Text, text: Text) -> list[Hanging]:
        heading = Hanging(name, " " * self._indent, lead)
        return [heading, Hanging(text, " " * (self._indent + 2))] if text else [heading]
