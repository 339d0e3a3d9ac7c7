"""Facts about a topic: how many stories it has, since when, how often, and how lately."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from babel.dates import format_date

from bot.chat.request import Request
from bot.ingest.topics.activity import TopicActivity
from bot.model import Topic

_DAYS_A_WEEK, _DAYS_A_MONTH, _DAYS_A_YEAR = 7, 30.4, 365.25
_SPAN = 14  # days between the first and the newest story, from which on a rate means something


async def tell_facts(request: Request, topic: Topic) -> tuple[str, ...]:
    """Says since when a topic has stories, and how often; nothing for one without.

    Raises:
        StoreError: The store cannot be read.
    """
    services = request.services
    found = await services.store.topics.activity(services.clock.now(), topic.name)
    return tuple(_facts(request, found[0])) if found and found[0].stories else ()


def _facts(request: Request, topic: TopicActivity) -> Iterator[str]:
    first, last = topic.first, topic.last
    if first is None or last is None:
        return
    told = request.ngettext(
        "{count} story, of {date}.", "{count} stories since {date}.", topic.stories
    ).format(count=topic.stories, date=_day(request, first))
    rate = _rate(request, topic.stories, (last - first).days)
    yield request.words.join_sentences(told, rate, _recent(request, topic))


def _rate(request: Request, stories: int, days: int) -> str:
    """Says how often there is a story, in the unit in which there are one or more."""
    _ = request.gettext
    if days < _SPAN or stories <= 1:
        return ""
    a_day = stories / days
    for length, message in (
        (1, _("About {number} a day.")),
        (_DAYS_A_WEEK, _("About {number} a week.")),
        (_DAYS_A_MONTH, _("About {number} a month.")),
    ):
        if a_day * length >= 1:
            return message.format(number=round(a_day * length))
    return _("About {number} a year.").format(number=max(1, round(a_day * _DAYS_A_YEAR)))


def _recent(request: Request, topic: TopicActivity) -> str:
    if not topic.recent or topic.recent == topic.stories:
        return ""
    _ = request.gettext
    told = _("Rising: {count} this week.") if topic.is_rising else _("{count} this week.")
    return told.format(count=topic.recent)


def tell_activity(request: Request, topic: TopicActivity, row: str) -> str:
    """Says in a few words how alive a topic is, for a list.

    Args:
        request: The question.
        topic: The topic.
        row: Its last weeks as a row of blocks; empty when it had no story in them.
    """
    _ = request.gettext
    count = request.ngettext("{count} story", "{count} stories", topic.stories)
    told = [f"{count.format(count=topic.stories)} {row}".rstrip()]
    if topic.last and not row:
        told.append(_("newest {date}").format(date=_day(request, topic.last)))
    if topic.is_rising:
        told.append(_("rising"))
    return " · ".join(told)


def _day(request: Request, at: datetime) -> str:
    language = request.services.translations.language
    return format_date(at.astimezone(request.services.zone).date(), "medium", locale=language)
