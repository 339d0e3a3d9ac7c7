"""`/unsubscribe`: a chat follows something no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from bot.chat.command import Access, Command, Option, OptionKind, nearest
from bot.chat.request import Request
from bot.commands.subscriptions.options import asking, is_on
from bot.commands.subscriptions.wording import named, nowhere, posts_nothing, times, typed, where
from bot.errors import ReaderError
from bot.i18n import N_
from bot.reply import Action, Button, Entry, Reply
from bot.subscriptions.model import Subscription, TargetKind
from bot.text.display import in_quotes

_ALL = "all"
_SURE = 80.0  # how alike (of 100) a name is to what was typed where it can be but a slip


@dataclass(frozen=True, slots=True)
class NumberedSubscription:
    """A subscription with its place in the chat's list, counted from 1."""

    number: int
    one: Subscription


async def numbered(request: Request) -> Sequence[NumberedSubscription]:
    """What the chat follows, as /subscriptions lists it.

    Raises:
        StoreError: The store cannot be read.
    """
    found = await request.services.store.subscriptions.of(request.chat)
    return [NumberedSubscription(number, one) for number, one in enumerate(found, 1)]


async def unsubscribe(request: Request) -> Reply:
    """Answers `/unsubscribe`."""
    here = await numbered(request)
    if request.text("subscription"):
        return await _end(request, _by_id(request, here, request.text("subscription")))
    if not here:
        return nothing(request)
    which = request.text("which")
    if not which:
        return _pick(request, here, request.gettext("Which one is to end?"))
    meant = _meant(request, here, which)
    if not meant and which.casefold() == _ALL:
        return await _end_all(request, here)
    if len(meant) == 1:
        return await _end(request, meant[0].one)
    return _unsure(request, meant or _like(request, here, which), here, which)


def nothing(request: Request) -> Reply:
    """Says that nothing is followed, and how to follow something."""
    _ = request.gettext
    told = _("Nothing is followed here.")
    if posts_nothing(request):
        hint = nowhere(request)
    elif request.person.decides:
        hint = _("To have new stories posted, type /subscribe and a topic, a source or words.")
    else:
        hint = _("Moderators can have new stories posted, with /subscribe.")
    return Reply(request.command.name, text=(f"{told} {hint}",))


def _by_id(request: Request, here: Sequence[NumberedSubscription], typed_id: str) -> Subscription:
    """The one that a button names; it ends but once, and only in its own chat."""
    found = next((each.one for each in here if str(each.one.id) == typed_id), None)
    if found is None:
        raise ReaderError(request.gettext("That is followed here no more."))
    return found


def _names(request: Request, one: Subscription) -> Sequence[str]:
    """All that a subscription may be called."""
    name = one.what if one.kind is TargetKind.SEARCH else named(request, one)
    return (name, one.what, typed(request.services, one.kind, one.what))


def _meant(
    request: Request, here: Sequence[NumberedSubscription], which: str
) -> Sequence[NumberedSubscription]:
    """Those that a text names, by what they follow, by their number or, with a slip, nearly so."""
    key = which.casefold()
    ways: Sequence[Callable[[NumberedSubscription], bool]] = (
        lambda each: key in map(str.casefold, _names(request, each.one)),
        lambda each: key.removeprefix("#") == str(each.number),
        lambda each: any(
            fuzz.ratio(key, name.casefold()) >= _SURE for name in _names(request, each.one)
        ),
    )
    found = ([each for each in here if way(each)] for way in ways)
    return next(filter(None, found), [])


def _like(
    request: Request, here: Sequence[NumberedSubscription], which: str
) -> Sequence[NumberedSubscription]:
    """Those that are called something like it."""
    names = {name: each.number for each in here for name in _names(request, each.one)}
    numbers = {names[name] for name in nearest(which, names)}
    return [each for each in here if each.number in numbers]


