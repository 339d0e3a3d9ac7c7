"""The output of answers: a terminal, a file or a pipe."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from typing import NoReturn, TextIO
from zoneinfo import ZoneInfo

from rich.console import Console, RenderableType
from rich.status import Status
from rich.text import Text

from adapters.console.choices import Picks
from adapters.console.layout import HangingParagraph, styled
from adapters.console.render import render
from bot.i18n import Translations
from bot.reply import Reply
from bot.text.display import shorten

_LONGEST_ECHO = 1_000
_SPINNER = 4  # columns beside the text
_WITHOUT_LINKS = ("linux", "screen", "vt")  # terminals by the beginning of their name in TERM


class Screen:
    """Shows replies one under the other."""

    def __init__(self, stdout: TextIO, translations: Translations, zone: ZoneInfo) -> None:
        if isinstance(stdout, io.TextIOWrapper):
            # A terminal that cannot write “é” or “東” shows a question mark; that ends no chat.
            stdout.reconfigure(errors="replace")
        self._console = _Console(file=stdout, highlight=False)
        self._translations = translations
        self._zone = zone
        self._used = False
        self._status: Status | None = None
        options = self._console.options
        self._bars = stdout.isatty() and not (options.ascii_only or self._console.is_dumb_terminal)
        self._links = self._console.color_system is not None and supports_links(os.environ)

    def show(self, reply: Reply, at_hand: Picks | None = None) -> None:
        """Shows a reply, and what can be chosen after it."""
        self._print(
            render(
                reply,
                self._translations,
                self._zone,
                at_hand=at_hand,
                links=self._links,
                bars=self._bars,
            )
        )

    def say(self, text: str) -> None:
        """Shows one of the chat's own sentences."""
        self._print(HangingParagraph(styled(text)))

    def echo(self, line: str) -> None:
        """Shows what was asked, where nobody saw it being typed."""
        self._print(
            HangingParagraph(Text(shorten(line, _LONGEST_ECHO), "bold"), "  ", Text("> ", "cyan"))
        )

    def gap(self) -> None:
        """Leaves a line empty, but for the first."""
        if self._used:
            self._print(Text())

    def waiting(self) -> AbstractContextManager[object]:
        """Shows for a while that an answer is on its way."""
        _ = self._translations.gettext
        self._status = self._console.status(Text(_("One moment …"), "dim"), spinner="dots")
        return self._status

    async def show_interim(self, reply: Reply) -> None:
        """Shows, where it says that an answer is on its way, how far that has come."""
        if self._status:
            line = " · ".join(filter(None, (reply.title, *reply.text)))
            self._status.update(Text(shorten(line, self._console.width - _SPINNER), "dim"))

    def _print(self, shown: RenderableType) -> None:
        self._used = True
        self._console.print(shown, crop=False)


def supports_links(environment: Mapping[str, str]) -> bool:
    """Tells whether the terminal opens links, as far as can be known: none says so itself."""
    if environment.get("TERM_PROGRAM") == "Apple_Terminal":
        return False
    return not environment.get("TERM", "").startswith(_WITHOUT_LINKS)


def discard_output(stdout: TextIO) -> None:
    """Redirects the output to nowhere when the pipe is broken.

    What is still to be flushed goes nowhere; else the interpreter would complain of it at its end.
    """
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stdout.fileno())
        os.close(nowhere)


class _Console(Console):
    """rich ends the process when nobody reads on; here the chat decides."""

    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError
