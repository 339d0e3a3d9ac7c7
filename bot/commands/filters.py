"""The filters of a query: `topic:`, `source:`, `since:`, `before:`, `in:title`, `sort:`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from babel.dates import format_date

from bot.chat.request import Request
from bot.commands.timezones import in_own_zone
from bot.dates import since
from bot.search.query import Filter, Query, Since
from bot.text.display import add_quotes, typed_value
from bot.text.similar_names import similar_names


@dataclass(frozen=True, slots=True)
class ParsedFilters:
    """The filters of a query, parsed.

    Attributes:
        query: The query with those filters that could be read.
        within: The filter that they mean.
        labels: Their meaning, for a heading.
        problems: Those that could not be read, and the nearest right form; a line each.
    """

    query: Query
    within: Filter = field(default_factory=Filter)
    labels: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


async def parse_filters(request: Request, query: Query) -> ParsedFilters:
    """Parses a query's filters; one that cannot be read is left out and becomes a problem.

    Days are those of the chat's own time zone.

    Raises:
        StoreError: The store cannot be read.
    """
    if not query.filters:
        return ParsedFilters(query)
    request = await in_own_zone(request)
    so_far = ParsedFilters(replace(query, filters=()))
    for name, value in query.filters:
        so_far = _READERS[name](request, value, so_far)
    return so_far


Reader = Callable[[Request, str, ParsedFilters], ParsedFilters]


def _with_filter(
    so_far: ParsedFilters, name: str, value: str, within: Filter, label: str
) -> ParsedFilters:
    filters = (*so_far.query.filters, (name, value))
    labels = (*so_far.labels, label) if label else so_far.labels
    return replace(
        so_far, query=replace(so_far.query, filters=filters), within=within, labels=labels
    )


def _with_problem(
    request: Request, so_far: ParsedFilters, typed: str, forms: Iterable[str]
) -> ParsedFilters:
    message = request.gettext("I didn't understand {filter}, so I left it out.")
    return _with_hint(request, so_far, message.format(filter=add_quotes(typed)), forms)


def _with_hint(
    request: Request, so_far: ParsedFilters, message: str, forms: Iterable[str]
) -> ParsedFilters:
    """Adds a problem, with the forms that would be right."""
    right = request.words.join(forms)
    hint = request.gettext("You can write: {forms}").format(forms=right) if right else ""
    return replace(so_far, problems=(*so_far.problems, request.words.join_sentences(message, hint)))


def _topic(request: Request, value: str, so_far: ParsedFilters) -> ParsedFilters:
    topic = request.services.topic(value)
    if topic is None:
        names = similar_names(value, [known.name for known in request.services.topics])
        forms = (f"topic:{typed_value(name)}" for name in names)
        message = request.gettext("There is no topic {name}, so I left that out.")
        return _with_hint(request, so_far, message.format(name=add_quotes(value)), forms)
    return _with_filter(
        so_far, "topic", value, replace(so_far.within, topic=topic.name), topic.name
    )


def _source(request: Request, value: str, so_far: ParsedFilters) -> ParsedFilters:
    source = request.services.source(value)
    if source is None:
        known = request.services.sources.values()
        names = {name: one.id for one in known for name in (one.id, one.name)}
        ids = dict.fromkeys(names[name] for name in similar_names(value, names))
        message = request.gettext("There is no source {name}, so I left that out.")
        forms = (f"source:{one}" for one in ids)
        return _with_hint(request, so_far, message.format(name=add_quotes(value)), forms)
    return _with_filter(
        so_far, "source", value, replace(so_far.within, source=source.id), source.name
    )


def _since(request: Request, value: str, so_far: ParsedFilters) -> ParsedFilters:
    moment = _parse_date(request, value)
    if moment is None:
        forms = ("since:2d", "since:2023-10", 'since:"Oct 2023"')
        return _with_problem(request, so_far, f"since:{value}", forms)
    label = request.gettext("since {date}").format(date=_day(request, moment))
    return _with_filter(so_far, "since", value, replace(so_far.within, since=moment), label)


def _before(request: Request, value: str, so_far: ParsedFilters) -> ParsedFilters:
    moment = _parse_date(request, value)
    if moment is None:
        forms = ("before:2d", "before:2023-10", 'before:"Oct 2023"')
        return _with_problem(request, so_far, f"before:{value}", forms)
    label = request.gettext("before {date}").format(date=_day(request, moment))
    return _with_filter(so_far, "before", value, replace(so_far.within, before=moment), label)


def _parse_date(request: Request, value: str) -> Since | None:
    return since(value, request.services.clock.now(), request.services.zone)


def _day(request: Request, moment: Since) -> str:
    return format_date(moment.day, "medium", locale=request.services.translations.language)


def _in(request: Request, value: str, so_far: ParsedFilters) -> ParsedFilters:
    if value.lower() != "title":
        return _with_problem(request, so_far, f"in:{value}", ("in:title",))
    return _with_filter(so_far, "in", value, so_far.within, request.gettext("in titles"))


def _sort(request: Request, value: str, so_far: ParsedFilters) -> ParsedFilters:
    _ = request.gettext
    labels = {"new": _("newest first"), "old": _("oldest first")}
    if value.lower() not in labels:
        return _with_problem(request, so_far, f"sort:{value}", ("sort:new", "sort:old"))
    return _with_filter(so_far, "sort", value, so_far.within, labels[value.lower()])


_READERS: dict[str, Reader] = {
    "topic": _topic,
    "source": _source,
    "since": _since,
    "before": _before,
    "in": _in,
    "sort": _sort,
}