def _unsure(
    request: Request,
    like: Sequence[NumberedSubscription],
    here: Sequence[NumberedSubscription],
    which: str,
) -> Reply:
    _ = request.gettext
    if like:
        question = _("Which one do you mean by {words}?").format(words=in_quotes(which))
        return _pick(request, like, question)
    told = _("Nothing that is followed here is called anything like {words}.")
    return replace(_pick(request, here, told.format(words=in_quotes(which))), ok=False)


def _pick(request: Request, some: Sequence[NumberedSubscription], question: str) -> Reply:
    _ = request.gettext
    entries = tuple(
        Entry(
            f"{each.number}. {named(request, each.one)}", _about(request, each.one), _ending(each)
        )
        for each in some
    )
    everything = Button(_("End all"), Action("unsubscribe", (("which", _ALL),)))
    buttons = (everything,) if len(some) > 1 else ()
    return Reply(request.command.name, text=(question,), entries=entries, buttons=buttons)


def _about(request: Request, one: Subscription) -> str:
    return " · ".join(filter(None, (times(request, one), where(request, one.chat))))


def _ending(each: NumberedSubscription) -> Action:
    return Action("unsubscribe", (("subscription", str(each.one.id)),))


async def _end(request: Request, one: Subscription) -> Reply:
    _ = request.gettext
    services = request.services
    await services.store.subscriptions.end(one.id, services.clock.now())
    told = _("Done: {what} is followed here no more. What waited to be posted is not posted.")
    return Reply(
        request.command.name,
        text=(told.format(what=named(request, one)),),
        buttons=(*_again(request, one), Button(_("All that is followed here"), _LIST)),
    )


def _again(request: Request, one: Subscription) -> Sequence[Button]:
    """A way to follow it again, where that is the place for it."""
    if one.chat.thread != request.chat.thread:
        return ()
    asked = asking(typed(request.services, one.kind, one.what), one, whole=False)
    action = replace(asked, options=(*asked.options, ("confirm", "on")))
    return (Button(request.gettext("Subscribe again"), action),)


async def _end_all(request: Request, here: Sequence[NumberedSubscription]) -> Reply:
    _ = request.gettext
    if not is_on(request, "confirm"):
        question = request.ngettext(
            "End the {count} subscription of this chat?",
            "End all {count} subscriptions of this chat?",
            len(here),
        )
        sure = Action("unsubscribe", (("which", _ALL), ("confirm", "on")))
        buttons = (Button(_("End all"), sure), Button(_("Keep them"), _LIST))
        return Reply(
            request.command.name, text=(question.format(count=len(here)),), buttons=buttons
        )
    services = request.services
    for each in here:
        await services.store.subscriptions.end(each.one.id, services.clock.now())
    told = _("Done: nothing is followed here any more. These have ended:")
    entries = tuple(
        Entry(named(request, each.one), _about(request, each.one), _resubscribing(request, each))
        for each in here
    )
    return Reply(request.command.name, text=(told,), entries=entries)


def _resubscribing(request: Request, each: NumberedSubscription) -> Action | None:
    buttons = _again(request, each.one)
    return buttons[0].action if buttons else None


_LIST = Action("subscriptions")

UNSUBSCRIBE = Command(
    "unsubscribe",
    N_("Have something posted here no more"),
    unsubscribe,
    (
        Option("which", OptionKind.FOLLOWED, N_("What it follows, its number, or all"), rest=True),
        Option("subscription", OptionKind.NUMBER, N_("The bot's own number of it"), hidden=True),
        Option("confirm", OptionKind.SWITCH, N_("End all without asking again"), hidden=True),
    ),
    access=Access.HOSTS,
    details=(
        N_("Without anything it lists what is followed here, to choose from."),
        N_(
            "What waited to be posted is not posted, unless something else that is followed has it."
        ),
    ),
    examples=("/unsubscribe", "/unsubscribe osaka expo", "/unsubscribe 2", "/unsubscribe all"),
)
