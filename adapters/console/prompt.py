"""The line that is typed in: editing, history, completion, and what Ctrl-C does."""

from __future__ import annotations

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import History
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import Output
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.styles import Style

from adapters.console.choices import Choices, grouped
from adapters.console.layout import one_line
from bot.i18n import Words

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


class Prompt:
    """Asks the person for one line after the other."""

    def __init__(
        self,
        completer: Completer,
        history: History | None,
        words: Words,
        keyboard: Input,
        display: Output,
    ) -> None:
        self._words = words
        self._choices = Choices()
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

    async def line(self, at_hand: Choices) -> str | None:
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
        _ = self._words.gettext
        if self._leaving:
            return [("class:label", _("Ctrl-C once more to leave"))]
        shown: StyleAndTextTuples = []
        for keys, label in grouped(self._choices, self._words):
            shown += [("class:key", f"[{keys}]"), ("class:label", f" {one_line(label)}  ")]
        return [*shown, ("class:label", _("Tab completes · Ctrl-D leaves"))]
