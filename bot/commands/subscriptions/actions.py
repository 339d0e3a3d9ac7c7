"""Names of the family's commands, and the actions that lead from one of them to another."""

from __future__ import annotations

from bot.model import Action
from bot.subscriptions.model import Subscription

SUBSCRIBE_NAME, UNSUBSCRIBE_NAME, LIST_NAME = "subscribe", "unsubscribe", "subscriptions"
POSTS_NAME, WHY_NAME, TEMPLATE_NAME = "posts", "why", "template"
AUDIT_NAME, SETTINGS_NAME = "audit", "settings"

FAMILY = frozenset(
    {
        SUBSCRIBE_NAME,
        UNSUBSCRIBE_NAME,
        LIST_NAME,
        POSTS_NAME,
        TEMPLATE_NAME,
        WHY_NAME,
        AUDIT_NAME,
        SETTINGS_NAME,
    }
)
"""The commands that may be about another channel than they are asked in."""

EVERYTHING = "all"
"""The word that means all subscriptions of a chat."""

LIST = Action(LIST_NAME)
"""Lists what a chat follows."""

RESUME = Action(LIST_NAME, (("resume", "on"),))
"""Resumes what was paused in a chat, and lists it."""

PAUSE = Action(LIST_NAME, (("pause", "on"),))
"""Pauses posting in a chat, and lists what it follows."""

READ_INSTEAD = Action(LIST_NAME, (("read", "on"),))
"""Shows what waited during a pause, instead of posting it."""

TEMPLATE_CHOICE = Action(TEMPLATE_NAME)
"""Shows how posts look, or asks whose."""

UNSUBSCRIBE_CHOICE = Action(UNSUBSCRIBE_NAME)
"""Asks which subscription is to end."""

UNSUBSCRIBE_ALL = Action(UNSUBSCRIBE_NAME, (("which", EVERYTHING),))
"""Asks to confirm that all subscriptions are to end."""

UNSUBSCRIBE_ALL_CONFIRMED = Action(UNSUBSCRIBE_NAME, (*UNSUBSCRIBE_ALL.options, ("confirm", "on")))
"""Ends all subscriptions."""


def unsubscribe_from(*some: Subscription) -> Action:
    """Returns what ends subscriptions."""
    ids = ",".join(str(one.id) for one in some)
    return Action(UNSUBSCRIBE_NAME, (("subscription", ids),))


def confirmed(action: Action) -> Action:
    """Returns what does at once what an action asks to confirm."""
    return Action(action.command, (*action.options, ("confirm", "on")))
