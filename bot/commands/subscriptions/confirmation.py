"""The confirmation of /subscribe: saves what was proposed, says what it does, offers to undo it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.auditing import record_change
from bot.chat.request import Request
from bot.commands.subscriptions.actions import unsubscribe_from
from bot.commands.subscriptions.options import has_same_options
from bot.commands.subscriptions.place import list_button
from bot.commands.subscriptions.proposal import SubscriptionPlan
from bot.commands.subscriptions.rights import rights_texts
from bot.commands.subscriptions.wording import confirmation_sentence, list_text
from bot.i18n import N_
from bot.reply import Button, Reply
from bot.subscriptions.model import Subscription


async def confirm(request: Request, plan: SubscriptionPlan) -> Reply:
    """Saves all proposals, and says what they do.

    Raises:
        StoreError: The store cannot be written.
    """
    put = request.services.store.subscriptions.put
    kept = [await put(one.subscription) for one in plan.proposals]
    await _record(request, plan)
    return Reply(
        request.command.name,
        text=(
            f"{_told(request, plan, kept)} {confirmation_sentence(request, kept[0])}",
            *rights_texts(request, kept[0]),
        ),
        buttons=_buttons(request, plan, kept),
        is_done=True,
    )


async def _record(request: Request, plan: SubscriptionPlan) -> None:
    for one in plan.proposals:
        new, changed = N_("Subscribed to {target}"), N_("Changed the subscription {target}")
        await record_change(request, changed if one.known else new, one.target.name)


def _told(request: Request, plan: SubscriptionPlan, kept: Sequence[Subscription]) -> str:
    _ = request.gettext
    names = list_text(request, [one.target.name for one in plan.proposals])
    changed = all(
        one.known and not has_same_options(one.known, now)
        for one, now in zip(plan.proposals, kept, strict=True)
    )
    message = _("Subscription updated: {what}.") if changed else _("Subscribed to {what}.")
    return message.format(what=names)


def _buttons(
    request: Request, plan: SubscriptionPlan, kept: Sequence[Subscription]
) -> tuple[Button, ...]:
    """Makes the buttons; of several things the first undoes what is new of them."""
    _ = request.gettext
    new = [now for one, now in zip(plan.proposals, kept, strict=True) if one.known is None]
    label = _("Unsubscribe") if plan.is_single else _undo_label(request, len(new))
    ended = kept if plan.is_single else new
    undo = (Button(label, unsubscribe_from(*ended)),) if ended else ()
    return (*undo, list_button(request))


def _undo_label(request: Request, new: int) -> str:
    """Returns what the button says that undoes what is new of several things."""
    if new == 2:  # noqa: PLR2004 - both
        return request.gettext("Unsubscribe from both")
    label = request.ngettext("Unsubscribe from the new one", "Unsubscribe from all {count}", new)
    return label.format(count=new)
