"""Wording of what a filter kept out, and why."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.request import Request
from bot.commands.subscriptions.filter_options import age_text
from bot.commands.subscriptions.language_names import name_language
from bot.commands.subscriptions.wording import subscription_name
from bot.subscriptions.model import Subscription
from bot.subscriptions.story_filters import FilterKind, FilterRefusal
from bot.text.display import add_quotes


def refusal_text(request: Request, one: Subscription, refusal: FilterRefusal) -> str:
    """Says in a sentence which filter of a subscription kept a story out, and what it found."""
    _ = request.gettext
    told = _("It matches {what}, but a filter of that subscription keeps it out: {reason}.")
    reason = refusal_reason(request, one, refusal)
    return told.format(what=subscription_name(request, one), reason=reason)


def refusal_reason(request: Request, one: Subscription, refusal: FilterRefusal) -> str:
    """Says in a few words what a filter found in a story."""
    _ = request.gettext
    told, found = "{found}", refusal.found
    match refusal.kind:
        case FilterKind.LANGUAGE:
            told = _("it is in {found}") if found else _("its script is of another language")
            found = name_language(found, request.words.language)
        case FilterKind.SOURCE:
            told, found = _("it is from {found}"), request.source_name(found)
        case FilterKind.LENGTH:
            told = request.ngettext(
                "its text has {found} character", "its text has {found} characters", int(found)
            )
        case FilterKind.TITLE:
            told, found = _("its title lacks {found}"), add_quotes(one.filters.title)
        case FilterKind.WORDS:
            told, found = _("it has {found}"), add_quotes(found)
        case FilterKind.AGE:
            told = _("it was {found} old when it came in")
            found = age_text(request, timedelta(hours=int(found)))
    return told.format(found=found)
