"""The preview of /subscribe: what would have been posted last week, before anything is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.chat.request import Request, cards, list_buttons
from bot.commands.subscriptions.actions import confirmed, unsubscribe_from
from bot.commands.subscriptions.backtest import MOST, Backtest, backtest_last_week
from bot.commands.subscriptions.options import (
    has_same_options,
    multiple_action,
    subscribe_action,
    typed_options,
)
from bot.commands.subscriptions.proposal import CHAT_LIMIT, Proposal, SubscriptionPlan
from bot.commands.subscriptions.rights import rights_texts
from bot.commands.subscriptions.schedule_wording import frequency_label, schedule_text
from bot.commands.subscriptions.target import Target
from bot.commands.subscriptions.wording import (
    can_post,
    list_text,
    no_posts_here,
    option_texts,
    preview_sentence,
)
from bot.reply import Action, Button, Entry, Reply
from bot.subscriptions.schedule import AT_ONCE, Rhythm, Timetable

_SHOWN = 5
_OFFERED = (
    AT_ONCE,
    Timetable(Rhythm.HOURLY),
    Timetable(Rhythm.DAILY),
    Timetable(Rhythm.WEEKLY),
)


async def preview(request: Request, plan: SubscriptionPlan) -> Reply:
    """Shows what would have been posted in the last week, and offers to go on.

    Raises:
        StoreError: The store cannot be read.
    """
    some = [one.subscription for one in plan.proposals]
    week = await backtest_last_week(request, some, _SHOWN)
    shown = cards(request, week.newest, 1) if plan.is_single else ()
    names = list_text(request, [one.target.name for one in plan.proposals])
    return Reply(
        request.command.name,
        title=request.gettext("Subscribe to {what}?").format(what=names),
        notes=(*plan.notes, *(note for one in plan.proposals for note in one.target.notes)),
        text=(*_backtest_text(request, week), *_state_text(request, plan)),
        cards=shown,
        entries=() if plan.is_single else _entries(request, plan, week),
        buttons=(*_buttons(request, plan), *list_buttons(request, shown, 1)),
    )


def _entries(request: Request, plan: SubscriptionPlan, week: Backtest) -> tuple[Entry, ...]:
    """Lists several things, each with what it would have brought."""
    return tuple(
        Entry(one.target.name, " · ".join(_details(request, one, count)))
        for one, count in zip(plan.proposals, week.counts, strict=True)
    )


def _details(request: Request, one: Proposal, count: int) -> Iterator[str]:
    _ = request.gettext
    stories = _stories(request, count) if count else _("nothing")
    yield _("{stories} in the last week").format(stories=stories)
    if one.known:
        yield _("already followed: {times}").format(times=schedule_text(request, one.known))


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


def _state_text(request: Request, plan: SubscriptionPlan) -> Iterator[str]:
    _ = request.gettext
    known = plan.first.known if plan.is_single else None
    yield preview_sentence(request, plan.first.subscription)
    yield from rights_texts(request, plan.first.subscription)
    if known:
        now = request.words.join((schedule_text(request, known), *option_texts(request, known)))
        yield _("This chat already follows it: {times}.").format(times=now)
    elif not plan.can_be_saved:
        yield limit_reached(request, plan)
    if not can_post(request):
        yield no_posts_here(request)


def limit_reached(request: Request, plan: SubscriptionPlan) -> str:
    """Says that a chat has as many subscriptions as it may, or cannot have so many more."""
    _ = request.gettext
    told = _(
        "This chat already has {count} subscriptions, which is the most it can have. "
        "/unsubscribe ends one."
    )
    if plan.room > 0:
        told = _("This chat can have {room} more subscriptions, of {count} at most.")
    return told.format(count=CHAT_LIMIT, room=plan.room)


def _buttons(request: Request, plan: SubscriptionPlan) -> Sequence[Button]:
    """Makes the buttons: what was surely meant first, then what saves it, then all others."""
    _ = request.gettext
    asked, one = _action(request, plan), plan.first.subscription
    buttons = [*_instead(request, plan, lambda target: target.meant)]
    if can_post(request):
        buttons += _keep_buttons(request, plan, asked)
    buttons += _instead(request, plan, lambda target: target.others)
    buttons += plan.readings
    for when in _OFFERED:
        if when.rhythm is not one.when.rhythm:
            other = _action(request, plan, when)
            buttons.append(Button(frequency_label(request, when), other))
    if plan.is_single and one.role:
        asked = subscribe_action(plan.first.target.typed, replace(one, role=""), whole=True)
        buttons.append(Button(_("Without the role"), asked))
    return buttons


def _action(request: Request, plan: SubscriptionPlan, when: Timetable | None = None) -> Action:
    """Returns what asks for the same again, at other times if they are given."""
    if plan.is_single:
        one = plan.first.subscription
        one = replace(one, when=when) if when else one
        whole = plan.first.known is not None or bool(request.text("picture"))
        return subscribe_action(plan.first.target.typed, one, whole=whole)
    given = typed_options(request) | ({"when": str(when)} if when else {})
    return multiple_action(plan.typed(), given)


def _instead(
    request: Request, plan: SubscriptionPlan, others: Callable[[Target], Sequence[tuple[str, str]]]
) -> Iterator[Button]:
    """Makes the buttons that put another target in the place of one."""
    label, given = request.gettext("Use {what} instead"), typed_options(request)
    for each in plan.proposals:
        for name, typed in others(each.target):
            action = multiple_action(plan.typed(each.target, typed), given)
            yield Button(label.format(what=name), action)


def _keep_buttons(request: Request, plan: SubscriptionPlan, action: Action) -> Sequence[Button]:
    """Makes the button that saves it or, where it is saved already just so, ends it."""
    _ = request.gettext
    known = plan.first.known if plan.is_single else None
    if known and has_same_options(known, plan.first.subscription) and not known.paused:
        return (Button(_("Unsubscribe"), unsubscribe_from(known)),)
    if not plan.can_be_saved:
        return ()
    is_new = known is None or has_same_options(known, plan.first.subscription)
    label = _("Subscribe") if is_new else _("Change")
    return (Button(label, confirmed(action)),)
