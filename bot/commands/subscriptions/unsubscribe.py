"""`/unsubscribe`: ends one or all of a chat's subscriptions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from bot.chat.auditing import record_change
from bot.chat.command import Access, Command, Group, Option, OptionKind, Purpose
from bot.chat.request import Request
from bot.commands.subscriptions.actions import (
    EVERYTHING,
    LIST,
    UNSUBSCRIBE_ALL,
    UNSUBSCRIBE_ALL_CONFIRMED,
    UNSUBSCRIBE_NAME,
    confirmed,
    unsubscribe_from,
)
from bot.commands.subscriptions.options import has_same_options, is_on, subscribe_action
from bot.commands.subscriptions.place import (
    CHANNEL,
    check_place,
    keep_place,
    list_button,
    title_here,
)
from bot.commands.subscriptions.schedule_wording import schedule_text
from bot.commands.subscriptions.wording import (
    can_post,
    list_text,
    no_posts_here,
    subscription_name,
    thread_text,
    typed_target,
)
from bot.errors import ReaderError
from bot.i18n import N_
from bot.reply import Action, Button, Entry, Reply
from bot.subscriptions.model import Subscription, TargetKind
from bot.text.display import add_quotes
from bot.text.similar_names import similar_names

_FROM = re.compile(r"^(?:me\b ?)?(?:from |of )?", re.IGNORECASE)  # `unsubscribe me from …`
_TYPO = 80.0  # how alike (of 100) a name is to what was typed when that can only be a typo


@dataclass(frozen=True, slots=True)
class NumberedSubscription:
    """A subscription with its place in the chat's list, counted from 1."""

    number: int
    one: Subscription


async def numbered_subscriptions(request: Request) -> Sequence[NumberedSubscription]:
    """Returns the chat's subscriptions, numbered as /subscriptions lists them.

    Raises:
        StoreError: The store cannot be read.
    """
    found = await request.services.store.subscriptions.of(request.chat)
    return [NumberedSubscription(number, one) for number, one in enumerate(found, 1)]


async def unsubscribe(request: Request) -> Reply:
    """Answers `/unsubscribe`."""
    check_place(request)
    return keep_place(request, await _answer(request))


async def _answer(request: Request) -> Reply:
    here = await numbered_subscriptions(request)
    if request.text("subscription"):
        return await _end(request, *find_by_ids(request, here, request.text("subscription")))
    if not here:
        return no_subscriptions(request)
    which = request.text("which")
    meant = find_matches(request, here, which) if which else []
    which = which if meant else _FROM.sub("", which)
    if not which:
        return _choice(request, here, request.gettext("Which subscription do you want to end?"))
    meant = meant or find_matches(request, here, which)
    if not meant and which.casefold() == EVERYTHING:
        return await _end_all(request, here)
    if len(meant) == 1:
        return await _end(request, meant[0].one)
    return _ask_which(request, meant or _find_similar(request, here, which), here, which)


def no_subscriptions(request: Request) -> Reply:
    """Says that nothing is followed, and how to subscribe."""
    _ = request.gettext
    told = title_here(
        request, _("This chat has no subscriptions."), _("{channel} has no subscriptions.")
    )
    if not can_post(request):
        hint = no_posts_here(request)
    elif request.person.decides:
        hint = _(
            "To get new stories posted here, type /subscribe and a topic, a source or words "
            "to search for."
        )
    else:
        hint = _("Moderators can get new stories posted here with /subscribe.")
    return Reply(request.command.name, text=(request.words.join_sentences(told, hint),))


def find_by_ids(
    request: Request, here: Sequence[NumberedSubscription], typed_ids: str
) -> Sequence[Subscription]:
    """Finds those that a button names; they end only once, and only in their own chat."""
    ids = typed_ids.split(",")
    found = [each.one for each in here if str(each.one.id) in ids]
    if not found:
        raise ReaderError(request.gettext("This chat no longer follows that."))
    return found


def _names(request: Request, one: Subscription) -> Sequence[str]:
    """Returns all names of a subscription."""
    name = one.what if one.kind is TargetKind.SEARCH else subscription_name(request, one)
    return (name, one.what, typed_target(request.services, one.kind, one.what))


def find_matches(
    request: Request, here: Sequence[NumberedSubscription], which: str
) -> Sequence[NumberedSubscription]:
    """Finds those that a text names by target, by number or, with a typo, nearly so."""
    key = which.casefold()
    ways: Sequence[Callable[[NumberedSubscription], bool]] = (
        lambda each: key in map(str.casefold, _names(request, each.one)),
        lambda each: key.removeprefix("#") == str(each.number),
        lambda each: any(
            fuzz.ratio(key, name.casefold()) >= _TYPO for name in _names(request, each.one)
        ),
    )
    found = ([each for each in here if way(each)] for way in ways)
    return next(filter(None, found), [])


