"""Layout of text in a terminal: widths, indents, links, and no control characters."""

from __future__ import annotations

import string
from urllib.parse import quote

from rich.console import Console, ConsoleOptions, RenderResult
from rich.style import Style
from rich.text import Text

from bot.text.display import strip_hidden

MAX_WIDTH = 100
"""Columns; longer lines are hard to follow."""

_LEAST_WIDTH = 8  # columns left for text, however deep the indent in however narrow a terminal


def one_line(text: str) -> str:
    """Puts text from outside on one line, without control characters."""
    return " ".join(strip_hidden(text).split())


def styled(text: str, style: str | Style = "") -> Text:
    """Makes text from outside a styled text; square brackets in it are no markup."""
    return Text(one_line(text), style)


def link_style(style: str, url: str) -> Style:
    """Adds a link to a style."""
    # Terminals want an address in printable ASCII; what is encoded already stays as it is.
    return Style.parse(style) + Style(link=quote(one_line(url), safe=string.punctuation))


def usable_width(options: ConsoleOptions) -> int:
    """Returns the columns that text may fill."""
    return min(options.max_width, MAX_WIDTH)


class HangingParagraph:
    """A paragraph whose lines all begin under its first one, after a lead such as `1. `."""

    def __init__(self, text: Text, lead: Text | str = "", first: Text | str | None = None) -> None:
        """Sets a paragraph.

        Args:
            text: The paragraph.
            lead: What stands before each line.
            first: What stands before the first line in place of `lead`, equally wide.
        """
        self._text = text
        self._lead = lead
        self._first = lead if first is None else first

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        indent = Text.assemble(self._lead).cell_len
        width = max(usable_width(options) - indent, _LEAST_WIDTH)
        lead = self._first
        for line in self._text.wrap(console, width):
            line.rstrip()  # a transcript in a file should not end its lines in spaces
            yield Text.assemble(lead, line, no_wrap=True, overflow="ignore")
            lead = self._lead


class UnbrokenLine:
    """A line that is never broken by us: an address that is cut in two cannot be clicked."""

    def __init__(self, text: Text, lead: Text | str = "") -> None:
        self._text = text
        self._lead = lead

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text.assemble(self._lead, self._text, no_wrap=True, overflow="ignore")
