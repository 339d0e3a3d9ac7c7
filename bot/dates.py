"""Parsing of dates as people type them, and formatting of dates and times for readers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_timedelta, get_datetime_format

from bot.model import Story
from bot.reply import LocalClock
from bot.search.query import Since

_AGO = re.compile(r"(\d{1,4})\s*(m|min|h|d|w|mo|y)")
_AGO_DAYS = {"d": 1, "w": 7, "mo": 30, "y": 365}
_MINUTE = re.compile(r"\d{4}-\d{2}-\d{2}t\d{2}:\d{2}")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?,?)?\s+(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})\s+([a-z]{3,9})\.?,?\s+(\d{4})")
_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_DAYS = {"today": 0, "yesterday": 1}
_NEW = timedelta(days=1)  # within which an answer tells how long ago a story was
_MINUTE_SPAN = timedelta(minutes=1)
_WIDE_BRACKETS = str.maketrans("()", "（）")
_BEFORE_COUNTER = re.compile(r"(?<=\d) (?=[\u3041-\u30ff\u4e00-\u9fff])")
"""The space that CLDR has in `3 時間前`, and that no newspaper prints."""


def since(text: str, now: datetime, zone: ZoneInfo) -> Since | None:
    """Parses a date or an age; None when the text is neither.

    Understood: `5h`, `2d`, `3w`, `6mo`, `1y`, `today`, `yesterday`, `2023`, `2023-10`,
    `2023-10-21`, `Oct 2023`, `October 21, 2023`, `21 Oct 2023`; days begin at midnight in `zone`.
    Also `2023-10-21T18:30`, for buttons.
    """
    typed = " ".join(text.casefold().split())
    if _MINUTE.fullmatch(typed):
        return _minute(typed, zone)
    ago = _AGO.fullmatch(typed)
    if ago:
        return _ago(int(ago[1]), ago[2], now, zone)
    day = _day(typed, now.astimezone(zone).date())
    if day is None:
        return None
    try:
        return Since(datetime.combine(day, time.min, zone).astimezone(UTC), day)
    except OverflowError:  # the first day of the year 1 has no time in UTC east of Greenwich
        return None


def _minute(typed: str, zone: ZoneInfo) -> Since | None:
    try:
        at = datetime.fromisoformat(typed).replace(tzinfo=zone)
        return Since(at.astimezone(UTC), at.date())
    except (OverflowError, ValueError):
        return None


def _ago(amount: int, unit: str, now: datetime, zone: ZoneInfo) -> Since | None:
    if unit in _AGO_DAYS:
        span = timedelta(days=amount * _AGO_DAYS[unit])
    else:
        span = timedelta(hours=amount) if unit == "h" else timedelta(minutes=amount)
    try:
        instant = now - span
    except OverflowError:
        return None
    return Since(instant, instant.astimezone(zone).date())


def _day(typed: str, today: date) -> date | None:
    if typed in _DAYS:
        return today - timedelta(days=_DAYS[typed])
    if iso := _ISO.fullmatch(typed):
        return _date(int(iso[1]), int(iso[2] or 1), int(iso[3] or 1))
    if found := _MONTH_FIRST.fullmatch(typed):
        return _date(int(found[3]), _month(found[1]), int(found[2] or 1))
    if found := _DAY_FIRST.fullmatch(typed):
        return _date(int(found[3]), _month(found[2]), int(found[1]))
    return None


def _month(name: str) -> int:
    """Returns the number of a month by a prefix of its name; 0 for no month."""
    return next((n for n, month in enumerate(_MONTHS, 1) if month.startswith(name)), 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


class MomentForm(StrEnum):
    """Forms of a moment in a text."""

    RELATIVE = "R"  # `3 hours ago`, `in 5 minutes`
    DATE_AND_TIME = "f"


def is_fresh(story: Story, clock: LocalClock) -> bool:
    """Tells if an answer tells of a story how long ago it was: it is from the last day."""
    return clock.now is not None and timedelta(0) <= clock.now - story.published < _NEW


def published(story: Story, clock: LocalClock, language: str) -> str:
    """Formats the publication date of a story for a reader of `language`.

    An answer tells of a story from the last day how long ago that was.
    """
    if story.date_only:
        return _day_text(story.published.date(), language)
    if clock.now and is_fresh(story, clock):
        return ago(story.published, clock.now, language)
    then = story.published.astimezone(clock.zone)
    told = join_day_and_time(_day_text(then.date(), language), clock_text(then.time()), language)
    return told if clock.is_own else f"{told} {_zone_name(then)}"


def clock_text(at: time) -> str:
    """Formats a time of day by the one clock of the bot, as people type it: `08:00`, `18:30`."""
    return f"{at:%H:%M}"


def join_day_and_time(day: str, time_of_day: str, language: str) -> str:
    """Joins a day and a time of it, as a language does: `Nov 27, 2026, 08:00`."""
    joined = str(get_datetime_format("medium", locale=language))
    return joined.replace("{1}", day).replace("{0}", time_of_day).replace("） ", "）")


def day_of_week_and_month(day: date, language: str) -> str:
    """Formats a day of this year with its name: `Tue, Nov 24`, `11月24日（火）`."""
    told = format_skeleton("MMMEd", day, locale=language)
    return told.translate(_WIDE_BRACKETS) if language == "ja" else told


@lru_cache(8_192)  # stories of a list are of the same few days, again and again
def _day_text(day: date, language: str) -> str:
    return format_date(day, "medium", locale=language)


def _zone_name(then: datetime) -> str:
    """Names a time's zone: `JST`; `UTC+03` where it has only a number."""
    name = then.tzname() or ""
    return f"UTC{name}" if name[:1] in {"+", "-"} else name


def ago(then: datetime, now: datetime, language: str) -> str:
    """Formats the time since something, at least a minute: `5 minutes ago`."""
    return _difference(min(then - now, -_MINUTE_SPAN), language)


def until(then: datetime, now: datetime, language: str) -> str:
    """Formats the time until something, at least a minute: `in 5 minutes`."""
    return _difference(max(then - now, _MINUTE_SPAN), language)


def duration(span: timedelta, language: str) -> str:
    """Formats a span of time, at least a minute: `3 hours`."""
    told = format_timedelta(max(span, _MINUTE_SPAN), granularity="minute", locale=language)
    return _BEFORE_COUNTER.sub("", told)


def _difference(span: timedelta, language: str) -> str:
    told = format_timedelta(span, granularity="minute", add_direction=True, locale=language)
    return _BEFORE_COUNTER.sub("", told)


_MOMENT_MARK = "\ue000{form}{seconds:013d}\ue001"  # as long as what Discord takes for it
_MOMENT = re.compile(r"\ue000([{}])(\d{{13}})\ue001".format("".join(MomentForm)))


def mark_moment(at: datetime, form: MomentForm = MomentForm.RELATIVE) -> str:
    """Marks a moment in the bot's own words, for a client that shows it in its reader's time.

    An adapter whose chats have the capability replaces the mark by `show_moments`.
    """
    return _MOMENT_MARK.format(form=form, seconds=max(0, int(at.timestamp())))


def show_moments(text: str, show: Callable[[int, MomentForm], str]) -> str:
    """Replaces the moments that are marked in a text; `show` gets the seconds since 1970."""
    return _MOMENT.sub(lambda match: show(int(match[2]), MomentForm(match[1])), text)