def _find_similar(
    request: Request, here: Sequence[NumberedSubscription], which: str
) -> Sequence[NumberedSubscription]:
    """Finds those with similar names."""
    names = {name: each.number for each in here for name in _names(request, each.one)}
    numbers = {names[name] for name in similar_names(which, names)}
    return [each for each in here if each.number in numbers]


def _ask_which(
    request: Request,
    like: Sequence[NumberedSubscription],
    here: Sequence[NumberedSubscription],
    which: str,
) -> Reply:
    _ = request.gettext
    if like:
        question = _("Which one do you mean by {words}?").format(words=add_quotes(which))
        return _choice(request, like, question)
    told = _("No subscription in this chat is called anything like {words}.")
    return replace(_choice(request, here, told.format(words=add_quotes(which))), ok=False)


def _choice(request: Request, some: Sequence[NumberedSubscription], question: str) -> Reply:
    _ = request.gettext
    entries = tuple(
        Entry(
            f"{each.number}. {subscription_name(request, each.one)}",
            _details(request, each.one),
            unsubscribe_from(each.one),
            number=each.number,
        )
        for each in some
    )
    everything = Button(_("End all"), UNSUBSCRIBE_ALL)
    buttons = (everything,) if len(some) > 1 else ()
    return Reply(request.command.name, text=(question,), entries=entries, buttons=buttons)


def _details(request: Request, one: Subscription) -> str:
    return " · ".join(filter(None, (schedule_text(request, one), thread_text(request, one.chat))))


async def _end(request: Request, *some: Subscription) -> Reply:
    _ = request.gettext
    await _end_each(request, some)
    told = _("Unsubscribed from {what}. Posts that were still waiting will not be sent.")
    names = list_text(request, [subscription_name(request, one) for one in some])
    return Reply(
        request.command.name,
        text=(told.format(what=names),),
        buttons=(
            *_resubscribe_buttons(request, *some),
            list_button(request),
        ),
        is_done=True,
    )


async def _end_each(request: Request, some: Sequence[Subscription]) -> None:
    services = request.services
    for one in some:
        await services.store.subscriptions.end(one.id, services.clock.now())
        change = N_("Unsubscribed from {target}")
        await record_change(request, change, subscription_name(request, one))


def _resubscribe_buttons(request: Request, *some: Subscription) -> Sequence[Button]:
    """Makes the button that follows them again, where that is the place for it."""
    first = some[0]
    alike = all(has_same_options(first, one) for one in some)
    if not alike or any(one.chat.thread != request.chat.thread for one in some):
        return ()
    typed = ", ".join(typed_target(request.services, one.kind, one.what) for one in some)
    asked = subscribe_action(typed, first, whole=False)
    return (Button(request.gettext("Subscribe again"), confirmed(asked)),)


async def _end_all(request: Request, here: Sequence[NumberedSubscription]) -> Reply:
    _ = request.gettext
    if not is_on(request, "confirm"):
        question = request.ngettext(
            "End the {count} subscription in this chat?",
            "End all {count} subscriptions in this chat?",
            len(here),
        )
        buttons = (Button(_("End all"), UNSUBSCRIBE_ALL_CONFIRMED), Button(_("Keep them"), LIST))
        return Reply(
            request.command.name, text=(question.format(count=len(here)),), buttons=buttons
        )
    await _end_each(request, [each.one for each in here])
    told = _("Unsubscribed from everything here. These subscriptions have ended:")
    entries = tuple(
        Entry(
            subscription_name(request, each.one),
            _details(request, each.one),
            _resubscribe_action(request, each),
        )
        for each in here
    )
    return Reply(request.command.name, text=(told,), entries=entries, is_done=True)


def _resubscribe_action(request: Request, each: NumberedSubscription) -> Action | None:
    buttons = _resubscribe_buttons(request, each.one)
    return buttons[0].action if buttons else None


UNSUBSCRIBE = Command(
    UNSUBSCRIBE_NAME,
    N_("Stop following a topic, source or search here"),
    unsubscribe,
    (
        Option(
            "which",
            OptionKind.FOLLOWED,
            N_("What it follows, its number in /subscriptions, or all"),
            rest=True,
        ),
        CHANNEL,
        Option(
            "subscription", OptionKind.NUMBER, N_("The subscriptions' internal IDs"), hidden=True
        ),
        Option(
            "confirm",
            OptionKind.SWITCH,
            N_("End all subscriptions without asking first"),
            hidden=True,
        ),
    ),
    access=Access.HOSTS,
    details=(
        N_("On its own, it lists this chat's subscriptions to choose from."),
        N_(
            "Posts that are still waiting will not be sent, unless another subscription "
            "includes them."
        ),
    ),
    discreet=True,
    examples=("/unsubscribe", "/unsubscribe {topic}", "/unsubscribe 2", "/unsubscribe all"),
    purpose=Purpose.UNFOLLOW,
    aliases=("unfollow",),
    group=Group.FOLLOWING,
)
