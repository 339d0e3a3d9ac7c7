"""The prompt: line editing, history, completion, and Ctrl-C (SIGINT)."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import Output
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.styles import Style

from adapters.console.choices import Picks, group_keys
from adapters.console.layout import one_line
from bot.i18n import Translations

log = logging.getLogger(__name__)


class PrivateHistory(FileHistory):
    """A history that only its owner can read; the chat goes on without it when a file fails.

    A line that cannot be written is still there until the chat ends.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._path = path

    def load_history_strings(self) -> Iterable[str]:
        """The lines of earlier chats, the newest first."""
        try:
            return list(super().load_history_strings())
        except OSError as error:
            log.info("could not read the history: %s", error)
            return []

    def append_string(self, string: str) -> None:
        """Adds a line, without the spaces that completion leaves at its end."""
        super().append_string(string.strip())

    def store_string(self, string: str) -> None:
        """Adds a line to the file."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            super().store_string(string)
        except OSError as error:
            log.info("could not write the history: %s", error)


T = TypeVar("T")

_SOON = 0.4  # seconds that need no sign of life


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Ignores Ctrl-C, but for handlers that are set within.

    A second Ctrl-C is meant for the slow answer, too, and may come when that has ended and the
    prompt is not there yet.
    """
    before = signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGINT, lambda _signal, _frame: None)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


async def run_until_interrupt(
    work: Coroutine[object, object, T], waiting: AbstractContextManager[object]
) -> T | None:
    """Runs some work; returns its result, or None when Ctrl-C ended it.

    Args:
        work: The work.
        waiting: Entered when the work takes long, left when it is done.
    """
    task = asyncio.ensure_future(work)
    with _cancel_on_interrupt(task):
        try:
            await asyncio.wait({task}, timeout=_SOON)
            if not task.done():
                with waiting:
                    await asyncio.wait({task})
        finally:
            task.cancel()  # no effect when it is done; when the chat is ended, so is the work
        return None if task.cancelled() else task.result()


@contextmanager
def _cancel_on_interrupt(task: asyncio.Task[object]) -> Iterator[None]:
    """Cancels the task at Ctrl-C, and gives Ctrl-C back its meaning afterwards."""
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGINT)
    try:
        loop.add_signal_handler(signal.SIGINT, task.cancel)
    except (NotImplementedError, RuntimeError, ValueError):  # Windows; not the main thread
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)


_STYLE = Style.from_dict(
    {
        "sign": "ansicyan bold",
        "bottom-toolbar": "noreverse",
        "key": "ansicyan",
        "label": "ansibrightblack",
        # The terminal's own colours, so that the menu reads well on dark and on light.
        "completion-menu": "noinherit",
        "completion-menu.completion.current": "noinherit reverse",
        "completion-menu.meta.completion": "noinherit ansibrightblack",
        "completion-menu.meta.completion.current": "noinherit reverse",
        "scrollbar.background": "noinherit",
        "scrollbar.button": "noinherit bg:ansibrightblack",
    }
)


class InputPrompt:
    """Asks the person for one line after the other."""

    def __init__(
        self,
        completer: Completer,
        history: History | None,
        translations: Translations,
        keyboard: Input,
        display: Output,
    ) -> None:
        self._translations = translations
        self._choices = Picks()
        self._leaving = False  # Ctrl-C was the last key: once more, and the chat ends
        self._session: PromptSession[str] = PromptSession(
            [("class:sign", "> ")],
            bottom_toolbar=self._toolbar,
            complete_while_typing=True,
            completer=completer,
            enable_suspend=True,
            history=history,
            input=keyboard,
            output=display,
            key_bindings=self._keys(),
            style=_STYLE,
        )
        self._session.default_buffer.on_text_changed += self._typed

    async def line(self, at_hand: Picks) -> str | None:
        """The next line; None when the person leaves.

        What others print while the line is typed is put above it.
        """
        self._choices = at_hand
        self._leaving = False
        try:
            with patch_stdout():
                return await self._session.prompt_async()
        except EOFError:
            return None

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        keys.add("c-c")(self._interrupted)
        keys.add(Keys.SIGINT)(self._interrupted)
        return keys

    def _interrupted(self, event: KeyPressEvent) -> None:
        """Clears the line; the second time on an empty line, leaves."""
        buffer = event.current_buffer
        if self._leaving and not buffer.text:
            event.app.exit(exception=EOFError())
            return
        buffer.reset()
        self._leaving = True

    def _typed(self, _buffer: object) -> None:
        self._leaving = False

    def _toolbar(self) -> StyleAndTextTuples:
        _ = self._translations.gettext
        if self._leaving:
            return [("class:label", _("Press Ctrl-C again to quit"))]
        shown: StyleAndTextTuples = []
        for keys, label in group_keys(self._choices, self._translations):
            shown += [("class:key", f"[{keys}]"), ("class:label", f" {one_line(label)}  ")]
        return [*shown, ("class:label", _("Tab to complete · Ctrl-D to quit"))]
