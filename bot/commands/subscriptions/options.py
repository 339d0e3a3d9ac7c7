"""How somebody wants to hear of what is followed: the options of /subscribe, read and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.chat.request import Request
from bot.chat.settings import OFF, ON
from bot.commands.subscriptions.roles import NO_ROLE, mention, role_named
from bot.errors import ReaderError
from bot.reply import Action
from bot.subscriptions.model import Subscription
from bot.subscriptions.schedule import parse_quiet, parse_timetable
from bot.text.display import in_quotes

MOST = 100
"""The highest number of stories a day that can be asked for."""

_NONE = ("none", "off", "no")
_ANY = ("any", "all", "0", *_NONE)
_SWITCHES = {ON: True, "yes": True, OFF: False, "no": False}


def wished(request: Request, one: Subscription) -> Subscription:
    """A subscription with those options that were given.

    Raises:
        ReaderError: One cannot be read, or means nothing here.
    """
    for option, read in _READERS.items():
        if request.text(option):
            one = read(request, request.text(option), one)
    return one


def asking(what: str, one: Subscription, *, whole: bool) -> Action:
    """What asks to follow something just as a subscription does.

    Args:
        what: What is followed, as it is typed.
        one: The subscription.
        whole: True to name every option, also what is usual: where the same is followed already,
            what is not named stays as it is.
    """
    usual = _values(Subscription(one.chat, one.kind, one.what))
    options = _values(one).items()
    kept = [(option, value) for option, value in options if whole or value != usual[option]]
    return Action("subscribe", (("what", what), *kept))


def same(one: Subscription, other: Subscription) -> bool:
    """Whether two subscriptions to the same thing tell of it in the same way."""
    return one.zone == other.zone and _values(one) == _values(other)


def is_on(request: Request, option: str) -> bool:
    """Whether an option that is on or off is given as on.

    Raises:
        ReaderError: It is neither.
    """
    text = request.text(option)
    return bool(text) and _switch(request, option, text)


def _values(one: Subscription) -> Mapping[str, str]:
    """The options of a subscription, as they are typed."""
    return {
        "when": str(one.when),
        "quiet": str(one.quiet) if one.quiet else _NONE[0],
        "most": str(one.most) if one.most else _ANY[0],
        "role": mention(one.role) if one.role else NO_ROLE[0],
        "picture": ON if one.picture else OFF,
        "silent": ON if one.silent else OFF,
    }


def _when(request: Request, text: str, one: Subscription) -> Subscription:
    when = parse_timetable(text)
    if when is None:
        message = request.gettext(
            "{text} is no time I know. Try at once, hourly, daily 8:00 or weekly mon 8:00."
        )
        raise ReaderError(message.format(text=in_quotes(text)))
    return replace(one, when=when)


def _quiet(request: Request, text: str, one: Subscription) -> Subscription:
    quiet = None if text.casefold() in _NONE else parse_quiet(text)
    if quiet is None and text.casefold() not in _NONE:
        message = request.gettext("{text} are no hours I know. Try 22-7, 22:30-6:45 or none.")
        raise ReaderError(message.format(text=in_quotes(text)))
    return replace(one, quiet=quiet)


def _most(request: Request, text: str, one: Subscription) -> Subscription:
    if text.casefold() in _ANY:
        return replace(one, most=0)
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MOST))
    if not is_number or not 1 <= int(text) <= MOST:
        message = request.gettext("{text} is no number from 1 to {most}, and not any.")
        raise ReaderError(message.format(text=in_quotes(text), most=MOST))
    return replace(one, most=int(text))


def _role(request: Request, text: str, one: Subscription) -> Subscription:
    _ = request.gettext
    role = role_named(request, text)
    if role and request.chat.platform != "discord":
        raise ReaderError(_("Roles are there on Discord only."))
    if role and role == request.chat.house:  # a server's own id is that of everyone in it
        raise ReaderError(_("Everybody at once cannot be called. Name another role."))
    return replace(one, role=role)


def _picture(request: Request, text: str, one: Subscription) -> Subscription:
    return replace(one, picture=_switch(request, "picture", text))


def _silent(request: Request, text: str, one: Subscription) -> Subscription:
    return replace(one, silent=_switch(request, "silent", text))


def _switch(request: Request, option: str, text: str) -> bool:
    value = _SWITCHES.get(text.casefold())
    if value is None:
        message = request.gettext("{setting} can be {choices}.")
        raise ReaderError(message.format(setting=option, choices=f"{ON}, {OFF}"))
    return value


_READERS: Mapping[str, Callable[[Request, str, Subscription], Subscription]] = {
    "when": _when,
    "quiet": _quiet,
    "most": _most,
    "role": _role,
    "picture": _picture,
    "silent": _silent,
}
