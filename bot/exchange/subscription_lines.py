"""Subscriptions as lines of JSON."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Literal, NotRequired

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, TypeAdapter, with_config
from typing_extensions import TypedDict

from bot.model import Chat
from bot.post_layout import PicturePlace
from bot.posting.templates.language import TemplateError, parse_template
from bot.subscriptions.model import EventPosts, Subscription, TargetKind
from bot.subscriptions.post_template import MAX_PREFIX, STANDARD, PostField, PostTemplate
from bot.subscriptions.schedule import Quiet, Rhythm, Timetable
from bot.subscriptions.story_filters import NO_FILTERS, StoryFilters

_STRICT = ConfigDict(extra="forbid")
_Id = Annotated[str, StringConstraints(max_length=200, pattern=r"^[A-Za-z0-9:_-]*$")]
_CLOCK = "%H:%M"


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("expected a time with its zone")
    return at.astimezone(UTC)


def _readable(text: str) -> str:
    if text:
        try:
            parse_template(text)
        except TemplateError as error:
            raise ValueError(str(error)) from error
    return text


@with_config(_STRICT)
class TimetableLine(TypedDict):
    """A timetable; its fields are those of `Timetable`."""

    rhythm: Rhythm
    times: list[time]
    weekdays: list[Annotated[int, Field(ge=0, le=6)]]
    day: Annotated[int, Field(ge=1, le=31)]
    hours: Annotated[int, Field(ge=1, le=24)]


@with_config(_STRICT)
class FiltersLine(TypedDict):
    """Filters; their fields are those of `StoryFilters`."""

    languages: list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z-]{2,20}$")]]
    except_sources: list[_Id]
    least_length: Annotated[int, Field(ge=0, le=1_000_000)]
    title: Annotated[str, StringConstraints(max_length=1_000)]
    without: Annotated[str, StringConstraints(max_length=1_000)]
    most_age: Annotated[timedelta, Field(gt=timedelta(0))] | None


@with_config(_STRICT)
class TemplateLine(TypedDict):
    """A template; its fields are those of `PostTemplate`."""

    hidden: list[PostField]
    prefix: Annotated[str, StringConstraints(max_length=MAX_PREFIX)]
    hashtags: bool
    text: Annotated[str, AfterValidator(_readable)]
    picture: PicturePlace
    is_boxed: bool


@with_config(_STRICT)
class ExportedSubscription(TypedDict):
    """A subscription; its fields are those of `Subscription`, the chat's by themselves."""

    kind: Literal["subscription"]
    platform: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}$")]
    chat: Annotated[_Id, Field(min_length=1)]
    thread: _Id
    house: _Id
    follows: TargetKind
    what: Annotated[str, StringConstraints(max_length=1_000)]
    when: TimetableLine
    zone: Annotated[str, StringConstraints(max_length=100)]
    quiet: tuple[time, time] | None
    most: Annotated[int, Field(ge=0, le=1_000_000)]
    role: _Id
    picture: bool
    silent: bool
    events: EventPosts | None
    owner: _Id
    made: Annotated[datetime, AfterValidator(_aware)]
    place: Annotated[str, StringConstraints(max_length=500)]
    threads: NotRequired[bool]
    filters: NotRequired[FiltersLine]
    template: NotRequired[TemplateLine]


_ADAPTER = TypeAdapter(ExportedSubscription)


def subscription_line(one: Subscription) -> bytes:
    """Returns a subscription as a line, without its end."""
    when = TimetableLine(
        rhythm=one.when.rhythm,
        times=list(one.when.times),
        weekdays=list(one.when.weekdays),
        day=one.when.day,
        hours=one.when.hours,
    )
    line = ExportedSubscription(
        kind="subscription",
        platform=one.chat.platform,
        chat=one.chat.id,
        thread=one.chat.thread,
        house=one.chat.house,
        follows=one.kind,
        what=one.what,
        when=when,
        zone=one.zone,
        quiet=(one.quiet.start, one.quiet.end) if one.quiet else None,
        most=one.most,
        role=one.role,
        picture=one.picture,
        silent=one.silent,
        events=one.events,
        owner=one.owner,
        made=one.made,
        place=one.place,
    )
    if one.threads:
        line["threads"] = True
    if one.filters != NO_FILTERS:
        line["filters"] = _filters_line(one.filters)
    if one.template != STANDARD:
        line["template"] = _template_line(one.template)
    return _ADAPTER.dump_json(line)


def _filters_line(filters: StoryFilters) -> FiltersLine:
    return FiltersLine(
        languages=list(filters.languages),
        except_sources=list(filters.except_sources),
        least_length=filters.least_length,
        title=filters.title,
        without=filters.without,
        most_age=filters.most_age,
    )


def _template_line(template: PostTemplate) -> TemplateLine:
    return TemplateLine(
        hidden=sorted(template.hidden),
        prefix=template.prefix,
        hashtags=template.hashtags,
        text=template.text,
        picture=template.picture,
        is_boxed=template.is_boxed,
    )


def read_subscription(line: bytes) -> Subscription:
    """Reads a line.

    Raises:
        ValueError: It is no subscription.
    """
    given = _ADAPTER.validate_json(line)
    when = given["when"]
    return Subscription(
        Chat(given["platform"], given["chat"], given["thread"], given["house"]),
        given["follows"],
        given["what"],
        Timetable(
            when["rhythm"],
            tuple(when["times"]),
            tuple(when["weekdays"]),
            when["day"],
            when["hours"],
        ),
        given["zone"],
        Quiet(*given["quiet"]) if given["quiet"] else None,
        given["most"],
        given["role"],
        given["picture"],
        given["silent"],
        given["owner"],
        given["made"],
        events=given["events"],
        place=given["place"],
        threads=given.get("threads", False),
        filters=_filters(given["filters"]) if "filters" in given else NO_FILTERS,
        template=_template(given["template"]) if "template" in given else STANDARD,
    )


def _filters(given: FiltersLine) -> StoryFilters:
    return StoryFilters(
        tuple(given["languages"]),
        tuple(given["except_sources"]),
        given["least_length"],
        given["title"],
        given["without"],
        given["most_age"],
    )


def _template(given: TemplateLine) -> PostTemplate:
    return PostTemplate(
        frozenset(given["hidden"]),
        given["prefix"],
        given["hashtags"],
        given["text"],
        given["picture"],
        given["is_boxed"],
    )
