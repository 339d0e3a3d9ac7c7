"""Wording of subscriptions for people: targets, schedules, options, sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.lists import format_list

from bot.chat.request import Request, Services
from bot.commands.subscriptions.filter_options import filter_texts
from bot.commands.subscriptions.place import place_text
from bot.commands.subscriptions.roles import role_mention
from bot.commands.subscriptions.schedule_wording import schedule_text
from bot.dates import MomentForm, day_of_week_and_month, join_day_and_time, mark_moment
from bot.model import Capability, Chat
from bot.posting.policy import EVENING
from bot.subscriptions.model import EventPosts, Subscription, TargetKind
from bot.subscriptions.schedule import Rhythm
from bot.text.display import add_quotes

EVERYTHING_WORDS = ("everything", "all stories", "all news", "all sources", "all")
"""Words that mean everything there is, where no topic and no source is called so."""

_CLOCK = "%H:%M"  # as people type it after `daily`
_TODAY = timedelta(hours=20)  # within which a time needs no date


def target_name(services: Services, kind: TargetKind, what: str) -> str:
    """Returns the name of a target, as readers see it."""
    if kind is TargetKind.EVERYTHING:
        return services.translations.gettext("everything")
    if kind is TargetKind.SOURCE:
        source = services.sources.get(what)
        return source.name if source else what
    return what if kind is TargetKind.TOPIC else add_quotes(what)


def subscription_name(request: Request, one: Subscription) -> str:
    """Returns the name of a subscription's target, as readers see it."""
    return target_name(request.services, one.kind, one.what)


def typed_target(services: Services, kind: TargetKind, what: str) -> str:
    """Returns the text to give to /subscribe to follow the same target."""
    if kind is TargetKind.EVERYTHING:
        return EVERYTHING_WORDS[0]
    if kind is TargetKind.SOURCE and services.topic(what) is not None:
        return f"source:{what}"  # a topic's name comes first
    return what


def list_text(request: Request, names: Sequence[str]) -> str:
    """Returns names as a list: `Osaka Expo, “ntt” and The Prospect`."""
    return format_list(names, locale=request.services.translations.language)


def list_choices(request: Request, names: Sequence[str]) -> str:
    """Returns names as a list of choices: `yes or no`."""
    return format_list(names, style="or", locale=request.services.translations.language)


def clock_time(request: Request, at: datetime, zone: ZoneInfo) -> str:
    """Returns a time in a chat's zone, with the day where that is not clear: `08:00`."""
    if request.chat.can(Capability.TIMESTAMPS):
        return mark_moment(at, MomentForm.DATE_AND_TIME)
    local = at.astimezone(zone)
    clock = f"{local:{_CLOCK}}"
    if abs(at - request.services.clock.now()) < _TODAY:
        return clock
    language = request.words.language
    return join_day_and_time(day_of_week_and_month(local, language), clock, language)


def next_digest_time(request: Request, one: Subscription) -> str:
    """Returns the time of a subscription's next digest, with its day."""
    at = one.when.next(request.services.clock.now(), one.timezone).astimezone(one.timezone)
    if request.chat.can(Capability.TIMESTAMPS):
        return mark_moment(at, MomentForm.DATE_AND_TIME)
    language = request.words.language
    return join_day_and_time(day_of_week_and_month(at, language), f"{at:{_CLOCK}}", language)


def is_digest(one: Subscription) -> bool:
    """Tells whether stories are posted as digests, and not each as it comes."""
    return one.when.rhythm is not Rhythm.AT_ONCE


def option_texts(request: Request, one: Subscription) -> list[str]:
    """Returns the options of a subscription beside its schedule that are not the default."""
    _ = request.gettext
    told = []
    if one.quiet:
        told.append(_("quiet {hours} ({zone})").format(hours=one.quiet, zone=one.zone))
    if one.most and not is_digest(one):
        message = request.ngettext(
            "at most {count} story a day on its own, the rest together at {time}",
            "at most {count} stories a day one by one, the rest together at {time}",
            one.most,
        )
        told.append(message.format(count=one.most, time=f"{EVENING.times[0]:{_CLOCK}}"))
    if one.role:
        told.append(_("mentioning {role}").format(role=role_mention(one.role)))
    if not one.picture:
        told.append(_("without pictures"))
    if one.silent:
        told.append(_("silently"))
    if one.threads:
        told.append(_("each with a thread of its own"))
    if one.events is EventPosts.ONCE:
        told.append(_("each event once"))
    if one.events is EventPosts.ALL:
        told.append(_("every story, also when it repeats another"))
    return [*told, *filter_texts(request, one.filters)]


def thread_text(request: Request, chat: Chat) -> str:
    """Names the thread of a chat that posts go to; empty for the whole chat."""
    _ = request.gettext
    if chat.thread == request.chat.thread:
        return _("in this thread") if chat.thread else ""
    if not chat.thread:
        return _("outside threads")
    return _("in thread {thread}").format(thread=chat.thread)


def preview_sentence(request: Request, one: Subscription) -> str:
    """Says what a subscription would do."""
    _ = request.gettext
    return _sentence(
        request,
        one,
        _("New stories would be posted at once"),
        _("New stories would be posted as one digest, {times}"),
    )


def confirmation_sentence(request: Request, one: Subscription) -> str:
    """Says what a subscription does."""
    _ = request.gettext
    return _sentence(
        request,
        one,
        _("New stories are posted at once"),
        _("New stories are posted as one digest, {times}"),
    )


def _sentence(request: Request, one: Subscription, at_once: str, digests: str) -> str:
    chosen = (*option_texts(request, one), thread_text(request, one.chat), place_text(request))
    chosen = tuple(filter(None, chosen))
    if not is_digest(one):
        return request.words.end_sentence(request.words.join((at_once, *chosen)))
    first = request.gettext("the next one on {time}").format(time=next_digest_time(request, one))
    told = (digests.format(times=schedule_text(request, one)), *chosen, first)
    return request.words.end_sentence(request.words.join(told))


def can_post(request: Request) -> bool:
    """Tells whether stories can be posted where this is asked."""
    return request.chat.can(Capability.POSTS)


def no_posts_here(request: Request) -> str:
    """Says that nothing can be posted here, and where it can."""
    return request.gettext(
        "Posting works only on Telegram and Discord. Subscribe there to get posts."
    )
