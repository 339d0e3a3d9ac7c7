"""The verbs of `/desk`, and the actions that ask for them."""

from __future__ import annotations

from enum import StrEnum

from bot.model import Action

DESK_NAME = "desk"
ACTION, NAME = "action", "name"


class DeskVerb(StrEnum):
    """The verbs, as people type them; without one, `/desk` gives a link."""

    TOKENS = "tokens"
    TOKEN = "token"  # noqa: S105 - a word that people type
    REVOKE = "revoke"


VERBS = tuple(one.value for one in DeskVerb)
"""All of them."""


def desk_action(verb: DeskVerb, name: str = "") -> Action:
    """Returns what asks for a verb, about a token of that name."""
    return Action(DESK_NAME, ((ACTION, verb.value), *(((NAME, name),) if name else ())))
