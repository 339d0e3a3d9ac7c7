"""The subscription: a chat follows a topic, a source, a search or everything, on a schedule."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.i18n import N_
from bot.model import Chat
from bot.subscriptions.post_template import STANDARD, PostTemplate
from bot.subscriptions.schedule import AT_ONCE, Quiet, Timetable
from bot.subscriptions.story_filters import NO_FILTERS, StoryFilters

BY_HAND = N_("on request")
"""The reason of a pause that people made: it ends only when they resume it."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class TargetKind(StrEnum):
    """The kinds of what can be followed."""

    TOPIC = "topic"
    SOURCE = "source"
    SEARCH = "search"
    EVERYTHING = "everything"


class EventPosts(StrEnum):
    """Posts of an event: one that names all who tell it, or each."""

    ONCE = "once"  # of stories that tell the same, the first; the others are named in its message
    ALL = "all"  # each story


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat follows something.

    A chat follows the same thing once in each of its threads.

    Attributes:
        chat: Who, with the thread.
        kind: What `what` is.
        what: A topic's name, a source's id, or a search in the query grammar; empty for everything.
        when: When it wants to hear of it.
        zone: The name of the time zone that its times are in.
        quiet: The hours of a day in which it wants to hear nothing; None for none.
        most: Stories a day that are posted each by itself; the rest goes as one digest. 0 for any.
        role: The platform's id of the role that is mentioned; empty for none.
        picture: Whether pictures and previews are shown.
        silent: Whether posts ring no bell.
        owner: The id of the person who asked for it.
        made: When they did.
        id: The store's number; 0 before the store knows it.
        paused: Why nothing is posted, in one line; empty when something is.
        paused_at: Since when.
        ended: True when it is no more.
        events: What of an event is posted; None for what the operator has configured.
        threads: Whether each post opens a thread of its own, to talk about it.
        place: The names of the chat and its server when it was made; empty for none.
        filters: What keeps stories out that are on its subject.
        template: What its single posts show.
    """

    chat: Chat
    kind: TargetKind
    what: str
    when: Timetable = AT_ONCE
    zone: str = "UTC"
    quiet: Quiet | None = None
    most: int = 0
    role: str = ""
    picture: bool = True
    silent: bool = False
    owner: str = ""
    made: datetime = _LONG_AGO
    id: int = 0
    paused: str = ""
    paused_at: datetime | None = None
    ended: bool = False
    events: EventPosts | None = None
    threads: bool = False
    place: str = field(default="", compare=False)
    filters: StoryFilters = NO_FILTERS
    template: PostTemplate = STANDARD

    @property
    def timezone(self) -> ZoneInfo:
        """The time zone that its times are in; UTC where this system knows of none so called."""
        try:
            return ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")
