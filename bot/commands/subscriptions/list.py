"""`/subscriptions`: the list of a chat's subscriptions, their state, pausing and resuming them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.chat.command import PAGE, Command, Group, Option, OptionKind
from bot.chat.local_time import tell_ago
from bot.chat.request import Request, page_buttons, page_count
from bot.commands.subscriptions.actions import (
    LIST_NAME,
    PAUSE,
    READ_INSTEAD,
    RESUME,
    TEMPLATE_CHOICE,
    UNSUBSCRIBE_CHOICE,
)
from bot.commands.subscriptions.options import is_on
from bot.commands.subscriptions.place import CHANNEL, check_place, keep_place, title_here
from bot.commands.subscriptions.resuming import pause, read_instead, resume, resume_elsewhere
from bot.commands.subscriptions.schedule_wording import schedule_text
from bot.commands.subscriptions.template_options import template_texts
from bot.commands.subscriptions.unsubscribe import (
    NumberedSubscription,
    no_subscriptions,
    numbered_subscriptions,
)
from bot.commands.subscriptions.wording import (
    is_digest,
    next_digest_time,
    option_texts,
    subscription_name,
    thread_text,
)
from bot.i18n import N_
from bot.posting.model import State
from bot.reply import Action, Button, Entry, Reply
from bot.subscriptions.model import Subscription, TargetKind

_A_PAGE = 10
_RECENT = 500  # posts in which the last one of each is looked for


async def subscriptions(request: Request) -> Reply:
    """Answers `/subscriptions`."""
    check_place(request)
    return keep_place(request, await _answer(request))


async def _answer(request: Request) -> Reply:
    if request.text("chat"):
        return await resume_elsewhere(request, request.text("chat"))
    if is_on(request, "read"):
        return await read_instead(request)
    told, waiting = await _changed(request)
    here = await numbered_subscriptions(request)
    if not here:
        return no_subscriptions(request)
    _ = request.gettext
    pages = page_count(len(here), _A_PAGE)
    start = (request.page - 1) * _A_PAGE
    posted = await _last_posted(request)
    return Reply(
        request.command.name,
        title=title_here(request, _("Subscriptions in this chat"), _("Subscriptions in {channel}")),
        text=tuple(told),
        entries=tuple(_entry(request, one, posted) for one in here[start : start + _A_PAGE]),
        page=request.page,
        pages=pages,
        buttons=(*_buttons(request, here, waiting), *page_buttons(request, pages)),
    )


async def _changed(request: Request) -> tuple[Sequence[str], int]:
    """Pauses or resumes, where that is asked for; see `resume`."""
    if is_on(request, "pause"):
        return await pause(request), 0
    return await resume(request) if is_on(request, "resume") else ((), 0)


async def _last_posted(request: Request) -> Mapping[int, datetime]:
    """Returns the times of the last posts, by the subscriptions' ids."""
    posted: dict[int, datetime] = {}
    for post in await request.services.store.outbox.of_chat(request.chat, _RECENT):
        if post.state is State.SENT and post.done and post.subscription:
            one = post.subscription.id
            posted[one] = max(post.done, posted.get(one, post.done))
    return posted


def _entry(request: Request, each: NumberedSubscription, posted: Mapping[int, datetime]) -> Entry:
    one = each.one
    told = [schedule_text(request, one), thread_text(request, one.chat)]
    if request.person.decides:
        told += [*option_texts(request, one), *template_texts(request, one.template)]
    told += _state(request, one, posted.get(one.id))
    topic = one.what if one.kind is TargetKind.TOPIC else ""
    return Entry(
        f"{each.number}. {subscription_name(request, one)}",
        " · ".join(filter(None, told)),
        _stories_of(request, one),
        topic,
        number=each.number,
    )


def _state(request: Request, one: Subscription, posted: datetime | None) -> list[str]:
    _ = request.gettext
    told = [_("nothing posted yet")]
    if posted:
        told = [_("last posted {when}").format(when=tell_ago(request, posted))]
    if one.paused:
        return [*told, _paused(request, one)]
    if is_digest(one):
        told.append(_("next on {time}").format(time=next_digest_time(request, one)))
    return told


def _paused(request: Request, one: Subscription) -> str:
    _ = request.gettext
    if not request.person.decides:
        return _("paused")
    since = one.paused_at or one.made
    when = tell_ago(request, since)
    return _("paused {when}: {reason}").format(when=when, reason=_(one.paused))


def _stories_of(request: Request, one: Subscription) -> Action:
    """Returns what lists the stories of a subscription."""
    match one.kind:
        case TargetKind.EVERYTHING:
            return request.registry.latest()
        case TargetKind.TOPIC:
            return request.registry.topic(one.what)
        case TargetKind.SOURCE:
            return request.registry.latest(one.what)
    return request.registry.search(f"{one.what} sort:new")


def _buttons(
    request: Request, here: Sequence[NumberedSubscription], waiting: int
) -> Sequence[Button]:
    """Makes the buttons for hosts."""
    _ = request.gettext
    if not request.person.decides:
        return ()
    buttons = [
        Button(_("Unsubscribe"), UNSUBSCRIBE_CHOICE),
        Button(_("How posts look"), TEMPLATE_CHOICE),
    ]
    if not all(each.one.paused for each in here):
        buttons.append(Button(_("Pause"), PAUSE))
    if any(each.one.paused for each in here):
        buttons.insert(0, Button(_("Resume"), RESUME))
    if waiting:
        buttons.insert(0, Button(_("Read them instead"), READ_INSTEAD))
    return buttons


SUBSCRIPTIONS = Command(
    LIST_NAME,
    N_("What this chat follows, and when it is posted"),
    subscriptions,
    (
        CHANNEL,
        PAGE,
        Option("resume", OptionKind.SWITCH, N_("Resume posting"), hidden=True),
        Option("pause", OptionKind.SWITCH, N_("Pause posting until it is resumed"), hidden=True),
        Option("read", OptionKind.SWITCH, N_("Read what waited, instead of a digest"), hidden=True),
        Option("chat", OptionKind.NUMBER, N_("The id of another chat to resume"), hidden=True),
    ),
    details=(
        N_("Lists the topics, sources and searches that this chat follows."),
        N_("Moderators also see how each one is set up, and can pause and resume posting."),
    ),
    examples=("/subscriptions",),
    group=Group.FOLLOWING,
    tells_hosts=True,
    shows_roles=True,
    aliases=("list", "following"),
)
