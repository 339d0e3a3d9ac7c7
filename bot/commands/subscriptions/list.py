"""`/subscriptions`: what a chat follows, and how that goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.chat.command import Command, Option, OptionKind
from bot.chat.request import Request, page_buttons, page_count
from bot.commands.subscriptions.options import is_on
from bot.commands.subscriptions.unsubscribe import NumberedSubscription, nothing, numbered
from bot.commands.subscriptions.wording import choices, is_digest, named, next_time, times, where
from bot.dates import ago
from bot.errors import NotAllowedError
from bot.i18n import N_
from bot.posting.model import State
from bot.reply import Action, Button, Entry, Reply
from bot.subscriptions.model import Subscription, TargetKind

_A_PAGE = 10
_LOOKED = 500  # posts in which the last one of each is looked for


async def subscriptions(request: Request) -> Reply:
    """Answers `/subscriptions`."""
    told = await _resumed(request) if is_on(request, "resume") else ()
    here = await numbered(request)
    if not here:
        return nothing(request)
    _ = request.gettext
    pages = page_count(len(here), _A_PAGE)
    start = (request.page - 1) * _A_PAGE
    posted = await _last_posted(request)
    return Reply(
        request.command.name,
        title=_("What is followed here"),
        text=told,
        entries=tuple(_entry(request, one, posted) for one in here[start : start + _A_PAGE]),
        page=request.page,
        pages=pages,
        buttons=(*_ways(request, here), *page_buttons(request, pages)),
    )


async def _resumed(request: Request) -> tuple[str, ...]:
    _ = request.gettext
    if not request.person.decides:
        raise NotAllowedError(_("Only moderators can have posting go on."))
    services = request.services
    count = await services.store.subscriptions.resume(request.chat, services.clock.now())
    if not count:
        return (_("Nothing was paused."),)
    return (_("Posting goes on. What waited meanwhile comes as one digest."),)


async def _last_posted(request: Request) -> Mapping[int, datetime]:
    """When something was last posted, by the subscriptions' ids."""
    posted: dict[int, datetime] = {}
    for post in await request.services.store.outbox.of_chat(request.chat, _LOOKED):
        if post.state is State.SENT and post.done and post.subscription:
            one = post.subscription.id
            posted[one] = max(post.done, posted.get(one, post.done))
    return posted


def _entry(request: Request, each: NumberedSubscription, posted: Mapping[int, datetime]) -> Entry:
    one = each.one
    told = [times(request, one), where(request, one.chat)]
    if request.person.decides:
        told += choices(request, one)
    told += _state(request, one, posted.get(one.id))
    name = f"{each.number}. {named(request, one)}"
    return Entry(name, " · ".join(filter(None, told)), _stories_of(one))


def _state(request: Request, one: Subscription, posted: datetime | None) -> list[str]:
    _ = request.gettext
    now, language = request.services.clock.now(), request.services.words.language
    told = [_("nothing posted yet")]
    if posted:
        told = [_("last posted {when}").format(when=ago(posted, now, language))]
    if one.paused:
        return [*told, _paused(request, one)]
    if is_digest(one):
        told.append(_("next on {time}").format(time=next_time(request, one)))
    return told


def _paused(request: Request, one: Subscription) -> str:
    _ = request.gettext
    if not request.person.decides:
        return _("paused")
    since = one.paused_at or one.made
    when = ago(since, request.services.clock.now(), request.services.words.language)
    return _("paused {when}: {reason}").format(when=when, reason=one.paused)


def _stories_of(one: Subscription) -> Action:
    """What shows the stories of what is followed."""
    match one.kind:
        case TargetKind.TOPIC:
            return Action("topic", (("name", one.what),))
        case TargetKind.SOURCE:
            return Action("latest", (("source", one.what),))
    return Action("search", (("words", f"{one.what} sort:new"),))


def _ways(request: Request, here: Sequence[NumberedSubscription]) -> Sequence[Button]:
    """What hosts may do."""
    _ = request.gettext
    if not request.person.decides:
        return ()
    buttons = [Button(_("Unsubscribe"), Action("unsubscribe"))]
    if any(each.one.paused for each in here):
        resume = Action("subscriptions", (("resume", "on"),))
        buttons.insert(0, Button(_("Resume"), resume))
    return buttons


SUBSCRIPTIONS = Command(
    "subscriptions",
    N_("What is posted here by itself, and when"),
    subscriptions,
    (
        Option("page", OptionKind.PAGE, N_("Which page to show"), hidden=True),
        Option("resume", OptionKind.SWITCH, N_("Have posting go on"), hidden=True),
    ),
    details=(
        N_("Lists the topics, sources and searches of which new stories are posted here."),
        N_("Moderators see how each goes, too, and can have go on what was paused."),
    ),
    examples=("/subscriptions",),
    tells_hosts=True,
)
