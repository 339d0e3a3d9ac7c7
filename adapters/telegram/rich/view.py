"""View: all that a reply is rendered with into a rich message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from adapters.telegram.rendered_message import RenderContext
from adapters.telegram.rich.buttons import ButtonMaker
from adapters.telegram.rich.prose import Prose


@dataclass(frozen=True, slots=True)
class View:
    """The context that a reply is rendered in.

    Attributes:
        context: The language, the clock, and the bot's name.
        buttons: Makes the buttons.
        prose: Cleans the texts.
        pictures: False to leave pictures out.
    """

    context: RenderContext
    buttons: ButtonMaker
    prose: Prose
    pictures: bool

    @property
    def gettext(self) -> Callable[[str], str]:
        """Translates one of the bot's own messages."""
        return self.context.words.gettext
