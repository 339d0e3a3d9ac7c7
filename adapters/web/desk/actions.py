"""Actions as fields of forms: what a button asks for, as text that the browser sends back."""

from __future__ import annotations

import json

from bot.model import Action

_LONGEST = 16_000  # characters


def encode_action(action: Action) -> str:
    """Returns an action as text."""
    return json.dumps([action.command, action.options], ensure_ascii=False, separators=(",", ":"))


def decode_action(text: str) -> Action | None:
    """Returns the action of a text; None for a text that is none."""
    try:
        command, options = json.loads(text[:_LONGEST])
        pairs = [(name, value) for name, value in options]
    except (ValueError, TypeError, RecursionError):
        return None
    if not all(isinstance(one, str) for pair in [(command,), *pairs] for one in pair):
        return None
    return Action(command, tuple(pairs))
