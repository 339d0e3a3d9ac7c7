"""The archive of the website: years, months and days, and the stories of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model import Story
from bot.search.query import Filter, Since
from bot.web.model import ArchivePeriod, StoryList
from bot.web.site import Site

_DAY = timedelta(days=1)
_MONTHS = 12
_MOST_YEARS = 200  # a date further back is some slip


def local_day(story: Story, zone: ZoneInfo) -> date:
    """Returns the date of a story, as readers in a zone have it."""
    published = story.published
    return published.date() if story.date_only else published.astimezone(zone).date()


async def years(site: Site) -> Sequence[ArchivePeriod]:
    """Returns the years that have stories, the newest first.

    Raises:
        StoreError: The store cannot be read.
    """
    found: list[ArchivePeriod] = []
    newest = await site.services.store.stories.newest(Filter())
    while newest and len(found) < _MOST_YEARS:
        first = local_day(newest, site.services.zone).replace(month=1, day=1)
        found.append(ArchivePeriod(first, await _count(site, first, _next_year(first))))
        start = _since(first, site.services.zone)
        newest = await site.services.store.stories.newest(Filter(before=start)) if start else None
    return found


async def months(site: Site, year: int) -> Sequence[ArchivePeriod]:
    """Returns the months of a year that have stories, in their order."""
    return await _counted(site, (date(year, month, 1) for month in range(1, _MONTHS + 1)))


async def days(site: Site, month: date) -> Sequence[ArchivePeriod]:
    """Returns the days of a month that have stories, in their order."""
    every = (month + _DAY * number for number in range((_next_month(month) - month).days))
    return await _counted(site, every, days=True)


async def of_day(site: Site, day: date, page: int = 1) -> StoryList:
    """Returns a page of a day's stories, the newest first."""
    return await site.within(_filter(day, day + _DAY, site.services.zone), page)


async def neighbours(site: Site, day: date) -> tuple[date | None, date | None]:
    """Returns the last day before a day that has stories, and the first one after it."""
    zone, stories = site.services.zone, site.services.store.stories
    before = await stories.newest(Filter(before=_since(day, zone)))
    after = await stories.latest(Filter(since=_since(day + _DAY, zone)), 1, oldest_first=True)
    earlier = local_day(before, zone) if before else None
    return earlier, next((local_day(one, zone) for one in after.stories), None)


async def _counted(
    site: Site, firsts: Iterator[date], *, days: bool = False
) -> Sequence[ArchivePeriod]:
    found = []
    for first in firsts:
        end = first + _DAY if days else _next_month(first)
        if count := await _count(site, first, end):
            found.append(ArchivePeriod(first, count))
    return found


async def _count(site: Site, first: date, end: date) -> int:
    within = _filter(first, end, site.services.zone)
    return (await site.services.store.stories.latest(within, 0)).total


def _filter(first: date, end: date, zone: ZoneInfo) -> Filter:
    return Filter(since=_since(first, zone), before=_since(end, zone))


def _since(day: date, zone: ZoneInfo) -> Since | None:
    """Returns the beginning of a day; None for one of which no calendar knows the time in UTC."""
    try:
        return Since(datetime.combine(day, time.min, zone).astimezone(UTC), day)
    except OverflowError:
        return None


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _next_year(year: date) -> date:
    return year.replace(year=year.year + 1)
