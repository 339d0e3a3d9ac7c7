"""Wording of schedules for people: `daily at 08:00 and 18:00`, `on weekdays at 09:00`."""

from __future__ import annotations

from babel.dates import get_day_names
from babel.lists import format_list

from bot.chat.request import Request
from bot.subscriptions.model import Subscription
from bot.subscriptions.schedule import WEEKEND, WORKDAYS, Rhythm, Timetable, ordinal

_CLOCK = "%H:%M"  # as people type it after `daily`
_SURE_DAY = 28  # the last that every month has
_LAST_DAY = 31


def schedule_text(request: Request, one: Subscription) -> str:
    """Returns the schedule of a subscription with its zone: `daily at 08:00 (Asia/Tokyo)`."""
    text = timetable_text(request, one.when)
    if one.when.rhythm is Rhythm.AT_ONCE or one.when == Timetable(Rhythm.HOURLY):
        return text
    return request.gettext("{times} ({zone})").format(times=text, zone=one.zone)


def timetable_text(request: Request, when: Timetable) -> str:
    """Returns a timetable: `weekly on Friday at 18:00`."""
    _ = request.gettext
    clock = _list(request, [f"{at:{_CLOCK}}" for at in when.times])
    match when.rhythm:
        case Rhythm.AT_ONCE:
            return _("at once")
        case Rhythm.HOURLY:
            text = request.ngettext("hourly", "every {count} hours", when.hours)
            return text.format(count=when.hours)
        case Rhythm.DAILY:
            return _("daily at {time}").format(time=clock)
        case Rhythm.MONTHLY:
            text = _monthly_text(request, when.day)
            return text.format(day=when.day, ordinal=ordinal(when.day), time=clock)
    return _weekly_text(request, when.weekdays).format(
        day=_day_names(request, when.weekdays), time=clock
    )


def timetable_label(request: Request, when: Timetable) -> str:
    """Returns the label of a button that chooses a timetable: `Weekly on Friday at 18:00`."""
    text = timetable_text(request, when)
    return text[:1].upper() + text[1:]


def frequency_label(request: Request, when: Timetable) -> str:
    """Returns the label of a button that chooses how often to post: `Weekly`."""
    _ = request.gettext
    labels = {
        Rhythm.AT_ONCE: _("At once"),
        Rhythm.HOURLY: _("Hourly"),
        Rhythm.DAILY: _("Daily"),
        Rhythm.WEEKLY: _("Weekly"),
        Rhythm.MONTHLY: _("Monthly"),
    }
    return labels[when.rhythm]


def _weekly_text(request: Request, weekdays: tuple[int, ...]) -> str:
    _ = request.gettext
    if weekdays == WORKDAYS:
        return _("Monday to Friday at {time}")
    if weekdays == WEEKEND:
        return _("Saturdays and Sundays at {time}")
    return _("weekly on {day} at {time}")


def _monthly_text(request: Request, day: int) -> str:
    _ = request.gettext
    if day == _LAST_DAY:
        return _("monthly on the last day at {time}")
    if day > _SURE_DAY:
        return _("monthly on the {ordinal} (or the last day) at {time}")
    return _("monthly on the {ordinal} at {time}")


def _day_names(request: Request, weekdays: tuple[int, ...]) -> str:
    names = get_day_names(locale=request.services.translations.language)
    return _list(request, [names[day] for day in weekdays])


def _list(request: Request, items: list[str]) -> str:
    return format_list(items, locale=request.services.translations.language)
