"""Buttons under a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from adapters.telegram.links import read_link
from adapters.telegram.rich import Rich, one_line
from bot.chat.button_tokens import ActionTokens
from bot.reply import Button, Reply, Role

CALLBACK_DATA = 64
"""Bytes of what a button hands back (https://core.telegram.org/bots/api#inlinekeyboardbutton)."""

_MOST = 40  # buttons; a phone shows no more without much scrolling
_LABEL = 40  # UTF-16 units that a button shows on a phone, alone in its row
_READ_IN_ROW = 5
_SHORT = 16  # a label of which two fit a row


def keyboard(
    reply: Reply, tokens: ActionTokens, posted_by: str = ""
) -> InlineKeyboardMarkup | None:
    """The reply's buttons, in rows; None when it has none.

    Args:
        reply: The reply.
        tokens: For what the buttons ask for.
        posted_by: The bot's username, where the reply is a post: whoever wants to read a story
            goes to the private chat with the bot then, for a press would put what one person
            wants in the place of what is there for all.
    """
    rows = [[_button(button, tokens, posted_by) for button in row] for row in _rows(reply)]
    return InlineKeyboardMarkup(rows) if rows else None


def _rows(reply: Reply) -> Iterator[Sequence[Button]]:
    buttons = reply.buttons[:_MOST]
    read = [_numbered(button) for button in buttons if button.role is Role.READ]
    for start in range(0, len(read), _READ_IN_ROW):
        yield read[start : start + _READ_IN_ROW]
    turns = [_arrow(b) for b in buttons if b.role in (Role.PREVIOUS, Role.NEXT)]
    if turns:
        yield turns
    ways = [b for b in buttons if b.role in (Role.BACK, Role.RELATED)]
    offers = [b for b in buttons if b.role is Role.OFFER]
    yield from _paired((*ways, *offers, *_entries(reply)))


def _entries(reply: Reply) -> Iterable[Button]:
    # Commands can be tapped where they stand.
    chosen = (e for e in reply.entries if e.action and not e.name.startswith("/"))
    return [Button(e.name, e.action) for e in chosen if e.action][: _MOST - len(reply.buttons)]


def _paired(buttons: Iterable[Button]) -> Iterator[Sequence[Button]]:
    """Two short ones share a row."""
    row: list[Button] = []
    for button in buttons:
        if row and (len(row) == 2 or max(len(b.label) for b in (*row, button)) > _SHORT):  # noqa: PLR2004 - a pair
            yield row
            row = []
        row = [*row, button]
    if row:
        yield row


def _numbered(button: Button) -> Button:
    return Button(f"📖 {button.number}", button.action, button.role) if button.number else button


def _arrow(button: Button) -> Button:
    label = f"‹ {button.label}" if button.role is Role.PREVIOUS else f"{button.label} ›"
    return Button(label, button.action, button.role)


def _button(button: Button, tokens: ActionTokens, posted_by: str) -> InlineKeyboardButton:
    text = Rich.of(one_line(button.label)).cut(_LABEL).text or "·"
    story = dict(button.action.options).get("story")
    if posted_by and button.role is Role.READ and story:
        return InlineKeyboardButton(text, url=read_link(posted_by, story))
    return InlineKeyboardButton(text, callback_data=tokens.token(button.action, CALLBACK_DATA))
