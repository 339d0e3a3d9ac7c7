"""The state of the bot, as its operator is told it. All is frozen; times are in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.posting.counters import QueueDepth


class Health(StrEnum):
    """The health of a source, by its last polls; listed from good to bad."""

    WELL = "well"
    NEW = "new"  # never polled
    PAUSED = "paused"  # a person does not want it polled for now
    RESTING = "resting"  # its host is let be; nothing was asked
    FAILING = "failing"
    DEAD = "dead"  # it says that it is gone, or has failed for long


@dataclass(frozen=True, slots=True)
class PlatformPosts:
    """The posts of one platform.

    Attributes:
        platform: The platform's name, as in `Chat.platform`.
        queue: What is to be sent now.
        waiting: How many wait for their time.
        paused: How many wait for their chats to be resumed.
    """

    platform: str
    queue: QueueDepth
    waiting: int = 0
    paused: int = 0


@dataclass(frozen=True, slots=True)
class GivenUpPosts:
    """Posts of a platform that were given up for one reason.

    Attributes:
        platform: The platform's name.
        reason: Why, in one line.
        count: How many.
        last: When the last one was given up.
    """

    platform: str
    reason: str
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """The space that the store takes and has.

    Attributes:
        used: Bytes of the store, with the files beside it.
        free: Bytes that are free where it lies; None where only the database's server knows.
    """

    used: int
    free: int | None


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """The contents of the store, counted.

    Attributes:
        stories: The stories.
        lately: Those that came in the last day.
        chats: The chats that follow something.
        subscriptions: What they follow.
        paused: How many subscriptions are paused.
        posts: The posts of each platform that has any, by its name.
        given_up: What was given up in the last day, the last first.
        disk: The space.
    """

    stories: int
    lately: int
    chats: int
    subscriptions: int
    paused: int
    posts: tuple[PlatformPosts, ...]
    given_up: tuple[GivenUpPosts, ...]
    disk: DiskSpace


@dataclass(frozen=True, slots=True)
class ProcessState:
    """The process that serves the chat platforms.

    Attributes:
        version: Its version.
        started: When it started.
        seen: When it last said that it runs.
    """

    version: str
    started: datetime
    seen: datetime


@dataclass(frozen=True, slots=True)
class SourceTrouble:
    """A source that is not well.

    Attributes:
        source: Its id.
        health: How it is.
        reason: Why, in one line.
        failures: How many polls in a row have failed.
        since: When it could last be read; None for never.
    """

    source: str
    health: Health
    reason: str
    failures: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """The whole state.

    Attributes:
        process: The process that serves; None when none does.
        uptime: How long that has run; None when none does.
        sources: How many sources there are of each health.
        troubles: Those that are not well, the worst first.
        last_poll: When a source was last polled; None for never.
        store: What is in the store.
    """

    process: ProcessState | None
    uptime: timedelta | None
    sources: Mapping[Health, int]
    troubles: tuple[SourceTrouble, ...]
    last_poll: datetime | None
    store: StoreStatus
