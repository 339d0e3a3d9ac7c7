"""Callback data: what a button says at a press, which is whose message it is on and the action.

Both stand in the button itself, so a restart forgets neither.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.chat.button_tokens import ActionTokens
from bot.reply import Action

MAX_CALLBACK_DATA = 64
"""Bytes of the data of a callback query (https://core.telegram.org/bots/api#inlinekeyboardbutton)."""

ADMINISTRATORS = 0
"""The asker of what a channel, or an administrator who stays anonymous, asked for."""

_MARK = "?"  # no token begins so
_OWNED = re.compile(r"\?([0-9a-z]{1,13})\?(.+)", re.DOTALL)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class CallbackData:
    """The data of a button.

    Attributes:
        token: The token of the action.
        asker: The id of the person whose message it is on; None where everybody may press.
    """

    token: str
    asker: int | None = None


def callback_data(action: Action, tokens: ActionTokens, asker: int | None = None) -> str:
    """Encodes an action, and who asked for the message that bears it."""
    head = "" if asker is None else f"{_MARK}{_base36(asker)}{_MARK}"
    return head + tokens.token(action, MAX_CALLBACK_DATA - len(head))


def parse_callback_data(data: str) -> CallbackData:
    """Decodes what `callback_data` made."""
    owned = _OWNED.fullmatch(data)
    return CallbackData(owned[2], int(owned[1], 36)) if owned else CallbackData(data)


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
        if not number:
            return digits
