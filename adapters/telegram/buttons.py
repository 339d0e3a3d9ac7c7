"""Buttons under a message (an inline keyboard): stories to read, pagination, choices, offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from adapters.telegram.callback_data import callback_data
from adapters.telegram.choices import choice_buttons, is_all_buttons
from adapters.telegram.formatted_text import FormattedText
from adapters.telegram.links import STORY_LINKS
from bot.chat.button_tokens import ActionTokens
from bot.reply import Button, Reply, Role, is_command
from bot.text.display import columns, strip_hidden

_MAX_BUTTONS = 40  # a phone shows no more without much scrolling
_MAX_LABEL = 40  # UTF-16 units that a button shows on a phone, alone in its row
_READ_ROW_SIZE = 5  # of numbers, too
_COMMAND_ROW_SIZE = 3
_SHORT_LABEL = 16  # a label of which two fit a row


def render_buttons(
    reply: Reply, tokens: ActionTokens, bot_username: str = "", asker: int | None = None
) -> InlineKeyboardMarkup | None:
    """Renders the reply's buttons in rows; returns None if it has none.

    Args:
        reply: The reply.
        tokens: Makes the tokens of actions.
        bot_username: The bot's username if the reply is a post: its stories are then read in the
            private chat with the bot, since a callback would change the message for everybody.
        asker: The id of the person who asked, where others can press; else None.
    """
    rows = [
        [_button(button, tokens, bot_username, asker) for button in row] for row in _rows(reply)
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def _rows(reply: Reply) -> Iterator[Sequence[Button]]:
    buttons = reply.buttons[:_MAX_BUTTONS]
    read = [_read_button(button) for button in buttons if button.role is Role.READ]
    for start in range(0, len(read), _READ_ROW_SIZE):
        yield read[start : start + _READ_ROW_SIZE]
    pagination = [_page_button(b) for b in buttons if b.role in (Role.PREVIOUS, Role.NEXT)]
    if pagination:
        yield pagination
    navigation = [b for b in buttons if b.role in (Role.BACK, Role.TIMELINE, Role.RELATED)]
    offers = [b for b in buttons if b.role is Role.OFFER]
    choices = choice_buttons(reply)[: _MAX_BUTTONS - len(buttons)]
    if is_all_buttons(reply):
        yield from _pair_short(choices)
    else:
        size = _COMMAND_ROW_SIZE if any(map(is_command, reply.entries)) else _READ_ROW_SIZE
        yield from (choices[start : start + size] for start in range(0, len(choices), size))
    yield from _pair_short((*navigation, *offers))


def _pair_short(buttons: Iterable[Button]) -> Iterator[Sequence[Button]]:
    """Yields rows of one button, or of two with short labels."""
    row: list[Button] = []
    for button in buttons:
        if row and (len(row) == 2 or max(columns(b.label) for b in (*row, button)) > _SHORT_LABEL):  # noqa: PLR2004 - a pair
            yield row
            row = []
        row = [*row, button]
    if row:
        yield row


def _read_button(button: Button) -> Button:
    return Button(f"📖 {button.number}", button.action, button.role) if button.number else button


def _page_button(button: Button) -> Button:
    label = f"‹ {button.label}" if button.role is Role.PREVIOUS else f"{button.label} ›"
    return Button(label, button.action, button.role)


def _button(
    button: Button, tokens: ActionTokens, bot_username: str, asker: int | None
) -> InlineKeyboardButton:
    # Telegram makes no links of what stands on a button.
    label = " ".join(strip_hidden(button.label).split())
    text = FormattedText.of(label).truncate(_MAX_LABEL).text or "·"
    story, link = button.action.story, STORY_LINKS.get(button.role)
    if bot_username and link and story:
        return InlineKeyboardButton(text, url=link(bot_username, story))
    return InlineKeyboardButton(text, callback_data=callback_data(button.action, tokens, asker))
