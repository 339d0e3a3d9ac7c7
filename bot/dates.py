"""Parsing of dates as people type them, and formatting of dates and times for readers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, format_timedelta

from bot.model import Story
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


def published(story: Story, zone: ZoneInfo, language: str) -> str:
    """Formats the publication date of a story for a reader of `language` in `zone`."""
    if story.date_only:
        return format_date(story.published.date(), "medium", locale=language)
    then = story.published.astimezone(zone)
    day = format_date(then.date(), "medium", locale=language)
    return f"{day}, {format_time(then.time(), 'short', locale=language)}"


def ago(then: datetime, now: datetime, language: str) -> str:
    """Formats the time since something: `5 minutes ago`."""
    span = min(then - now, timedelta(seconds=-1))
    return format_timedelta(span, add_direction=True, locale=language)


def until(then: datetime, now: datetime, language: str) -> str:
    """Formats the time until something: `in 5 minutes`."""
    span = max(then - now, timedelta(seconds=1))
    return format_timedelta(span, add_direction=True, locale=language)
