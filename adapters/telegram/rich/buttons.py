"""Buttons inside a rich message: under their story, in their line, or in rows at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from adapters.telegram.callback_data import callback_data
from adapters.telegram.formatted_text import FormattedText
from adapters.telegram.links import STORY_LINKS
from adapters.telegram.rich.blocks import ButtonRow
from adapters.telegram.rich.texts import RichButton
from bot.chat.button_tokens import ActionTokens
from bot.reply import Action, Button
from bot.text.display import columns, strip_hidden

_MAX_LABEL = 40  # UTF-16 units that a button shows on a phone, alone in its row
_ROW_LENGTH = 40  # characters of a row on a phone, which its buttons share evenly
_MARGIN = 2  # characters beside a label
_MAX_NAME = 200  # UTF-16 units of a name in a line that can be tapped


@dataclass(frozen=True, slots=True)
class ButtonMaker:
    """Makes the buttons of one message.

    Attributes:
        tokens: Makes the tokens of actions.
        bot_username: The bot's username if the message is a post: its stories are then read in the
            private chat with the bot, since a callback would change the message for everybody.
        asker: The id of the person who asked, where others can press; else None.
    """

    tokens: ActionTokens
    bot_username: str = ""
    asker: int | None = None

    def button(self, button: Button, label: str = "") -> RichButton:
        """Makes a button of a reply's, with another label if that is given."""
        text = _label(label or button.label, _MAX_LABEL)
        story, link = button.action.story, STORY_LINKS.get(button.role)
        if self.bot_username and link and story:
            return RichButton(text, url=link(self.bot_username, story))
        return RichButton(text, callback_data=self._data(button.action))

    def name(self, text: str, action: Action) -> RichButton:
        """Makes a name in a line that can be tapped like a link, of a text that is clean."""
        label = FormattedText.of(text).truncate(_MAX_NAME).text
        return RichButton(label, callback_data=self._data(action), style="link")

    def _data(self, action: Action) -> str:
        return callback_data(action, self.tokens, self.asker)


def link_button(label: str, url: str) -> RichButton:
    """Makes a button that opens a web page."""
    return RichButton(_label(label, _MAX_LABEL), url=url)


def _label(text: str, limit: int) -> str:
    line = " ".join(strip_hidden(text).split())
    return FormattedText.of(line).truncate(limit).text or "·"


def rows(buttons: Iterable[RichButton]) -> Iterator[ButtonRow]:
    """Yields rows of as many buttons as a phone shows side by side."""
    row: list[RichButton] = []
    for button in buttons:
        if row and _length((*row, button)) > _ROW_LENGTH:
            yield ButtonRow(tuple(row))
            row = []
        row.append(button)
    if row:
        yield ButtonRow(tuple(row))


def _length(buttons: Sequence[RichButton]) -> int:
    return len(buttons) * max(columns(button.text) + _MARGIN for button in buttons)
