"""Reading of the times in a question, with what stories hold: words, years, names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.chat.request import Request
from bot.commands.timezones import zone_of
from bot.model import Story
from bot.search.held_phrases import RememberedCandidates
from bot.search.query import Filter, parse
from bot.search.time_expressions.calendar import Calendar, Period
from bot.search.time_expressions.lexicon import Lexicon
from bot.search.time_expressions.names import is_name
from bot.search.time_expressions.reading import Reading, TimeExpression, read_times
from bot.search.time_expressions.word_lists import Kind
from bot.text.tokenizer import whole_words

_FURTHEST = 9  # years
_WEEK = timedelta(days=7)
_STALE = timedelta(days=183)  # an archive whose newest story is older has its own time


async def _calendar(request: Request) -> Calendar:
    return Calendar(request.services.clock.now(), await zone_of(request))


async def read_question(request: Request, text: str, words: Lexicon) -> Reading:
    """Reads the times of a question, but for those that it has filters for.

    A month or a day without a year is of the last year that has stories then. Of a date in digits
    the day comes first, unless only the other way round there are stories of then.

    Raises:
        StoreError: The store cannot be read.
    """
    calendar = await _calendar(request)
    reading = await _read(request, text, words, calendar)
    period = reading.period
    if "/" in text and period is not None and not await _holds_stories(request, period):
        other = await _read(request, text, words, replace(calendar, month_first=True))
        is_held = other.period is not None and await _holds_stories(request, other.period)
        reading = other if is_held else reading
    reading = _without_filtered(reading)
    times = (_past(one, words, calendar.today) for one in reading.expressions)
    return replace(reading, expressions=tuple(times))


def _past(one: TimeExpression, words: Lexicon, today: date) -> TimeExpression:
    """Returns `this friday` or `this weekend` as the last that was, where it is still to come.

    No story is of a day to come.
    """
    period = one.period
    is_this = words.meanings(whole_words(one.text)[0]).get(Kind.SIDE) == 0
    if not (is_this and period and period.first and period.end and period.first > today):
        return one
    if period.end - period.first >= _WEEK or period.first - today >= _WEEK:
        return one
    return replace(one, period=replace(period, first=period.first - _WEEK, end=period.end - _WEEK))


async def without_names(request: Request, reading: Reading) -> Reading:
    """Returns a reading without what is rather a part of a name.

    Raises:
        StoreError: The store cannot be read.
    """
    services = request.services
    store = RememberedCandidates(services.store.search, services.search.may_hold)
    today = (await _calendar(request)).today
    names = [one for one in reading.expressions if await is_name(store, reading, one, today)]
    times = tuple(one for one in reading.expressions if one not in names)
    return replace(reading, expressions=times)


async def _read(request: Request, text: str, words: Lexicon, calendar: Calendar) -> Reading:
    typos = [word for word in whole_words(text) if words.correct(word)]
    known: Collection[str] = await request.services.search.held_words(typos) if typos else ()
    read = partial(read_times, text, lexicon=words, is_known=known.__contains__)
    reading = found = read(calendar)
    if read(replace(calendar, newest=date(calendar.today.year - _FURTHEST, 1, 1))) == reading:
        return reading  # every time in it has its year
    calendar = await _in_archive(request, calendar)
    period: Period | None = None
    for _ in range(_FURTHEST):
        before, found = period, read(calendar)
        period = found.period
        if period is None or period.first is None or await _holds_stories(request, period):
            return found
        if period == before:
            break  # it is the same in every year
        last = await _last_day_before(request, period)
        if last is None:
            break
        calendar = replace(calendar, newest=min(last, period.first - timedelta(days=1)))
    return reading


async def _holds_stories(request: Request, period: Period) -> bool:
    """Tells if a period holds a story; one without an end need hold none yet."""
    if period.end is None:
        return True
    since, before = period.bounds(await zone_of(request))
    within = Filter(since=since, before=before)
    return await request.services.store.stories.newest(within) is not None


async def _last_day_before(request: Request, period: Period) -> date | None:
    """Returns the day of the newest story of before the end of a period; None for none."""
    zone = await zone_of(request)
    _since, before = period.bounds(zone)
    newest = await request.services.store.stories.newest(Filter(before=before))
    return _day(newest, zone) if newest else None


def _day(story: Story, zone: ZoneInfo) -> date:
    return story.published.astimezone(UTC if story.date_only else zone).date()


async def _in_archive(request: Request, calendar: Calendar) -> Calendar:
    """Returns a calendar that counts back from the newest story, where that is long ago."""
    newest = await request.services.store.stories.newest(Filter())
    day = _day(newest, calendar.zone) if newest else calendar.today
    return replace(calendar, newest=day) if day < calendar.today - _STALE else calendar


def _without_filtered(reading: Reading) -> Reading:
    """Leaves out what a filter says already."""
    named = {name for name, _value in parse(reading.text).filters}
    return replace(
        reading,
        expressions=tuple(
            one
            for one in reading.expressions
            if not (one.order and "sort" in named)
            and not (one.period and named & {"since", "before"})
        ),
    )
