"""What following something would mean, before anything is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.chat.request import Request, cards, list_buttons
from bot.commands.subscriptions.backtest import MOST, Backtest, last_week
from bot.commands.subscriptions.options import asking, same
from bot.commands.subscriptions.target import Target
from bot.commands.subscriptions.wording import choices, nowhere, posts_nothing, rhythm, times, would
from bot.reply import Action, Button, Reply
from bot.subscriptions.model import Subscription
from bot.subscriptions.schedule import AT_ONCE, Rhythm, Timetable

CHAT_LIMIT = 50
"""What one chat may follow."""

_SHOWN = 5
_OFFERED = (
    AT_ONCE,
    Timetable(Rhythm.HOURLY),
    Timetable(Rhythm.DAILY),
    Timetable(Rhythm.WEEKLY),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody is about to follow.

    Attributes:
        wanted: What it is.
        subscription: How it would be kept.
        known: How it is followed already; None when it is not.
        is_full: True when the chat follows as much as it may.
    """

    wanted: Target
    subscription: Subscription
    known: Subscription | None
    is_full: bool

    @property
    def can_be_kept(self) -> bool:
        """Whether it may be kept."""
        return self.known is not None or not self.is_full


async def preview(request: Request, asked: Proposal) -> Reply:
    """Shows what would have been posted in the last week, and offers to go on.

    Raises:
        StoreError: The store cannot be read.
    """
    _ = request.gettext
    week = await last_week(request, asked.subscription, _SHOWN)
    shown = cards(request, week.newest, 1)
    return Reply(
        request.command.name,
        title=_("Subscribe to {what}?").format(what=asked.wanted.name),
        notes=asked.wanted.notes,
        text=(*_week_told(request, week), *_told(request, asked)),
        cards=shown,
        buttons=(*_buttons(request, asked), *list_buttons(request, shown, 1)),
    )


def _week_told(request: Request, week: Backtest) -> Iterator[str]:
    _ = request.gettext
    if not week.count:
        yield _("In the last week nothing would have been posted. You can follow it all the same.")
    elif not week.digests:
        count = request.ngettext(
            "In the last week this would have posted {count} story.",
            "In the last week this would have posted {count} stories.",
            week.count,
        )
        yield count.format(count=week.count)
    else:
        told = _("In the last week this would have posted {stories} as {digests}.")
        stories, digests = _stories(request, week.count), _digests(request, week.digests)
        yield told.format(stories=stories, digests=digests)
    if week.is_cut:
        told = _("There were more than {count} stories; only the newest were looked through.")
        yield told.format(count=MOST)


def _stories(request: Request, count: int) -> str:
    return request.ngettext("{count} story", "{count} stories", count).format(count=count)


def _digests(request: Request, count: int) -> str:
    return request.ngettext("{count} digest", "{count} digests", count).format(count=count)


def _told(request: Request, asked: Proposal) -> Iterator[str]:
    _ = request.gettext
    yield would(request, asked.subscription)
    if asked.known:
        now = ", ".join((times(request, asked.known), *choices(request, asked.known)))
        yield _("It is followed here already: {times}.").format(times=now)
    elif asked.is_full:
        yield full(request)
    if posts_nothing(request):
        yield nowhere(request)


def full(request: Request) -> str:
    """Says that a chat follows as much as it may."""
    told = request.gettext(
        "This chat follows {count} things already, and that is the most. /unsubscribe ends one."
    )
    return told.format(count=CHAT_LIMIT)


def _buttons(request: Request, asked: Proposal) -> Sequence[Button]:
    _ = request.gettext
    one, whole = asked.subscription, asked.known is not None
    buttons = list[Button]()
    if not posts_nothing(request):
        buttons += _keep(request, asked, asking(asked.wanted.typed, one, whole=whole))
    for name, typed in asked.wanted.others:
        action = asking(typed, one, whole=False)
        buttons.append(Button(_("Rather {what}").format(what=name), action))
    for when in _OFFERED:
        if when.rhythm is not one.when.rhythm:
            other = asking(asked.wanted.typed, replace(one, when=when), whole=whole)
            buttons.append(Button(rhythm(request, when), other))
    return buttons


def _keep(request: Request, asked: Proposal, action: Action) -> Sequence[Button]:
    """What keeps it or, where it is just so already, ends it."""
    _ = request.gettext
    known = asked.known
    if known and same(known, asked.subscription) and not known.paused:
        end = Action("unsubscribe", (("subscription", str(known.id)),))
        return (Button(_("Unsubscribe"), end),)
    if asked.is_full and not known:
        return ()
    is_new = known is None or same(known, asked.subscription)
    label = _("Subscribe") if is_new else _("Change")
    return (Button(label, replace(action, options=(*action.options, ("confirm", "on")))),)
