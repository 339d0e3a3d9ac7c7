"""The name of the command, its verbs, and the actions that ask for them."""

from __future__ import annotations

from enum import StrEnum

from bot.model import Action

SOURCE_NAME = "source"
VERB, WHAT, SET, CONFIRM, KIND, LIST, ALSO = (
    *("action", "what", "set", "confirm", "kind", "list", "also"),
)
YES, NO = "yes", "no"


class Verb(StrEnum):
    """The verbs of `/source`, as people type them."""

    ADD = "add"
    REMOVE = "remove"
    PAUSE = "pause"
    RESUME = "resume"
    TEST = "test"
    EDIT = "edit"
    BACKFILL = "backfill"
    EXPORT = "export"
    IMPORT = "import"
    RESTORE = "restore"  # a button has it, where one was removed


TYPED = tuple(one.value for one in Verb if one is not Verb.RESTORE)
"""The verbs that people choose from."""


def source_action(verb: Verb, what: str = "", **more: str) -> Action:
    """Returns what asks for a verb, about a source or an address."""
    given = ((WHAT, what), *more.items())
    return Action(SOURCE_NAME, ((VERB, verb.value), *((k, v) for k, v in given if v)))


def details_action(source: str) -> Action:
    """Returns what shows a source."""
    return Action(SOURCE_NAME, ((WHAT, source),))
