"""Subscriptions as lines of JSON."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, TypeAdapter, with_config
from typing_extensions import TypedDict

from bot.model import Chat
from bot.subscriptions.model import EventPosts, Subscription, TargetKind
from bot.subscriptions.schedule import Quiet, Rhythm, Timetable

_STRICT = ConfigDict(extra="forbid")
_Id = Annotated[str, StringConstraints(max_length=200, pattern=r"^[A-Za-z0-9:_-]*$")]
_CLOCK = "%H:%M"


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("expected a time with its zone")
    return at.astimezone(UTC)


@with_config(_STRICT)
class TimetableLine(TypedDict):
    """A timetable; its fields are those of `Timetable`."""

    rhythm: Rhythm
    times: list[time]
    weekdays: list[Annotated[int, Field(ge=0, le=6)]]
    day: Annotated[int, Field(ge=1, le=31)]
    hours: Annotated[int, Field(ge=1, le=24)]


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
    return _ADAPTER.dump_json(line)


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
    )
