"""The preview of /subscribe: what would have been posted last week, before anything is saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.chat.request import Request, cards, list_buttons
from bot.commands.subscriptions.actions import confirmed, unsubscribe_from
from bot.commands.subscriptions.backtest import MOST, Backtest, backtest_last_week
from bot.commands.subscriptions.options import has_same_options, subscribe_action
from bot.commands.subscriptions.target import Target
from bot.commands.subscriptions.wording import (
    can_post,
    frequency_label,
    no_posts_here,
    option_texts,
    preview_sentence,
    schedule_text,
)
from bot.reply import Action, Button, Reply
from bot.subscriptions.model import Subscription
from bot.subscriptions.schedule import AT_ONCE, Rhythm, Timetable

CHAT_LIMIT = 50
"""Subscriptions that a chat may have."""

_SHOWN = 5
_OFFERED = (
    AT_ONCE,
    Timetable(Rhythm.HOURLY),
    Timetable(Rhythm.DAILY),
    Timetable(Rhythm.WEEKLY),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A subscription that is not saved yet.

    Attributes:
        target: The topic, source or search.
        subscription: The subscription, as it would be saved.
        known: The one to the same target that there is already; None for none.
        is_full: True when the chat follows as much as it may.
    """

    target: Target
    subscription: Subscription
    known: Subscription | None
    is_full: bool

    @property
    def can_be_saved(self) -> bool:
        """True when the limit of the chat allows it."""
        return self.known is not None or not self.is_full


async def preview(request: Request, asked: Proposal) -> Reply:
    """Shows what would have been posted in the last week, and offers to go on.

    Raises:
        StoreError: The store cannot be read.
    """
    _ = request.gettext
    week = await backtest_last_week(request, asked.subscription, _SHOWN)
    shown = cards(request, week.newest, 1)
    return Reply(
        request.command.name,
        title=_("Subscribe to {what}?").format(what=asked.target.name),
        notes=asked.target.notes,
        text=(*_backtest_text(request, week), *_state_text(request, asked)),
        cards=shown,
        buttons=(*_buttons(request, asked), *list_buttons(request, shown, 1)),
    )


def _backtest_text(request: Request, week: Backtest) -> Iterator[str]:
    _ = request.gettext
    if not week.count:
        yield _("Nothing would have been posted in the last week, but you can still subscribe.")
    elif not week.digests:
        count = request.ngettext(
            "In the last week this would have posted {count} story.",
            "In the last week this would have posted {count} stories.",
            week.count,
        )
        yield count.format(count=week.count)
    else:
        told = _("In the last week this would have posted {stories} in {digests}.")
        stories, digests = _stories(request, week.count), _digests(request, week.digests)
        yield told.format(stories=stories, digests=digests)
    if week.is_cut:
        told = _("There were more than {count} stories, so only the newest were checked.")
        yield told.format(count=MOST)


def _stories(request: Request, count: int) -> str:
    return request.ngettext("{count} story", "{count} stories", count).format(count=count)


def _digests(request: Request, count: int) -> str:
    return request.ngettext("{count} digest", "{count} digests", count).format(count=count)


def _state_text(request: Request, asked: Proposal) -> Iterator[str]:
    _ = request.gettext
    yield preview_sentence(request, asked.subscription)
    if asked.known:
        now = ", ".join((schedule_text(request, asked.known), *option_texts(request, asked.known)))
        yield _("This chat already follows it: {times}.").format(times=now)
    elif asked.is_full:
        yield limit_reached(request)
    if not can_post(request):
        yield no_posts_here(request)


def limit_reached(request: Request) -> str:
    """Says that a chat has as many subscriptions as it may."""
    told = request.gettext(
        "This chat already has {count} subscriptions, which is the most it can have. "
        "/unsubscribe ends one."
    )
    return told.format(count=CHAT_LIMIT)


def _buttons(request: Request, asked: Proposal) -> Sequence[Button]:
    _ = request.gettext
    one, whole = asked.subscription, asked.known is not None
    buttons = list[Button]()
    if can_post(request):
        buttons += _keep_buttons(
            request, asked, subscribe_action(asked.target.typed, one, whole=whole)
        )
    for name, typed in asked.target.others:
        action = subscribe_action(typed, one, whole=False)
        buttons.append(Button(_("Use {what} instead").format(what=name), action))
    for when in _OFFERED:
        if when.rhythm is not one.when.rhythm:
            other = subscribe_action(asked.target.typed, replace(one, when=when), whole=whole)
            buttons.append(Button(frequency_label(request, when), other))
    return buttons


def _keep_buttons(request: Request, asked: Proposal, action: Action) -> Sequence[Button]:
    """Makes the button that saves it or, where it is saved already just so, ends it."""
    _ = request.gettext
    known = asked.known
    if known and has_same_options(known, asked.subscription) and not known.paused:
        return (Button(_("Unsubscribe"), unsubscribe_from(known)),)
    if asked.is_full and not known:
        return ()
    is_new = known is None or has_same_options(known, asked.subscription)
    label = _("Subscribe") if is_new else _("Change")
    return (Button(label, confirmed(action)),)
