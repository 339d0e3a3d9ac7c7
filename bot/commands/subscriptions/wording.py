"""Subscriptions, as people are told of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, get_day_names

from bot.chat.request import Request, Services
from bot.commands.subscriptions.roles import mention
from bot.model import Chat
from bot.posting.policy import EVENING
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import Rhythm, Timetable
from bot.text.display import in_quotes

_CLOCK = "%H:%M"  # as people type it after `daily`
_TODAY = timedelta(hours=20)  # within which a time needs no date


def name_of(services: Services, kind: TargetKind, what: str) -> str:
    """What is followed, as readers see it."""
    if kind is TargetKind.SOURCE:
        source = services.sources.get(what)
        return source.name if source else what
    return what if kind is TargetKind.TOPIC else in_quotes(what)


def named(request: Request, one: Subscription) -> str:
    """What a subscription follows, as readers see it."""
    return name_of(request.services, one.kind, one.what)


def typed(services: Services, kind: TargetKind, what: str) -> str:
    """What to give to /subscribe to follow the same."""
    if kind is TargetKind.SOURCE and services.topic(what) is not None:
        return f"source:{what}"  # a topic's name comes first
    return what


def times(request: Request, one: Subscription) -> str:
    """When a subscription posts: `daily at 08:00 (Asia/Tokyo)`."""
    _ = request.gettext
    when = one.when
    match when.rhythm:
        case Rhythm.AT_ONCE:
            return _("at once")
        case Rhythm.HOURLY:
            return _("hourly")
        case Rhythm.DAILY:
            return _("daily at {time} ({zone})").format(time=f"{when.at:{_CLOCK}}", zone=one.zone)
    day = get_day_names(locale=request.services.words.language)[when.weekday]
    told = _("weekly on {day} at {time} ({zone})")
    return told.format(day=day, time=f"{when.at:{_CLOCK}}", zone=one.zone)


def rhythm(request: Request, when: Timetable) -> str:
    """How often, as a button says it."""
    _ = request.gettext
    match when.rhythm:
        case Rhythm.AT_ONCE:
            return _("At once")
        case Rhythm.HOURLY:
            return _("Hourly")
        case Rhythm.DAILY:
            return _("Daily")
    return _("Weekly")


def moment(request: Request, at: datetime, zone: ZoneInfo) -> str:
    """A time as a chat's clocks show it, with the day where that is not clear: `08:00`."""
    local = at.astimezone(zone)
    clock = f"{local:{_CLOCK}}"
    if abs(at - request.services.clock.now()) < _TODAY:
        return clock
    day = format_skeleton("MMMEd", local, locale=request.services.words.language)
    return f"{day}, {clock}"


def next_time(request: Request, one: Subscription) -> str:
    """When a subscription's next digest is due, with its day."""
    at = one.when.next(request.services.clock.now(), one.timezone).astimezone(one.timezone)
    day = format_skeleton("MMMEd", at, locale=request.services.words.language)
    return f"{day}, {at:{_CLOCK}}"


def is_digest(one: Subscription) -> bool:
    """Whether stories are gathered, and not posted each as it comes."""
    return one.when.rhythm is not Rhythm.AT_ONCE


def choices(request: Request, one: Subscription) -> list[str]:
    """What was chosen of a subscription beside its times, where that is not usual."""
    _ = request.gettext
    told = []
    if one.quiet:
        told.append(_("quiet {hours} ({zone})").format(hours=one.quiet, zone=one.zone))
    if one.most and not is_digest(one):
        message = request.ngettext(
            "at most {count} story a day by itself, the rest together at {time}",
            "at most {count} stories a day each by itself, the rest together at {time}",
            one.most,
        )
        told.append(message.format(count=one.most, time=f"{EVENING.at:{_CLOCK}}"))
    if one.role:
        told.append(_("for {role}").format(role=mention(one.role)))
    if not one.picture:
        told.append(_("without pictures"))
    if one.silent:
        told.append(_("silently"))
    return told


def where(request: Request, chat: Chat) -> str:
    """In which part of the chat, beside the one that is asked from; empty for the whole."""
    _ = request.gettext
    if chat.thread == request.chat.thread:
        return _("in this thread") if chat.thread else ""
    if not chat.thread:
        return _("outside of threads")
    return _("in thread {thread}").format(thread=chat.thread)


def would(request: Request, one: Subscription) -> str:
    """What a subscription would do, in a sentence."""
    _ = request.gettext
    return _sentence(
        request,
        one,
        _("New stories would be posted at once"),
        _("New stories would be posted as one digest, {times}"),
    )


def will(request: Request, one: Subscription) -> str:
    """What a subscription does, in a sentence."""
    _ = request.gettext
    return _sentence(
        request,
        one,
        _("New stories are posted at once"),
        _("New stories are posted as one digest, {times}"),
    )


def _sentence(request: Request, one: Subscription, at_once: str, digests: str) -> str:
    chosen = filter(None, (*choices(request, one), where(request, one.chat)))
    if not is_digest(one):
        return ", ".join((at_once, *chosen)) + "."
    first = request.gettext("the next on {time}").format(time=next_time(request, one))
    return ", ".join((digests.format(times=times(request, one)), *chosen, first)) + "."


def posts_nothing(request: Request) -> bool:
    """Whether nothing can be posted where this is asked."""
    return request.chat.platform == "console"


def nowhere(request: Request) -> str:
    """Says where posts come, to somebody who is not there."""
    return request.gettext("Posts come on Telegram and on Discord only; ask there to have them.")
