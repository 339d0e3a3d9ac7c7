"""Labels of periods and orders in the reader's language: `October 2023`, `newest first`."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_date, format_interval, format_skeleton

from bot.chat.request import Request
from bot.dates import clock_text, join_day_and_time
from bot.search.time_expressions.calendar import Grain, Period
from bot.search.time_expressions.orders import Order

_SKELETONS = {Grain.MONTH: "yMMMM", Grain.QUARTER: "yQQQ", Grain.YEAR: "y"}
_DAY = timedelta(days=1)


def period_label(request: Request, period: Period) -> str:
    """Names a period."""
    _ = request.gettext
    language = request.services.translations.language
    if period.first is None:
        return _("before {date}").format(date=format_date(period.end, "medium", locale=language))
    if period.end is None:
        return _("since {date}").format(date=format_date(period.first, "medium", locale=language))
    if period.grain in _SKELETONS:
        return format_skeleton(_SKELETONS[period.grain], period.first, locale=language)
    last = period.end - _DAY
    if period.first == last:
        name = format_date(last, "medium", locale=language)
        hours = _hours(request, period)
        return join_day_and_time(name, hours, language) if hours else name
    return format_interval(period.first, last, _skeleton(period.first, period.end), locale=language)


def _skeleton(first: date, end: date) -> str:
    """Returns how much of the days must be told: of whole years, only these."""
    if (first.month, first.day, end.month, end.day) == (1, 1, 1, 1):
        return "y"
    return "yMMMM" if first.day == end.day == 1 else "yMMMd"


def _hours(request: Request, period: Period) -> str:
    """Tells the hours of a day, where these are not all: `06:00 – 12:00`."""
    _ = request.gettext
    if period.closes is None and period.opens == period.opens.min:
        return ""
    opens = clock_text(period.opens)
    if period.closes is None:
        hours = _("from {time}").format(time=opens)
    else:
        hours = f"{opens} – {clock_text(period.closes)}"
    return hours


def order_label(request: Request, order: Order) -> str:
    """Names an order."""
    _ = request.gettext
    return _("newest first") if order is Order.NEWEST else _("oldest first")
