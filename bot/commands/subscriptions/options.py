"""Options of /subscribe (when, quiet, most, role and so on), parsed and written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from bot.chat.request import Request
from bot.chat.settings import OFF, ON
from bot.commands.subscriptions.actions import SUBSCRIBE_NAME
from bot.commands.subscriptions.filter_options import FILTER_OPTIONS, filter_values, read_filter
from bot.commands.subscriptions.filter_phrases import may_name_filter
from bot.commands.subscriptions.roles import NO_ROLE, parse_role, role_mention
from bot.commands.subscriptions.typed_line import take_apart
from bot.commands.subscriptions.wording import list_choices
from bot.errors import ReaderError
from bot.model import Capability
from bot.reply import Action
from bot.subscriptions.clock_words import parse_quiet
from bot.subscriptions.model import EventPosts, Subscription
from bot.subscriptions.schedule import Timetable
from bot.subscriptions.timetable_grammar import parse_timetable
from bot.subscriptions.timetable_lexicon import timetable_lexicon
from bot.text.display import add_quotes

MOST = 100
"""The highest number of stories a day that can be asked for."""

SEPARATOR = re.compile(r"((?<!\s)\s+(?:and|&|\+|/)\s+)", re.IGNORECASE)
"""The `and` that may part two names in a line."""

_NONE = ("none", "off", "no")
_ANY = ("any", "all", "0", *_NONE)
_YES, _NO = "yes", "no"
_DEFAULT = "default"
_SWITCHES = {
    **dict.fromkeys((_YES, ON, "y", "true", "1"), True),
    **dict.fromkeys((_NO, OFF, "n", "false", "0", "none"), False),
}


def apply_options(request: Request, one: Subscription) -> Subscription:
    """Applies the options that were given to a subscription.

    Raises:
        ReaderError: One cannot be read, or means nothing here.
    """
    for option, read in _READERS.items():
        if request.text(option):
            one = read(request, request.text(option), one)
    return one


def subscribe_action(what: str, one: Subscription, *, whole: bool) -> Action:
    """Returns what asks to follow something with the options of a subscription.

    Args:
        what: The target, as it is typed.
        one: The subscription.
        whole: True to name every option, also what is usual: where the same is followed already,
            what is not named stays as it is.
    """
    usual = _option_values(Subscription(one.chat, one.kind, one.what))
    options = _option_values(one).items()
    kept = [(option, value) for option, value in options if whole or value != usual[option]]
    literal = (("literal", ON),) if _is_ambiguous(what) else ()
    return Action(SUBSCRIBE_NAME, (("what", what), *kept, *literal))


def multiple_action(what: str, options: Mapping[str, str]) -> Action:
    """Returns what asks to follow several things with some options, as they are typed."""
    literal = (("literal", ON),) if _is_ambiguous(what) else ()
    return Action(SUBSCRIBE_NAME, (("what", what), *options.items(), *literal))


def _is_ambiguous(what: str) -> bool:
    """Tells if words would be taken for a time, an option or several things, typed."""
    line = take_apart(what)
    is_parted = SEPARATOR.search(what) is not None
    is_parted = is_parted or may_name_filter(what)
    return bool(is_parted or line.time or line.unclear or line.slip or line.switches)


def typed_options(request: Request) -> dict[str, str]:
    """Returns the options that were given, but for what is to be followed and confirmed."""
    return {name: request.text(name) for name in _READERS if request.text(name)}


def has_same_options(one: Subscription, other: Subscription) -> bool:
    """Tells whether two subscriptions to the same target have the same options."""
    return one.zone == other.zone and _option_values(one) == _option_values(other)


def is_on(request: Request, option: str) -> bool:
    """Tells whether an option that is on or off is given as on.

    Raises:
        ReaderError: It is neither.
    """
    text = request.text(option)
    return bool(text) and _switch(request, option, text)


def _option_values(one: Subscription) -> Mapping[str, str]:
    """Returns the options of a subscription, as they are typed."""
    return {
        "when": str(one.when),
        "quiet": str(one.quiet) if one.quiet else _NONE[0],
        "most": str(one.most) if one.most else _ANY[0],
        "role": role_mention(one.role) if one.role else NO_ROLE[0],
        "picture": _YES if one.picture else _NO,
        "silent": _YES if one.silent else _NO,
        "events": one.events or _DEFAULT,
        "threads": _YES if one.threads else _NO,
        **filter_values(one.filters),
    }


def read_when(request: Request, text: str) -> Timetable | None:
    """Returns the timetable that is given by name, where a number alone is an hour, too."""
    english = timetable_lexicon(request.services.translations).english(text).text
    return parse_timetable(english) or parse_timetable(f"at {english}")


def _when(request: Request, text: str, one: Subscription) -> Subscription:
    when = read_when(request, text)
    if when is None:
        message = request.gettext("I don't understand the time {text}.")
        raise ReaderError(message.format(text=add_quotes(text)))
    return replace(one, when=when)


def _quiet(request: Request, text: str, one: Subscription) -> Subscription:
    quiet = None if text.casefold() in _NONE else parse_quiet(text)
    if quiet is None and text.casefold() not in _NONE:
        message = request.gettext(
            "I don't understand the hours {text}. Try 22-7, 22:30-6:45 or none."
        )
        raise ReaderError(message.format(text=add_quotes(text)))
    return replace(one, quiet=quiet)


def _most(request: Request, text: str, one: Subscription) -> Subscription:
    if text.casefold() in _ANY:
        return replace(one, most=0)
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MOST))
    if not is_number or not 1 <= int(text) <= MOST:
        message = request.gettext(
            "{text} won't work here. Choose a number from 1 to {most}, or any."
        )
        raise ReaderError(message.format(text=add_quotes(text), most=MOST))
    return replace(one, most=int(text))


def _role(request: Request, text: str, one: Subscription) -> Subscription:
    _ = request.gettext
    role = parse_role(request, text)
    if role and not request.chat.can(Capability.ROLES):
        raise ReaderError(_("Roles work only on Discord."))
    if role and role == request.chat.house:  # a server's own id is that of everyone in it
        raise ReaderError(_("I can't mention everyone at once. Please choose another role."))
    return replace(one, role=role)


def _picture(request: Request, text: str, one: Subscription) -> Subscription:
    return replace(one, picture=_switch(request, "picture", text))


def _silent(request: Request, text: str, one: Subscription) -> Subscription:
    return replace(one, silent=_switch(request, "silent", text))


def _events(request: Request, text: str, one: Subscription) -> Subscription:
    choices = {each.value: each for each in EventPosts}
    if text.casefold() not in {*choices, _DEFAULT}:
        message = request.gettext("{setting} can be {choices}.")
        listed = request.words.join((*choices, _DEFAULT))
        raise ReaderError(message.format(setting="events", choices=listed))
    return replace(one, events=choices.get(text.casefold()))


def _threads(request: Request, text: str, one: Subscription) -> Subscription:
    threads = _switch(request, "threads", text)
    if threads and not request.chat.can(Capability.THREADS):
        raise ReaderError(request.gettext("Posts can't open threads here."))
    return replace(one, threads=threads)


def _switch(request: Request, option: str, text: str) -> bool:
    value = _SWITCHES.get(text.casefold())
    if value is None:
        message = request.gettext("{setting} can be {choices}.")
        choices = list_choices(request, [_YES, _NO])
        raise ReaderError(message.format(setting=option, choices=choices))
    return value


def _filter(name: str, request: Request, text: str, one: Subscription) -> Subscription:
    return replace(one, filters=read_filter(request, name, text, one.filters))


_READERS: Mapping[str, Callable[[Request, str, Subscription], Subscription]] = {
    "when": _when,
    "quiet": _quiet,
    "most": _most,
    "role": _role,
    "picture": _picture,
    "silent": _silent,
    "events": _events,
    "threads": _threads,
    **{name: partial(_filter, name) for name in FILTER_OPTIONS},
}
